// Sums and maxima across the lanes of vectors.
#pragma once
#include <utility>

#include "isa.hpp"
#include "transpose.hpp"

namespace ntmlab::NTMLAB_ISA {

template <int Width, int Q>
struct Exchange {  // every lane's partner at a distance of Width
  static constexpr int at(int lane) { return lane ^ Width; }
};

// The same number in every lane.
template <int Width = kLanes / 2>
[[gnu::always_inline]] inline Vec sum_across(Vec v) {
  v += shuffle<Exchange<Width, kLanes>>(v, v, std::make_index_sequence<kLanes>{});
  if constexpr (Width > 1) return sum_across<Width / 2>(v);
  return v;
}
template <int Width = kLanes / 2>
[[gnu::always_inline]] inline Vec largest_across(Vec v) {
  v = larger(v, shuffle<Exchange<Width, kLanes>>(v, v, std::make_index_sequence<kLanes>{}));
  if constexpr (Width > 1) return largest_across<Width / 2>(v);
  return v;
}

// One vector whose lane i is the sum across vector i: halves are added while they are interleaved.
template <int Width = kLanes / 2>
[[gnu::always_inline]] inline Vec sums_across(Vec (&rows)[kLanes]) {
  constexpr auto lanes = std::make_index_sequence<kLanes>{};
#pragma GCC unroll 8
  for (int i = 0; i < Width; ++i)
    rows[i] = shuffle<Upper<Width, kLanes>>(rows[i], rows[i + Width], lanes) +
              shuffle<Lower<Width, kLanes>>(rows[i], rows[i + Width], lanes);
  if constexpr (Width > 1) return sums_across<Width / 2>(rows);
  return rows[0];
}

// out[i] = sum across vector i of `count`; reads and writes whole groups of kLanes vectors.
inline void sums_across(const float* in, Index count, float* out) {
  for (Index i = 0; i < count; i += kLanes) {
    Vec rows[kLanes];
#pragma GCC unroll 16
    for (int k = 0; k < kLanes; ++k) rows[k] = load(in + (i + k) * kLanes);
    store(out + i, sums_across<>(rows));
  }
}

using LaneMask = typename LanesOf<kLanes>::integers;

// All ones in the first `count` lanes.
[[gnu::always_inline]] inline LaneMask first_lanes(Index count) {
  LaneMask lane;
  for (int i = 0; i < kLanes; ++i) lane[i] = i;
  return lane < static_cast<std::int32_t>(count < kLanes ? count : kLanes);
}

// p[i] = f(p[i]) for a part of a longer array; what follows it keeps its value, but is loaded and stored.
template <typename Function>
[[gnu::always_inline]] inline void each(float* p, Index count, const Function& f) {
  for (Index i = 0; i < count; i += kLanes) {
    const Vec x = load(p + i), y = f(x, i);
    store(p + i, count - i < kLanes ? (first_lanes(count - i) ? y : x) : y);
  }
}

}  // namespace ntmlab::NTMLAB_ISA
