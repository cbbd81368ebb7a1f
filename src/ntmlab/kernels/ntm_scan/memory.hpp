// Passes over the memory (memory.py, Eq. 2-4, and the similarity of Eq. 6). Each takes a few slots at a
// time, whose sums stay in registers while it walks along their width.
#pragma once
#include "addressing.hpp"

namespace ntmlab::NTMLAB_ISA {

#if defined(__AVX512F__) || defined(__aarch64__)
inline constexpr int kSlots = 4;
#else
inline constexpr int kSlots = 2;  // 16 registers
#endif

// body.template operator()<count>(n) for all slots, `count` of them at a time.
template <typename Body>
[[gnu::always_inline]] inline void for_slots(int slots, const Body& body) {
  int n = 0;
  for (; n + kSlots <= slots; n += kSlots) body.template operator()<kSlots>(n);
  for (; n < slots; ++n) body.template operator()<1>(n);
}

// Similarity of kHeads keys with all slots.
template <int Q, int kHeads>
inline void similarities(const ScanSizes& z, const float* memory, const float* slot_scale,
                         const Heads<Q>& heads, int first, float* out) {
  using V = Lanes<Q>;
  const float* keys[kHeads];
  for (int k = 0; k < kHeads; ++k) keys[k] = Head<Q>(z, heads.values, first + k).key;
  for_slots(z.N, [&]<int K>(Index n) {
    V sums[kHeads][K] = {};
    const float* M = memory + n * z.W * Q;
    for (int j = 0; j < z.W; ++j, M += Q) {
      V key[kHeads];
#pragma GCC unroll 4
      for (int k = 0; k < kHeads; ++k) key[k] = get<V>(keys[k] + j * Q);
#pragma GCC unroll 4
      for (int i = 0; i < K; ++i) {
        const V m = get<V>(M + Index{i} * z.W * Q);
#pragma GCC unroll 4
        for (int k = 0; k < kHeads; ++k) sums[k][i] += key[k] * m;
      }
    }
    for (int k = 0; k < kHeads; ++k) {
      const V scale = get<V>(heads.key_scale + (first + k) * Q);
      for (int i = 0; i < K; ++i)
        put(out + ((first + k) * Index{z.N} + n + i) * Q, sums[k][i] * scale * get<V>(slot_scale + (n + i) * Q));
    }
  });
}

template <int Q>
inline void similarities(const ScanSizes& z, const float* memory, const float* slot_scale,
                         const Heads<Q>& heads, float* out) {
  int k = 0;
  for (; k + 4 <= z.heads(); k += 4) similarities<Q, 4>(z, memory, slot_scale, heads, k, out);
  for (; k + 2 <= z.heads(); k += 2) similarities<Q, 2>(z, memory, slot_scale, heads, k, out);
  for (; k < z.heads(); ++k) similarities<Q, 1>(z, memory, slot_scale, heads, k, out);
}

// 1 / norm of every slot.
template <int Q>
inline void measure(const ScanSizes& z, const float* memory, float* slot_scale) {
  using V = Lanes<Q>;
  for (Index n = 0; n < z.N; ++n) {
    V square = all<V>(kNormSmoothing);
    for (int j = 0; j < z.W; ++j) {
      const V m = get<V>(memory + (n * z.W + j) * Q);
      square += m * m;
    }
    put(slot_scale + n * Q, inverse_root(square));
  }
}

// Reads from the memory, then writes it (`to` may be `from`) and measures it. kR and kV are the numbers of
// heads, or 0 for any.
template <int Q, int kR, int kV>
inline void read_write(const ScanSizes& z, const Heads<Q>& heads, const float* w, const float* from, float* to,
                       float* slot_scale, float* reads) {
  using V = Lanes<Q>;
  const int R = kR ? kR : z.R, writes = kV ? kV : z.V;
  zero(reads, Index{R} * z.W * Q);
  for_slots(z.N, [&]<int K>(Index n) {
    V held[kR && kV ? kR + kV : 1][K], square[K];  // weights of a few heads stay in registers
    for (int i = 0; i < K; ++i) square[i] = all<V>(kNormSmoothing);
    if constexpr (kR && kV)
#pragma GCC unroll 4
      for (int k = 0; k < kR + kV; ++k)
#pragma GCC unroll 4
        for (int i = 0; i < K; ++i) held[k][i] = get<V>(w + (k * Index{z.N} + n + i) * Q);
    const auto weight = [&](int head, int i) {
      if constexpr (kR && kV) return held[head][i];
      return get<V>(w + (head * Index{z.N} + n + i) * Q);
    };
    const float* M = from + n * z.W * Q;
    float* out = to + n * z.W * Q;
    for (int j = 0; j < z.W; ++j) {
      V m[K];
#pragma GCC unroll 4
      for (int i = 0; i < K; ++i) m[i] = get<V>(M + (Index{i} * z.W + j) * Q);
#pragma GCC unroll 2
      for (int k = 0; k < R; ++k) {
        float* sum = reads + (Index{k} * z.W + j) * Q;
        V r = get<V>(sum);
#pragma GCC unroll 4
        for (int i = 0; i < K; ++i) r += weight(k, i) * m[i];
        put(sum, r);
      }
      if (kV == 1) {
        const Head<Q> h(z, heads.values, R);
        const V e = get<V>(h.erase + j * Q), a = get<V>(h.add + j * Q);
#pragma GCC unroll 4
        for (int i = 0; i < K; ++i) m[i] += weight(R, i) * (a - e * m[i]);
      } else {
        V added[K] = {};
        for (int k = 0; k < writes; ++k) {
          const Head<Q> h(z, heads.values, R + k);
          const V e = get<V>(h.erase + j * Q), a = get<V>(h.add + j * Q);
          for (int i = 0; i < K; ++i) {
            const V wk = weight(R + k, i);
            m[i] -= m[i] * wk * e;
            added[i] += wk * a;
          }
        }
        for (int i = 0; i < K; ++i) m[i] += added[i];
      }
#pragma GCC unroll 4
      for (int i = 0; i < K; ++i) {
        put(out + (Index{i} * z.W + j) * Q, m[i]);
        square[i] += m[i] * m[i];
      }
    }
    for (int i = 0; i < K; ++i) put(slot_scale + (n + i) * Q, inverse_root(square[i]));
  });
}

// The way back through reads and writes. In: dM, the gradient of the memory after the step, and dr, that
// of the reads. Out: dM, that of the memory before it; added to dw, the weightings' gradients; in d, the
// gradients of raw erases and adds. `chain` has room for V * kSlots vectors.
template <int Q, int kR, int kV>
inline void read_write_backward(const ScanSizes& z, const Heads<Q>& heads, const float* w, const float* memory,
                                const float* dr, float* dM, float* dw, float* draw, float* chain) {
  using V = Lanes<Q>;
  const int R = kR ? kR : z.R, writes = kV ? kV : z.V;
  for (int k = 0; k < writes; ++k) zero(Head<Q>(z, draw, R + k).erase, 2 * Index{z.W} * Q);
  for_slots(z.N, [&]<int K>(Index n) {
    const auto at = [&](int head, int i) { return (head * Index{z.N} + n + i) * Q; };
    const float* M = memory + n * z.W * Q;
    float* D = dM + n * z.W * Q;
    if constexpr (kR == 1 && kV == 1) {
      const Head<Q> h(z, heads.values, 1), d(z, draw, 1);
      V wr[K], ww[K], dwr[K], dww[K];
#pragma GCC unroll 4
      for (int i = 0; i < K; ++i) {
        wr[i] = get<V>(w + at(0, i)), ww[i] = get<V>(w + at(1, i));
        dwr[i] = get<V>(dw + at(0, i)), dww[i] = get<V>(dw + at(1, i));
      }
      for (int j = 0; j < z.W; ++j) {
        const V e = get<V>(h.erase + j * Q), a = get<V>(h.add + j * Q), g = get<V>(dr + j * Q);
        V de = get<V>(d.erase + j * Q), da = get<V>(d.add + j * Q);
#pragma GCC unroll 4
        for (int i = 0; i < K; ++i) {
          float* Di = D + (Index{i} * z.W + j) * Q;
          const V m = get<V>(M + (Index{i} * z.W + j) * Q), u = get<V>(Di), q = u * ww[i];
          dwr[i] += g * m;
          dww[i] += u * (a - e * m);
          da += q;
          de -= q * m;
          put(Di, u - e * q + g * wr[i]);
        }
        put(d.erase + j * Q, de);
        put(d.add + j * Q, da);
      }
#pragma GCC unroll 4
      for (int i = 0; i < K; ++i) put(dw + at(0, i), dwr[i]), put(dw + at(1, i), dww[i]);
    } else {
      for (int j = 0; j < z.W; ++j)
        for (int i = 0; i < K; ++i) {
          float* Di = D + (Index{i} * z.W + j) * Q;
          const V m = get<V>(M + (Index{i} * z.W + j) * Q), u = get<V>(Di);
          V before = m;  // each erase sees what the ones before it left
          for (int k = 0; k < writes; ++k) {
            put(chain + k * Q, before);
            before -= before * get<V>(w + at(R + k, i)) * get<V>(Head<Q>(z, heads.values, R + k).erase + j * Q);
          }
          V left = u;
          for (int k = writes - 1; k >= 0; --k) {
            const Head<Q> h(z, heads.values, R + k), d(z, draw, R + k);
            const V wk = get<V>(w + at(R + k, i)), e = get<V>(h.erase + j * Q), a = get<V>(h.add + j * Q);
            const V through = left * get<V>(chain + k * Q);
            put(dw + at(R + k, i), get<V>(dw + at(R + k, i)) + u * a - through * e);
            put(d.erase + j * Q, get<V>(d.erase + j * Q) - through * wk);
            put(d.add + j * Q, get<V>(d.add + j * Q) + u * wk);
            left -= left * wk * e;
          }
          for (int k = 0; k < R; ++k) {
            const V g = get<V>(dr + (Index{k} * z.W + j) * Q);
            put(dw + at(k, i), get<V>(dw + at(k, i)) + g * m);
            left += g * get<V>(w + at(k, i));
          }
          put(Di, left);
        }
    }
  });
  for (int k = 0; k < writes; ++k) {
    const Head<Q> h(z, heads.values, R + k), d(z, draw, R + k);
    for (int j = 0; j < z.W; ++j) {
      const V e = get<V>(h.erase + j * Q), a = get<V>(h.add + j * Q);
      put(d.erase + j * Q, get<V>(d.erase + j * Q) * e * (1.0f - e));
      put(d.add + j * Q, get<V>(d.add + j * Q) * (1.0f - a * a));
    }
  }
}

// The way back through the dot products of kHeads keys with all slots: adds to dM, and leaves the keys'
// sums in d. With kNorms also through the slots' norms.
template <int Q, int kHeads, bool kNorms>
inline void similarities_backward(const ScanSizes& z, const Heads<Q>& heads, int first, const float* memory,
                                  const float* dot, const float* dnorm, float* dM, float* draw) {
  using V = Lanes<Q>;
  const float* keys[kHeads];
  float* sums[kHeads];
  for (int k = 0; k < kHeads; ++k) {
    keys[k] = Head<Q>(z, heads.values, first + k).key;
    sums[k] = Head<Q>(z, draw, first + k).key;
    zero(sums[k], Index{z.W} * Q);
  }
  for_slots(z.N, [&]<int K>(Index n) {
    V c[kHeads][K], norm[K];
#pragma GCC unroll 4
    for (int i = 0; i < K; ++i) {
      if constexpr (kNorms) norm[i] = get<V>(dnorm + (n + i) * Q);
#pragma GCC unroll 2
      for (int k = 0; k < kHeads; ++k) c[k][i] = get<V>(dot + ((first + k) * Index{z.N} + n + i) * Q);
    }
    const float* M = memory + n * z.W * Q;
    float* D = dM + n * z.W * Q;
    for (int j = 0; j < z.W; ++j) {
      V key[kHeads], sum[kHeads];
#pragma GCC unroll 2
      for (int k = 0; k < kHeads; ++k) key[k] = get<V>(keys[k] + j * Q), sum[k] = get<V>(sums[k] + j * Q);
#pragma GCC unroll 4
      for (int i = 0; i < K; ++i) {
        float* Di = D + (Index{i} * z.W + j) * Q;
        const V m = get<V>(M + (Index{i} * z.W + j) * Q);
        V u = get<V>(Di);
        if constexpr (kNorms) u += norm[i] * m;
#pragma GCC unroll 2
        for (int k = 0; k < kHeads; ++k) {
          u += c[k][i] * key[k];
          sum[k] += c[k][i] * m;
        }
        put(Di, u);
      }
#pragma GCC unroll 2
      for (int k = 0; k < kHeads; ++k) put(sums[k] + j * Q, sum[k]);
    }
  });
}

template <int Q>
inline void similarities_backward(const ScanSizes& z, const Heads<Q>& heads, const float* memory, const float* dot,
                                  const float* dnorm, float* dM, float* draw) {
  similarities_backward<Q, 2, true>(z, heads, 0, memory, dot, dnorm, dM, draw);  // there are two heads at least
  int k = 2;
  for (; k + 2 <= z.heads(); k += 2)
    similarities_backward<Q, 2, false>(z, heads, k, memory, dot, dnorm, dM, draw);
  for (; k < z.heads(); ++k) similarities_backward<Q, 1, false>(z, heads, k, memory, dot, dnorm, dM, draw);
}

}  // namespace ntmlab::NTMLAB_ISA
