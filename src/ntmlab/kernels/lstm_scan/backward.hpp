// The backward pass. Gradients of a step's hidden vector = what comes in + gates' gradients of the next step
// times W_recurrent + those of the layer above times W_layers. Weight gradients are summed chunk by chunk.
#pragma once
#include "denormals.hpp"
#include "plan.hpp"

namespace ntmlab::NTMLAB_ISA {

// Packed weights of one layer: [group of V panels][4 * units][V][kLanes]. `above` leads to the next layer.
struct BackwardWeights {
  float *recurrent, *above, *inputs;
  Index groups;  // of recurrent: panels come by V there, by 2 in above and by 1 in inputs

  BackwardWeights(const Plan& plan, float* packed, Index layer) {
    float* p = packed + layer * size(plan);
    recurrent = p;
    above = recurrent + part(plan, plan.panels, 4);
    inputs = above + part(plan, plan.panels, 4);
  }
  static Index part(const Plan& plan, Index panels, Index multiple) {
    return 4 * plan.sizes.units * (panels + multiple - 1) / multiple * multiple * kLanes;
  }
  static Index size(const Plan& plan) {
    return 2 * part(plan, plan.panels, 4) + part(plan, vectors(plan.sizes.inputs), 1);
  }
};

// Packs weights (4C, columns) for products with gates' gradients.
inline void pack_columns(const Plan& plan, const float* weights, Index columns, int V, float* packed) {
  const Index depth = 4 * plan.sizes.units;
  for (Index panel = 0; panel < (vectors(columns) + V - 1) / V * V; ++panel) {
    float* out = packed + (panel / V * depth * V + panel % V) * kLanes;
    const Index rest = columns - panel * kLanes;
    for (Index k = 0; k < depth; ++k)
      store(out + k * V * kLanes, rest > 0 ? load_part(weights + k * columns + panel * kLanes, rest) : Vec{});
  }
}

// One thread's weight gradients of all layers, padded: (4 gates, padded units) by padded units, and
// (inputs + 1) by (4 gates, padded units).
struct BackwardSums {
  float *recurrent, *above, *inputs;

  BackwardSums(const Plan& plan, float* sums, Index layer) {
    float* p = sums + layer * size(plan);
    recurrent = p;
    above = recurrent + 4 * plan.padded() * plan.padded();
    inputs = above + 4 * plan.padded() * plan.padded();
  }
  static Index size(const Plan& plan) {
    return 4 * plan.padded() * (2 * plan.padded() + plan.sizes.inputs + 1);
  }
};

struct BackwardScratch {
  Panels inputs, grad_inputs;    // [chunk rows]
  Panels hidden;                 // [slots] slot 0 is the step before the chunk
  Panels grad_gates, above;      // [slots] of this layer and the one above; the last slot is the step after
  Panels from_above;             // [chunk rows] if narrow
  Panels grad_hidden;            // [rows]
  Panels carry, grad_cell;       // [rows] of every layer: gates' and cells' gradients of the step after
  Panels initial_cell;           // [rows]
  Index size;

  BackwardScratch(const Plan& plan, float* base) {
    const Index padded = plan.padded(), layers = plan.sizes.layers;
    Arena arena{base};
    inputs = arena.panels(plan.sizes.inputs + 1, plan.chunk_rows());
    grad_inputs = arena.panels(plan.sizes.inputs, plan.chunk_rows());
    hidden = arena.panels(padded, plan.slots());
    grad_gates = arena.panels(4 * padded, plan.slots());
    above = arena.panels(4 * padded, plan.slots());
    from_above = plan.narrow ? arena.panels(padded + 4 * kLanes, plan.chunk_rows()) : Panels{};
    grad_hidden = arena.panels(padded + 4 * kLanes, plan.rows);
    carry = arena.panels(layers * 4 * padded, plan.rows);
    grad_cell = arena.panels(layers * padded, plan.rows);
    initial_cell = arena.panels(padded, plan.rows);
    size = arena.used;
  }
};

// out [groups of V panels][rows] = start + the given factors' gates' gradients times packed weights, all groups.
struct GateFactor {
  Panels gates;
  Index row;
  const float* weights;
};
template <int V>
void product_gates(const Plan& plan, const GateFactor* terms, int count, Index out_panels, Index rows,
                   const Panels* start, Index start_row, Panels out) {
  const Index units = plan.sizes.units;
  for (Index group = 0; group * V < out_panels; ++group) {
    Factor factors[8];  // each gate by itself: the padding between gates has no weights
    int n = 0;
    for (int term = 0; term < count; ++term)
      for (Index gate = 0; gate < 4; ++gate)
        factors[n++] = {terms[term].gates.at(gate * plan.panels, terms[term].row), terms[term].gates.stride,
                        terms[term].weights + (group * 4 + gate) * units * V * kLanes, units};
    product<V>(factors, n, rows, start ? start->at(group * V, start_row) : nullptr, start ? start->stride : 0,
               out.at(group * V, 0), out.stride);
  }
}

inline Panels of_layer(Panels all, Index panels, Index layer) { return {all.at(layer * panels, 0), all.stride}; }

// One layer backwards through one chunk of time, for one block of rows: gates' gradients and hidden vectors.
template <int V>
void backward_chunk(const Plan& plan, const LstmBackward& call, const BackwardScratch& s, Block block,
                    Index layer, Index t0, Index steps) {
  const Index rows = block.rows, units = plan.sizes.units, layers = plan.sizes.layers, time = plan.sizes.time;
  const BackwardWeights weights(plan, call.packed, layer);
  const Panels carry = of_layer(s.carry, 4 * plan.panels, layer);
  const Panels grad_cell = of_layer(s.grad_cell, plan.panels, layer);
  float* history = const_cast<float*>(call.history);
  copy_rows(carry, 0, s.grad_gates, steps * rows, 4 * plan.panels, rows);
  const bool has_above = layer + 1 < layers;
  if (plan.narrow && has_above) {
    const GateFactor term = {s.above, 0, weights.above};
    product_gates<2>(plan, &term, 1, plan.panels, steps * rows, nullptr, 0, s.from_above);
  }
  for (Index step = steps - 1; step >= 0; --step) {
    const Index row = step * rows, t = t0 + step;
    GateFactor terms[2];
    int count = 0;
    if (t + 1 < time) terms[count++] = {s.grad_gates, row + rows, weights.recurrent};
    if (!plan.narrow && has_above) terms[count++] = {s.above, row, weights.above};
    product_gates<V>(plan, terms, count, plan.panels, rows, plan.narrow && has_above ? &s.from_above : nullptr,
                     row, s.grad_hidden);
    const Record* now = records(plan, history, block, layer, t);
    const Record* before = t > 0 ? records(plan, history, block, layer, t - 1) : nullptr;
    for (Index p = 0; p < plan.panels; ++p)
      for (Index r = 0; r < rows; ++r) {
        const Index rest = units - p * kLanes;
        const Index state = ((block.first + r) * layers + layer) * units + p * kLanes;
        const Index output = (((block.first + r) * time + t) * layers + layer) * units + p * kLanes;
        Vec grad = load(s.grad_hidden.at(p, r));
        if (call.grad_hidden) grad += load_part(call.grad_hidden + output, rest);
        if (t + 1 == time && call.grad_final_hidden) grad += load_part(call.grad_final_hidden + state, rest);
        if (before) {  // comes next, after products that take longer than fetching it does
          for (std::size_t line = 0; line < sizeof(Record); line += 64)
            __builtin_prefetch(reinterpret_cast<const char*>(before + p * rows + r) + line, 0, 2);
          if (call.grad_hidden) __builtin_prefetch(call.grad_hidden + output - layers * units, 0, 2);
        }
        cell_backward(now[p * rows + r], before ? before[p * rows + r].cell : s.initial_cell.at(p, r), grad,
                      grad_cell.at(p, r), s.grad_gates.at(p, row + r), plan.panels * s.grad_gates.stride,
                      s.hidden.at(p, row + rows + r));
      }
  }
  copy_rows(s.grad_gates, 0, carry, 0, 4 * plan.panels, rows);
}

// Adds one chunk's share to the weight gradients that are wanted.
inline void add_weight_gradients(const Plan& plan, const LstmBackward& call, const BackwardScratch& s, float* sums,
                                 Index layer, Index rows, Index chunk_rows) {
  const BackwardSums out(plan, sums, layer);
  const Index gates = 4 * plan.padded();
  if (call.grad_recurrent_weights)
    outer(s.grad_gates, gates, s.hidden, plan.panels, chunk_rows, out.recurrent);
  if (call.grad_layer_weights && layer + 1 < plan.sizes.layers)
    outer(s.above, gates, skip_rows(s.hidden, rows), plan.panels, chunk_rows, out.above);
  if (call.grad_input_weights || call.grad_bias)
    outer(s.inputs, plan.sizes.inputs + 1, s.grad_gates, 4 * plan.panels, chunk_rows, out.inputs);
}

// Hidden vectors of the step before the chunk, for the recurrent weights' gradient.
inline void load_previous_hidden(const Plan& plan, const LstmBackward& call, const BackwardScratch& s, Block block,
                                 Index layer, Index t0) {
  if (t0 == 0) return load_state(plan, call.initial_hidden, block, layer, s.hidden);
  const Record* before = records(plan, const_cast<float*>(call.history), block, layer, t0 - 1);
  for (Index p = 0; p < plan.panels; ++p)
    for (Index r = 0; r < block.rows; ++r) store(s.hidden.at(p, r), hidden_of(before[p * block.rows + r]));
}

inline void store_grad_inputs(const Plan& plan, float* grad_inputs, Block block, Index t0, Index steps, Panels in) {
  const Index count = plan.sizes.inputs;
  for (Index step = 0; step < steps; ++step)
    for (Index r = 0; r < block.rows; ++r) {
      float* out = grad_inputs + ((block.first + r) * plan.sizes.time + t0 + step) * count;
      for (Index i = 0; i < count; ++i) out[i] = in.at(i / kLanes, step * block.rows + r)[i % kLanes];
    }
}

inline void backward_block(const Plan& plan, const LstmBackward& call, BackwardScratch s, float* sums, Block block) {
  const Index layers = plan.sizes.layers, rows = block.rows;
  for (Index layer = 0; layer < layers; ++layer) {
    const Panels grad_cell = of_layer(s.grad_cell, plan.panels, layer);
    if (call.grad_final_cell)
      load_state(plan, call.grad_final_cell, block, layer, grad_cell);
    else
      for (Index p = 0; p < plan.panels; ++p)
        for (Index r = 0; r < rows; ++r) store(grad_cell.at(p, r), Vec{});
    const Panels carry = of_layer(s.carry, 4 * plan.panels, layer);
    for (Index p = 0; p < 4 * plan.panels; ++p)
      for (Index r = 0; r < rows; ++r) store(carry.at(p, r), Vec{});
  }
  const Index chunks = (plan.sizes.time + plan.steps - 1) / plan.steps;
  for (Index chunk = chunks - 1; chunk >= 0; --chunk) {
    const Index t0 = chunk * plan.steps, steps = smaller(plan.steps, plan.sizes.time - t0);
    load_inputs(plan, call.inputs, block, t0, steps, s.inputs);
    for (Index layer = layers - 1; layer >= 0; --layer) {
      if (t0 == 0) load_state(plan, call.initial_cell, block, layer, s.initial_cell);
      load_previous_hidden(plan, call, s, block, layer, t0);
      if (plan.narrow)
        backward_chunk<4>(plan, call, s, block, layer, t0, steps);
      else
        backward_chunk<2>(plan, call, s, block, layer, t0, steps);
      add_weight_gradients(plan, call, s, sums, layer, rows, steps * rows);
      if (call.grad_inputs) {
        const GateFactor term = {s.grad_gates, 0, BackwardWeights(plan, call.packed, layer).inputs};
        product_gates<1>(plan, &term, 1, vectors(plan.sizes.inputs), steps * rows,
                         layer + 1 < layers ? &s.grad_inputs : nullptr, 0, s.grad_inputs);
      }
      const Panels done = s.grad_gates;
      s.grad_gates = s.above;
      s.above = done;
    }
    if (call.grad_inputs) store_grad_inputs(plan, call.grad_inputs, block, t0, steps, s.grad_inputs);
  }
  for (Index layer = 0; layer < layers; ++layer) {
    if (call.grad_initial_hidden) {
      const GateFactor term = {of_layer(s.carry, 4 * plan.panels, layer), 0,
                               BackwardWeights(plan, call.packed, layer).recurrent};
      if (plan.narrow)
        product_gates<4>(plan, &term, 1, plan.panels, rows, nullptr, 0, s.grad_hidden);
      else
        product_gates<2>(plan, &term, 1, plan.panels, rows, nullptr, 0, s.grad_hidden);
      store_state(plan, call.grad_initial_hidden, block, layer, s.grad_hidden);
    }
    if (call.grad_initial_cell)
      store_state(plan, call.grad_initial_cell, block, layer, of_layer(s.grad_cell, plan.panels, layer));
  }
}

// out (4C, C) = the threads' padded sums (4, padded, padded), in the threads' order.
inline void gather_matrix(const Plan& plan, const float* sums, Index thread_stride, float* out) {
  const Index units = plan.sizes.units, padded = plan.padded();
  for (Index gate = 0; gate < 4; ++gate)
    for (Index unit = 0; unit < units; ++unit)
      for (Index p = 0; p < plan.panels; ++p) {
        const float* in = sums + (gate * padded + unit) * padded + p * kLanes;
        Vec total = load(in);
        for (Index thread = 1; thread < plan.sizes.threads; ++thread) total += load(in + thread * thread_stride);
        store_part(out + (gate * units + unit) * units + p * kLanes, total, units - p * kLanes);
      }
}

}  // namespace ntmlab::NTMLAB_ISA
