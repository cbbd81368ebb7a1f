// One group of sequences forward over time.
#pragma once
#include "cells.hpp"
#include "memory.hpp"
#include "products.hpp"

namespace ntmlab::NTMLAB_ISA::ntm {

// All heads' weightings of some sequences, from their similarities. A sequence's `w` may be the one before.
inline void address(const Layout& y, const Heads& heads, const Sequence* sequences, int count, const Rings& rings) {
  const auto run = y.z.S == 3 ? address<3> : address<0>;
  run(y, heads, sequences, count, rings);
}

// A few sequences of a group that are addressed together.
struct Few {
  Index first;
  int count;
  Few(Index r, Index rows) : first(r), count(static_cast<int>(smaller(kTogether, rows - r))) {}
};

struct ForwardScratch {
  Panels inputs, ones, pre, raw;  // [rows]
  float *states, *lookup, *rings, *sums, *reads, *segment;
  Index size;
  ForwardScratch(const Layout& y, const ScanPlan& plan, float* base) {
    const Index rows = plan.rows;
    Arena arena{base};
    inputs = arena.panels(y.z.I, rows);
    ones = arena.panels(1, rows);
    pre = arena.panels(y.gate_panels * kLanes, rows);
    raw = arena.panels(padded(y.z.raw()), rows);
    states = arena.take(rows * State::size(y));
    lookup = arena.take(kTogether * Lookup::size(y));
    rings = arena.take(Rings::size(y));
    sums = arena.take(padded(larger_of(y.z.R * y.z.W, rows * y.z.heads())) * kLanes);
    reads = arena.take(y.reads);
    segment = arena.take(Segment(y, plan, nullptr).size);
    size = arena.used;
  }
  static Index larger_of(Index a, Index b) { return a > b ? a : b; }
};

class Forward {
 public:
  Forward(const Layout& layout, const ScanPlan& p, const ScanArrays& arrays, const float* packed, float* scratch,
          int group)
      : y(layout), z(layout.z), plan(p), a(arrays), weights(layout, const_cast<float*>(packed)),
        s(layout, p, scratch), rows(layout.z, p, group), segment_size(Segment(layout, p, nullptr).size),
        tape(arrays.tape ? arrays.tape + group * segments_of(layout.z, p) * segment_size : nullptr),
        rings(layout, s.rings) {}

  void run() {
    zero(s.rings, Rings::size(y));
    for (Index r = 0; r < rows.count; ++r) s.ones.at(0, r)[0] = 1.0f;
    start();
    const Index part = segment_size / plan.segment;
    for (Index begin = 0; begin < z.T; begin += plan.segment) {
      const Index end = smaller(begin + plan.segment, z.T);
      if (begin > 0) carry(segment_of(begin - 1), segment_of(begin));
      for (Index t = begin; t < end; ++t) {
        if (tape && end < z.T) ahead.begin(segment_of(end).begin + (t - begin) * part, part, rows.count);
        step(t, segment_of(t), t - begin);
      }
    }
    finish();
  }

 private:
  const Layout& y;
  const ScanSizes& z;
  const ScanPlan& plan;
  const ScanArrays& a;
  const ForwardWeights weights;
  const ForwardScratch s;
  const Rows rows;
  const Index segment_size;
  float* tape;
  Ahead<true> ahead;
  const Rings rings;

  Segment segment_of(Index t) const {
    return Segment(y, plan, tape ? tape + t / plan.segment * segment_size : s.segment);
  }
  // A sequence's state before step t: on the tape where a segment begins, else in scratch.
  State state_at(Index t, Index r) const {
    const bool kept = tape && t < z.T && t % plan.segment == 0;
    return State(y, (kept ? segment_of(t).states : s.states) + r * State::size(y));
  }

  void start() {
    const Segment first = segment_of(0);
    for (Index r = 0; r < rows.count; ++r) {
      const Index b = rows.first + r;
      const State state = state_at(0, r);
      memory_in(y, a.memory0 + b * z.N * z.W, state.memory);
      measure(y, state);
      for (int k = 0; k < z.R; ++k) copy_in(a.read_w0 + (b * z.R + k) * z.N, z.N, state.w + k * y.slots);
      for (int k = 0; k < z.V; ++k) copy_in(a.write_w0 + (b * z.V + k) * z.N, z.N, state.w + (z.R + k) * y.slots);
      row_from(a.reads0 + b * z.R * z.W, z.R * z.W, first.reads, r);
      for (int l = 0; z.lstm() && l < z.L; ++l) {
        row_from(a.hidden0 + (b * z.L + l) * z.C, z.C, skip_panels(first.hidden, l * y.cells), r);
        row_from(a.cell0 + (b * z.L + l) * z.C, z.C, skip_panels(first.cell, l * y.cells), r);
      }
    }
  }

  // The last rows of a segment to before the first step of the next, which may lie in the same place.
  void carry(const Segment& from, const Segment& to) {
    const Index last = plan.segment * rows.count;
    copy_rows(skip_rows(from.reads, last), to.reads, y.reads / kLanes, rows.count);
    copy_rows(skip_rows(from.hidden, last), to.hidden, z.L * y.cells, rows.count);
    if (z.lstm()) copy_rows(skip_rows(from.cell, last), to.cell, z.L * y.cells, rows.count);
  }

  // The controller at a step of a segment; `row` is that of the step before.
  void controller(Index t, const Segment& segment, Index row) {
    for (Index r = 0; r < rows.count; ++r)
      row_from(a.inputs + ((rows.first + r) * z.T + t) * z.I, z.I, s.inputs, r);
    for (int l = 0; l < z.L; ++l) {
      const Panels hidden = skip_panels(segment.hidden, l * y.cells);
      Term terms[kMostTerms];
      int count = 0;
      if (l == 0) {
        terms[count++] = {weights.input_bias, s.ones};
        terms[count++] = {weights.inputs, s.inputs};
        terms[count++] = {weights.reads, skip_rows(segment.reads, row)};
      } else {
        terms[count++] = {weights.layer_bias(l), s.ones};
        terms[count++] = {weights.below(l), skip_rows(skip_panels(segment.hidden, (l - 1) * y.cells), row + rows.count)};
      }
      if (z.lstm()) terms[count++] = {weights.recurrent(l), skip_rows(hidden, row)};
      multiply(terms, count, rows.count, nullptr, s.pre);
      if (z.lstm()) {
        const Panels cell = skip_panels(segment.cell, l * y.cells);
        lstm_forward(s.pre, y.cells, rows.count, skip_rows(cell, row), skip_rows(cell, row + rows.count),
                     skip_rows(skip_panels(segment.gates, l * y.gate_panels), row), skip_rows(hidden, row + rows.count));
      } else {
        units_forward(z.relu, s.pre, y.cells, rows.count, skip_rows(hidden, row + rows.count));
      }
    }
  }

  void step(Index t, const Segment& segment, Index step) {
    const Index row = step * rows.count;
    controller(t, segment, row);
    ahead.some();
    const Panels top = skip_rows(skip_panels(segment.hidden, (z.L - 1) * y.cells), row + rows.count);
    const Term terms[] = {{weights.heads_bias, s.ones}, {weights.heads, top}};
    multiply(terms, 2, rows.count, nullptr, s.raw);
    const Heads heads(y, plan.rows, segment.heads + step * Heads::size(y, plan.rows));
    for (Index r = 0; r < rows.count; ++r) {
      const Index at = (rows.first + r) * z.T + t;
      if (a.hidden) row_to(top, r, z.C, a.hidden + at * z.C);
      row_out(s.raw, r, z.raw(), heads.of(r));
      if (a.raw) row_to(s.raw, r, z.raw(), a.raw + at * z.raw());
    }
    ahead.some();
    activate(y, heads, rows.count, s.sums);
    for (Index r = 0; r < rows.count; r += kTogether) machine(t, segment, heads, Few(r, rows.count), row + rows.count);
    for (Index r = 0; z.O > 0 && r < rows.count; ++r) outputs(t, top, skip_rows(segment.reads, row + rows.count), r);
  }

  // The outputs of a sequence at step t, from the rows of its hidden vector and reads.
  void outputs(Index t, Panels hidden, Panels reads, Index r) {
    const OutputRows rows_of(y, weights.outputs);
    float* out = a.outputs + ((rows.first + r) * z.T + t) * z.O;
    for (Index o = 0; o < z.O; ++o) {
      Vec sum{};
      const Index last = y.cells - 1;
      for (Index p = 0; p < last; ++p) sum += load(rows_of.hidden_of(o) + p * kLanes) * load(hidden.at(p, r));
      // Padding lanes of hidden vectors are NaN where an input is infinite.
      const Vec units = first_lanes(z.C - last * kLanes) ? load(hidden.at(last, r)) : Vec{};
      sum += load(rows_of.hidden_of(o) + last * kLanes) * units;
      for (Index p = 0; rows_of.with_reads() && p < y.reads / kLanes; ++p)
        sum += load(rows_of.reads_of(o) + p * kLanes) * load(reads.at(p, r));
      out[o] = a.output_bias[o] + sum_across(sum)[0];
    }
  }

  // Addressing and memory of a few sequences at step t, whose rows of a segment's panels begin at `row`.
  void machine(Index t, const Segment& segment, const Heads& heads, Few few, Index row) {
    const auto before = [&](int q) { return state_at(t, few.first + q); };
    const auto sequence = [&](int q) {
      return Sequence{few.first + q, Lookup(y, s.lookup + q * Lookup::size(y)), before(q).w, before(q).slot_scale,
                      state_at(t + 1, few.first + q).w};
    };
    const State states[] = {before(0), before(few.count - 1)};
    const Sequence sequences[] = {sequence(0), sequence(few.count - 1)};
    for (int q = 0; q < few.count; ++q) {
      similarities(y, states[q], heads, few.first + q, sequences[q].lookup.similarity);
      ahead.some();
    }
    address(y, heads, sequences, few.count, rings);
    ahead.some();
    for (int q = 0; q < few.count; ++q) {
      const Index r = few.first + q, at = (rows.first + r) * z.T + t;
      const float* w = sequences[q].w;
      read_write(y, heads.of(r), w, states[q].memory, state_at(t + 1, r), s.sums);
      ahead.some();
      sums_across(s.sums, z.R * z.W, s.reads);
      row_from(s.reads, z.R * z.W, segment.reads, row + r);
      if (a.read_out) copy_out(s.reads, z.R * z.W, a.read_out + at * z.R * z.W);
      for (int k = 0; a.weightings && k < z.heads(); ++k)
        copy_out(w + k * y.slots, z.N, a.weightings + (at * z.heads() + k) * z.N);
    }
  }

  void finish() {
    const Segment last = segment_of(z.T - 1);
    const Index row = ((z.T - 1) % plan.segment + 1) * rows.count;
    for (Index r = 0; r < rows.count; ++r) {
      const Index b = rows.first + r;
      const State state = state_at(z.T, r);
      memory_out(y, state.memory, a.memory + b * z.N * z.W);
      for (int k = 0; k < z.R; ++k) copy_out(state.w + k * y.slots, z.N, a.read_w + (b * z.R + k) * z.N);
      for (int k = 0; k < z.V; ++k) copy_out(state.w + (z.R + k) * y.slots, z.N, a.write_w + (b * z.V + k) * z.N);
      row_to(last.reads, row + r, z.R * z.W, a.reads_end + b * z.R * z.W);
      for (int l = 0; z.lstm() && l < z.L; ++l) {
        row_to(skip_panels(last.hidden, l * y.cells), row + r, z.C, a.hidden_end + (b * z.L + l) * z.C);
        row_to(skip_panels(last.cell, l * y.cells), row + r, z.C, a.cell_end + (b * z.L + l) * z.C);
      }
    }
  }
};

}  // namespace ntmlab::NTMLAB_ISA::ntm
