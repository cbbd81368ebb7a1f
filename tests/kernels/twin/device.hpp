// The kernels' code for a GPU on a CPU: the threads of a block are fibers, which take turns at each barrier and shuffle.
// Shared memory starts as NaN, so that what nobody wrote shows. Stands in for device.cuh.
#pragma once
#include <ucontext.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <vector>

#define NTMLAB_DEVICE inline
#define NTMLAB_KERNEL static void
#define __launch_bounds__(threads)

struct float4 {
  float x, y, z, w;
};
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline float rsqrtf(float x) { return 1.0f / std::sqrt(x); }

struct Indices {
  int x, y;
};
static Indices threadIdx, blockIdx;

namespace twin {
constexpr std::size_t kStack = 1 << 19;
struct Barrier {
  int waiting = 0, generation = 0;
};
struct Fiber {
  ucontext_t context;
  std::vector<char> stack;
  bool done = false;
};
struct Block {
  std::vector<Fiber> fibers;
  std::vector<float> shared, exchanged;
  std::vector<Barrier> warps, groups;
  Barrier all;
  ucontext_t scheduler;
  int current = 0;
  long moves = 0;  // of barriers; a round without one is a deadlock
};
static Block* block;

inline void yield() {
  Block& b = *block;
  const int me = b.current;
  swapcontext(&b.fibers[me].context, &b.scheduler);
}
inline void wait(Barrier& barrier, int threads) {
  const int generation = barrier.generation;
  ++block->moves;
  if (++barrier.waiting == threads) {
    barrier.waiting = 0, ++barrier.generation;
    return;
  }
  while (barrier.generation == generation) yield();
}
}  // namespace twin

inline void sync_warp() { twin::wait(twin::block->warps[threadIdx.x / 32], 32); }
inline void sync_block() { twin::wait(twin::block->all, static_cast<int>(twin::block->fibers.size())); }
inline void sync_group(int group, int threads) { twin::wait(twin::block->groups[group], threads); }
inline float from_lane(float value, int distance) {
  const int me = threadIdx.x;
  twin::block->exchanged[me] = value;
  sync_warp();
  const float other = twin::block->exchanged[(me & ~31) | ((me & 31) ^ distance)];
  sync_warp();
  return other;
}
inline void fetch(float4* to, const float4* from) { *to = *from; }
inline void fetched() {}
inline float within(float x, float limit) { return x > limit ? limit : x < -limit ? -limit : x; }
inline float* shared_memory() { return twin::block->shared.data(); }

namespace twin {
template <typename Arguments>
struct Launch {
  static void (*kernel)(Arguments);
  static const Arguments* arguments;
  static void enter() {
    kernel(*arguments);
    Block& b = *block;
    b.fibers[b.current].done = true;
    ++b.moves;
    swapcontext(&b.fibers[b.current].context, &b.scheduler);
  }
  // Returns 0; 1 for a deadlock, 2 where memory beyond `floats` of a block was written.
  static int run(void (*what)(Arguments), const Arguments& with, int width, int height, int threads, int floats) {
    kernel = what, arguments = &with;
    constexpr int kGuard = 64;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        Block b;
        block = &b, blockIdx = {x, y};
        b.shared.assign(floats + kGuard, std::numeric_limits<float>::quiet_NaN());
        for (int i = 0; i < kGuard; ++i) b.shared[floats + i] = 12345.0f;
        b.exchanged.resize(threads), b.warps.resize(threads / 32), b.groups.resize(threads / 32);
        b.fibers.resize(threads);
        for (Fiber& fiber : b.fibers) {
          fiber.stack.resize(kStack);
          getcontext(&fiber.context);
          fiber.context.uc_stack.ss_sp = fiber.stack.data(), fiber.context.uc_stack.ss_size = kStack;
          fiber.context.uc_link = nullptr;
          makecontext(&fiber.context, enter, 0);
        }
        for (int left = threads; left > 0;) {
          const long before = b.moves;
          left = 0;
          for (int i = 0; i < threads; ++i) {
            if (b.fibers[i].done) continue;
            b.current = i, threadIdx = {i, 0};
            swapcontext(&b.scheduler, &b.fibers[i].context);
            left += !b.fibers[i].done;
          }
          if (left > 0 && b.moves == before) return 1;
        }
        for (int i = 0; i < kGuard; ++i)
          if (b.shared[floats + i] != 12345.0f) return 2;
      }
    return 0;
  }
};
template <typename Arguments>
void (*Launch<Arguments>::kernel)(Arguments);
template <typename Arguments>
const Arguments* Launch<Arguments>::arguments;
}  // namespace twin
