// Gradients of one group of sequences, backward over time.
#pragma once
#include <math.h>

#include "forward.hpp"
#include "panels.hpp"

namespace ntmlab::NTMLAB_ISA {

inline Index padded(Index n) { return vectors(n) * kLanes; }

// One thread's weight gradients, rows padded to whole vectors.
struct Sums {
  float *inputs, *reads, *recurrent, *layers, *heads, *input_bias, *layer_bias, *heads_bias;
  Index size;
  Sums(const ScanSizes& z, float* base) {
    const Index G = z.gates * z.C, C = padded(z.C);
    Parts parts{base};
    inputs = parts.take(G * padded(z.I));
    heads = parts.take(z.raw() * C);
    input_bias = parts.take(padded(G));
    reads = parts.take(G * padded(z.R * z.W));
    recurrent = parts.take((z.lstm() ? z.L : 0) * G * C);
    layers = parts.take((z.L - 1) * G * C);
    heads_bias = parts.take(padded(z.raw()));
    layer_bias = parts.take((z.L - 1) * padded(G));
    size = parts.used;
  }
};

template <int Q>
struct BackwardScratch {
  Index size;
  float *inputs, *dM, *dw, *dr, *draw, *dpre, *dhidden, *dcell, *dabove, *dot, *dnorm, *own, *ring, *dring, *chain;
  float *states, *w, *lookups;
  Panels raw, pre, hidden, reads, input;  // of a segment, in rows; of all layers; hidden begins one step earlier
  BackwardScratch(const ScanSizes& z, const ScanPlan& plan, float* base) {
    const Index G = z.gates * z.C, H = z.heads(), ring_size = (Index{z.N} + 2 * (z.S / 2)) * Q;
    const Index segment = smaller(plan.segment, z.T);
    Parts parts{base};
    inputs = parts.take(Index{z.I} * Q);
    dM = parts.take(Index{z.N} * z.W * Q);
    dw = parts.take(H * z.N * Q);
    dr = parts.take(Index{z.R} * z.W * Q);
    draw = parts.take(Index{z.raw()} * Q);
    dpre = parts.take(G * Q);
    dhidden = parts.take(Index{z.L} * z.C * Q);
    dcell = parts.take(Index{z.L} * z.C * Q);
    dabove = parts.take(Index{z.C} * Q);
    dot = parts.take(H * z.N * Q);
    dnorm = parts.take(Index{z.N} * Q);
    own = parts.take(H * Q);
    ring = parts.take(ring_size);
    dring = parts.take(ring_size);
    chain = parts.take(Index{z.V} * Q);
    states = parts.take((segment - 1) * State<Q>::size(z));
    w = parts.take(H * z.N * Q);
    lookups = parts.take(segment * Lookup<Q>::size(z));
    const auto panels = [&](Index units, Index rows) {
      const Index stride = panel_stride(rows);
      return Panels{parts.take(vectors(units) * stride), stride};
    };
    raw = panels(z.raw(), segment * Q);
    pre = panels(z.L * padded(G), segment * Q);
    hidden = panels(z.L * padded(z.C), (segment + 1) * Q);
    reads = panels(z.R * z.W, segment * Q);
    input = panels(z.I, segment * Q);
    size = parts.used;
  }
};

template <int Q>
class Backward {
 public:
  Backward(const ScanSizes& sizes, const ScanPlan& plan, const ScanArrays& arrays, const ScanGradients& gradients,
           const float* packed, float* scratch, float* thread_sums, int group)
      : z(sizes), a(arrays), g(gradients), weights{sizes, const_cast<float*>(packed)}, s(sizes, plan, scratch),
        sums(sizes, thread_sums), tape(sizes, plan, arrays.tape, group), rows(sizes, plan.lanes, group),
        G(z.gates * z.C), H(z.heads()) {}

  void run() {
    start();
    for (Index end = z.T; end > 0;) {
      const Index begin = (end - 1) / tape.segment * tape.segment;
      replay(begin, end);
      for (Index t = end - 1; t >= begin; --t) {
        step(begin, t);
        if (g.clip < INFINITY) clip();
      }
      add_weights(begin, end);
      end = begin;
    }
    finish();
  }

 private:
  using V = Lanes<Q>;
  const ScanSizes& z;
  const ScanArrays& a;
  const ScanGradients& g;
  const Weights weights;
  const BackwardScratch<Q> s;
  const Sums sums;
  const Tape<Q> tape;
  const Rows rows;
  const Index G, H;

  // Before step t of the segment that begins at `begin`.
  State<Q> state(Index begin, Index t) const {
    return t == begin ? tape.state(t) : State<Q>(z, s.states + (t - begin - 1) * State<Q>::size(z));
  }
  Lookup<Q> lookup(Index begin, Index t) const { return {z, s.lookups + (t - begin) * Lookup<Q>::size(z)}; }

  void in(const float* array, Index size, float* out) {  // an array (B, size)
    to_lanes<Q>(array + rows.first * size, size, rows.count, size, out);
  }
  void in(const float* array, Index size, Index t, float* out) {  // an array (B, T, size)
    to_lanes<Q>(array + (rows.first * z.T + t) * size, z.T * size, rows.count, size, out);
  }
  void out(const float* in, Index size, float* array) {
    to_rows<Q>(in, size, array + rows.first * size, size, rows.count);
  }

  void start() {
    in(g.memory, Index{z.N} * z.W, s.dM);
    in(g.read_w, Index{z.R} * z.N, s.dw);
    in(g.write_w, Index{z.V} * z.N, s.dw + Index{z.R} * z.N * Q);
    in(g.reads_end, Index{z.R} * z.W, s.dr);
    if (!z.lstm()) return;
    in(g.hidden_end, Index{z.L} * z.C, s.dhidden);
    in(g.cell_end, Index{z.L} * z.C, s.dcell);
  }

  // Addressing and memory of a segment once more; the memory after its last step is not needed.
  void replay(Index begin, Index end) {
    for (Index t = begin; t < end; ++t) {
      const State<Q> before = state(begin, t);
      float* w = t + 1 < end ? state(begin, t + 1).w : s.w;
      look_up(z, tape.heads(t), before, lookup(begin, t), s.ring, w);
      if (t + 1 < end) read_write(z, tape.heads(t), w, before.memory, state(begin, t + 1));
    }
  }

  // Limits the gradient of the state before a step.
  void clip() {
    const auto limit = [&](float* p, Index count) {
      for (Index i = 0; i < count; ++i) put(p + i * Q, within(get<V>(p + i * Q), -g.clip, g.clip));
    };
    limit(s.dM, Index{z.N} * z.W);
    limit(s.dw, H * z.N);
    limit(s.dr, Index{z.R} * z.W);
    if (!z.lstm()) return;
    limit(s.dhidden, Index{z.L} * z.C);
    limit(s.dcell, Index{z.L} * z.C);
  }

  template <int kS>
  void addresses_backward(const Heads<Q>& heads, const State<Q>& before, const Lookup<Q>& found, const float* w) {
    zero(s.dnorm, Index{z.N} * Q);
    for (int k = 0; k < H; ++k) {
      const Index at = Index{k} * z.N * Q;
      const Head<Q> d(z, s.draw, k);
      const V own = address_backward<Q, kS>(
          z, Head<Q>(z, heads.values, k), get<V>(heads.key_scale + k * Q), get<V>(heads.beta_slope + k * Q),
          get<V>(heads.gamma_slope + k * Q), before.slot_scale, found.similarity + at, found.content + at,
          found.log + at, before.w + at, w + at, s.ring, s.dring, d, s.dw + at, s.dot + at, s.dnorm);
      put(s.own + k * Q, own);
    }
  }

  void step(Index begin, Index t) {
    const Heads<Q> heads = tape.heads(t);
    const State<Q> before = state(begin, t);
    const float* w = t + 1 < end_of(begin) ? state(begin, t + 1).w : s.w;
    const Index reads = Index{z.R} * z.W;
    in(g.read_out, reads, t, s.dpre);  // dpre is free here
    for (Index i = 0; i < reads; ++i) put(s.dr + i * Q, get<V>(s.dr + i * Q) + get<V>(s.dpre + i * Q));
    if (z.R == 1 && z.V == 1)
      read_write_backward<Q, 1, 1>(z, heads, w, before.memory, s.dr, s.dM, s.dw, s.draw, s.chain);
    else
      read_write_backward<Q, 0, 0>(z, heads, w, before.memory, s.dr, s.dM, s.dw, s.draw, s.chain);
    if (z.S == 3)
      addresses_backward<3>(heads, before, lookup(begin, t), w);
    else
      addresses_backward<0>(heads, before, lookup(begin, t), w);
    similarities_backward<Q>(z, heads, before.memory, s.dot, s.dnorm, s.dM, s.draw);
    for (int k = 0; k < H; ++k) {
      const Head<Q> h(z, heads.values, k), d(z, s.draw, k);
      const V own = get<V>(s.own + k * Q);
      for (Index j = 0; j < z.W; ++j) {
        const V key = get<V>(h.key + j * Q);
        put(d.key + j * Q, (get<V>(d.key + j * Q) + own * key) * (1.0f - key * key));
      }
    }
    in(g.hidden, z.C, t, s.dabove);
    multiply<Q>({weights.heads(), z.C, z.raw()}, s.draw, s.dabove);
    controller(begin, t);
  }

  // From s.dabove, the gradient of the top hidden vector, to that of the reads before the step.
  void controller(Index begin, Index t) {
    const Units<Q> now = tape.units(t), before = tape.units(t - 1);
    for (int l = z.L - 1; l >= 0; --l) {
      const Index at = Index{l} * z.C * Q;
      const float* hidden = now.hidden + at;
      float* dh = s.dhidden + at;
      if (!z.lstm()) {
        for (Index i = 0; i < z.C; ++i) {
          const V h = get<V>(hidden + i * Q);
          put(s.dpre + i * Q, get<V>(s.dabove + i * Q) * (1.0f - h * h));
        }
      } else {
        float* dc = s.dcell + at;
        const float* gates = now.gates + 4 * at;
        for (Index i = 0; i < z.C; ++i) {
          const Index forget = (z.C + i) * Q, proposal = (2 * z.C + i) * Q, output = (3 * z.C + i) * Q;
          const V gi = get<V>(gates + i * Q), gf = get<V>(gates + forget), gg = get<V>(gates + proposal);
          const V go = get<V>(gates + output), c = tanh(get<V>(now.cell + at + i * Q));
          const V dhi = get<V>(s.dabove + i * Q) + get<V>(dh + i * Q);
          const V dci = get<V>(dc + i * Q) + dhi * go * (1.0f - c * c);
          put(s.dpre + i * Q, dci * gg * gi * (1.0f - gi));
          put(s.dpre + forget, dci * get<V>(before.cell + at + i * Q) * gf * (1.0f - gf));
          put(s.dpre + proposal, dci * gi * (1.0f - gg * gg));
          put(s.dpre + output, dhi * c * go * (1.0f - go));
          put(dc + i * Q, dci * gf);
        }
        zero(dh, Index{z.C} * Q);
        multiply<Q>({weights.recurrent(l), z.C, static_cast<int>(G)}, s.dpre, dh);
      }
      panel_rows(s.dpre, G, s.pre, l * vectors(G), t - begin);
      if (l > 0) {
        zero(s.dabove, Index{z.C} * Q);
        multiply<Q>({weights.above(l - 1), z.C, static_cast<int>(G)}, s.dpre, s.dabove);
      }
    }
    if (g.inputs) {
      zero(s.inputs, Index{z.I} * Q);
      multiply<Q>({weights.inputs(), z.I, static_cast<int>(G)}, s.dpre, s.inputs);
      to_rows<Q>(s.inputs, z.I, g.inputs + (rows.first * z.T + t) * z.I, Index{z.T} * z.I, rows.count);
    }
    zero(s.dr, Index{z.R} * z.W * Q);
    multiply<Q>({weights.reads(), z.R * z.W, static_cast<int>(G)}, s.dpre, s.dr);
    panel_rows(s.draw, z.raw(), s.raw, 0, t - begin);
    in(a.inputs, z.I, t, s.inputs);
    panel_rows(s.inputs, z.I, s.input, 0, t - begin);
    panel_rows(state(begin, t).reads, Index{z.R} * z.W, s.reads, 0, t - begin);
    for (int l = 0; l < z.L; ++l)
      panel_rows(now.hidden + Index{l} * z.C * Q, z.C, s.hidden, l * vectors(z.C), t - begin + 1);
  }

  Index end_of(Index begin) const { return smaller(begin + tape.segment, z.T); }

  // The vectors [units][Q] of a step of the segment into its rows of panels.
  void panel_rows(const float* in, Index units, Panels out, Index first_panel, Index step) {
    for (Index u = 0; u < units; u += kLanes)
      to_rows<Q>(in + u * Q, smaller(kLanes, units - u), out.at(first_panel + u / kLanes, step * rows.count),
                 kLanes, rows.count);
  }

  static void add_rows(Panels in, Index units, Index count, float* out) {
    for (Index p = 0; p < vectors(units); ++p) {
      Vec sum = load(out + p * kLanes);
      for (Index r = 0; r < count; ++r) sum += load(in.at(p, r));
      store(out + p * kLanes, sum);
    }
  }

  void add_weights(Index begin, Index end) {
    const Index count = (end - begin) * rows.count, C = vectors(z.C);
    const auto part = [](Panels all, Index panel, Index row) { return Panels{all.at(panel, row), all.stride}; };
    outer(s.raw, z.raw(), part(s.hidden, (z.L - 1) * C, rows.count), C, count, sums.heads);
    outer(s.pre, G, s.reads, vectors(z.R * z.W), count, sums.reads);
    outer(s.pre, G, s.input, vectors(z.I), count, sums.inputs);
    add_rows(s.raw, z.raw(), count, sums.heads_bias);
    add_rows(s.pre, G, count, sums.input_bias);
    if (z.lstm())
      for (int l = 0; l < z.L; ++l) {
        panel_rows(tape.units(begin - 1).hidden + Index{l} * z.C * Q, z.C, s.hidden, l * C, 0);
        outer(part(s.pre, l * vectors(G), 0), G, part(s.hidden, l * C, 0), C, count,
              sums.recurrent + l * G * C * kLanes);
      }
    for (int l = 0; l + 1 < z.L; ++l) {
      const Panels above = part(s.pre, (l + 1) * vectors(G), 0);
      outer(above, G, part(s.hidden, l * C, rows.count), C, count, sums.layers + l * G * C * kLanes);
      add_rows(above, G, count, sums.layer_bias + l * padded(G));
    }
  }

  void finish() {
    out(s.dM, Index{z.N} * z.W, g.memory0);
    out(s.dw, Index{z.R} * z.N, g.read_w0);
    out(s.dw + Index{z.R} * z.N * Q, Index{z.V} * z.N, g.write_w0);
    out(s.dr, Index{z.R} * z.W, g.reads0);
    if (!z.lstm()) return;
    out(s.dhidden, Index{z.L} * z.C, g.hidden0);
    out(s.dcell, Index{z.L} * z.C, g.cell0);
  }
};

// out (count, columns) = the threads' sums with padded rows, in the threads' order.
inline void gather(const float* sums, Index thread_stride, int threads, Index count, Index columns, float* out) {
  for (Index i = 0; i < count; ++i)
    for (Index j = 0; j < columns; ++j) {
      const float* in = sums + i * padded(columns) + j;
      float total = *in;
      for (int t = 1; t < threads; ++t) total += in[t * thread_stride];
      out[i * columns + j] = total;
    }
}

}  // namespace ntmlab::NTMLAB_ISA
