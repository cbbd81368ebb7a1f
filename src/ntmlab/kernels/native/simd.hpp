// Portable vectors of the instruction set this file is compiled for: GCC and Clang vector extensions.
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

template <int N>
struct LanesOf {
  typedef float type __attribute__((vector_size(N * sizeof(float))));
  typedef std::int32_t integers __attribute__((vector_size(N * sizeof(std::int32_t))));
  typedef std::uint32_t words __attribute__((vector_size(N * sizeof(std::uint32_t))));
};
template <int N>
using Lanes = typename LanesOf<N>::type;

using Vec = Lanes<kLanes>;  // the widest registers

inline Vec splat(float x) { return x - Vec{}; }
inline Vec load(const float* p) { Vec v; std::memcpy(&v, p, sizeof v); return v; }
inline void store(float* p, Vec v) { std::memcpy(p, &v, sizeof v); }

// Loads into a register. A compiler that has a vector from memory may well read it again at each use, and the
// passes over memory are bound by their loads.
[[gnu::always_inline]] inline Vec load_once(const float* p) {
  Vec v = load(p);
#if defined(__AVX512F__)
  asm("" : "+v"(v));
#elif defined(__x86_64__)
  asm("" : "+x"(v));
#elif defined(__aarch64__)
  asm("" : "+w"(v));
#endif
  return v;
}

}  // namespace ntmlab::NTMLAB_ISA
