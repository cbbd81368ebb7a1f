// The forward pass: gates of a step = [inputs, 1] W_in + below W_layers + previous hidden W_recurrent.
#pragma once
#include "denormals.hpp"
#include "plan.hpp"

namespace ntmlab::NTMLAB_ISA {

// Packed weights of one layer. For each panel of units the four gates' vectors stand together:
// [panel][4 / V][depth][V][kLanes].
struct ForwardWeights {
  float *inputs, *recurrent, *below;  // depths inputs + 1, units, units

  ForwardWeights(const Plan& plan, float* packed, Index layer) {
    const Index gates = 4 * plan.padded();
    float* p = packed + layer * size(plan);
    inputs = p;
    recurrent = inputs + gates * (plan.sizes.inputs + 1);
    below = recurrent + gates * plan.sizes.units;
  }
  static Index size(const Plan& plan) {
    return 4 * plan.padded() * (plan.sizes.inputs + 1 + 2 * plan.sizes.units);
  }
};

// Writes column k of weights (4C, columns) to row `row + k` of the packed form. Padding units get zeros.
inline void pack_gates(const Plan& plan, const float* weights, Index columns, Index row, Index depth, int V,
                       float* packed) {
  const Index units = plan.sizes.units;
  for (Index p = 0; p < plan.panels; ++p)
    for (Index gate = 0; gate < 4; ++gate) {
      float* out = packed + ((p * 4 + gate) / V * depth + row) * V * kLanes + gate % V * kLanes;
      for (Index k0 = 0; k0 < columns; k0 += kLanes) {
        Vec square[kLanes];
        for (Index lane = 0; lane < kLanes; ++lane) {
          const Index unit = p * kLanes + lane;
          square[lane] =
              unit < units ? load_part(weights + (gate * units + unit) * columns + k0, columns - k0) : Vec{};
        }
        transpose<kLanes>(square);
        for (Index k = k0; k < smaller(k0 + kLanes, columns); ++k) store(out + k * V * kLanes, square[k - k0]);
      }
    }
}

struct ForwardScratch {
  Panels inputs;         // [chunk rows]
  Panels hidden, below;  // [slots] of this layer and of the one below; slot 0 is the step before the chunk
  Panels projected;      // [chunk rows] four panels per panel of units, if narrow
  Panels gates;          // [rows] four panels
  Panels carry, cell;    // [rows] of every layer, one layer after the other
  Index size;

  ForwardScratch(const Plan& plan, float* base) {
    Arena arena{base};
    inputs = arena.panels(plan.sizes.inputs + 1, plan.chunk_rows());
    hidden = arena.panels(plan.padded(), plan.slots());
    below = arena.panels(plan.padded(), plan.slots());
    projected = plan.narrow ? arena.panels(4 * plan.padded(), plan.chunk_rows()) : Panels{};
    gates = arena.panels(4 * kLanes, plan.rows);
    carry = arena.panels(plan.sizes.layers * plan.padded(), plan.rows);
    cell = arena.panels(plan.sizes.layers * plan.padded(), plan.rows);
    size = arena.used;
  }
};

// One layer through one chunk of time, for one block of rows. V: vectors per product, 4 if narrow.
template <int V>
void forward_chunk(const Plan& plan, const LstmForward& call, const ForwardScratch& s, Block block, Index layer,
                   Index t0, Index steps) {
  const Index rows = block.rows, units = plan.sizes.units, layers = plan.sizes.layers;
  const ForwardWeights weights(plan, call.packed, layer);
  const Panels carry = {s.carry.at(layer * plan.panels, 0), s.carry.stride};
  const Panels cell = {s.cell.at(layer * plan.panels, 0), s.cell.stride};
  const bool ahead = plan.narrow && layer > 0;
  copy_rows(carry, 0, s.hidden, 0, plan.panels, rows);
  if (ahead)
    for (Index half = 0; half < 2 * plan.panels; ++half) {
      const Factor factor = {s.below.at(0, rows), s.below.stride, weights.below + half * units * 2 * kLanes, units};
      product<2>(&factor, 1, steps * rows, nullptr, 0, s.projected.at(2 * half, 0), s.projected.stride);
    }
  for (Index step = 0; step < steps; ++step) {
    const Index row = step * rows, t = t0 + step;
    Record* record = call.history ? records(plan, call.history, block, layer, t) : nullptr;
    for (Index p = 0; p < plan.panels; ++p) {
      for (Index part = 0; part < 4 / V; ++part) {
        const Index group = p * (4 / V) + part;
        Factor factors[3] = {
            {s.inputs.at(0, row), s.inputs.stride, weights.inputs + group * (plan.sizes.inputs + 1) * V * kLanes,
             plan.sizes.inputs + 1},
            {s.hidden.at(0, row), s.hidden.stride, weights.recurrent + group * units * V * kLanes, units}};
        int count = 2;
        if (!plan.narrow && layer > 0)
          factors[count++] = {s.below.at(0, row + rows), s.below.stride,
                              weights.below + group * units * V * kLanes, units};
        product<V>(factors, count, rows, ahead ? s.projected.at(4 * p + part * V, row) : nullptr,
                   s.projected.stride, s.gates.at(part * V, 0), s.gates.stride);
      }
      for (Index r = 0; r < rows; ++r) {
        const Vec h = cell_forward(s.gates.at(0, r), s.gates.stride, cell.at(p, r),
                                   record ? record + p * rows + r : nullptr);
        store(s.hidden.at(p, row + rows + r), h);
        float* out = call.hidden + (((block.first + r) * plan.sizes.time + t) * layers + layer) * units;
        store_part(out + p * kLanes, h, units - p * kLanes);
      }
    }
  }
  copy_rows(s.hidden, steps * rows, carry, 0, plan.panels, rows);
}

inline void forward_block(const Plan& plan, const LstmForward& call, ForwardScratch s, Block block) {
  const Index layers = plan.sizes.layers;
  const auto of_layer = [&](Panels all, Index layer) { return Panels{all.at(layer * plan.panels, 0), all.stride}; };
  for (Index layer = 0; layer < layers; ++layer) {
    load_state(plan, call.initial_hidden, block, layer, of_layer(s.carry, layer));
    load_state(plan, call.initial_cell, block, layer, of_layer(s.cell, layer));
  }
  for (Index t0 = 0; t0 < plan.sizes.time; t0 += plan.steps) {
    const Index steps = smaller(plan.steps, plan.sizes.time - t0);
    load_inputs(plan, call.inputs, block, t0, steps, s.inputs);
    for (Index layer = 0; layer < layers; ++layer) {
      if (plan.narrow)
        forward_chunk<4>(plan, call, s, block, layer, t0, steps);
      else
        forward_chunk<2>(plan, call, s, block, layer, t0, steps);
      const Panels done = s.hidden;
      s.hidden = s.below;
      s.below = done;
    }
  }
  for (Index layer = 0; layer < layers; ++layer) {
    store_state(plan, call.final_hidden, block, layer, of_layer(s.carry, layer));
    store_state(plan, call.final_cell, block, layer, of_layer(s.cell, layer));
  }
}

}  // namespace ntmlab::NTMLAB_ISA
