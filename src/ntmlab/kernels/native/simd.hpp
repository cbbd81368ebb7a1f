// Portable vectors of the widest registers of the instruction set this file is compiled for, and the
// elementary functions the kernels need on them. GCC and Clang vector extensions only: no intrinsics.
//
// This header is compiled several times with different flags, so everything lives in a namespace named
// after the instruction set: inline functions of different builds must never be merged by the linker.
#pragma once
#include <cstdint>
#include <cstring>

#ifndef NTMLAB_ISA
#error "compile kernels with -DNTMLAB_ISA=<baseline|avx2|avx512>"
#endif

namespace ntmlab::NTMLAB_ISA {

#if defined(__AVX512F__)
inline constexpr int kLanes = 16;
#elif defined(__AVX2__)
inline constexpr int kLanes = 8;
#else
inline constexpr int kLanes = 4;
#endif

using Vec = float __attribute__((vector_size(kLanes * sizeof(float))));
using VecI = std::int32_t __attribute__((vector_size(kLanes * sizeof(float))));

inline Vec splat(float x) { return x - Vec{}; }
inline Vec load(const float* p) { Vec v; std::memcpy(&v, p, sizeof v); return v; }
inline void store(float* p, Vec v) { std::memcpy(p, &v, sizeof v); }
inline Vec select(VecI mask, Vec a, Vec b) {  // lanes of a where mask is set, else of b
  return reinterpret_cast<Vec>((mask & reinterpret_cast<VecI>(a)) | (~mask & reinterpret_cast<VecI>(b)));
}
inline Vec vmax(Vec a, Vec b) { return select(a > b, a, b); }  // b where either is NaN
inline Vec vmin(Vec a, Vec b) { return select(a < b, a, b); }

// Vectors of half the width, down to one lane: sums stay in registers.
template <int N>
struct LanesOf {
  typedef float type __attribute__((vector_size(N * sizeof(float))));
  typedef std::int32_t integers __attribute__((vector_size(N * sizeof(std::int32_t))));
};
template <int N>
using Lanes = typename LanesOf<N>::type;

template <int N>
inline float sum_lanes(Lanes<N> v) {
  if constexpr (N == 1) {
    return v[0];
  } else {
    Lanes<N / 2> halves[2];
    std::memcpy(halves, &v, sizeof v);
    return sum_lanes<N / 2>(halves[0] + halves[1]);
  }
}
template <int N>
inline float maximum_lanes(Lanes<N> v) {
  if constexpr (N == 1) {
    return v[0];
  } else {
    Lanes<N / 2> halves[2];
    std::memcpy(halves, &v, sizeof v);
    return maximum_lanes<N / 2>(halves[0] > halves[1] ? halves[0] : halves[1]);
  }
}
inline float sum(Vec v) { return sum_lanes<kLanes>(v); }
inline float maximum(Vec v) { return maximum_lanes<kLanes>(v); }

// e^x to about one unit in the last place: 2^k * e^r with |r| <= ln2/2. NaN stays NaN;
// below -87 the result is 0, above 88.7 infinity.
inline Vec exp(Vec x) {
  const Vec clamped = select(x > splat(88.8f), splat(88.8f), select(x < splat(-87.3f), splat(-87.3f), x));
  const Vec shifter = splat(12582912.0f);  // 1.5 * 2^23: adding it rounds to the nearest integer
  const Vec k = (clamped * 1.44269504088896341f + shifter) - shifter;
  Vec r = clamped - k * 0.693359375f;
  r = r + k * 2.12194440e-4f;
  Vec p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  const VecI exponent = __builtin_convertvector(k, VecI);
  const VecI half = exponent >> 1;  // two factors, so that 2^128 does not overflow on the way
  const Vec scale1 = reinterpret_cast<Vec>((half + 127) << 23);
  const Vec scale2 = reinterpret_cast<Vec>((exponent - half + 127) << 23);
  const Vec y = p * scale1 * scale2;
  return select(x < splat(-87.3f), Vec{}, select(x == x, y, x));
}

// Natural logarithm of a positive normal number, to about one unit in the last place. NaN stays NaN.
inline Vec log(Vec x) {
  VecI bits = reinterpret_cast<VecI>(x);
  // mantissa in [sqrt(1/2), sqrt(2)), exponent accordingly
  const VecI shifted = bits - 0x3f3504f3;
  const VecI exponent = shifted >> 23;
  bits = (shifted & 0x007fffff) + 0x3f3504f3;
  const Vec f = reinterpret_cast<Vec>(bits) - 1.0f;
  const Vec k = __builtin_convertvector(exponent, Vec);
  const Vec z = f * f;
  Vec p = splat(7.0376836292e-2f);
  p = p * f - 1.1514610310e-1f;
  p = p * f + 1.1676998740e-1f;
  p = p * f - 1.2420140846e-1f;
  p = p * f + 1.4249322787e-1f;
  p = p * f - 1.6668057665e-1f;
  p = p * f + 2.0000714765e-1f;
  p = p * f - 2.4999993993e-1f;
  p = p * f + 3.3333331174e-1f;
  Vec y = p * f * z;
  y = y + k * -2.12194440e-4f;
  y = y - 0.5f * z;
  return select(x == x, f + y + k * 0.693359375f, x);
}

inline Vec sigmoid(Vec x) { return 1.0f / (1.0f + exp(-x)); }

// 1 - 2/(e^{2x}+1) loses relative precision near 0; there a polynomial in x^2 takes over.
inline Vec tanh(Vec x) {
  const Vec far = 1.0f - 2.0f / (exp(2.0f * x) + 1.0f);
  const Vec z = x * x;
  Vec p = splat(-5.70498872745e-3f);
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const Vec near = p * z * x + x;
  return select((x < splat(0.625f)) & (x > splat(-0.625f)), near, far);
}

}  // namespace ntmlab::NTMLAB_ISA
