// Passes over the memory of one sequence (memory.py, Eq. 2-4, and the similarity of Eq. 6). Each takes a few
// vectors of slots at a time, whose sums stay in registers while it walks along the width. Sums across slots
// are left as one vector for each element; `sums_across` ends them.
#pragma once
#include "addressing.hpp"

namespace ntmlab::NTMLAB_ISA::ntm {

// Vectors of slots taken at a time, by what the registers hold of each.
#if defined(__AVX512F__) || defined(__aarch64__)
inline constexpr int kFew = 4, kMany = 8;
#else
inline constexpr int kFew = 2, kMany = 2;  // 16 registers
#endif

// body.template operator()<count>(n) for all slots, `count` vectors of them at a time.
template <int kMost, typename Body>
[[gnu::always_inline]] inline void for_blocks(Index slots, const Body& body) {
  Index n = 0;
  for (; n + kMost * kLanes <= slots; n += kMost * kLanes) body.template operator()<kMost>(n);
  for (; n < slots; n += kLanes) body.template operator()<1>(n);
}

template <int K>
[[gnu::always_inline]] inline void load_block(const float* p, Vec (&block)[K]) {
#pragma GCC unroll 8
  for (int i = 0; i < K; ++i) block[i] = load(p + i * kLanes);
}
template <int K>
[[gnu::always_inline]] inline void store_block(float* p, const Vec (&block)[K]) {
#pragma GCC unroll 8
  for (int i = 0; i < K; ++i) store(p + i * kLanes, block[i]);
}

// Similarity of kHeads keys with all slots.
template <int kHeads>
NTMLAB_PASS void similarities(const Layout& y, const State& state, const Heads& heads, Index r, int first, float* out) {
  const Index slots = y.slots, W = y.z.W;
  const float *keys[kHeads], *memory = state.memory, *slot_scale = state.slot_scale;
  Vec scale[kHeads];
  for (int k = 0; k < kHeads; ++k) {
    keys[k] = heads.of(r) + y.z.head_at(first + k);
    scale[k] = splat(heads.key_scale[r * y.z.heads() + first + k]);
  }
  for_blocks<kHeads <= 2 ? kMany : kFew>(slots, [&]<int K>(Index n) NTMLAB_INLINE {
    Vec sums[kHeads][K] = {};
    for (Index j = 0; j < W; ++j) {
      Vec key[kHeads];
#pragma GCC unroll 4
      for (int k = 0; k < kHeads; ++k) key[k] = splat(keys[k][j]);
#pragma GCC unroll 8
      for (int i = 0; i < K; ++i) {
        const Vec m = load_once(memory + j * slots + n + i * kLanes);
#pragma GCC unroll 4
        for (int k = 0; k < kHeads; ++k) sums[k][i] += key[k] * m;
      }
    }
#pragma GCC unroll 8
    for (int i = 0; i < K; ++i) {
      const Vec slot = load(slot_scale + n + i * kLanes);
#pragma GCC unroll 4
      for (int k = 0; k < kHeads; ++k)
        store(out + (first + k) * slots + n + i * kLanes, sums[k][i] * scale[k] * slot);
    }
  });
}

inline void similarities(const Layout& y, const State& state, const Heads& heads, Index r, float* out) {
  int k = 0;
  for (; k + 4 <= y.z.heads(); k += 4) similarities<4>(y, state, heads, r, k, out);
  for (; k + 2 <= y.z.heads(); k += 2) similarities<2>(y, state, heads, r, k, out);
  for (; k < y.z.heads(); ++k) similarities<1>(y, state, heads, r, k, out);
}

// 1 / norm of every slot.
inline void measure(const Layout& y, const State& state) {
  for (Index n = 0; n < y.slots; n += kLanes) {
    Vec square = splat(kNormSmoothing);
    for (int j = 0; j < y.z.W; ++j) {
      const Vec m = load(state.memory + j * y.slots + n);
      square += m * m;
    }
    store(state.slot_scale + n, inverse_root(square));
  }
}

// Reads from the memory, then writes it (`to` may be `from`) and measures it: one read and one write head.
// In `reads` [W] vectors whose sums are the reads.
NTMLAB_PASS void read_write_one(const Layout& y, const float* values, const float* w, const float* from,
                                const State& to, float* reads) {
  const Index slots = y.slots, W = y.z.W;
  const Places at(y.z, 1);
  const float *erase = values + at.erase, *add = values + at.add;
  float *out = to.memory, *slot_scale = to.slot_scale;
  for_blocks<kMany>(slots, [&]<int K>(Index n) NTMLAB_INLINE {
    Vec wr[K], ww[K], square[K];
    load_block(w + n, wr), load_block(w + slots + n, ww);
#pragma GCC unroll 8
    for (int i = 0; i < K; ++i) square[i] = splat(kNormSmoothing);
    for (Index j = 0; j < W; ++j) {
      const Vec e = splat(erase[j]), a = splat(add[j]);
      Vec r = n == 0 ? Vec{} : load(reads + j * kLanes);
#pragma GCC unroll 8
      for (int i = 0; i < K; ++i) {
        Vec m = load_once(from + j * slots + n + i * kLanes);
        r += wr[i] * m;
        m += ww[i] * (a - e * m);
        square[i] += m * m;
        store(out + j * slots + n + i * kLanes, m);
      }
      store(reads + j * kLanes, r);
    }
#pragma GCC unroll 8
    for (int i = 0; i < K; ++i) store(slot_scale + n + i * kLanes, inverse_root(square[i]));
  });
}

// The same for any number of heads; in `reads` [R * W] vectors.
NTMLAB_PASS void read_write_many(const Layout& y, const float* values, const float* w, const float* from,
                                 const State& to, float* reads) {
  const Index slots = y.slots, W = y.z.W;
  const int R = y.z.R, writes = y.z.V;
  const Places at(y.z, R);
  const Index next = y.z.writing();  // from a write head to the next
  float *out = to.memory, *slot_scale = to.slot_scale;
  for_blocks<kFew>(slots, [&]<int K>(Index n) NTMLAB_INLINE {
    Vec square[K];
#pragma GCC unroll 8
    for (int i = 0; i < K; ++i) square[i] = splat(kNormSmoothing);
    for (Index j = 0; j < W; ++j) {
      Vec m[K], added[K] = {}, weight[K];
      load_block(from + j * slots + n, m);
      for (int k = 0; k < R; ++k) {
        float* sum = reads + (k * W + j) * kLanes;
        Vec r = n == 0 ? Vec{} : load(sum);
        load_block(w + k * slots + n, weight);
#pragma GCC unroll 8
        for (int i = 0; i < K; ++i) r += weight[i] * m[i];
        store(sum, r);
      }
      for (int k = 0; k < writes; ++k) {
        const Vec e = splat(values[at.erase + k * next + j]), a = splat(values[at.add + k * next + j]);
        load_block(w + (R + k) * slots + n, weight);
#pragma GCC unroll 8
        for (int i = 0; i < K; ++i) {
          m[i] -= m[i] * (weight[i] * e);
          added[i] += weight[i] * a;
        }
      }
#pragma GCC unroll 8
      for (int i = 0; i < K; ++i) {
        m[i] += added[i];
        square[i] += m[i] * m[i];
      }
      store_block(out + j * slots + n, m);
    }
#pragma GCC unroll 8
    for (int i = 0; i < K; ++i) store(slot_scale + n + i * kLanes, inverse_root(square[i]));
  });
}

inline void read_write(const Layout& y, const float* values, const float* w, const float* from, const State& to,
                       float* reads) {
  const auto run = y.z.R == 1 && y.z.V == 1 ? read_write_one : read_write_many;
  run(y, values, w, from, to, reads);
}

// Writes the memory and compares it with the keys of the step after, in one pass: what the backward pass does to
// go through a segment again, where all keys are known and reads are not wanted. One read and one write head.
NTMLAB_PASS void write_compare_one(const Layout& y, const float* values, const float* w, const float* from,
                                   const State& to, const Heads& next, Index r, float* similarity) {
  const Index slots = y.slots, W = y.z.W;
  const Places reading(y.z, 0), at(y.z, 1);
  const float *erase = values + at.erase, *add = values + at.add, *ww = w + slots;
  const float *key_r = next.of(r) + reading.key, *key_w = next.of(r) + at.key;
  const Vec scale_r = splat(next.key_scale[2 * r]), scale_w = splat(next.key_scale[2 * r + 1]);
  float *out = to.memory, *slot_scale = to.slot_scale;
  for_blocks<kFew>(slots, [&]<int K>(Index n) NTMLAB_INLINE {
    Vec weight[K], square[K], dot_r[K] = {}, dot_w[K] = {};
    load_block(ww + n, weight);
#pragma GCC unroll 8
    for (int i = 0; i < K; ++i) square[i] = splat(kNormSmoothing);
    for (Index j = 0; j < W; ++j) {
      const Vec e = splat(erase[j]), a = splat(add[j]), kr = splat(key_r[j]), kw = splat(key_w[j]);
#pragma GCC unroll 8
      for (int i = 0; i < K; ++i) {
        Vec m = load_once(from + j * slots + n + i * kLanes);
        m += weight[i] * (a - e * m);
        square[i] += m * m;
        dot_r[i] += kr * m;
        dot_w[i] += kw * m;
        store(out + j * slots + n + i * kLanes, m);
      }
    }
#pragma GCC unroll 8
    for (int i = 0; i < K; ++i) {
      const Vec scale = inverse_root(square[i]);
      store(slot_scale + n + i * kLanes, scale);
      store(similarity + n + i * kLanes, dot_r[i] * scale_r * scale);
      store(similarity + slots + n + i * kLanes, dot_w[i] * scale_w * scale);
    }
  });
}

// The way back through reads and writes of one read and one write head. In: dM, the gradient of the memory
// after the step, and dr, that of the reads. Out: dM, that of the memory before it; added to dw, the
// weightings' gradients; in d, vectors whose sums are the gradients of erase and add.
NTMLAB_PASS void read_write_backward_one(const Layout& y, const float* values, const float* w, const float* memory,
                                         const float* dr, float* dM, float* dw, float* d) {
  const Index slots = y.slots, W = y.z.W;
  const Places at(y.z, 1);
  const float *erase = values + at.erase, *add = values + at.add;
  float *de = d + at.erase * kLanes, *da = d + at.add * kLanes;
  for_blocks<kFew>(slots, [&]<int K>(Index n) NTMLAB_INLINE {
    Vec wr[K], ww[K], dwr[K], dww[K];
    load_block(w + n, wr), load_block(w + slots + n, ww);
    load_block(dw + n, dwr), load_block(dw + slots + n, dww);
    for (Index j = 0; j < W; ++j) {
      const Vec e = splat(erase[j]), a = splat(add[j]), g = splat(dr[j]);
      Vec sum_e = n == 0 ? Vec{} : load(de + j * kLanes), sum_a = n == 0 ? Vec{} : load(da + j * kLanes);
#pragma GCC unroll 8
      for (int i = 0; i < K; ++i) {
        float* D = dM + j * slots + n + i * kLanes;
        const Vec m = load_once(memory + j * slots + n + i * kLanes), u = load_once(D), q = u * ww[i];
        dwr[i] += g * m;
        dww[i] += u * (a - e * m);
        sum_a += q;
        sum_e -= q * m;
        store(D, u + (g * wr[i] - e * q));
      }
      store(de + j * kLanes, sum_e);
      store(da + j * kLanes, sum_a);
    }
    store_block(dw + n, dwr), store_block(dw + slots + n, dww);
  });
}

// The same for any number of heads. `chain` has room for V * kFew vectors.
NTMLAB_PASS void read_write_backward_many(const Layout& y, const float* values, const float* w, const float* memory,
                                          const float* dr, float* dM, float* dw, float* d, float* chain) {
  const Index slots = y.slots, W = y.z.W;
  const int R = y.z.R, writes = y.z.V;
  const Places at(y.z, R);
  const Index next = y.z.writing();  // from a write head to the next
  for_blocks<kFew>(slots, [&]<int K>(Index n) NTMLAB_INLINE {
    for (Index j = 0; j < W; ++j) {
      Vec m[K], u[K], left[K], weight[K], dweight[K];
      load_block(memory + j * slots + n, m);
      load_block(dM + j * slots + n, u);
      load_block(memory + j * slots + n, left);
      for (int k = 0; k < writes; ++k) {  // each erase sees what the ones before it left
        const Vec e = splat(values[at.erase + k * next + j]);
        load_block(w + (R + k) * slots + n, weight);
        store_block(chain + k * K * kLanes, left);
#pragma GCC unroll 8
        for (int i = 0; i < K; ++i) left[i] -= left[i] * (weight[i] * e);
      }
#pragma GCC unroll 8
      for (int i = 0; i < K; ++i) left[i] = u[i];
      for (int k = writes - 1; k >= 0; --k) {
        const Vec e = splat(values[at.erase + k * next + j]), a = splat(values[at.add + k * next + j]);
        float *de = d + (at.erase + k * next + j) * kLanes, *da = d + (at.add + k * next + j) * kLanes;
        Vec sum_e = n == 0 ? Vec{} : load(de), sum_a = n == 0 ? Vec{} : load(da);
        load_block(w + (R + k) * slots + n, weight);
        load_block(dw + (R + k) * slots + n, dweight);
#pragma GCC unroll 8
        for (int i = 0; i < K; ++i) {
          const Vec through = left[i] * load(chain + (k * K + i) * kLanes);
          dweight[i] += u[i] * a - through * e;
          sum_e -= through * weight[i];
          sum_a += u[i] * weight[i];
          left[i] -= left[i] * (weight[i] * e);
        }
        store_block(dw + (R + k) * slots + n, dweight);
        store(de, sum_e), store(da, sum_a);
      }
      for (int k = 0; k < R; ++k) {
        const Vec g = splat(dr[k * W + j]);
        load_block(w + k * slots + n, weight);
        load_block(dw + k * slots + n, dweight);
#pragma GCC unroll 8
        for (int i = 0; i < K; ++i) {
          dweight[i] += g * m[i];
          left[i] += g * weight[i];
        }
        store_block(dw + k * slots + n, dweight);
      }
      store_block(dM + j * slots + n, left);
    }
  });
}

inline void read_write_backward(const Layout& y, const float* values, const float* w, const float* memory,
                                const float* dr, float* dM, float* dw, float* d, float* chain) {
  if (y.z.R == 1 && y.z.V == 1)
    read_write_backward_one(y, values, w, memory, dr, dM, dw, d);
  else
    read_write_backward_many(y, values, w, memory, dr, dM, dw, d, chain);
}

// The way back through the dot products of kHeads keys with all slots: adds to dM, and leaves in d vectors
// whose sums are the keys' gradients. With kNorms also through the slots' norms; with kClip dM ends within
// its limits.
template <int kHeads, bool kNorms, bool kClip>
NTMLAB_PASS void similarities_backward(const Layout& y, const float* values, int first, const float* memory,
                                       const float* dot, const float* dnorm, float clip, float* dM, float* d) {
  const Index slots = y.slots, W = y.z.W;
  const float* keys[kHeads];
  float* sums[kHeads];
  for (int k = 0; k < kHeads; ++k) {
    keys[k] = values + y.z.head_at(first + k);
    sums[k] = d + Index{y.z.head_at(first + k)} * kLanes;
  }
  for_blocks<kMany>(slots, [&]<int K>(Index n) NTMLAB_INLINE {
    Vec c[kHeads][K], norm[K];
#pragma GCC unroll 2
    for (int k = 0; k < kHeads; ++k) load_block(dot + (first + k) * slots + n, c[k]);
    if constexpr (kNorms) load_block(dnorm + n, norm);
    for (Index j = 0; j < W; ++j) {
      Vec key[kHeads], sum[kHeads];
#pragma GCC unroll 2
      for (int k = 0; k < kHeads; ++k) {
        key[k] = splat(keys[k][j]);
        sum[k] = n == 0 ? Vec{} : load(sums[k] + j * kLanes);
      }
#pragma GCC unroll 8
      for (int i = 0; i < K; ++i) {
        float* D = dM + j * slots + n + i * kLanes;
        const Vec m = load_once(memory + j * slots + n + i * kLanes);
        Vec u = load_once(D);
        if constexpr (kNorms) u += norm[i] * m;
#pragma GCC unroll 2
        for (int k = 0; k < kHeads; ++k) {
          u += c[k][i] * key[k];
          sum[k] += c[k][i] * m;
        }
        if constexpr (kClip) u = within(u, -clip, clip);
        store(D, u);
      }
#pragma GCC unroll 2
      for (int k = 0; k < kHeads; ++k) store(sums[k] + j * kLanes, sum[k]);
    }
  });
}

template <bool kClip>
inline void similarities_backward(const Layout& y, const float* values, const float* memory, const float* dot,
                                  const float* dnorm, float clip, float* dM, float* d) {
  const int H = y.z.heads();
  if (H == 2) return similarities_backward<2, true, kClip>(y, values, 0, memory, dot, dnorm, clip, dM, d);
  similarities_backward<2, true, false>(y, values, 0, memory, dot, dnorm, clip, dM, d);  // two heads at least
  int k = 2;
  for (; k + 2 < H; k += 2) similarities_backward<2, false, false>(y, values, k, memory, dot, dnorm, clip, dM, d);
  if (k + 2 == H)
    similarities_backward<2, false, kClip>(y, values, k, memory, dot, dnorm, clip, dM, d);
  else
    similarities_backward<1, false, kClip>(y, values, k, memory, dot, dnorm, clip, dM, d);
}

}  // namespace ntmlab::NTMLAB_ISA::ntm
