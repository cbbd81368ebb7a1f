// Context-tree weighting of any alphabet, one sequence after the other.
#include <cmath>
#include <limits>

#include "shared.hpp"

namespace ntmlab::optimal::NTMLAB_ISA {

namespace {

// Odds of any size: value * 2^(512 scale), value between 2^-256 and 2^256, or 0 or infinity for good.
struct Odds {
  double value;
  Index scale;
};

constexpr double kLarge = 0x1p256, kSmall = 0x1p-256, kDown = 0x1p-512, kUp = 0x1p512;
constexpr Index kForGood = std::numeric_limits<Index>::max() / 2;

Odds odds_of(double value) {
  if (value == 0) return {1, -kForGood};
  if (std::isinf(value)) return {1, kForGood};
  if (value > kLarge) return {value * kDown, 1};
  if (value < kSmall) return {value * kUp, -1};
  return {value, 0};
}

inline void multiply(Odds& odds, double factor) {
  odds.value *= factor;
  if (odds.value > kLarge) {
    odds.value *= kDown;
    ++odds.scale;
  } else if (odds.value < kSmall) {
    odds.value *= kUp;
    --odds.scale;
  }
}

template <Index K>
void trees(const Batch& batch, Index depth, double leaf_odds, const double* prior) {
  const Index letters = K > 0 ? K : batch.letters;
  Array<Index> first(depth + 1), context(depth + 1);
  Index nodes = 0;
  for (Index d = 0; d <= depth; ++d) first[d] = nodes, nodes += power(letters, d);
  const Odds fresh = odds_of(leaf_odds);
  Array<Odds> odds(nodes, fresh);
  Counters counters(nodes, batch);
  const Array<double> inverse = inverses(batch, prior);
  Array<double> estimate((depth + 1) * letters), weighted((depth + 1) * letters);
  for (Index row = 0; row < batch.rows; ++row) {
    const Letters symbols = batch.symbols + row * batch.steps;
    double* out = batch.out + row * (batch.steps + 1) * letters;
    std::fill(context.begin(), context.end(), 0);
    for (Index t = 0; t <= batch.steps; ++t, out += letters) {
      if (t < depth) {
        std::fill_n(out, letters, 1.0 / static_cast<double>(letters));
      } else {
        for (Index d = depth; d >= 0; --d) {
          const Index node = first[d] + context[d];
          const double* counts = counters.at(node);
          const double scale = inverse[counters.seen(node)];
          double *own = &estimate[d * letters], *mixed = &weighted[d * letters];
          for (Index x = 0; x < letters; ++x) own[x] = (counts[x] + prior[x]) * scale;
          if (d == depth) {
            for (Index x = 0; x < letters; ++x) mixed[x] = own[x];
            continue;
          }
          const Odds& now = odds[node];
          const double split = now.scale == 0 ? 1 / (1 + now.value) : now.scale > 0 ? 0 : 1;
          const double leaf = now.scale == 0 ? now.value * split : now.scale > 0 ? 1 : 0;
          const double* below = mixed + letters;
          for (Index x = 0; x < letters; ++x) mixed[x] = leaf * own[x] + split * below[x];
        }
        for (Index x = 0; x < letters; ++x) out[x] = weighted[x];
      }
      if (t == batch.steps) break;
      const Index letter = symbols[t];
      if (t >= depth) {
        for (Index d = 0; d <= depth; ++d) {
          const Index node = first[d] + context[d];
          if (d < depth)
            multiply(odds[node],
                     estimate[d * letters + letter] / weighted[(d + 1) * letters + letter]);
          counters.count(node, letter);
        }
      }
      for (Index d = depth; d > 0; --d) context[d] = context[d - 1] * letters + letter;
    }
    counters.clear([&](Index node) { odds[node] = fresh; });
  }
}

}  // namespace

void scan_trees(const Batch& batch, Index depth, double leaf_odds, const double* prior) {
  if (scan_grove(batch, depth, leaf_odds, prior)) return;
  batch.letters == 2 ? trees<2>(batch, depth, leaf_odds, prior)
                     : trees<0>(batch, depth, leaf_odds, prior);
}

}  // namespace ntmlab::optimal::NTMLAB_ISA
