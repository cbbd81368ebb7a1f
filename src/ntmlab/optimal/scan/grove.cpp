// Context-tree weighting of two letters to a moderate depth, several sequences side by side.
#include "shared.hpp"

namespace ntmlab::optimal::NTMLAB_ISA {

namespace {

constexpr Index kDeepest = 8;
constexpr Index kLongest = Index{1} << 31;
constexpr std::uint64_t kOne = std::uint64_t{1} << 32;

// Odds are v * 2^(512 n). While n is 0, v is between 2^-768 and 2^768; above, v is between 2^256 and
// 2^768, below between 2^-768 and 2^-256, so that v alone says which side has all.
constexpr double kMost = 0x1p768, kLeast = 0x1p-768, kLarge = 0x1p256, kSmall = 0x1p-256;
constexpr double kUp = 0x1p512, kDown = 0x1p-512;

// The least that a letter may be foreseen with: a step's factor then leaves odds within all doubles.
constexpr double kFaint = 0x1p-200;

// A tree in each lane: of node n of lane w the number at n * kSide + w. Odds are those of being a leaf.
struct Grove {
  Grove(Index depth, double fresh)
      : fresh(fresh), odds(((Index{2} << depth) - 1) * kSide), counts(odds.size()),
        sizes(odds.size()) {}
  void clear() {
    std::fill(odds.begin(), odds.end(), fresh);
    std::fill(counts.begin(), counts.end(), 0);
    if (resized > 0) std::fill(sizes.begin(), sizes.end(), 0);
    resized = 0;
  }
  // Brings odds back between their bounds.
  void settle(Index place) {
    double& v = odds[place];
    Index& size = sizes[place];
    const bool was = size != 0;
    if (v > kMost || (size < 0 && v > kSmall)) {
      v *= kDown;
      ++size;
    } else if (v < kLeast || (size > 0 && v < kLarge)) {
      v *= kUp;
      --size;
    }
    resized += (size != 0) - was;
  }

  double fresh;
  Array<double> odds;
  Array<std::uint64_t> counts;  // ones * 2^32 + zeros
  Array<Index> sizes;           // the n of the odds
  Index resized = 0;            // how many are not 0
};

// Where each lane's path is at depth d; `at` is its context * kSide + w.
[[gnu::always_inline]] inline Index place(Index d, Index at) {
  return ((Index{1} << d) - 1) * kSide + (at & ((kSide << d) - 1));
}

// Whole numbers below 2^52 as doubles, in any instruction set.
[[gnu::always_inline]] inline Wide numbers(Marks whole) {
  return reinterpret_cast<Wide>(whole | 0x4330000000000000) - 0x1p52;
}

[[gnu::always_inline]] inline bool any(Marks marks) {
  std::int64_t found = 0;
  for (Index w = 0; w < kSide; ++w) found |= marks[w];
  return found != 0;
}

// What a node of the path says, and how likely it is a leaf.
struct Level {
  Wide odds, own[2], leaf, split;
};

// What the trees say and learn at a step: P of a zero and of a one go to p. All that does not wait
// for deeper nodes comes first, so that the processor has it at work together. Returns which odds
// have left their bounds.
template <Index D>
[[gnu::always_inline]] inline Marks step(Grove& grove, const Index (&at)[kSide], Marks ones,
                                         const double* prior, Wide (&p)[2]) {
  double* const odds = grove.odds.data();
  std::uint64_t* const counts = grove.counts.data();
  Level levels[D];
#pragma GCC unroll 9
  for (Index d = D; d >= 0; --d) {
    const Marks seen = side_by_side<Marks>(
        [&](Index w) { return static_cast<std::int64_t>(counts[place(d, at[w])]); });
    const Marks more = seen + (ones ? Marks{} + kOne : Marks{} + 1);
    for (Index w = 0; w < kSide; ++w) counts[place(d, at[w])] = static_cast<std::uint64_t>(more[w]);
    const Wide zero = numbers(seen & 0xffffffff) + prior[0], one = numbers(seen >> 32) + prior[1];
    const Wide total = numbers(seen & 0xffffffff) + numbers(seen >> 32) + (prior[0] + prior[1]);
    if (d == D) {
      const Wide scale = 1 / total;
      p[0] = zero * scale, p[1] = one * scale;
      continue;
    }
    const Wide v = side_by_side<Wide>([&](Index w) { return odds[place(d, at[w])]; });
    const Wide both = 1 / ((1 + v) * total);  // one division for two
    const Wide scale = both * (1 + v), split = both * total;
    levels[d] = {v, {zero * scale, one * scale}, v * split, split};
  }
  Marks beyond{};
#pragma GCC unroll 9
  for (Index d = D - 1; d >= 0; --d) {
    const auto& [v, own, leaf, split] = levels[d];
    const Wide next = v * ((ones ? own[1] : own[0]) / (ones ? p[1] : p[0]));
    for (Index w = 0; w < kSide; ++w) odds[place(d, at[w])] = next[w];
    beyond |= (next > kMost) | (next < kLeast);
    for (Index x = 0; x < 2; ++x) p[x] = leaf * own[x] + split * p[x];
  }
  return beyond;
}

template <Index D>
void sequences(Grove& grove, const Rows& rows, Index steps, const double* prior) {
  Index at[kSide];
  for (Index w = 0; w < kSide; ++w) at[w] = w;
  for (Index t = 0; t <= steps; ++t) {
    const Marks ones = t < steps ? -rows.letters(t) : Marks{};
    Wide p[2] = {Wide{} + 0.5, Wide{} + 0.5};
    if (t >= D) {
      const Marks beyond = step<D>(grove, at, ones, prior, p);
      if (grove.resized > 0 || any(beyond))
        for (Index d = 0; d < D; ++d)
          for (Index w = 0; w < kSide; ++w) grove.settle(place(d, at[w]));
    }
    for (Index w = 0; w < kSide; ++w) {
      rows.out[w][2 * t] = p[0][w];
      rows.out[w][2 * t + 1] = p[1][w];
      at[w] = ((at[w] - w) * 2 - ones[w] * kSide + w) & ((kSide << D) - 1);
    }
  }
}

using Run = void (*)(Grove&, const Rows&, Index, const double*);
constexpr Run kRuns[kDeepest] = {sequences<1>, sequences<2>, sequences<3>, sequences<4>,
                                 sequences<5>, sequences<6>, sequences<7>, sequences<8>};

}  // namespace

bool scan_grove(const Batch& batch, Index depth, double leaf_odds, const double* prior) {
  if (batch.letters != 2 || depth < 1 || depth > kDeepest || batch.steps >= kLongest) return false;
  const double weight = prior[0] + prior[1], longest = static_cast<double>(batch.steps);
  const bool usual = leaf_odds >= kSmall && leaf_odds <= kLarge && weight < 1 / kFaint &&
                     std::min(prior[0], prior[1]) > kFaint * (weight + longest);
  if (!usual) return false;
  Grove grove(depth, leaf_odds);
  for (Index row = 0; row < batch.rows; row += kSide) {
    grove.clear();
    kRuns[depth - 1](grove, Rows(batch, row), batch.steps, prior);
  }
  return true;
}

}  // namespace ntmlab::optimal::NTMLAB_ISA
