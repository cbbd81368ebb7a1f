// Activated head parameters, and the operations on weightings over slots.
#pragma once
#include <math.h>

#include "packed.hpp"

namespace ntmlab::NTMLAB_ISA {
namespace {

float softplus(float x) { return x > 20 ? x : log1pf(expf(x)); }
float logistic(float x) { return 1 / (1 + expf(-x)); }

// Activated parameters of one head.
struct Head {
  const float* raw;
  float beta, g, gamma;
  Buffer key, s, erase, add;
  float inverse_key_norm;
  void init(int W, int S) {
    key.resize(padded(W));
    erase.resize(padded(W));
    add.resize(padded(W));
    s.resize(padded(S));
  }
  // th and si: tanh and sigmoid of all raw parameters, at the place of r.
  void activate(const float* r, const float* th, const float* si, int W, int S, bool writes) {
    raw = r;
    float square = kNormSmoothing;
    for (int c = 0; c < W; ++c) key[c] = th[c], square += key[c] * key[c];
    inverse_key_norm = 1 / sqrtf(square);
    beta = smaller(softplus(r[W]), kStrengthLimit);
    g = si[W + 1];
    const float* raw_s = r + W + 2;
    float top = raw_s[0], total = 0;
    for (int k = 1; k < S; ++k) top = raw_s[k] > top ? raw_s[k] : top;
    for (int k = 0; k < S; ++k) total += s[k] = expf(raw_s[k] - top);
    for (int k = 0; k < S; ++k) s[k] /= total;
    gamma = smaller(1 + softplus(r[W + 2 + S]), kStrengthLimit);
    if (!writes) return;
    for (int c = 0; c < W; ++c) {
      erase[c] = si[W + 3 + S + c];
      add[c] = th[2 * W + 3 + S + c];
    }
  }
};

// Softmax over the first n entries of x (padding to zero), in place.
void softmax(float* x, int n, int np) {
  for (int i = n; i < np; ++i) x[i] = -INFINITY;
  Vec top = load(x);
  for (int i = kLanes; i < np; i += kLanes) top = vmax(load(x + i), top);
  const Vec m = splat(maximum(top));
  Vec total{};
  for (int i = 0; i < np; i += kLanes) {
    const Vec e = exp(load(x + i) - m);
    total += e;
    store(x + i, e);
  }
  const Vec inverse = splat(1 / sum(total));
  for (int i = 0; i < np; i += kLanes) store(x + i, load(x + i) * inverse);
  for (int i = n; i < np; ++i) x[i] = 0;
}

// y[i] = sum_k s[k] x[(i - (k - reach)) mod n]; `sign` -1 gives the transpose.
struct Shifter {
  Buffer ring;
  int reach, n;
  void init(int n_, int S) {
    n = n_, reach = S / 2;
    ring.resize(padded(n) + 2 * reach + kLanes);
  }
  void operator()(float* y, const float* x, const float* s, int sign) {
    std::memcpy(ring + reach, x, n * sizeof(float));
    for (int i = 0; i < reach; ++i) {
      ring[reach - 1 - i] = x[n - 1 - i % n];
      ring[reach + n + i] = x[i % n];
    }
    const int np = padded(n);
    for (int i = 0; i < np; i += kLanes) {
      Vec t{};
      for (int k = -reach; k <= reach; ++k) t += splat(s[k + reach]) * load(ring + reach + i - sign * k);
      store(y + i, t);
    }
    for (int i = n; i < np; ++i) y[i] = 0;
  }
};

}  // namespace
}  // namespace ntmlab::NTMLAB_ISA
