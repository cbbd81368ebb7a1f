// Products of weight matrices with the vectors of a group: weights are read once for several sequences.
#pragma once
#include "layout.hpp"

namespace ntmlab::NTMLAB_ISA::ntm {

#if defined(__AVX512F__) || defined(__aarch64__)
inline constexpr int kGroup = 4;  // panels of a product whose sums are in registers at a time
#else
inline constexpr int kGroup = 2;
#endif

// A matrix packed for products whose result has `panels` panels: panels come in groups of nearly equal width,
// [group][depth][width][kLanes]; lanes without a unit hold zeros.
struct Matrix {
  float* packed;
  Index panels, depth;
  Index size() const { return panels * depth * kLanes; }
};

inline Index groups_of(Index panels) { return (panels + kGroup - 1) / kGroup; }

// Packs one panel: lane i of row k is a[i * lane_step + k * depth_step], one of the two steps being 1.
inline void pack_panel(const float* a, Index lanes, Index lane_step, Index depth, Index depth_step, float* out,
                       Index out_step) {
  if (lane_step == 1) {
    for (Index k = 0; k < depth; ++k) store(out + k * out_step, load_part(a + k * depth_step, lanes));
    return;
  }
  for (Index k = 0; k < depth; k += kLanes) {
    Vec square[kLanes];
    for (Index i = 0; i < kLanes; ++i)
      square[i] = i < lanes ? load_part(a + i * lane_step + k, depth - k) : Vec{};
    transpose<kLanes>(square);
    for (Index i = 0; i < smaller(kLanes, depth - k); ++i) store(out + (k + i) * out_step, square[i]);
  }
}

// Packs `parts` parts of `units` units each (the gates of a layer); a part begins with a panel of its own.
// Unit u of all is a[u * lane_step + k * depth_step] for k below the depth.
inline void pack(const float* a, Index parts, Index units, Index lane_step, Index depth_step, Matrix m) {
  const Index each = vectors(units), groups = groups_of(parts * each);
  for (Index group = 0; group < groups; ++group) {
    const Index begin = m.panels * group / groups, width = m.panels * (group + 1) / groups - begin;
    for (Index p = begin; p < begin + width; ++p) {
      const Index unit = p % each * kLanes;
      pack_panel(a + (p / each * units + unit) * lane_step, smaller(kLanes, units - unit), lane_step, m.depth,
                 depth_step, m.packed + (begin * m.depth + (p - begin)) * kLanes, width * kLanes);
    }
  }
}

// One term of a sum of products: a matrix and the rows it is applied to.
struct Term {
  Matrix matrix;
  Panels rows;
};
inline constexpr int kMostTerms = 8;

template <int V = kGroup>
inline void product_group(Index width, const Factor* factors, int count, Index rows, const float* start,
                          Index start_stride, Panels out) {
  if constexpr (V > 0) {
    if (width == V)
      product<V>(factors, count, rows, start, start_stride, out.data, out.stride);
    else
      product_group<V - 1>(width, factors, count, rows, start, start_stride, out);
  }
}

// out = start (zero without) + the sum of all terms, for some rows.
inline void multiply(const Term* terms, int count, Index rows, const Panels* start, Panels out) {
  const Index panels = terms[0].matrix.panels, groups = groups_of(panels);
  for (Index group = 0; group < groups; ++group) {
    const Index begin = panels * group / groups;
    Factor factors[kMostTerms];
    for (int i = 0; i < count; ++i) {
      const auto& [matrix, in] = terms[i];
      factors[i] = {in.data, in.stride, matrix.packed + begin * matrix.depth * kLanes, matrix.depth};
    }
    product_group(panels * (group + 1) / groups - begin, factors, count, rows,
                  start ? start->at(begin, 0) : nullptr, start ? start->stride : 0,
                  {out.at(begin, 0), out.stride});
  }
}

// Weights of the outputs in padded rows: [O][hidden units], [O][reads].
struct OutputRows {
  const Layout& y;
  float *hidden, *reads;
  Index size() const { return y.z.O * (y.cells * kLanes + (with_reads() ? y.reads : 0)); }
  OutputRows(const Layout& layout, float* base)
      : y(layout), hidden(base), reads(base + y.z.O * y.cells * kLanes) {}
  bool with_reads() const { return y.z.seen > y.z.C; }
  const float* hidden_of(Index o) const { return hidden + o * y.cells * kLanes; }
  const float* reads_of(Index o) const { return reads + o * y.reads; }
  void fill(const float* weights) const {
    for (Index o = 0; o < y.z.O; ++o) {
      const float* row = weights + o * y.z.seen;
      copy_in(row, y.z.C, hidden + o * y.cells * kLanes);
      if (with_reads()) copy_in(row + y.z.C, y.z.seen - y.z.C, reads + o * y.reads);
    }
  }
};

// Weights packed for the forward pass. Biases are products with a one.
struct ForwardWeights {
  Matrix inputs, input_bias, reads, heads, heads_bias;
  const Layout& y;
  float* outputs;  // OutputRows
  float* rest;     // recurrent of every layer, then the layers above the first with their biases
  Index size;
  ForwardWeights(const Layout& layout, float* base) : y(layout) {
    const ScanSizes& z = y.z;
    Arena arena{base};
    const auto matrix = [&](Index panels, Index depth) { return Matrix{arena.take(panels * depth * kLanes), panels, depth}; };
    inputs = matrix(y.gate_panels, z.I);
    input_bias = matrix(y.gate_panels, 1);
    reads = matrix(y.gate_panels, Index{z.R} * z.W);
    heads = matrix(vectors(z.raw()), z.C);
    heads_bias = matrix(vectors(z.raw()), 1);
    outputs = arena.take(OutputRows(y, nullptr).size());
    rest = arena.take((z.lstm() ? z.L : 0) * layer() + (z.L - 1) * (layer() + bias()));
    size = arena.used;
  }
  Index layer() const { return y.gate_panels * y.z.C * kLanes; }
  Index bias() const { return y.gate_panels * kLanes; }
  Matrix recurrent(int l) const { return {rest + l * layer(), y.gate_panels, y.z.C}; }
  Matrix below(int l) const {  // into layer l > 0
    return {rest + (y.z.lstm() ? y.z.L : 0) * layer() + (l - 1) * layer(), y.gate_panels, y.z.C};
  }
  Matrix layer_bias(int l) const {
    return {rest + ((y.z.lstm() ? y.z.L : 0) + y.z.L - 1) * layer() + (l - 1) * bias(), y.gate_panels, 1};
  }
  void fill(const ScanArrays& a) const {
    const ScanSizes& z = y.z;
    const Index G = Index{z.gates} * z.C;
    pack(a.input_weights, z.gates, z.C, z.I, 1, inputs);
    pack(a.input_bias, z.gates, z.C, 1, 1, input_bias);
    pack(a.reads, z.gates, z.C, Index{z.R} * z.W, 1, reads);
    pack(a.heads, 1, z.raw(), z.C, 1, heads);
    pack(a.heads_bias, 1, z.raw(), 1, 1, heads_bias);
    OutputRows(y, outputs).fill(a.output_weights);
    for (int l = 0; z.lstm() && l < z.L; ++l) pack(a.recurrent + l * G * z.C, z.gates, z.C, z.C, 1, recurrent(l));
    for (int l = 1; l < z.L; ++l) {
      pack(a.layers + (l - 1) * G * z.C, z.gates, z.C, z.C, 1, below(l));
      pack(a.layer_bias + (l - 1) * G, z.gates, z.C, 1, 1, layer_bias(l));
    }
  }
};

// Transposed weights for the backward pass, a matrix for each gate.
struct BackwardWeights {
  const Layout& y;
  float* base;
  BackwardWeights(const Layout& layout, float* packed) : y(layout), base(packed) {}
  Index inputs_size() const { return vectors(y.z.I) * y.z.C * kLanes; }
  Index reads_size() const { return y.reads * y.z.C; }
  Index layer_size() const { return y.cells * y.z.C * kLanes; }
  Index size() const {
    const Index recurrent = y.z.lstm() ? y.z.L : 0;
    return heads().size() + y.z.gates * (inputs_size() + reads_size() + (recurrent + y.z.L - 1) * layer_size()) +
           outputs().size();
  }
  OutputRows outputs() const {
    return {y, layers() + ((y.z.lstm() ? y.z.L : 0) + y.z.L - 1) * y.z.gates * layer_size()};
  }
  Matrix heads() const { return {base, y.cells, y.z.raw()}; }
  float* gates() const { return base + y.cells * y.z.raw() * kLanes; }
  Matrix inputs(int gate) const { return {gates() + gate * inputs_size(), vectors(y.z.I), y.z.C}; }
  Matrix reads(int gate) const {
    return {gates() + y.z.gates * inputs_size() + gate * reads_size(), y.reads / kLanes, y.z.C};
  }
  float* layers() const { return gates() + y.z.gates * (inputs_size() + reads_size()); }
  Matrix recurrent(int l, int gate) const {
    return {layers() + (l * y.z.gates + gate) * layer_size(), y.cells, y.z.C};
  }
  Matrix below(int l, int gate) const { return recurrent((y.z.lstm() ? y.z.L : 0) + l - 1, gate); }
  void fill(const ScanArrays& a) const {
    const ScanSizes& z = y.z;
    const Index C = z.C, G = z.gates * C, reads_width = Index{z.R} * z.W;
    pack(a.heads, 1, C, 1, C, heads());
    outputs().fill(a.output_weights);
    for (int gate = 0; gate < z.gates; ++gate) {
      pack(a.input_weights + gate * C * z.I, 1, z.I, 1, z.I, inputs(gate));
      pack(a.reads + gate * C * reads_width, 1, reads_width, 1, reads_width, reads(gate));
      for (int l = 0; z.lstm() && l < z.L; ++l) pack(a.recurrent + (l * G + gate * C) * C, 1, C, 1, C, recurrent(l, gate));
      for (int l = 1; l < z.L; ++l) pack(a.layers + ((l - 1) * G + gate * C) * C, 1, C, 1, C, below(l, gate));
    }
  }
};

}  // namespace ntmlab::NTMLAB_ISA::ntm
