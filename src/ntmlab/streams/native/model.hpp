// What predicts letter after letter, and how its probabilities become parts of 2^40 for the coder.
//
// Only sums, products, quotients and floors of doubles, in the order of the readable Python, and no
// fused operations: the numbers are the same on every machine, so that a code written on one is
// read on another.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "coder.hpp"

namespace ntmlab::streams {

using Index = std::int64_t;
using Letter = std::uint8_t;

// One copy of a wide loop for each level of vector instructions, chosen when the module is loaded.
#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__) && !defined(NTMLAB_SANITIZE)
#define NTMLAB_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define NTMLAB_CLONES
#endif

struct Shared {
  double sum, most;
};

// Shares of letters whose probabilities are (count + prior) / total: floor(p * room) + 1 each. Reads
// and writes whole blocks (rows.hpp), zeros beyond the size.
Shared share_counts(const std::uint32_t* counts, Index size, double prior, double total,
                    double room, double* shares);

// The same of probabilities as they are.
Shared share_all(const double* probabilities, Index size, double room, double* shares);

double sum_of(const double* values, Index size);

class Model {
 public:
  explicit Model(Index letters) : letters_(letters), p_(letters), shares_(letters + 8) {}
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;
  virtual ~Model() = default;
  Index letters() const { return letters_; }

  virtual void restart() = 0;  // a new sequence: nothing seen
  // P of every letter; of two letters P(0) is 1 - P(1), as predictions of bits are kept.
  virtual const double* predict() = 0;
  virtual double given(Letter letter) { return predict()[letter]; }  // the same number
  // The part of a letter, and the letter at a place with its part.
  virtual Part part(Letter letter) {
    share();
    return {sum_of(shares_.data(), letter), shares_[letter]};
  }
  virtual Letter find(double place, Part& part) {
    share();
    double below = 0;
    Index x = skip(place, letters_, below);
    while (x < letters_ - 1 && below + shares_[x] <= place) below += shares_[x++];
    part = {below, shares_[x]};
    return static_cast<Letter>(x);
  }
  virtual void update(Letter letter) = 0;

 protected:
  void share() {
    const auto [sum, most] = share_all(predict(), letters_, room(), shares_.data());
    *std::find(shares_.begin(), shares_.end(), most) += kTotal - sum;
  }
  // How many shares, in blocks, surely lie before a place, and what they are together.
  Index skip(double place, Index size, double& below) const {
    constexpr Index kBlock = 16;
    Index at = 0;
    for (double next; at + kBlock <= size; at += kBlock, below = next) {
      next = below + sum_of(shares_.data() + at, kBlock);
      if (next > place) break;
    }
    return at;
  }
  double room() const { return kTotal - static_cast<double>(letters_); }
  const double* as_bits(double one) {
    p_[0] = 1.0 - one;
    p_[1] = one;
    return p_.data();
  }

  Index letters_;
  std::vector<double> p_, shares_;
};

}  // namespace ntmlab::streams
