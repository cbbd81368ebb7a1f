// Between rows of units and lanes: out of (rows, units) into [units][lanes] and back.
#pragma once
#include <cstddef>
#include <utility>

#include "lanes.hpp"

namespace ntmlab::NTMLAB_ISA {

// Lanes of a and of b as chosen by Source::at(lane): an index into both, one after the other.
template <typename Source, typename V, std::size_t... lane>
[[gnu::always_inline]] inline V shuffle(V a, V b, std::index_sequence<lane...>) {
#if defined(__clang__)
  return __builtin_shufflevector(a, b, Source::at(lane)...);
#else
  return __builtin_shuffle(a, b, Integers<V>{Source::at(lane)...});
#endif
}
template <int Width, int Q>
struct Upper {  // blocks of Width lanes: even ones of a stay, even ones of b take the places of a's odd ones
  static constexpr int at(int lane) { return (lane & Width) ? lane - Width + Q : lane; }
};
template <int Width, int Q>
struct Lower {
  static constexpr int at(int lane) { return (lane & Width) ? lane + Q : lane + Width; }
};

// Transposes a square of Q vectors: swaps its off-diagonal quarters, then theirs.
template <int Q, int Width = Q / 2>
[[gnu::always_inline]] inline void transpose(Lanes<Q> (&square)[Q]) {
  constexpr auto lanes = std::make_index_sequence<Q>{};
#pragma GCC unroll 16
  for (int i = 0; i < Q; ++i) {
    if (i & Width) continue;
    const Lanes<Q> a = square[i], b = square[i + Width];
    square[i] = shuffle<Upper<Width, Q>>(a, b, lanes);
    square[i + Width] = shuffle<Lower<Width, Q>>(a, b, lanes);
  }
  if constexpr (Width > 1) transpose<Q, Width / 2>(square);
}

// out[q * stride + u] = in[u * Q + q] for the first `rows` lanes. The last square overlaps the one before.
template <int Q>
inline void to_rows(const float* in, std::ptrdiff_t units, float* out, std::ptrdiff_t stride, int rows) {
  using V = Lanes<Q>;
  if (units < Q) {
    for (std::ptrdiff_t u = 0; u < units; ++u)
      for (int q = 0; q < rows; ++q) out[q * stride + u] = in[u * Q + q];
    return;
  }
  for (std::ptrdiff_t u = 0; u < units; u += Q) {
    const std::ptrdiff_t at = u + Q <= units ? u : units - Q;
    V square[Q];
#pragma GCC unroll 16
    for (int i = 0; i < Q; ++i) square[i] = get<V>(in + (at + i) * Q);
    transpose<Q>(square);
    if (rows == Q) {
#pragma GCC unroll 16
      for (int q = 0; q < Q; ++q) put(out + q * stride + at, square[q]);
    } else {
      for (int q = 0; q < rows; ++q) put(out + q * stride + at, square[q]);
    }
  }
}

// out[u * Q + q] = in[q * stride + u]; lanes beyond `rows` repeat the last row.
template <int Q>
inline void to_lanes(const float* in, std::ptrdiff_t stride, int rows, std::ptrdiff_t units, float* out) {
  using V = Lanes<Q>;
  const auto row = [&](int q) { return in + (q < rows ? q : rows - 1) * stride; };
  if (units < Q) {
    for (std::ptrdiff_t u = 0; u < units; ++u)
      for (int q = 0; q < Q; ++q) out[u * Q + q] = row(q)[u];
    return;
  }
  for (std::ptrdiff_t u = 0; u < units; u += Q) {
    const std::ptrdiff_t at = u + Q <= units ? u : units - Q;
    V square[Q];
#pragma GCC unroll 16
    for (int q = 0; q < Q; ++q) square[q] = get<V>(row(q) + at);
    transpose<Q>(square);
#pragma GCC unroll 16
    for (int i = 0; i < Q; ++i) put(out + (at + i) * Q, square[i]);
  }
}

}  // namespace ntmlab::NTMLAB_ISA
