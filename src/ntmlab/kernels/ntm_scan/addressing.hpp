// Heads: activation of their parameters, and from similarity to weighting (addressing.py, Eq. 5-9).
#pragma once
#include "across.hpp"
#include "layout.hpp"

namespace ntmlab::NTMLAB_ISA::ntm {

// Activates the raw parameters of a group's heads: vectors in place, numbers into arrays of their own.
// `squares` has room for a vector an item.
inline void activate(const Layout& y, const Heads& heads, Index rows, float* squares) {
  const ScanSizes& z = y.z;
  for (Index r = 0; r < rows; ++r)
    for (int k = 0; k < z.heads(); ++k) {
      const Places at(z, k);
      float* x = heads.of(r);
      const Index item = r * z.heads() + k;
      heads.beta[item] = x[at.beta];
      heads.g[item] = x[at.g];
      heads.gamma[item] = x[at.gamma];
      for (int i = 0; i < z.S; ++i) heads.s[i * heads.items + item] = x[at.s + i];
      Vec square{};
      each(x + at.key, z.W, [&](Vec raw, Index i) {
        const Vec key = tanh(raw);
        square += first_lanes(z.W - i) ? key * key : Vec{};
        return key;
      });
      store(squares + item * kLanes, square);
      if (k < z.R) continue;
      each(x + at.erase, z.W, [](Vec raw, Index) { return sigmoid(raw); });
      each(x + at.add, z.W, [](Vec raw, Index) { return tanh(raw); });
    }
  sums_across(squares, rows * z.heads(), heads.key_scale);
  for (Index i = 0; i < heads.items; i += kLanes) {
    const auto vec = [i](float* p) { return load(p + i); };
    const Vec limit = splat(kStrengthLimit);
    const Vec raw_beta = vec(heads.beta), beta = softplus(raw_beta);
    store(heads.beta + i, at_most(beta, kStrengthLimit));
    store(heads.beta_slope + i, beta < limit ? sigmoid(raw_beta) : Vec{});
    const Vec raw_gamma = vec(heads.gamma), gamma = 1.0f + softplus(raw_gamma);
    store(heads.gamma + i, at_most(gamma, kStrengthLimit));
    store(heads.gamma_slope + i, gamma < limit ? sigmoid(raw_gamma) : Vec{});
    store(heads.g + i, sigmoid(vec(heads.g)));
    store(heads.key_scale + i, inverse_root(vec(heads.key_scale) + kNormSmoothing));
    Vec top = vec(heads.s), total{};
    for (int k = 1; k < z.S; ++k) top = larger(top, vec(heads.s + k * heads.items));
    for (int k = 0; k < z.S; ++k) {
      const Vec e = exp2((vec(heads.s + k * heads.items) - top) * kLog2E);
      store(heads.s + k * heads.items + i, e);
      total += e;
    }
    for (int k = 0; k < z.S; ++k)
      store(heads.s + k * heads.items + i, vec(heads.s + k * heads.items) / total);
  }
}

// One item of the heads, and the scratch that its addressing takes.
struct Head {
  float beta, g, gamma, key_scale;
  const float* s;  // entries `items` apart
  Index items;
  Head(const Heads& heads, Index item)
      : beta(heads.beta[item]), g(heads.g[item]), gamma(heads.gamma[item]), key_scale(heads.key_scale[item]),
        s(heads.s + item), items(heads.items) {}
};

// body(n, mask) for every vector of slots: the mask leaves out padding lanes. Only the last needs it.
template <typename Body>
[[gnu::always_inline]] inline void for_slots(const Layout& y, const Body& body) {
  const Index last = y.slots - kLanes;
  for (Index n = 0; n < last; n += kLanes) body(n, [](Vec v, float) { return v; });
  const LaneMask mask = first_lanes(y.z.N - last);
  body(last, [mask](Vec v, float otherwise) { return mask ? v : splat(otherwise); });
}

// Repeats `reach` slots of either end of the ring x on the other side.
inline void close_ring(float* x, int n, int reach) {
  for (int i = 0; i < reach; ++i) {
    x[-1 - i] = x[n - 1 - i % n];
    x[n + i] = x[i % n];
  }
}

// sum_k s[k] x[k * step] for S shifts; kS = 0 stands for any number of them.
template <int kS>
[[gnu::always_inline]] inline Vec shifted(const Head& h, int S, const float* x, int step) {
  Vec sum{};
#pragma GCC unroll 8
  for (int k = 0; k < (kS ? kS : S); ++k) sum += h.s[k * h.items] * load(x + k * step);
  return sum;
}

// w_g = g w_c + (1 - g) before, as a ring. First multiplies the content weighting w_c by a factor.
template <bool kScale>
[[gnu::always_inline]] inline void interpolate(const Layout& y, const Head& h, const float* before, float* content,
                                               Vec factor, float* x) {
  const Vec g = splat(h.g), rest = 1.0f - g;
  for (Index n = 0; n < y.slots; n += kLanes) {
    Vec c = load(content + n);
    if constexpr (kScale) store(content + n, c *= factor);
    store(x + n, g * c + rest * load(before + n));
  }
  close_ring(x, y.z.N, y.z.S / 2);
}

// One head's weighting w from its similarities and the weighting before (Fig. 2). Leaves w_c and log2 w~.
template <int kS>
inline void address(const Layout& y, const Head& h, const float* similarity, const float* before, float* content,
                    float* log, float* ring, float* w) {
  float* x = ring + y.lead();
  Vec top = splat(-1e30f);
  for_slots(y, [&](Index n, auto valid) { top = larger(top, valid(load(similarity + n), -1e30f)); });
  top = largest_across(top);
  const Vec beta = splat(h.beta * kLog2E);
  Vec total{};
  for_slots(y, [&](Index n, auto valid) {
    const Vec e = valid(exp2(beta * (load(similarity + n) - top)), 0.0f);
    store(content + n, e);
    total += e;
  });
  interpolate<true>(y, h, before, content, 1.0f / sum_across(total), x);
  const int reach = y.z.S / 2;
  const Vec gamma = splat(h.gamma);
  top = splat(-1e30f);
  for_slots(y, [&](Index n, auto valid) {
    // w~(n) = sum_k s(k) w_g(n - k), k from -reach to reach
    const Vec l = log2(shifted<kS>(h, y.z.S, x + n + reach, -1) + kLogFloor);
    store(log + n, l);
    top = larger(top, valid(l, -1e30f));
  });
  top = largest_across(top);
  total = Vec{};
  for_slots(y, [&](Index n, auto valid) {
    const Vec e = valid(exp2(gamma * (load(log + n) - top)), 0.0f);
    store(w + n, e);
    total += e;
  });
  const Vec inverse = 1.0f / sum_across(total);
  for (Index n = 0; n < y.slots; n += kLanes) store(w + n, load(w + n) * inverse);
}

// The way back through `address`. In: dw, the gradient of w. Out: dw, that of the weighting before; vectors
// whose sums are the gradients of beta, g, s and gamma, at their places in d; that of the dot products of key
// and slot in dot; what the slots' norms take is added to dnorm: a slot's gradient through its norm is dnorm
// times the slot.
template <int kS>
inline void address_backward(const Layout& y, const Head& h, const Places& at, const float* slot_scale,
                             const float* similarity, float* content, const float* log, const float* before,
                             const float* w, float* ring, float* dring, float* d, float* dw, float* dot,
                             float* dnorm) {
  const int S = kS ? kS : y.z.S, reach = S / 2;
  float *x = ring + y.lead(), *dx = dring + y.lead();
  Vec mean{};
  for (Index n = 0; n < y.slots; n += kLanes) mean += load(w + n) * load(dw + n);
  mean = sum_across(mean);
  interpolate<false>(y, h, before, content, Vec{}, x);
  const Vec gamma = splat(h.gamma);
  Vec dgamma{}, ds[kS ? kS : 1] = {};
  if constexpr (!kS) zero(d + at.s * kLanes, S * kLanes);
  for (Index n = 0; n < y.slots; n += kLanes) {
    const Vec u = load(w + n) * (load(dw + n) - mean);
    const Vec v = u * gamma * reciprocal(shifted<kS>(h, S, x + n + reach, -1) + kLogFloor);
    dgamma += u * load(log + n);
    store(dx + n, v);
    if constexpr (kS) {
#pragma GCC unroll 8
      for (int k = 0; k < kS; ++k) ds[k] += v * load(x + n + reach - k);
    } else {
      for (int k = 0; k < S; ++k) {
        float* sum = d + (at.s + k) * kLanes;
        store(sum, load(sum) + v * load(x + n + reach - k));
      }
    }
  }
  store(d + at.gamma * kLanes, dgamma);
  if constexpr (kS)
    for (int k = 0; k < kS; ++k) store(d + (at.s + k) * kLanes, ds[k]);
  close_ring(dx, y.z.N, reach);
  const Vec g = splat(h.g), rest = 1.0f - g;
  Vec dg{}, inner{};
  for_slots(y, [&](Index n, auto valid) {
    const Vec u = valid(shifted<kS>(h, S, dx + n - reach, 1), 0.0f), c = load(content + n), v = u * g;
    dg += u * (c - load(before + n));
    inner += v * c;
    store(dw + n, u * rest);
    store(dot + n, v);
  });
  store(d + at.g * kLanes, dg);
  inner = sum_across(inner);
  const Vec beta = splat(h.beta), key_scale = splat(h.key_scale);
  Vec dbeta{};
  for (Index n = 0; n < y.slots; n += kLanes) {
    const Vec K = load(similarity + n), scale = load(slot_scale + n);
    const Vec u = load(content + n) * (load(dot + n) - inner), dK = u * beta * scale;
    dbeta += u * K;
    store(dot + n, dK * key_scale);
    store(dnorm + n, load(dnorm + n) - dK * K * scale);
  }
  store(d + at.beta * kLanes, dbeta);
}

// From gradients by the activated parameters to those by the raw ones: d [P] of one sequence's heads.
inline void activate_backward(const Layout& y, const Heads& heads, Index r, float* d) {
  const ScanSizes& z = y.z;
  const float* values = heads.of(r);
  for (int k = 0; k < z.heads(); ++k) {
    const Places at(z, k);
    const Index item = r * z.heads() + k;
    const float scale = heads.key_scale[item];
    const float own = -d[at.beta] * heads.beta[item] * scale * scale;  // of the key through its own norm
    each(d + at.key, z.W, [&](Vec u, Index i) {
      const Vec key = load(values + at.key + i);
      return (u + own * key) * (1.0f - key * key);
    });
    const float g = heads.g[item];
    d[at.beta] *= heads.beta_slope[item];
    d[at.g] *= g * (1.0f - g);
    d[at.gamma] *= kLn2 * heads.gamma_slope[item];
    float mean = 0;
    for (int i = 0; i < z.S; ++i) mean += d[at.s + i] * heads.s[i * heads.items + item];
    for (int i = 0; i < z.S; ++i) d[at.s + i] = heads.s[i * heads.items + item] * (d[at.s + i] - mean);
    if (k < z.R) continue;
    each(d + at.erase, z.W, [&](Vec u, Index i) {
      const Vec e = load(values + at.erase + i);
      return u * e * (1.0f - e);
    });
    each(d + at.add, z.W, [&](Vec u, Index i) {
      const Vec a = load(values + at.add + i);
      return u * (1.0f - a * a);
    });
  }
}

}  // namespace ntmlab::NTMLAB_ISA::ntm
