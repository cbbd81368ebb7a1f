// Heads: activation of their parameters, and from similarity to weighting (addressing.py, Eq. 5-9).
#pragma once
#include "layout.hpp"

namespace ntmlab::NTMLAB_ISA {

// The parts of one head in an array of parameters.
template <int Q>
struct Head {
  float *key, *beta, *g, *s, *gamma, *erase, *add;
  Head(const ScanSizes& z, float* values, int k)
      : key(values + Index{z.head_at(k)} * Q), beta(key + Index{z.W} * Q), g(beta + Q), s(g + Q),
        gamma(s + Index{z.S} * Q), erase(gamma + Q), add(erase + Index{z.W} * Q) {}
};

// Activates raw parameters in place.
template <int Q>
inline void activate(const ScanSizes& z, const Heads<Q>& heads) {
  using V = Lanes<Q>;
  for (int k = 0; k < z.heads(); ++k) {
    const Head<Q> h(z, heads.values, k);
    V square = all<V>(kNormSmoothing);
    for (int j = 0; j < z.W; ++j) {
      const V x = tanh(get<V>(h.key + j * Q));
      put(h.key + j * Q, x);
      square += x * x;
    }
    put(heads.key_scale + k * Q, inverse_root(square));
    const V raw_beta = get<V>(h.beta), beta = softplus(raw_beta);
    put(h.beta, at_most(beta, kStrengthLimit));
    put(heads.beta_slope + k * Q, beta < all<V>(kStrengthLimit) ? sigmoid(raw_beta) : V{});
    put(h.g, sigmoid(get<V>(h.g)));
    V top = get<V>(h.s), total{};
    for (int i = 1; i < z.S; ++i) top = larger(top, get<V>(h.s + i * Q));
    for (int i = 0; i < z.S; ++i) {
      const V e = exp2((get<V>(h.s + i * Q) - top) * kLog2E);
      put(h.s + i * Q, e);
      total += e;
    }
    for (int i = 0; i < z.S; ++i) put(h.s + i * Q, get<V>(h.s + i * Q) / total);
    const V raw_gamma = get<V>(h.gamma), gamma = 1.0f + softplus(raw_gamma);
    put(h.gamma, at_most(gamma, kStrengthLimit));
    put(heads.gamma_slope + k * Q, gamma < all<V>(kStrengthLimit) ? sigmoid(raw_gamma) : V{});
    if (k < z.R) continue;
    for (int j = 0; j < z.W; ++j) {
      put(h.erase + j * Q, sigmoid(get<V>(h.erase + j * Q)));
      put(h.add + j * Q, tanh(get<V>(h.add + j * Q)));
    }
  }
}

// A weighting with `reach` slots of its ends repeated on the other side: [N + 2 reach].
template <int Q>
inline void close_ring(float* ring, int n, int reach) {
  using V = Lanes<Q>;
  float* x = ring + Index{reach} * Q;
  for (int i = 0; i < reach; ++i) {
    put(ring + Index{reach - 1 - i} * Q, get<V>(x + Index{n - 1 - i % n} * Q));
    put(ring + Index{reach + n + i} * Q, get<V>(x + Index{i % n} * Q));
  }
}

// sum_k s[k] ring[k * step] for S shifts; kS = 0 stands for any number of them.
template <int Q, int kS>
[[gnu::always_inline]] inline Lanes<Q> shifted(const float* s, int S, const float* ring, int step) {
  using V = Lanes<Q>;
  V sum{};
  for (int k = 0; k < (kS ? kS : S); ++k) sum += get<V>(s + k * Q) * get<V>(ring + Index{k} * step * Q);
  return sum;
}

// w_g = g w_c + (1 - g) before, as a ring. First multiplies the content weighting w_c by a factor.
template <int Q, bool kScale>
inline void interpolate(const ScanSizes& z, const Head<Q>& h, const float* before, float* content,
                        Lanes<Q> factor, float* ring) {
  using V = Lanes<Q>;
  const V g = get<V>(h.g), rest = 1.0f - g;
  float* x = ring + Index{z.S / 2} * Q;
  for (Index n = 0; n < z.N; ++n) {
    V c = get<V>(content + n * Q);
    if constexpr (kScale) put(content + n * Q, c *= factor);
    put(x + n * Q, g * c + rest * get<V>(before + n * Q));
  }
  close_ring<Q>(ring, z.N, z.S / 2);
}

// One head's weighting w from its similarities and the weighting before (Fig. 2). Leaves w_c and log2 w~.
template <int Q, int kS>
inline void address(const ScanSizes& z, const Head<Q>& h, const float* similarity, const float* before,
                    float* content, float* log, float* ring, float* w) {
  using V = Lanes<Q>;
  V top = get<V>(similarity);
  for (Index n = 1; n < z.N; ++n) top = larger(top, get<V>(similarity + n * Q));
  const V beta = get<V>(h.beta) * kLog2E;
  V total{};
  for (Index n = 0; n < z.N; ++n) {
    const V e = exp2(beta * (get<V>(similarity + n * Q) - top));
    put(content + n * Q, e);
    total += e;
  }
  interpolate<Q, true>(z, h, before, content, 1.0f / total, ring);
  const V gamma = get<V>(h.gamma);
  top = all<V>(-1e30f);
  for (Index n = 0; n < z.N; ++n) {
    // w~(n) = sum_k s(k) w_g(n - k), k from -reach to reach
    const V x = shifted<Q, kS>(h.s, z.S, ring + (n + z.S - 1) * Q, -1) + kLogFloor;
    const V l = log2(x);
    put(log + n * Q, l);
    top = larger(top, l);
  }
  total = V{};
  for (Index n = 0; n < z.N; ++n) {
    const V e = exp2(gamma * (get<V>(log + n * Q) - top));
    put(w + n * Q, e);
    total += e;
  }
  const V inverse = 1.0f / total;
  for (Index n = 0; n < z.N; ++n) put(w + n * Q, get<V>(w + n * Q) * inverse);
}

// The way back through `address`. In: dw, the gradient of w. Out: dw, that of the weighting before; the
// gradients of beta, g, s and gamma in d; that of the dot products of key and slot in dot; what the
// slots' norms take is added to dnorm: a slot's gradient through its norm is dnorm times the slot.
// Returns the factor of the key in its gradient through its own norm.
template <int Q, int kS>
inline Lanes<Q> address_backward(const ScanSizes& z, const Head<Q>& h, Lanes<Q> key_scale, Lanes<Q> beta_slope,
                                 Lanes<Q> gamma_slope, const float* slot_scale, const float* similarity,
                                 float* content, const float* log, const float* before, const float* w,
                                 float* ring, float* dring, const Head<Q>& d, float* dw, float* dot,
                                 float* dnorm) {
  using V = Lanes<Q>;
  const int S = kS ? kS : z.S, reach = S / 2;
  V mean{};
  for (Index n = 0; n < z.N; ++n) mean += get<V>(w + n * Q) * get<V>(dw + n * Q);
  interpolate<Q, false>(z, h, before, content, V{}, ring);
  const V gamma = get<V>(h.gamma);
  V dgamma{};
  V fixed[kS ? kS : 1] = {};
  if constexpr (!kS)
    for (int k = 0; k < S; ++k) put(d.s + k * Q, V{});
  float* dx = dring + Index{reach} * Q;
  for (Index n = 0; n < z.N; ++n) {
    const float* at = ring + (n + S - 1) * Q;
    const V x = shifted<Q, kS>(h.s, S, at, -1) + kLogFloor;
    const V u = get<V>(w + n * Q) * (get<V>(dw + n * Q) - mean);
    dgamma += u * get<V>(log + n * Q);
    const V v = u * gamma * reciprocal(x);
    put(dx + n * Q, v);
    if constexpr (kS) {
#pragma GCC unroll 8
      for (int k = 0; k < kS; ++k) fixed[k] += v * get<V>(at - k * Q);
    } else {
      for (int k = 0; k < S; ++k) put(d.s + k * Q, get<V>(d.s + k * Q) + v * get<V>(at - k * Q));
    }
  }
  put(d.gamma, dgamma * kLn2 * gamma_slope);
  if constexpr (kS)
    for (int k = 0; k < kS; ++k) put(d.s + k * Q, fixed[k]);
  V weighted{};
  for (int k = 0; k < S; ++k) weighted += get<V>(d.s + k * Q) * get<V>(h.s + k * Q);
  for (int k = 0; k < S; ++k) put(d.s + k * Q, get<V>(h.s + k * Q) * (get<V>(d.s + k * Q) - weighted));
  close_ring<Q>(dring, z.N, reach);
  const V g = get<V>(h.g), rest = 1.0f - g;
  V dg{}, inner{};
  for (Index n = 0; n < z.N; ++n) {
    const V u = shifted<Q, kS>(h.s, S, dring + n * Q, 1), c = get<V>(content + n * Q);
    dg += u * (c - get<V>(before + n * Q));
    put(dw + n * Q, u * rest);
    const V v = u * g;
    inner += v * c;
    put(dot + n * Q, v);
  }
  put(d.g, dg * g * rest);
  const V beta = get<V>(h.beta);
  V dbeta{};
  for (Index n = 0; n < z.N; ++n) {
    const V K = get<V>(similarity + n * Q), scale = get<V>(slot_scale + n * Q);
    const V u = get<V>(content + n * Q) * (get<V>(dot + n * Q) - inner);
    dbeta += u * K;
    const V dK = u * beta * scale, through = dK * K;
    put(dot + n * Q, dK * key_scale);
    put(dnorm + n * Q, get<V>(dnorm + n * Q) - through * scale);
  }
  put(d.beta, dbeta * beta_slope);
  return -dbeta * beta * key_scale * key_scale;
}

}  // namespace ntmlab::NTMLAB_ISA
