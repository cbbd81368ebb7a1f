#include "model.hpp"

namespace ntmlab::streams {

// Sums are of whole numbers below 2^48: exact in any order.

NTMLAB_CLONES Shared share_counts(const std::uint32_t* counts, Index size, double prior,
                                  double total, double room, double* shares) {
  double sum = 0, most = 0;
#pragma omp simd reduction(+ : sum) reduction(max : most)
  for (Index i = 0; i < size; ++i) {
    shares[i] = std::floor((static_cast<double>(counts[i]) + prior) / total * room) + 1;
    sum += shares[i];
    most = shares[i] > most ? shares[i] : most;
  }
  return {sum, most};
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
