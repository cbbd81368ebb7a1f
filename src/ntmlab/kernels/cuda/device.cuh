// What the kernels' code asks of a GPU. tests/kernels/twin has the same for a CPU, thread by thread.
#pragma once

#define NTMLAB_DEVICE __device__ __forceinline__
#define NTMLAB_KERNEL extern "C" __global__ void

constexpr unsigned kAllLanes = 0xffffffffu;

NTMLAB_DEVICE float from_lane(float value, int distance) { return __shfl_xor_sync(kAllLanes, value, distance); }
NTMLAB_DEVICE void sync_warp() { __syncwarp(); }
NTMLAB_DEVICE void sync_block() { __syncthreads(); }
// Of one of several groups of a block, by its number.
NTMLAB_DEVICE void sync_group(int group, int threads) {
  asm volatile("bar.sync %0, %1;" ::"r"(group + 1), "r"(threads) : "memory");
}

// Sixteen bytes on their way into shared memory; who asked for them waits for all of his, and alone sees them then.
NTMLAB_DEVICE void fetch(float4* to, const float4* from) {
  const unsigned place = static_cast<unsigned>(__cvta_generic_to_shared(to));
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(place), "l"(from) : "memory");
}
NTMLAB_DEVICE void fetched() { asm volatile("cp.async.wait_all;" ::: "memory"); }

// Between two limits; NaN stays NaN.
NTMLAB_DEVICE float within(float x, float limit) {
  asm("max.NaN.f32 %0, %0, %1;" : "+f"(x) : "f"(-limit));
  asm("min.NaN.f32 %0, %0, %1;" : "+f"(x) : "f"(limit));
  return x;
}

NTMLAB_DEVICE float* shared_memory() {
  extern __shared__ float4 memory[];
  return reinterpret_cast<float*>(memory);
}
