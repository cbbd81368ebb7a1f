// The elementary functions that the scans need, on whole registers of floats. Errors are about one unit in the
// last place; NaN stays NaN.
#pragma once
#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include "simd.hpp"

namespace ntmlab::NTMLAB_ISA {

template <typename V>
inline constexpr int kWidth = sizeof(V) / sizeof(float);
template <typename V>
using Integers = typename LanesOf<kWidth<V>>::integers;
template <typename V>
using Words = typename LanesOf<kWidth<V>>::words;  // bits of floats: sums of those of a NaN may wrap

template <typename V>
[[gnu::always_inline]] inline V all(float x) { return x - V{}; }

// The larger; b where a is NaN, and NaN where b is.
template <typename V>
[[gnu::always_inline]] inline V larger(V a, V b) { return a > b ? a : b; }
// The smaller; NaN where a is.
template <typename V>
[[gnu::always_inline]] inline V at_most(V a, float limit) { return a > all<V>(limit) ? all<V>(limit) : a; }

// 2^x = scale * (1 + rest) with scale a power of two and |rest| < 1/2. NaN gives NaN.
template <typename V>
struct Power {
  V scale, rest;
};
template <typename V>
[[gnu::always_inline]] inline V power_rest(V r) {  // 2^r - 1 for |r| <= 1/2, relative error 3e-9
  V p = all<V>(1.5353361813896845e-4f);
  p = p * r + 1.3398874445399631e-3f;
  p = p * r + 9.618437358299892e-3f;
  p = p * r + 5.550332471026869e-2f;
  p = p * r + 2.4022647913619716e-1f;
  p = p * r + 6.931472028551282e-1f;
  return p * r;
}
template <typename V>
[[gnu::always_inline]] inline Power<V> power(V x) {  // for x in [-126, 127]
  const V shifter = all<V>(12582912.0f);  // 1.5 * 2^23: adding it rounds to the nearest integer
  const V shifted = x + shifter;
  const V r = x - (shifted - shifter);
  // The integer sits in the low bits of the shifted number; moved up it is the exponent.
  const Words<V> exponent = (reinterpret_cast<Words<V>>(shifted) << 23) + 0x3f800000u;
  return {reinterpret_cast<V>(exponent), power_rest(r)};
}
template <typename V>
[[gnu::always_inline]] inline V within(V x, float low, float high) {  // NaN stays NaN
  const V capped = x > all<V>(high) ? all<V>(high) : x;
  return capped < all<V>(low) ? all<V>(low) : capped;
}

// 2^x for x <= 127; 0 below -126.
template <typename V>
[[gnu::always_inline]] inline V exp2(V x) {
#if defined(__AVX512F__)
  const __m512 y = (__m512)x, n = _mm512_roundscale_ps(y, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  return (V)_mm512_scalef_ps((__m512)(power_rest((V)(y - n)) + 1.0f), n);
#else
  const Power<V> p = power(within(x, -127.0f, 127.0f));
  return x < all<V>(-126.0f) ? V{} : p.scale * p.rest + p.scale;
#endif
}

// log2 of a positive normal number; no finite number for infinity, NaN for what is below 0.
template <typename V>
[[gnu::always_inline]] inline V log2_of(V mantissa, V exponent) {  // mantissa in [3/4, 3/2)
  const V f = mantissa - 1.0f;
  V p = all<V>(7.806667082841433e-2f);
  p = p * f - 1.742301700744511e-1f;
  p = p * f + 2.1632486125137884e-1f;
  p = p * f - 2.4272352554714713e-1f;
  p = p * f + 2.8819150539776917e-1f;
  p = p * f - 3.6057592159271035e-1f;
  p = p * f + 4.8090208047708327e-1f;
  p = p * f - 7.213484783848749e-1f;
  p = p * f + 1.44269503244233f;
  return p * f + exponent;
}
template <typename V>
[[gnu::always_inline]] inline V log2(V x) {
#if defined(__AVX512F__)
  const __m512 m = _mm512_getmant_ps((__m512)x, _MM_MANT_NORM_p75_1p5, _MM_MANT_SIGN_nan);
  return log2_of<V>((V)m, (V)(_mm512_getexp_ps((__m512)x) - _mm512_getexp_ps(m)));
#else
  const Words<V> shifted = reinterpret_cast<Words<V>>(x) - 0x3f400000u;  // 3/4
  const V mantissa = reinterpret_cast<V>((shifted & 0x007fffffu) + 0x3f400000u);
  const V y = log2_of(mantissa, __builtin_convertvector(reinterpret_cast<Integers<V>>(shifted) >> 23, V));
  return (x >= V{}) & (x <= all<V>(__FLT_MAX__)) ? y : all<V>(__builtin_nanf(""));
#endif
}

// 1 / x for a normal number, and 1 / sqrt(x) for a positive one: 0 for infinity.
template <typename V>
[[gnu::always_inline]] inline V reciprocal(V x) {
#if defined(__AVX512F__)
  const V y = (V)_mm512_rcp14_ps((__m512)x);
  return y + y * (1.0f - x * y);
#else
  return 1.0f / x;
#endif
}
template <typename V>
[[gnu::always_inline]] inline V inverse_root(V x) {
#if defined(__AVX512F__)
  const V y = (V)_mm512_rsqrt14_ps((__m512)x);
  return y + y * (0.5f - 0.5f * at_most(x, __FLT_MAX__) * y * y);
#else
  V y;
  for (int i = 0; i < kWidth<V>; ++i) y[i] = 1.0f / __builtin_sqrtf(x[i]);
  return y;
#endif
}

inline constexpr float kLog2E = 1.44269504088896341f, kLn2 = 0.69314718055994531f;

// Exactly 0 at -infinity, where 1 / 2^127 is no normal number.
template <typename V>
[[gnu::always_inline]] inline V sigmoid(V x) {
  const Power<V> p = power(within(x * -kLog2E, -126.0f, 127.0f));
  return reciprocal(p.scale * p.rest + p.scale + 1.0f);
}

// (e^2x - 1) / (e^2x + 1), accurate also near 0 because e^2x - 1 is. Beyond 10 it is 1 in float32.
template <typename V>
[[gnu::always_inline]] inline V tanh(V x) {
  const Power<V> p = power(within(x * (2 * kLog2E), -29.0f, 29.0f));
  const V m = p.scale * p.rest + (p.scale - 1.0f);
  return m * reciprocal(m + 2.0f);
}

// log(1 + e^x), accurate also where it is small.
template <typename V>
[[gnu::always_inline]] inline V softplus(V x) {
  const V size = x > V{} ? x : -x;
  const V z = exp2(within(size * -kLog2E, -126.0f, 0.0f)), u = 1.0f + z;
  const V rest = u == all<V>(1.0f) ? z : log2(u) * kLn2 * (z / (u - 1.0f));  // log(1 + z)
  return (x > V{} ? x : V{}) + (x == x ? rest : x);
}

}  // namespace ntmlab::NTMLAB_ISA
