// Functions that every kernel has. A CPU's compiler reads them too.
#pragma once

NTMLAB_DEVICE constexpr int fours(int n) { return (n + 3) / 4; }
NTMLAB_DEVICE constexpr int max_of(int a, int b) { return a > b ? a : b; }

NTMLAB_DEVICE float sigmoid(float x) {
  const float e = expf(-fabsf(x)), inverse = 1.0f / (1.0f + e);
  return x >= 0.0f ? inverse : e * inverse;  // NaN stays NaN
}
// The hyperbolic tangent of x, where e = exp(-2 |x|).
NTMLAB_DEVICE float tanh_of(float x, float e) {
  if (fabsf(x) < 0.3f) {
    const float y = x * x;
    return x * (1.0f + y * (-1 / 3.0f + y * (2 / 15.0f + y * (-17 / 315.0f + y * (62 / 2835.0f)))));
  }
  return copysignf((1.0f - e) / (1.0f + e), x);
}
NTMLAB_DEVICE float hyperbolic_tangent(float x) { return tanh_of(x, expf(-2.0f * fabsf(x))); }
