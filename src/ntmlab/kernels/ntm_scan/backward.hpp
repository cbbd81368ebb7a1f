// Gradients of one group of sequences, backward over time.
#pragma once
#include <math.h>

#include "forward.hpp"

namespace ntmlab::NTMLAB_ISA::ntm {

// One thread's weight gradients, rows padded to whole vectors.
struct Sums {
  float *inputs, *reads, *recurrent, *layers, *heads, *input_bias, *layer_bias, *heads_bias;
  float *output_hidden, *output_reads, *output_bias;
  Index size;
  Sums(const ScanSizes& z, float* base) {
    const Index G = Index{z.gates} * z.C, C = padded(z.C);
    Arena arena{base};
    inputs = arena.take(G * padded(z.I));
    heads = arena.take(z.raw() * C);
    reads = arena.take(G * padded(Index{z.R} * z.W));
    recurrent = arena.take((z.lstm() ? z.L : 0) * G * C);
    layers = arena.take((z.L - 1) * G * C);
    heads_bias = arena.take(padded(z.raw()));
    input_bias = arena.take(z.gates * C);  // a gate begins with a vector of its own
    layer_bias = arena.take((z.L - 1) * z.gates * C);
    output_hidden = arena.take(z.O * C);
    output_reads = arena.take(z.O * padded(Index{z.R} * z.W));
    output_bias = arena.take(padded(z.O));
    size = arena.used;
  }
};

struct BackwardScratch {
  Panels inputs, raw, pre, outputs;   // [segment rows] inputs; gradients by raw head parameters, gates, outputs
  Panels above, from_reads, from_inputs;  // [rows]
  Panels hidden, cell;                // [rows] of all layers: what the step after sends back
  float *dM, *dw, *dr;                // [rows]
  float *states, *lookups, *w;        // [rows][steps - 1], [rows][steps], [rows]
  float *dot, *dnorm, *rings, *chain, *sums, *draw;
  Index size;
  BackwardScratch(const Layout& y, const ScanPlan& plan, float* base) {
    const Index rows = plan.rows, steps = plan.segment, all = rows * steps, H = y.z.heads();
    Arena arena{base};
    inputs = arena.panels(y.z.I, all);
    raw = arena.panels(y.z.raw(), all);
    pre = arena.panels(y.z.L * y.gate_panels * kLanes, all);
    outputs = arena.panels(y.z.O, all);
    above = arena.panels(y.cells * kLanes, rows);
    from_reads = arena.panels(y.reads, rows);
    from_inputs = arena.panels(y.z.I, rows);
    hidden = arena.panels(y.z.L * y.cells * kLanes, rows);
    cell = arena.panels(y.z.L * y.cells * kLanes, rows);
    dM = arena.take(rows * y.z.W * y.slots);
    dw = arena.take(rows * H * y.slots);
    dr = arena.take(rows * y.reads);
    states = arena.take(rows * (steps - 1) * State::size(y));
    lookups = arena.take(all * Lookup::size(y));
    w = arena.take(rows * H * y.slots);
    dot = arena.take(kTogether * H * y.slots);
    dnorm = arena.take(kTogether * y.slots);
    rings = arena.take(Rings::size(y));
    chain = arena.take(y.z.V * kFew * kLanes);
    sums = arena.take(kTogether * y.values * kLanes);
    draw = arena.take(y.values > y.cells * kLanes ? y.values : y.cells * kLanes);
    size = arena.used;
  }
};

class Backward {
 public:
  Backward(const Layout& layout, const ScanPlan& p, const ScanArrays& arrays, const ScanGradients& gradients,
           const float* packed, float* scratch, float* thread_sums, int group)
      : y(layout), z(layout.z), plan(p), a(arrays), g(gradients), weights(layout, const_cast<float*>(packed)),
        s(layout, p, scratch), sums(layout.z, thread_sums), rows(layout.z, p, group),
        segment_size(Segment(layout, p, nullptr).size),
        tape(arrays.tape + group * segments_of(layout.z, p) * segment_size), H(layout.z.heads()), rings(layout, s.rings) {}

  void run() {
    zero(s.rings, Rings::size(y));
    start();
    const Index part = segment_size / plan.segment;
    for (Index end = z.T; end > 0;) {
      const Index begin = (end - 1) / plan.segment * plan.segment;
      const Segment segment(y, plan, tape + begin / plan.segment * segment_size);
      for (Index r = 0; r < rows.count; r += kTogether) replay(segment, Few(r, rows.count), end - begin);
      for (Index t = end - 1; t >= begin; --t) {
        if (begin > 0) ahead.begin(segment.begin - segment_size + (end - 1 - t) * part, part, rows.count);
        for (Index r = 0; r < rows.count; r += kTogether)
          machine(segment, t, t - begin, end - begin, Few(r, rows.count));
        controller(segment, t, t - begin);
        if (g.clip < INFINITY) clip();
      }
      add_weights(segment, end - begin);
      end = begin;
    }
    finish();
  }

 private:
  const Layout& y;
  const ScanSizes& z;
  const ScanPlan& plan;
  const ScanArrays& a;
  const ScanGradients& g;
  const BackwardWeights weights;
  const BackwardScratch s;
  const Sums sums;
  const Rows rows;
  const Index segment_size;
  float* tape;
  Ahead<false> ahead;
  const Index H;
  const Rings rings;

  Heads heads_at(const Segment& segment, Index step) const {
    return {y, plan.rows, segment.heads + step * Heads::size(y, plan.rows)};
  }
  // A sequence's state before a step of the segment.
  State state(const Segment& segment, Index r, Index step) const {
    const Index size = State::size(y);
    return State(y, step == 0 ? segment.states + r * size : s.states + (r * (plan.segment - 1) + step - 1) * size);
  }
  Lookup lookup(Index r, Index step) const {
    return Lookup(y, s.lookups + (r * plan.segment + step) * Lookup::size(y));
  }
  float* weightings(const Segment& segment, Index r, Index step, Index steps) const {  // of a step
    return step + 1 < steps ? state(segment, r, step + 1).w : s.w + r * H * y.slots;
  }

  void start() {
    for (Index r = 0; r < rows.count; ++r) {
      const Index b = rows.first + r;
      float* dw = s.dw + r * H * y.slots;
      memory_in(y, g.memory + b * z.N * z.W, s.dM + r * z.W * y.slots);
      for (int k = 0; k < z.R; ++k) copy_in(g.read_w + (b * z.R + k) * z.N, z.N, dw + k * y.slots);
      for (int k = 0; k < z.V; ++k) copy_in(g.write_w + (b * z.V + k) * z.N, z.N, dw + (z.R + k) * y.slots);
      copy_in(g.reads_end + b * z.R * z.W, z.R * z.W, s.dr + r * y.reads);
      for (int l = 0; z.lstm() && l < z.L; ++l) {
        row_from(g.hidden_end + (b * z.L + l) * z.C, z.C, skip_panels(s.hidden, l * y.cells), r);
        row_from(g.cell_end + (b * z.L + l) * z.C, z.C, skip_panels(s.cell, l * y.cells), r);
      }
    }
  }

  Sequence sequence(const Segment& segment, Index r, Index step, Index steps) const {
    const State before = state(segment, r, step);
    return {r, lookup(r, step), before.w, before.slot_scale, weightings(segment, r, step, steps)};
  }

  // Addressing and memory of a few sequences of a segment once more; the memory after its last step is not
  // needed.
  void replay(const Segment& segment, Few few, Index steps) {
    const Index other = few.first + few.count - 1;
    for (Index r = few.first; r <= other; ++r)
      similarities(y, state(segment, r, 0), heads_at(segment, 0), r, lookup(r, 0).similarity);
    for (Index step = 0; step < steps; ++step) {
      const Sequence sequences[] = {sequence(segment, few.first, step, steps), sequence(segment, other, step, steps)};
      address(y, heads_at(segment, step), sequences, few.count, rings);
      for (int q = 0; q < few.count && step + 1 < steps; ++q) write(segment, few.first + q, step, sequences[q].w);
    }
  }

  // A sequence's memory after a step of the segment, and how it compares with the keys of the next.
  void write(const Segment& segment, Index r, Index step, const float* w) {
    const Heads next = heads_at(segment, step + 1);
    const float *values = heads_at(segment, step).of(r), *from = state(segment, r, step).memory;
    const State to = state(segment, r, step + 1);
    float* similarity = lookup(r, step + 1).similarity;
    if (z.R == 1 && z.V == 1) return write_compare_one(y, values, w, from, to, next, r, similarity);
    read_write(y, values, w, from, to, s.sums);
    similarities(y, to, next, r, similarity);
  }

  // The machine of a few sequences at a step: from the gradients of reads, weightings and memory after it to
  // those of weightings and memory before it and of the raw head parameters.
  void machine(const Segment& segment, Index t, Index step, Index steps, Few few) {
    const Heads heads = heads_at(segment, step);
    const Index other = few.first + few.count - 1, reads = Index{z.R} * z.W, cells = z.W * y.slots;
    const Sequence sequences[] = {sequence(segment, few.first, step, steps), sequence(segment, other, step, steps)};
    const auto gradients_of = [&](int q) {
      return Gradients{s.dw + (few.first + q) * H * y.slots, s.sums + q * y.values * kLanes, s.dot + q * H * y.slots,
                       s.dnorm + q * y.slots};
    };
    const Gradients gradients[] = {gradients_of(0), gradients_of(1)};
    for (int q = 0; q < few.count; ++q) {
      const Index r = few.first + q, at = (rows.first + r) * z.T + t;
      float* dr = s.dr + r * y.reads;
      if (g.read_out) add_part(g.read_out + at * reads, reads, dr);
      if (z.O > 0 && weights.outputs().with_reads())
        for (Index o = 0; o < z.O; ++o)
          add_scaled(g.outputs[at * z.O + o], weights.outputs().reads_of(o), y.reads, dr);
      read_write_backward(y, heads.of(r), sequences[q].w, state(segment, r, step).memory, dr, s.dM + r * cells,
                          gradients[q].dw, gradients[q].d, s.chain);
      ahead.some();
    }
    const auto run = z.S == 3 ? address_backward<3> : address_backward<0>;
    run(y, heads, sequences, gradients, few.count, rings);
    ahead.some();
    const auto finish = g.clip < INFINITY ? similarities_backward<true> : similarities_backward<false>;
    for (int q = 0; q < few.count; ++q) {
      const Index r = few.first + q;
      const auto& [dw, d, dot, dnorm] = gradients[q];
      finish(y, heads.of(r), state(segment, r, step).memory, dot, dnorm, g.clip, s.dM + r * cells, d);
      ahead.some();
      sums_across(d, z.raw(), s.draw);
      activate_backward(y, heads, r, s.draw);
      row_in(s.draw, z.raw(), s.raw, step * rows.count + r);
    }
  }

  // The controller at a step: from the gradients by raw head parameters to those of what it carries and of the
  // reads before it.
  void controller(const Segment& segment, Index t, Index step) {
    const Index row = step * rows.count;
    for (Index r = 0; r < rows.count; ++r) {
      const Index at = (rows.first + r) * z.T + t;
      from_outside(at, r, row + r);
      row_from(a.inputs + at * z.I, z.I, s.inputs, row + r);
    }
    ahead.some();
    const Term from_heads = {weights.heads(), skip_rows(s.raw, row)};
    multiply(&from_heads, 1, rows.count, &s.above, s.above);
    for (int l = z.L - 1; l >= 0; --l) {
      const Panels pre = skip_rows(skip_panels(s.pre, l * y.gate_panels), row);
      const Panels hidden = skip_panels(segment.hidden, l * y.cells);
      if (z.lstm()) {
        const Panels back = skip_panels(s.hidden, l * y.cells), cell = skip_panels(segment.cell, l * y.cells);
        add_panels(back, y.cells, s.above);
        lstm_backward(s.above, skip_rows(cell, row), skip_rows(cell, row + rows.count),
                      skip_rows(skip_panels(segment.gates, l * y.gate_panels), row), y.cells, rows.count,
                      skip_panels(s.cell, l * y.cells), pre);
        from_gates(pre, [&](int gate) { return weights.recurrent(l, gate); }, back);
      } else {
        units_backward(z.relu, s.above, skip_rows(hidden, row + rows.count), y.cells, rows.count, pre);
      }
      if (l > 0) from_gates(pre, [&](int gate) { return weights.below(l, gate); }, s.above);
    }
    ahead.some();
    const Panels first = skip_rows(s.pre, row);
    from_gates(first, [&](int gate) { return weights.reads(gate); }, s.from_reads);
    for (Index r = 0; r < rows.count; ++r) row_out(s.from_reads, r, z.R * z.W, s.dr + r * y.reads);
    if (!g.inputs) return;
    from_gates(first, [&](int gate) { return weights.inputs(gate); }, s.from_inputs);
    for (Index r = 0; r < rows.count; ++r)
      row_to(s.from_inputs, r, z.I, g.inputs + ((rows.first + r) * z.T + t) * z.I);
  }

  // The gradient of the top hidden vector of sequence r that comes from what the scan gave at step `at`.
  void from_outside(Index at, Index r, Index row) {
    float* above = s.draw;  // free here
    zero(above, y.cells * kLanes);
    if (g.hidden) add_part(g.hidden + at * z.C, z.C, above);
    for (Index o = 0; o < z.O; ++o) add_scaled(g.outputs[at * z.O + o], weights.outputs().hidden_of(o), y.cells * kLanes, above);
    row_in(above, z.C, s.above, r);
    if (z.O > 0) row_from(g.outputs + at * z.O, z.O, s.outputs, row);
  }

  static void add_part(const float* from, Index count, float* to) {  // reads no more than `count`
    for (Index i = 0; i < count; i += kLanes) store(to + i, load(to + i) + load_part(from + i, count - i));
  }
  static void add_scaled(float scale, const float* from, Index count, float* to) {
    for (Index i = 0; i < count; i += kLanes) store(to + i, load(to + i) + scale * load(from + i));
  }

  // out = the gradients of all gates times their weights.
  template <typename MatrixOf>
  void from_gates(Panels pre, const MatrixOf& matrix_of, Panels out) {
    Term terms[kMostTerms];
    for (int gate = 0; gate < z.gates; ++gate) terms[gate] = {matrix_of(gate), skip_panels(pre, gate * y.cells)};
    multiply(terms, z.gates, rows.count, nullptr, out);
  }

  void add_panels(Panels from, Index panels, Panels to) {
    for (Index p = 0; p < panels; ++p)
      for (Index r = 0; r < rows.count; ++r) store(to.at(p, r), load(to.at(p, r)) + load(from.at(p, r)));
  }

  // Limits the gradient of the state before a step; that of the memory is within its limits already.
  void clip() {
    const auto limit = [&](float* p, Index count) {
      for (Index i = 0; i < count; i += kLanes) store(p + i, within(load(p + i), -g.clip, g.clip));
    };
    limit(s.dw, rows.count * H * y.slots);
    limit(s.dr, rows.count * y.reads);
    if (!z.lstm()) return;
    for (Index p = 0; p < z.L * y.cells; ++p) {
      limit(s.hidden.at(p, 0), rows.count * kLanes);
      limit(s.cell.at(p, 0), rows.count * kLanes);
    }
  }

  static void add_rows(Panels in, Index panels, Index count, float* out) {
    for (Index p = 0; p < panels; ++p) {
      Vec sum = load(out + p * kLanes);
      for (Index r = 0; r < count; ++r) sum += load(in.at(p, r));
      store(out + p * kLanes, sum);
    }
  }

  // out (G, units) += gradients of the gates, outer product with the rows they were multiplied by.
  void add_gates(Panels pre, Panels with, Index panels, Index count, float* out) {
    for (int gate = 0; gate < z.gates; ++gate)
      outer(skip_panels(pre, gate * y.cells), z.C, with, panels, count, out + gate * z.C * panels * kLanes);
  }

  void add_weights(const Segment& segment, Index steps) {
    const Index count = steps * rows.count, G = Index{z.gates} * z.C, C = y.cells;
    const auto before = [&](int l) { return skip_panels(segment.hidden, l * C); };
    const auto after = [&](int l) { return skip_rows(before(l), rows.count); };
    const auto pre = [&](int l) { return skip_panels(s.pre, l * y.gate_panels); };
    if (z.O > 0) {
      outer(s.outputs, z.O, after(z.L - 1), C, count, sums.output_hidden);
      outer(s.outputs, z.O, skip_rows(segment.reads, rows.count), y.reads / kLanes, count, sums.output_reads);
      add_rows(s.outputs, vectors(z.O), count, sums.output_bias);
    }
    outer(s.raw, z.raw(), after(z.L - 1), C, count, sums.heads);
    add_rows(s.raw, vectors(z.raw()), count, sums.heads_bias);
    add_gates(s.pre, segment.reads, y.reads / kLanes, count, sums.reads);
    add_gates(s.pre, s.inputs, vectors(z.I), count, sums.inputs);
    add_rows(s.pre, y.gate_panels, count, sums.input_bias);
    for (int l = 0; z.lstm() && l < z.L; ++l) add_gates(pre(l), before(l), C, count, sums.recurrent + l * G * C * kLanes);
    for (int l = 1; l < z.L; ++l) {
      add_gates(pre(l), after(l - 1), C, count, sums.layers + (l - 1) * G * C * kLanes);
      add_rows(pre(l), y.gate_panels, count, sums.layer_bias + (l - 1) * y.gate_panels * kLanes);
    }
  }

  void finish() {
    for (Index r = 0; r < rows.count; ++r) {
      const Index b = rows.first + r;
      const float* dw = s.dw + r * H * y.slots;
      memory_out(y, s.dM + r * z.W * y.slots, g.memory0 + b * z.N * z.W);
      for (int k = 0; k < z.R; ++k) copy_out(dw + k * y.slots, z.N, g.read_w0 + (b * z.R + k) * z.N);
      for (int k = 0; k < z.V; ++k) copy_out(dw + (z.R + k) * y.slots, z.N, g.write_w0 + (b * z.V + k) * z.N);
      copy_out(s.dr + r * y.reads, z.R * z.W, g.reads0 + b * z.R * z.W);
      for (int l = 0; z.lstm() && l < z.L; ++l) {
        row_to(skip_panels(s.hidden, l * y.cells), r, z.C, g.hidden0 + (b * z.L + l) * z.C);
        row_to(skip_panels(s.cell, l * y.cells), r, z.C, g.cell0 + (b * z.L + l) * z.C);
      }
    }
  }
};

// Rows (count, columns) = the threads' sums with padded rows, in the threads' order.
inline void gather(const float* sums, Index thread_stride, int threads, Index count, Index columns, float* out,
                   Index out_stride) {
  for (Index i = 0; i < count; ++i, out += out_stride)
    for (Index j = 0; j < columns; j += kLanes) {
      const float* in = sums + i * padded(columns) + j;
      Vec total = load(in);
      for (int t = 1; t < threads; ++t) total += load(in + t * thread_stride);
      store_part(out + j, total, columns - j);
    }
}

}  // namespace ntmlab::NTMLAB_ISA::ntm
