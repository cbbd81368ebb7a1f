// Squares of vectors, transposed in registers.
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

}  // namespace ntmlab::NTMLAB_ISA
