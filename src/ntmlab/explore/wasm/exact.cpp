// The exact predictors' loops on one sequence: P of each letter before every step and after the last.
#include "exported.hpp"
#include "scans.hpp"

namespace {

using namespace ntmlab::optimal;
using namespace ntmlab::optimal::NTMLAB_ISA;

Batch batch_of(const std::int64_t* symbols, int steps, int letters, double* out) {
  return {symbols, 1, steps, letters, out};
}

}  // namespace

EXPORTED(exact_counts)
void exact_counts(const std::int64_t* symbols, int steps, int letters, int context, const double* prior, double* out) {
  scan_counts(batch_of(symbols, steps, letters, out), context, prior);
}
EXPORTED(exact_trees)
void exact_trees(const std::int64_t* symbols, int steps, int letters, int depth, double leaf_odds, const double* prior,
                 double* out) {
  scan_trees(batch_of(symbols, steps, letters, out), depth, leaf_odds, prior);
}
EXPORTED(exact_changes)
void exact_changes(const std::int64_t* symbols, int steps, int letters, double hazard, const double* prior,
                   double* out) {
  scan_changes(batch_of(symbols, steps, letters, out), hazard, prior);
}
// Returns the least belief above 0; 0 where a letter was impossible.
EXPORTED(exact_chain)
double exact_chain(const std::int64_t* symbols, int steps, int letters, int states, const double* matrices,
                   const double* emission, const double* initial, double* out) {
  double least = 1;
  scan_chain(batch_of(symbols, steps, letters, out), states, matrices, emission, initial, &least);
  return least;
}
