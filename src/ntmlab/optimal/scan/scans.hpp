// Exact predictors over whole sequences, one after the other: what NumPy does step by step for a batch.
// Each equals the readable filter in Python, which stays the definition. P of every letter before every
// step and after the last goes to `out`, (B, T + 1, k); symbols are (B, T), checked letters.
#pragma once
#include <cstdint>

#include "isa.hpp"

namespace ntmlab::optimal {

using Letters = const std::int64_t*;

struct Batch {
  Letters symbols;
  Index rows, steps, letters;
  double* out;
};

// Counts after each of k^n contexts; `prior` (k). The first n letters are uniform.
NTMLAB_PER_ISA(void scan_counts(const Batch& batch, Index context, const double* prior))

// Context-tree weighting to a depth; `leaf_odds` is (1 - split) / split, 0 and infinity included.
NTMLAB_PER_ISA(void scan_trees(const Batch& batch, Index depth, double leaf_odds, const double* prior))

// Change points, all segmentations; weights are scaled, so that runs below 1e-300 are given up.
NTMLAB_PER_ISA(void scan_changes(const Batch& batch, double hazard, const double* prior))

// Forward filter: `matrices` (k, S, S), `emission` (S, k), `initial` (S). `least` (B) is the smallest
// belief above 0 that a row met, 0 where a letter was impossible.
NTMLAB_PER_ISA(void scan_chain(const Batch& batch, Index states, const double* matrices, const double* emission,
                    const double* initial, double* least))

}  // namespace ntmlab::optimal
