#include "peak.hpp"

#include "simd.hpp"

namespace ntmlab::NTMLAB_ISA {
namespace {
constexpr int kChains = 12;  // enough to hide the latency of one
}

Index operations_a_round() { return Index{kChains} * kLanes * 2; }

// The result depends on every one of them, so that none is left out.
float multiply_adds(Index rounds) {
  Vec chains[kChains];
  for (int i = 0; i < kChains; ++i) chains[i] = splat(static_cast<float>(i));
  const Vec factor = splat(0.5f), term = splat(1.0f);
  for (Index round = 0; round < rounds; ++round)
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) chains[i] = chains[i] * factor + term;
  Vec sum{};
  for (int i = 0; i < kChains; ++i) sum += chains[i];
  float total = 0;
  for (int lane = 0; lane < kLanes; ++lane) total += sum[lane];
  return total;
}

}  // namespace ntmlab::NTMLAB_ISA
