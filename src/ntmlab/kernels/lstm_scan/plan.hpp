// How a call is cut up: the batch into one part per thread, a part into blocks of rows that step together,
// time into chunks whose activations stay in the second-level cache.
#pragma once
#include "cell.hpp"

namespace ntmlab::NTMLAB_ISA {

inline constexpr Index kBlockRows = 32;
inline constexpr Index kChunkRows = 256;  // rows times steps of a chunk, about
inline constexpr Index kNarrowRows = 4;   // below this, reading weights dominates a step's products

struct Plan {
  LstmSizes sizes;
  Index panels;  // vectors of units a layer
  Index rows;    // of a block, at most
  Index steps;   // of a chunk, at most
  bool narrow;   // few rows: the products with the layer below (or above) run for a whole chunk beforehand

  explicit Plan(const LstmSizes& s) : sizes(s), panels(vectors(s.units)) {
    rows = smaller(kBlockRows, (s.batch + s.threads - 1) / s.threads);
    steps = smaller(s.time, kChunkRows / rows);
    narrow = rows < kNarrowRows;
  }

  Index padded() const { return panels * kLanes; }  // units with the padding lanes
  Index chunk_rows() const { return steps * rows; }
  // Panels of a layer's chunk have one more step: the one before it, or after it.
  Index slots() const { return (steps + 1) * rows; }

  Index history_row() const { return sizes.layers * sizes.time * panels * kRecord; }
};

// Consecutive rows of the batch that step together.
struct Block {
  Index first, rows;
};

template <typename Body>
void for_blocks(Index begin, Index end, const Body& body) {
  const Index blocks = (end - begin + kBlockRows - 1) / kBlockRows;
  for (Index b = 0; b < blocks; ++b) {
    const Index first = begin + (end - begin) * b / blocks;
    body(Block{first, begin + (end - begin) * (b + 1) / blocks - first});
  }
}

// The records of one layer and step, [panels][rows].
inline Record* records(const Plan& plan, float* history, Block block, Index layer, Index t) {
  const Index step = (layer * plan.sizes.time + t) * plan.panels * block.rows;
  return reinterpret_cast<Record*>(history + block.first * plan.history_row() + step * kRecord);
}

// The inputs of steps [t0, t0 + steps) with a one appended, which carries the bias.
inline void load_inputs(const Plan& plan, const float* inputs, Block block, Index t0, Index steps, Panels out) {
  const Index count = plan.sizes.inputs;
  for (Index step = 0; step < steps; ++step)
    for (Index r = 0; r < block.rows; ++r) {
      const float* in = inputs + ((block.first + r) * plan.sizes.time + t0 + step) * count;
      const Index row = step * block.rows + r;
      for (Index i = 0; i < count; ++i) out.at(i / kLanes, row)[i % kLanes] = in[i];
      out.at(count / kLanes, row)[count % kLanes] = 1.0f;
    }
}

// One layer of a state (B, L, C) to and from panels whose first row is the block's first.
inline void load_state(const Plan& plan, const float* state, Block block, Index layer, Panels out) {
  for (Index r = 0; r < block.rows; ++r) {
    const float* in = state + ((block.first + r) * plan.sizes.layers + layer) * plan.sizes.units;
    for (Index p = 0; p < plan.panels; ++p)
      store(out.at(p, r), load_part(in + p * kLanes, plan.sizes.units - p * kLanes));
  }
}
inline void store_state(const Plan& plan, float* state, Block block, Index layer, Panels in) {
  for (Index r = 0; r < block.rows; ++r) {
    float* out = state + ((block.first + r) * plan.sizes.layers + layer) * plan.sizes.units;
    for (Index p = 0; p < plan.panels; ++p)
      store_part(out + p * kLanes, load(in.at(p, r)), plan.sizes.units - p * kLanes);
  }
}

inline void copy_rows(Panels from, Index from_row, Panels to, Index to_row, Index panels, Index rows) {
  for (Index p = 0; p < panels; ++p)
    for (Index r = 0; r < rows; ++r) store(to.at(p, to_row + r), load(from.at(p, from_row + r)));
}

}  // namespace ntmlab::NTMLAB_ISA
