// Passes over the memory of one sequence (memory.py, Eq. 2-4, and the similarity of Eq. 6). Each takes a few
// vectors of slots at a time, whose sums stay in registers while it walks along the width. Sums across slots
// are left as one vector for each element; `sums_across` ends them.
#pragma once
#include "addressing.hpp"

namespace ntmlab::NTMLAB_ISA::ntm {

#if defined(__AVX512F__) || defined(__aarch64__)
inline constexpr int kBlock = 4;  // vectors of slots
#else
inline constexpr int kBlock = 2;  // 16 registers
#endif

// body.template operator()<count>(n) for all slots, `count` vectors of them at a time.
template <typename Body>
[[gnu::always_inline]] inline void for_blocks(Index slots, const Body& body) {
  Index n = 0;
  for (; n + kBlock * kLanes <= slots; n += kBlock * kLanes) body.template operator()<kBlock>(n);
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
inline void similarities(const Layout& y, const State& state, const Heads& heads, Index r, int first, float* out) {
  const Index slots = y.slots;
  const float* keys[kHeads];
  Vec scale[kHeads];
  for (int k = 0; k < kHeads; ++k) {
    keys[k] = heads.of(r) + y.z.head_at(first + k);
    scale[k] = splat(heads.key_scale[r * y.z.heads() + first + k]);
  }
  for_blocks(slots, [&]<int K>(Index n) {
    Vec sums[kHeads][K] = {};
    const float* M = state.memory + n;
    for (int j = 0; j < y.z.W; ++j, M += slots) {
      Vec m[K];
      load_block(M, m);
#pragma GCC unroll 4
      for (int k = 0; k < kHeads; ++k) {
        const Vec key = splat(keys[k][j]);
#pragma GCC unroll 8
        for (int i = 0; i < K; ++i) sums[k][i] += key * m[i];
      }
    }
#pragma GCC unroll 8
    for (int i = 0; i < K; ++i) {
      const Vec slot = load(state.slot_scale + n + i * kLanes);
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

// Reads from the memory, then writes it (`to` may be `from`) and measures it. kR and kV are the numbers of
// heads, or 0 for any. In `reads` [R * W] vectors whose sums are the reads.
template <int kR, int kV>
inline void read_write(const Layout& y, const float* values, const float* w, const float* from, const State& to,
                       float* reads) {
  const Index slots = y.slots, W = y.z.W;
  const int R = kR ? kR : y.z.R, writes = kV ? kV : y.z.V;
  zero(reads, R * W * kLanes);
  for_blocks(slots, [&]<int K>(Index n) {
    Vec square[K];
    for (int i = 0; i < K; ++i) square[i] = splat(kNormSmoothing);
    Vec held[kR && kV ? kR + kV : 1][K];  // weights of a few heads stay in registers
    if constexpr (kR && kV)
#pragma GCC unroll 4
      for (int k = 0; k < kR + kV; ++k) load_block(w + k * slots + n, held[k]);
    const auto weight = [&](int head, int i) {
      if constexpr (kR && kV) return held[head][i];
      return load(w + head * slots + n + i * kLanes);
    };
    for (Index j = 0; j < W; ++j) {
      Vec m[K];
      load_block(from + j * slots + n, m);
#pragma GCC unroll 2
      for (int k = 0; k < R; ++k) {
        float* sum = reads + (k * W + j) * kLanes;
        Vec r = load(sum);
#pragma GCC unroll 8
        for (int i = 0; i < K; ++i) r += weight(k, i) * m[i];
        store(sum, r);
      }
      if constexpr (kV == 1) {
        const Places at(y.z, R);
        const Vec e = splat(values[at.erase + j]), a = splat(values[at.add + j]);
#pragma GCC unroll 8
        for (int i = 0; i < K; ++i) m[i] += weight(R, i) * (a - e * m[i]);
      } else {
        Vec added[K] = {};
        for (int k = 0; k < writes; ++k) {
          const Places at(y.z, R + k);
          const Vec e = splat(values[at.erase + j]), a = splat(values[at.add + j]);
#pragma GCC unroll 8
          for (int i = 0; i < K; ++i) {
            const Vec wk = weight(R + k, i);
            m[i] -= m[i] * (wk * e);
            added[i] += wk * a;
          }
        }
        for (int i = 0; i < K; ++i) m[i] += added[i];
      }
#pragma GCC unroll 8
      for (int i = 0; i < K; ++i) square[i] += m[i] * m[i];
      store_block(to.memory + j * slots + n, m);
    }
    for (int i = 0; i < K; ++i) store(to.slot_scale + n + i * kLanes, inverse_root(square[i]));
  });
}

inline void read_write(const Layout& y, const float* values, const float* w, const float* from, const State& to,
                       float* reads) {
  if (y.z.R == 1 && y.z.V == 1)
    read_write<1, 1>(y, values, w, from, to, reads);
  else
    read_write<0, 0>(y, values, w, from, to, reads);
}

// The way back through reads and writes of one read and one write head. In: dM, the gradient of the memory
// after the step, and dr, that of the reads. Out: dM, that of the memory before it; added to dw, the
// weightings' gradients; in d, vectors whose sums are the gradients of erase and add.
inline void read_write_backward_one(const Layout& y, const float* values, const float* w, const float* memory,
                                    const float* dr, float* dM, float* dw, float* d) {
  const Index slots = y.slots, W = y.z.W;
  const Places at(y.z, 1);
  float *de = d + at.erase * kLanes, *da = d + at.add * kLanes;
  zero(de, 2 * W * kLanes);
  for_blocks(slots, [&]<int K>(Index n) {
    Vec wr[K], ww[K], dwr[K], dww[K];
    load_block(w + n, wr), load_block(w + slots + n, ww);
    load_block(dw + n, dwr), load_block(dw + slots + n, dww);
    for (Index j = 0; j < W; ++j) {
      const Vec e = splat(values[at.erase + j]), a = splat(values[at.add + j]), g = splat(dr[j]);
      Vec m[K], u[K], sum_e = load(de + j * kLanes), sum_a = load(da + j * kLanes);
      load_block(memory + j * slots + n, m);
      load_block(dM + j * slots + n, u);
#pragma GCC unroll 8
      for (int i = 0; i < K; ++i) {
        const Vec q = u[i] * ww[i];
        dwr[i] += g * m[i];
        dww[i] += u[i] * (a - e * m[i]);
        sum_a += q;
        sum_e -= q * m[i];
        u[i] += g * wr[i] - e * q;
      }
      store_block(dM + j * slots + n, u);
      store(de + j * kLanes, sum_e);
      store(da + j * kLanes, sum_a);
    }
    store_block(dw + n, dwr), store_block(dw + slots + n, dww);
  });
}

// The same for any number of heads. `chain` has room for V * kBlock vectors.
inline void read_write_backward_many(const Layout& y, const float* values, const float* w, const float* memory,
                                     const float* dr, float* dM, float* dw, float* d, float* chain) {
  const Index slots = y.slots, W = y.z.W;
  const int R = y.z.R, writes = y.z.V;
  for (int k = R; k < R + writes; ++k) zero(d + Places(y.z, k).erase * kLanes, 2 * W * kLanes);
  for_blocks(slots, [&]<int K>(Index n) {
    const auto at = [&](int head, int i) { return head * slots + n + i * kLanes; };
    for (Index j = 0; j < W; ++j) {
      Vec m[K], u[K], left[K];
      load_block(memory + j * slots + n, m);
      load_block(dM + j * slots + n, u);
      for (int i = 0; i < K; ++i) left[i] = m[i];
      for (int k = 0; k < writes; ++k) {  // each erase sees what the ones before it left
        const Vec e = splat(values[Places(y.z, R + k).erase + j]);
        for (int i = 0; i < K; ++i) {
          store(chain + (k * K + i) * kLanes, left[i]);
          left[i] -= left[i] * (load(w + at(R + k, i)) * e);
        }
      }
      for (int i = 0; i < K; ++i) left[i] = u[i];
      for (int k = writes - 1; k >= 0; --k) {
        const Places p(y.z, R + k);
        const Vec e = splat(values[p.erase + j]), a = splat(values[p.add + j]);
        float *de = d + (p.erase + j) * kLanes, *da = d + (p.add + j) * kLanes;
        Vec sum_e = load(de), sum_a = load(da);
        for (int i = 0; i < K; ++i) {
          const Vec wk = load(w + at(R + k, i)), through = left[i] * load(chain + (k * K + i) * kLanes);
          store(dw + at(R + k, i), load(dw + at(R + k, i)) + u[i] * a - through * e);
          sum_e -= through * wk;
          sum_a += u[i] * wk;
          left[i] -= left[i] * (wk * e);
        }
        store(de, sum_e), store(da, sum_a);
      }
      for (int k = 0; k < R; ++k) {
        const Vec g = splat(dr[k * W + j]);
        for (int i = 0; i < K; ++i) {
          store(dw + at(k, i), load(dw + at(k, i)) + g * m[i]);
          left[i] += g * load(w + at(k, i));
        }
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
inline void similarities_backward(const Layout& y, const float* values, int first, const float* memory,
                                  const float* dot, const float* dnorm, float clip, float* dM, float* d) {
  const Index slots = y.slots, W = y.z.W;
  const float* keys[kHeads];
  float* sums[kHeads];
  for (int k = 0; k < kHeads; ++k) {
    const Index at = y.z.head_at(first + k);
    keys[k] = values + at;
    sums[k] = d + at * kLanes;
    zero(sums[k], W * kLanes);
  }
  for_blocks(slots, [&]<int K>(Index n) {
    Vec c[kHeads][K], norm[K];
#pragma GCC unroll 2
    for (int k = 0; k < kHeads; ++k) load_block(dot + (first + k) * slots + n, c[k]);
    if constexpr (kNorms) load_block(dnorm + n, norm);
    for (Index j = 0; j < W; ++j) {
      Vec m[K], u[K];
      load_block(memory + j * slots + n, m);
      load_block(dM + j * slots + n, u);
      if constexpr (kNorms)
#pragma GCC unroll 8
        for (int i = 0; i < K; ++i) u[i] += norm[i] * m[i];
#pragma GCC unroll 2
      for (int k = 0; k < kHeads; ++k) {
        const Vec key = splat(keys[k][j]);
        Vec sum = load(sums[k] + j * kLanes);
#pragma GCC unroll 8
        for (int i = 0; i < K; ++i) {
          u[i] += c[k][i] * key;
          sum += c[k][i] * m[i];
        }
        store(sums[k] + j * kLanes, sum);
      }
      if constexpr (kClip)
#pragma GCC unroll 8
        for (int i = 0; i < K; ++i) u[i] = within(u[i], -clip, clip);
      store_block(dM + j * slots + n, u);
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
