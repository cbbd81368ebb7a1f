// Heads: activation of their parameters, and from similarity to weighting (addressing.py, Eq. 5-9).
#pragma once
#include "across.hpp"
#include "layout.hpp"

namespace ntmlab::NTMLAB_ISA::ntm {

// Activates the raw parameters of a group's heads: vectors in place, numbers into arrays of their own.
// `squares` has room for a vector an item.
NTMLAB_PASS void activate(const Layout& y, const Heads& heads, Index rows, float* squares) {
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
      each(x + at.key, z.W, [&](Vec raw, Index i) NTMLAB_INLINE {
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

// body(n, mask) for every vector of slots: the mask leaves out padding lanes. Only the last needs it.
template <typename Body>
[[gnu::always_inline]] inline void for_slots(const Layout& y, const Body& body) {
  const Index last = y.slots - kLanes;
  for (Index n = 0; n < last; n += kLanes) body(n, [](Vec v, float) NTMLAB_INLINE { return v; });
  const LaneMask mask = first_lanes(y.z.N - last);
  body(last, [mask](Vec v, float otherwise) NTMLAB_INLINE { return mask ? v : splat(otherwise); });
}

// Repeats `reach` slots of either end of the ring x on the other side.
inline void close_ring(float* x, int n, int reach) {
  for (int i = 0; i < reach; ++i) {
    x[-1 - i] = x[n - 1 - i % n];
    x[n + i] = x[i % n];
  }
}

// A head's shifts: kS of them in registers, or any number in memory where kS is 0.
template <int kS>
struct Shifts {
  Vec held[kS ? kS : 1];
  const float* s;
  Index items;
  int count;
  [[gnu::always_inline]] Shifts(const Layout& y, const Heads& heads, Index item)
      : s(heads.s + item), items(heads.items), count(kS ? kS : y.z.S) {
#pragma GCC unroll 8
    for (int k = 0; k < kS; ++k) held[k] = splat(s[k * items]);
  }
  // sum_k s[k] x[k * step]
  [[gnu::always_inline]] Vec operator()(const float* x, int step) const {
    Vec sum{};
    if constexpr (kS)
#pragma GCC unroll 8
      for (int k = 0; k < kS; ++k) sum += held[k] * load(x + k * step);
    else
      for (int k = 0; k < count; ++k) sum += s[k * items] * load(x + k * step);
    return sum;
  }
};

// w_g = g w_c + (1 - g) before, as a ring. First multiplies the content weighting w_c by a factor.
template <bool kScale>
[[gnu::always_inline]] inline void interpolate(const Layout& y, float gate, const float* before, float* content,
                                               Vec factor, float* x) {
  const Vec g = splat(gate), rest = 1.0f - g;
  for (Index n = 0; n < y.slots; n += kLanes) {
    Vec c = load(content + n);
    if constexpr (kScale) store(content + n, c *= factor);
    store(x + n, g * c + rest * load(before + n));
  }
  close_ring(x, y.z.N, y.z.S / 2);
}

// Scratch of addressing, for every head of the sequences that run side by side: a ring, another for gradients, and a
// vector.
struct Rings {
  float *x, *dx, *ends;
  Index each;
  static Index size(const Layout& y) { return kTogether * y.z.heads() * (2 * y.ring + kLanes); }
  Rings(const Layout& y, float* p)
      : x(p + y.lead()), dx(x + kTogether * y.z.heads() * y.ring), ends(p + 2 * kTogether * y.z.heads() * y.ring),
        each(y.ring) {}
};

// What addressing takes and leaves of one sequence.
struct Sequence {
  Index row;
  Lookup lookup;
  const float *before, *slot_scale;  // weightings and 1 / norm of slots before the step
  float* w;                          // weightings after it
};

// body(sequence, head of it, item of the heads, number among the rings) for all heads of some sequences.
template <typename Body>
[[gnu::always_inline]] inline void for_heads(const Layout& y, const Sequence* sequences, int count, const Body& body) {
  const int H = y.z.heads();
  for (int q = 0; q < count; ++q)
    for (int k = 0; k < H; ++k) body(sequences[q], k, sequences[q].row * H + k, q * H + k);
}

// All heads' weightings w from their similarities and the weightings before (Fig. 2). Leaves w_c and log2 w~.
// Heads take each phase one after the other: what a phase waits for is then long done.
template <int kS>
NTMLAB_PASS void address(const Layout& y, const Heads& heads, const Sequence* sequences, int count, const Rings& rings) {
  const Index slots = y.slots;
  const int reach = y.z.S / 2;
  for_heads(y, sequences, count, [&](const Sequence& q, int k, Index, int ring) NTMLAB_INLINE {
    const float* similarity = q.lookup.similarity + k * slots;
    Vec top = splat(-1e30f);
    for_slots(y, [&](Index n, auto valid) NTMLAB_INLINE { top = larger(top, valid(load(similarity + n), -1e30f)); });
    store(rings.ends + ring * kLanes, largest_across(top));
  });
  for_heads(y, sequences, count, [&](const Sequence& q, int k, Index item, int ring) NTMLAB_INLINE {
    const float* similarity = q.lookup.similarity + k * slots;
    float* content = q.lookup.content + k * slots;
    const Vec top = load(rings.ends + ring * kLanes), beta = splat(heads.beta[item] * kLog2E);
    Vec total{};
    for_slots(y, [&](Index n, auto valid) NTMLAB_INLINE {
      const Vec e = valid(exp2(beta * (load(similarity + n) - top)), 0.0f);
      store(content + n, e);
      total += e;
    });
    store(rings.ends + ring * kLanes, 1.0f / sum_across(total));
  });
  for_heads(y, sequences, count, [&](const Sequence& q, int k, Index item, int ring) NTMLAB_INLINE {
    interpolate<true>(y, heads.g[item], q.before + k * slots, q.lookup.content + k * slots,
                      load(rings.ends + ring * kLanes), rings.x + ring * rings.each);
  });
  for_heads(y, sequences, count, [&](const Sequence& q, int k, Index item, int ring) NTMLAB_INLINE {
    const Shifts<kS> shifted(y, heads, item);
    const float* x = rings.x + ring * rings.each + reach;
    float* log = q.lookup.log + k * slots;
    Vec top = splat(-1e30f);
    for_slots(y, [&](Index n, auto valid) NTMLAB_INLINE {
      // w~(n) = sum_k s(k) w_g(n - k), k from -reach to reach
      const Vec l = valid(log2(shifted(x + n, -1) + kLogFloor), -1e30f);
      store(log + n, l);
      top = larger(top, l);
    });
    store(rings.ends + ring * kLanes, largest_across(top));
  });
  for_heads(y, sequences, count, [&](const Sequence& q, int k, Index item, int ring) NTMLAB_INLINE {
    const float* log = q.lookup.log + k * slots;
    float* w = q.w + k * slots;
    const Vec top = load(rings.ends + ring * kLanes), gamma = splat(heads.gamma[item]);
    Vec total{};
    for_slots(y, [&](Index n, auto valid) NTMLAB_INLINE {
      const Vec e = valid(exp2(gamma * (load(log + n) - top)), 0.0f);
      store(w + n, e);
      total += e;
    });
    store(rings.ends + ring * kLanes, 1.0f / sum_across(total));
  });
  for_heads(y, sequences, count, [&](const Sequence& q, int k, Index, int ring) NTMLAB_INLINE {
    float* w = q.w + k * slots;
    const Vec inverse = load(rings.ends + ring * kLanes);
    for (Index n = 0; n < slots; n += kLanes) store(w + n, load(w + n) * inverse);
  });
}

// Gradients of a sequence on the way back through addressing. In: dw, those of w. Out: dw, those of the
// weightings before; in d [P] vectors whose sums are those of beta, g, s and gamma; those of the dot products of
// key and slot in dot; what the slots' norms take in dnorm: a slot's gradient through its norm is dnorm times
// the slot.
struct Gradients {
  float *dw, *d, *dot, *dnorm;
};

// The way back through `address`.
template <int kS>
NTMLAB_PASS void address_backward(const Layout& y, const Heads& heads, const Sequence* sequences,
                                  const Gradients* gradients, int count, const Rings& rings) {
  const Index slots = y.slots;
  const int S = kS ? kS : y.z.S, reach = S / 2;
  const auto of = [&](const Sequence& q) NTMLAB_INLINE -> const Gradients& { return gradients[&q - sequences]; };
  for_heads(y, sequences, count, [&](const Sequence& q, int k, Index item, int ring) NTMLAB_INLINE {
    const float *w = q.w + k * slots, *dw = of(q).dw + k * slots;
    Vec mean{};
    for (Index n = 0; n < slots; n += kLanes) mean += load(w + n) * load(dw + n);
    store(rings.ends + ring * kLanes, sum_across(mean));
    interpolate<false>(y, heads.g[item], q.before + k * slots, q.lookup.content + k * slots, Vec{},
                       rings.x + ring * rings.each);
  });
  for_heads(y, sequences, count, [&](const Sequence& q, int k, Index item, int ring) NTMLAB_INLINE {
    const Shifts<kS> shifted(y, heads, item);
    const Places at(y.z, k);
    const float *x = rings.x + ring * rings.each + reach, *log = q.lookup.log + k * slots;
    const float *w = q.w + k * slots, *dw = of(q).dw + k * slots;
    float *dx = rings.dx + ring * rings.each, *d = of(q).d;
    const Vec gamma = splat(heads.gamma[item]), mean = load(rings.ends + ring * kLanes);
    Vec dgamma{}, ds[kS ? kS : 1] = {};
    if constexpr (!kS) zero(d + at.s * kLanes, S * kLanes);
    for (Index n = 0; n < slots; n += kLanes) {
      const Vec u = load(w + n) * (load(dw + n) - mean);
      const Vec v = u * gamma * reciprocal(shifted(x + n, -1) + kLogFloor);
      dgamma += u * load(log + n);
      store(dx + n, v);
      if constexpr (kS) {
#pragma GCC unroll 8
        for (int i = 0; i < kS; ++i) ds[i] += v * load(x + n - i);
      } else {
        for (int i = 0; i < S; ++i) {
          float* sum = d + (at.s + i) * kLanes;
          store(sum, load(sum) + v * load(x + n - i));
        }
      }
    }
    store(d + at.gamma * kLanes, dgamma);
    if constexpr (kS)
      for (int i = 0; i < kS; ++i) store(d + (at.s + i) * kLanes, ds[i]);
    close_ring(dx, y.z.N, reach);
  });
  for_heads(y, sequences, count, [&](const Sequence& q, int k, Index item, int ring) NTMLAB_INLINE {
    const Shifts<kS> shifted(y, heads, item);
    const float *dx = rings.dx + ring * rings.each - reach, *before = q.before + k * slots;
    const float* content = q.lookup.content + k * slots;
    float *dw = of(q).dw + k * slots, *dot = of(q).dot + k * slots;
    const Vec g = splat(heads.g[item]), rest = 1.0f - g;
    Vec dg{}, inner{};
    for_slots(y, [&](Index n, auto valid) NTMLAB_INLINE {
      const Vec u = valid(shifted(dx + n, 1), 0.0f), c = load(content + n), v = u * g;
      dg += u * (c - load(before + n));
      inner += v * c;
      store(dw + n, u * rest);
      store(dot + n, v);
    });
    store(of(q).d + Places(y.z, k).g * kLanes, dg);
    store(rings.ends + ring * kLanes, sum_across(inner));
  });
  for (int q = 0; q < count; ++q) zero(gradients[q].dnorm, slots);
  for_heads(y, sequences, count, [&](const Sequence& q, int k, Index item, int ring) NTMLAB_INLINE {
    const float *similarity = q.lookup.similarity + k * slots, *content = q.lookup.content + k * slots;
    const float* slot_scale = q.slot_scale;
    float *dot = of(q).dot + k * slots, *dnorm = of(q).dnorm;
    const Vec inner = load(rings.ends + ring * kLanes), beta = splat(heads.beta[item]);
    const Vec key_scale = splat(heads.key_scale[item]);
    Vec dbeta{};
    for (Index n = 0; n < slots; n += kLanes) {
      const Vec K = load(similarity + n), scale = load(slot_scale + n);
      const Vec u = load(content + n) * (load(dot + n) - inner), dK = u * beta * scale;
      dbeta += u * K;
      store(dot + n, dK * key_scale);
      store(dnorm + n, load(dnorm + n) - dK * K * scale);
    }
    store(of(q).d + Places(y.z, k).beta * kLanes, dbeta);
  });
}

// From gradients by the activated parameters to those by the raw ones: d [P] of one sequence's heads.
NTMLAB_PASS void activate_backward(const Layout& y, const Heads& heads, Index r, float* d) {
  const ScanSizes& z = y.z;
  const float* values = heads.of(r);
  for (int k = 0; k < z.heads(); ++k) {
    const Places at(z, k);
    const Index item = r * z.heads() + k;
    const float scale = heads.key_scale[item];
    const float own = -d[at.beta] * heads.beta[item] * scale * scale;  // of the key through its own norm
    each(d + at.key, z.W, [&](Vec u, Index i) NTMLAB_INLINE {
      const Vec key = load(values + at.key + i);
      return (u + own * key) * (1.0f - key * key);
    });
    const float g = heads.g[item];
    // What is at its limit has no gradient, whatever arrives, NaN included.
    d[at.beta] = heads.beta[item] >= kStrengthLimit ? 0.0f : d[at.beta] * heads.beta_slope[item];
    d[at.g] *= g * (1.0f - g);
    d[at.gamma] = heads.gamma[item] >= kStrengthLimit ? 0.0f : d[at.gamma] * (kLn2 * heads.gamma_slope[item]);
    float mean = 0;
    for (int i = 0; i < z.S; ++i) mean += d[at.s + i] * heads.s[i * heads.items + item];
    for (int i = 0; i < z.S; ++i) d[at.s + i] = heads.s[i * heads.items + item] * (d[at.s + i] - mean);
    if (k < z.R) continue;
    each(d + at.erase, z.W, [&](Vec u, Index i) NTMLAB_INLINE {
      const Vec e = load(values + at.erase + i);
      return u * e * (1.0f - e);
    });
    each(d + at.add, z.W, [&](Vec u, Index i) NTMLAB_INLINE {
      const Vec a = load(values + at.add + i);
      return u * (1.0f - a * a);
    });
  }
}

}  // namespace ntmlab::NTMLAB_ISA::ntm
