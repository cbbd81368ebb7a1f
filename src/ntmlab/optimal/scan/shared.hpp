// What the loops of the exact predictors share. Compiled once per instruction set, so all lives in a
// namespace named after it, arrays included: no code of one set may stand in for that of another.
#pragma once
#include <algorithm>
#include <new>
#include <vector>

#include "scans.hpp"

#ifndef NTMLAB_ISA
#error "compile the scans with -DNTMLAB_ISA=<baseline|avx2|avx512>"
#endif

namespace ntmlab::optimal::NTMLAB_ISA {

// Memory that begins where a line of the cache does.
template <typename T>
struct Own {
  using value_type = T;
  Own() = default;
  template <typename U>
  Own(const Own<U>&) {}
  T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t{64}));
  }
  void deallocate(T* from, std::size_t) { ::operator delete(from, std::align_val_t{64}); }
  bool operator==(const Own&) const { return true; }
};
template <typename T>
using Array = std::vector<T, Own<T>>;

// Sequences that go side by side, one in each lane of a register: none waits for another's divisions.
#if defined(__AVX512F__)
constexpr Index kSide = 8;
#elif defined(__AVX2__)
constexpr Index kSide = 4;
#else
constexpr Index kSide = 2;
#endif
typedef double Wide __attribute__((vector_size(kSide * sizeof(double))));
typedef std::int64_t Marks __attribute__((vector_size(kSide * sizeof(std::int64_t))));

// A register of what each lane gives.
template <typename Register, typename Each>
[[gnu::always_inline]] inline Register side_by_side(Each each) {
  if constexpr (kSide == 8)
    return Register{each(0), each(1), each(2), each(3), each(4), each(5), each(6), each(7)};
  else if constexpr (kSide == 4)
    return Register{each(0), each(1), each(2), each(3)};
  else
    return Register{each(0), each(1)};
}

template <typename Register>
[[gnu::always_inline]] inline Register load(const double* from) {
  Register result;
  __builtin_memcpy(&result, from, sizeof result);
  return result;
}
[[gnu::always_inline]] inline void store(double* to, Wide values) {
  __builtin_memcpy(to, &values, sizeof values);
}

// Rows from one on, as many as go side by side; the last one of all several times.
struct Rows {
  Rows(const Batch& batch, Index row) {
    for (Index w = 0; w < kSide; ++w) {
      number[w] = std::min(row + w, batch.rows - 1);
      symbols[w] = batch.symbols + number[w] * batch.steps;
      out[w] = batch.out + number[w] * (batch.steps + 1) * batch.letters;
    }
  }
  [[gnu::always_inline]] Marks letters(Index t) const {
    return side_by_side<Marks>([&](Index w) { return symbols[w][t]; });
  }
  Index number[kSide];
  Letters symbols[kSide];
  double* out[kSide];
};

inline Index power(Index base, Index exponent) {
  Index result = 1;
  for (Index i = 0; i < exponent; ++i) result *= base;
  return result;
}

inline double sum(const double* values, Index count) {
  double total = 0;
  for (Index i = 0; i < count; ++i) total += values[i];
  return total;
}

// 1 / (n + Σ prior), for every number of letters that a place can have seen.
inline Array<double> inverses(const Batch& batch, const double* prior) {
  const double weight = sum(prior, batch.letters);
  Array<double> result(batch.steps + 1);
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
  Array<double> counts_;
  Array<Index> seen_, touched_;
};

// Context-tree weighting of several sequences at once; false, and nothing done, where there are more
// letters than two, the tree is deep, or a prior or odds are very small or large.
bool scan_grove(const Batch& batch, Index depth, double leaf_odds, const double* prior);

}  // namespace ntmlab::optimal::NTMLAB_ISA
