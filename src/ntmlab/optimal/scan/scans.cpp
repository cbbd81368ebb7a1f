#include "scans.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "denormals.hpp"

// One copy of each loop for each level of vector instructions, chosen when the module is loaded.
#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__) && !defined(NTMLAB_SANITIZE)
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

namespace ntmlab::optimal {

namespace {

Index power(Index base, Index exponent) {
  Index result = 1;
  for (Index i = 0; i < exponent; ++i) result *= base;
  return result;
}

double sum(const double* values, Index count) {
  double total = 0;
  for (Index i = 0; i < count; ++i) total += values[i];
  return total;
}

// 1 / (n + Σ prior), for every number of letters that a place can have seen.
std::vector<double> inverses(const Batch& batch, const double* prior) {
  const double weight = sum(prior, batch.letters);
  std::vector<double> result(batch.steps + 1);
  for (Index n = 0; n <= batch.steps; ++n) result[n] = 1 / (static_cast<double>(n) + weight);
  return result;
}

// What is counted at many places, fresh again for the next sequence without going over all of them.
class Counters {
 public:
  Counters(Index places, const Batch& batch)
      : letters_(batch.letters), counts_(places * letters_, 0), seen_(places, 0) {}
  const double* at(Index place) const { return counts_.data() + place * letters_; }
  Index seen(Index place) const { return seen_[place]; }
  void count(Index place, Index letter) {
    if (seen_[place]++ == 0) touched_.push_back(place);
    counts_[place * letters_ + letter] += 1;
  }
  template <typename Also>
  void clear(Also also) {
    for (const Index place : touched_) {
      std::fill_n(counts_.data() + place * letters_, letters_, 0.0);
      seen_[place] = 0;
      also(place);
    }
    touched_.clear();
  }

 private:
  Index letters_;
  std::vector<double> counts_;
  std::vector<Index> seen_, touched_;
};

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
  std::vector<Index> first(depth + 1), context(depth + 1);
  Index nodes = 0;
  for (Index d = 0; d <= depth; ++d) first[d] = nodes, nodes += power(letters, d);
  const Odds fresh = odds_of(leaf_odds);
  std::vector<Odds> odds(nodes, fresh);
  Counters counters(nodes, batch);
  const std::vector<double> inverse = inverses(batch, prior);
  std::vector<double> estimate((depth + 1) * letters), weighted((depth + 1) * letters);
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

void scan_counts(const Batch& batch, Index context, const double* prior) {
  const Index letters = batch.letters, contexts = power(letters, context);
  const double weight = sum(prior, letters);
  Counters counters(contexts, batch);
  for (Index row = 0; row < batch.rows; ++row) {
    const Letters symbols = batch.symbols + row * batch.steps;
    double* out = batch.out + row * (batch.steps + 1) * letters;
    Index place = 0;
    for (Index t = 0; t <= batch.steps; ++t, out += letters) {
      const double* counts = counters.at(place);
      const double total = static_cast<double>(counters.seen(place)) + weight;
      for (Index x = 0; x < letters; ++x)
        out[x] = t < context ? 1.0 / static_cast<double>(letters) : (counts[x] + prior[x]) / total;
      if (t == batch.steps) break;
      if (t >= context) counters.count(place, symbols[t]);
      place = (place * letters + symbols[t]) % contexts;
    }
    counters.clear([](Index) {});
  }
}

void scan_trees(const Batch& batch, Index depth, double leaf_odds, const double* prior) {
  batch.letters == 2 ? trees<2>(batch, depth, leaf_odds, prior)
                     : trees<0>(batch, depth, leaf_odds, prior);
}

namespace {

// weight * inverse for every run, kept, and their sums with each run's own count of a letter.
CLONES double foresee(Index runs, double prior, double seen, const double* before,
                      const double* shares) {
  double total = 0;
#pragma omp simd reduction(+ : total)
  for (Index s = 0; s < runs; ++s) total += shares[s] * ((seen - before[s]) + prior);
  return total;
}

CLONES void share(Index runs, const double* weights, const double* inverse, double* shares) {
#pragma omp simd
  for (Index s = 0; s < runs; ++s) shares[s] = weights[s] * inverse[s];
}

CLONES void learn(Index runs, double prior, double seen, double factor, const double* before,
                  const double* shares, double* weights) {
#pragma omp simd
  for (Index s = 0; s < runs; ++s)
    weights[s] = shares[s] * ((seen - before[s]) + prior) * factor;
}

}  // namespace

void scan_changes(const Batch& batch, double hazard, const double* prior) {
  const Index letters = batch.letters, steps = batch.steps, most = steps + 1;
  const std::vector<double> forward = inverses(batch, prior);
  const std::vector<double> inverse(forward.rbegin(), forward.rend());  // by the run's beginning
  std::vector<double> weights(most), shares(most), seen(letters), p(letters);
  std::vector<double> before(letters * most);  // of each letter, before each run
  const ntmlab::NTMLAB_ISA::FlushDenormals flushed;  // runs that fade away
  for (Index row = 0; row < batch.rows; ++row) {
    const Letters symbols = batch.symbols + row * steps;
    double* out = batch.out + row * most * letters;
    std::fill(seen.begin(), seen.end(), 0);
    for (Index x = 0; x < letters; ++x) before[x * most] = 0;
    weights[0] = 1;
    Index first = 0, last = 1;  // runs that may hold the next letter
    for (Index t = 0; t <= steps; ++t, out += letters) {
      while (first < last - 1 && weights[first] == 0) ++first;
      const Index runs = last - first;
      share(runs, &weights[first], &inverse[steps - t + first], &shares[first]);
      for (Index x = 0; x < letters; ++x)
        p[x] = foresee(runs, prior[x], seen[x], &before[x * most + first], &shares[first]);
      const double total = sum(p.data(), letters);
      for (Index x = 0; x < letters; ++x) out[x] = p[x] / total;
      if (t == steps) break;
      const Index x = symbols[t];
      learn(runs, prior[x], seen[x], (1 - hazard) / p[x], &before[x * most + first],
            &shares[first], &weights[first]);
      seen[x] += 1;
      if (hazard == 0) continue;
      if (hazard == 1) first = last = t + 1;
      weights[t + 1] = hazard;
      for (Index y = 0; y < letters; ++y) before[y * most + t + 1] = seen[y];
      last = t + 2;
    }
  }
}

namespace {

// S states and K letters, known when compiled where they are not 0; W rows go side by side, so that
// they need not wait for each other's divisions.
template <Index S, Index K, Index W>
void chain(const Batch& batch, Index row, Index given, const double* matrices,
           const double* emission, const double* initial, double* least) {
  const Index states = S > 0 ? S : given, letters = K > 0 ? K : batch.letters;
  const Index steps = batch.steps;
  std::vector<double> more(S > 0 ? 0 : 2 * states * W);
  double few[S > 0 ? 2 * S * W : 1];
  double* const belief = S > 0 ? few : more.data();  // not normalised: its sum is `total`
  double* const next = belief + states * W;
  double total[W], scale[W], lowest[W];
  for (Index i = 0; i < states; ++i)
    for (Index w = 0; w < W; ++w) belief[i * W + w] = initial[i];
  std::fill_n(lowest, W, 1.0);
  for (Index t = 0; t <= steps; ++t) {
    for (Index w = 0; w < W; ++w) {
      total[w] = 0;
      for (Index i = 0; i < states; ++i) total[w] += belief[i * W + w];
      scale[w] = total[w] > 0 ? 1 / total[w] : 0;
    }
    for (Index i = 0; i < states; ++i)
      for (Index w = 0; w < W; ++w) {
        const double share = belief[i * W + w] * scale[w];
        lowest[w] = share > 0 ? std::min(lowest[w], share) : lowest[w];
      }
    for (Index w = 0; w < W; ++w) {
      if (!(total[w] > 0)) lowest[w] = 0;  // impossible: whoever calls takes another way
      double* out = batch.out + ((row + w) * (steps + 1) + t) * letters;
      for (Index x = 0; x < letters; ++x) {
        double p = 0;
        for (Index i = 0; i < states; ++i) p += belief[i * W + w] * emission[i * letters + x];
        out[x] = p * scale[w];
      }
    }
    if (t == steps) break;
    for (Index w = 0; w < W; ++w) {
      const double* edges = matrices + batch.symbols[(row + w) * steps + t] * states * states;
      for (Index j = 0; j < states; ++j) {
        double sum = 0;
        for (Index i = 0; i < states; ++i) sum += belief[i * W + w] * edges[i * states + j];
        next[j * W + w] = sum * scale[w];
      }
    }
    for (Index i = 0; i < states * W; ++i) belief[i] = next[i];
  }
  std::copy_n(lowest, W, least + row);
}

template <Index S, Index K>
void chains(const Batch& batch, Index states, const double* matrices, const double* emission,
            const double* initial, double* least) {
  constexpr Index kSide = 4;
  Index row = 0;
  for (; row + kSide <= batch.rows; row += kSide)
    chain<S, K, kSide>(batch, row, states, matrices, emission, initial, least);
  for (; row < batch.rows; ++row)
    chain<S, K, 1>(batch, row, states, matrices, emission, initial, least);
}

}  // namespace

void scan_chain(const Batch& batch, Index states, const double* matrices, const double* emission,
                const double* initial, double* least) {
  const auto scan = states == 2 && batch.letters == 2   ? chains<2, 2>
                    : states == 3 && batch.letters == 2 ? chains<3, 2>
                    : states == 3 && batch.letters == 3 ? chains<3, 3>
                                                        : chains<0, 0>;
  scan(batch, states, matrices, emission, initial, least);
}

}  // namespace ntmlab::optimal
