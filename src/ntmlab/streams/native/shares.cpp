#include "rows.hpp"

namespace ntmlab::streams {

// Sums are of whole numbers below 2^48: exact in any order.

NTMLAB_CLONES Shared share_counts(const std::uint32_t* counts, Index size, double prior,
                                  double total, double room, double* shares) {
  double sums[kBlock]{}, highest[kBlock]{};
  for (Index block = 0; block < size; block += kBlock)
#pragma omp simd
    for (Index i = 0; i < kBlock; ++i) {
      const double p = (static_cast<double>(counts[block + i]) + prior) / total;
      const double share = block + i < size ? std::floor(p * room) + 1 : 0;
      shares[block + i] = share;
      sums[i] += share;
      highest[i] = share > highest[i] ? share : highest[i];
    }
  Shared result{0, 0};
  for (Index i = 0; i < kBlock; ++i) {
    result.sum += sums[i];
    result.most = highest[i] > result.most ? highest[i] : result.most;
  }
  return result;
}

NTMLAB_CLONES Shared share_all(const double* probabilities, Index size, double room,
                               double* shares) {
  double sum = 0, most = 0;
#pragma omp simd reduction(+ : sum) reduction(max : most)
  for (Index i = 0; i < size; ++i) {
    shares[i] = std::floor(probabilities[i] * room) + 1;
    sum += shares[i];
    most = shares[i] > most ? shares[i] : most;
  }
  return {sum, most};
}

NTMLAB_CLONES double sum_of(const double* values, Index size) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (Index i = 0; i < size; ++i) sum += values[i];
  return sum;
}

}  // namespace ntmlab::streams
