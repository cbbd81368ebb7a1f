// One group of sequences forward over time.
#pragma once
#include "memory.hpp"
#include "products.hpp"
#include "transpose.hpp"

namespace ntmlab::NTMLAB_ISA {

// All heads' weightings at one step, from the state before it. `w` may be the one of that state.
template <int Q>
inline void look_up(const ScanSizes& z, const Heads<Q>& heads, const State<Q>& before, const Lookup<Q>& lookup,
                    float* ring, float* w) {
  similarities<Q>(z, before.memory, before.slot_scale, heads, lookup.similarity);
  for (int k = 0; k < z.heads(); ++k) {
    const Index at = Index{k} * z.N * Q;
    const auto one = [&]<int kS>() {
      address<Q, kS>(z, Head<Q>(z, heads.values, k), lookup.similarity + at, before.w + at, lookup.content + at,
                     lookup.log + at, ring, w + at);
    };
    if (z.S == 3)
      one.template operator()<3>();
    else
      one.template operator()<0>();
  }
}

template <int Q>
inline void read_write(const ScanSizes& z, const Heads<Q>& heads, const float* w, const float* memory,
                       const State<Q>& next) {
  if (z.R == 1 && z.V == 1)
    read_write<Q, 1, 1>(z, heads, w, memory, next.memory, next.slot_scale, next.reads);
  else
    read_write<Q, 0, 0>(z, heads, w, memory, next.memory, next.slot_scale, next.reads);
}

template <int Q>
struct ForwardScratch {
  Index size;
  float *inputs, *pre, *state, *lookup, *ring, *heads, *units[2];
  ForwardScratch(const ScanSizes& z, float* base) {
    Parts parts{base};
    inputs = parts.take(Index{z.I} * Q);
    pre = parts.take(Index{z.gates} * z.C * Q);
    state = parts.take(State<Q>::size(z));
    lookup = parts.take(Lookup<Q>::size(z));
    ring = parts.take((Index{z.N} + 2 * (z.S / 2)) * Q);
    heads = parts.take(Heads<Q>::size(z));
    units[0] = parts.take(Units<Q>::size(z));
    units[1] = parts.take(Units<Q>::size(z));
    size = parts.used;
  }
};

template <int Q>
class Forward {
 public:
  Forward(const ScanSizes& sizes, const ScanPlan& plan, const ScanArrays& arrays, const float* packed,
          float* scratch, int group)
      : z(sizes), a(arrays), weights{sizes, const_cast<float*>(packed)}, s(sizes, scratch),
        tape(sizes, plan, arrays.tape, group), rows(sizes, plan.lanes, group), lookup(sizes, s.lookup),
        G(z.gates * z.C) {}

  void run() {
    start();
    for (Index t = 0; t < z.T; ++t) step(t);
    finish();
  }

 private:
  using V = Lanes<Q>;
  const ScanSizes& z;
  const ScanArrays& a;
  const Weights weights;
  const ForwardScratch<Q> s;
  const Tape<Q> tape;
  const Rows rows;
  const Lookup<Q> lookup;
  const int G;

  // Before step t: on the tape where a segment begins, else in scratch.
  State<Q> state_at(Index t) const {
    return tape.base && t < z.T && t % tape.segment == 0 ? tape.state(t) : State<Q>(z, s.state);
  }
  Units<Q> units_at(Index t) const { return tape.base ? tape.units(t) : Units<Q>(z, s.units[t & 1]); }

  void in(const float* array, Index size, float* out) {  // an array (B, size)
    to_lanes<Q>(array + rows.first * size, size, rows.count, size, out);
  }
  void out(const float* in, Index size, float* array) {
    to_rows<Q>(in, size, array + rows.first * size, size, rows.count);
  }
  void out(const float* in, Index size, float* array, Index t) {  // an array (B, T, size)
    to_rows<Q>(in, size, array + (rows.first * z.T + t) * size, z.T * size, rows.count);
  }

  void start() {
    const State<Q> state = state_at(0);
    in(a.memory0, Index{z.N} * z.W, state.memory);
    measure<Q>(z, state.memory, state.slot_scale);
    in(a.read_w0, Index{z.R} * z.N, state.w);
    in(a.write_w0, Index{z.V} * z.N, state.w + Index{z.R} * z.N * Q);
    in(a.reads0, Index{z.R} * z.W, state.reads);
    if (!z.lstm()) return;
    in(a.hidden0, Index{z.L} * z.C, units_at(-1).hidden);
    in(a.cell0, Index{z.L} * z.C, units_at(-1).cell);
  }

  void controller(Index t, const Units<Q>& now, const Units<Q>& before, const float* reads) {
    for (int l = 0; l < z.L; ++l) {
      float* pre = s.pre;
      const Index at = Index{l} * z.C * Q;
      if (l == 0) {
        for (int i = 0; i < G; ++i) put(pre + i * Q, all<V>(a.input_bias[i]));
        to_lanes<Q>(a.inputs + (rows.first * z.T + t) * z.I, Index{z.T} * z.I, rows.count, z.I, s.inputs);
        multiply<Q>({weights.inputs(), G, z.I}, s.inputs, pre);
        multiply<Q>({weights.reads(), G, z.R * z.W}, reads, pre);
      } else {
        for (int i = 0; i < G; ++i) put(pre + i * Q, all<V>(a.layer_bias[Index{l - 1} * G + i]));
        multiply<Q>({weights.above(l - 1), G, z.C}, now.hidden + at - z.C * Q, pre);
      }
      float* hidden = now.hidden + at;
      if (!z.lstm()) {
        for (int i = 0; i < z.C; ++i) put(hidden + i * Q, tanh(get<V>(pre + i * Q)));
        continue;
      }
      multiply<Q>({weights.recurrent(l), G, z.C}, before.hidden + at, pre);
      float *cell = now.cell + at, *gates = now.gates + 4 * at;
      for (Index i = 0; i < z.C; ++i) {
        const Index forget = (z.C + i) * Q, proposal = (2 * z.C + i) * Q, output = (3 * z.C + i) * Q;
        const V gi = sigmoid(get<V>(pre + i * Q)), gf = sigmoid(get<V>(pre + forget));
        const V gg = tanh(get<V>(pre + proposal)), go = sigmoid(get<V>(pre + output));
        const V c = gf * get<V>(before.cell + at + i * Q) + gi * gg;
        put(gates + i * Q, gi), put(gates + forget, gf), put(gates + proposal, gg), put(gates + output, go);
        put(cell + i * Q, c);
        put(hidden + i * Q, go * tanh(c));
      }
    }
  }

  void step(Index t) {
    const Units<Q> now = units_at(t);
    const State<Q> before = state_at(t), after = state_at(t + 1);
    controller(t, now, units_at(t - 1), before.reads);
    const float* top = now.hidden + (Index{z.L} - 1) * z.C * Q;
    out(top, z.C, a.hidden, t);
    const Heads<Q> heads = tape.base ? tape.heads(t) : Heads<Q>(z, s.heads);
    for (int i = 0; i < z.raw(); ++i) put(heads.values + i * Q, all<V>(a.heads_bias[i]));
    multiply<Q>({weights.heads(), z.raw(), z.C}, top, heads.values);
    if (a.raw) out(heads.values, z.raw(), a.raw, t);
    activate(z, heads);
    look_up(z, heads, before, lookup, s.ring, after.w);
    read_write(z, heads, after.w, before.memory, after);
    out(after.reads, Index{z.R} * z.W, a.read_out, t);
    if (a.weightings) out(after.w, Index{z.heads()} * z.N, a.weightings, t);
  }

  void finish() {
    const State<Q> state = state_at(z.T);
    out(state.memory, Index{z.N} * z.W, a.memory);
    out(state.w, Index{z.R} * z.N, a.read_w);
    out(state.w + Index{z.R} * z.N * Q, Index{z.V} * z.N, a.write_w);
    out(state.reads, Index{z.R} * z.W, a.reads_end);
    if (!z.lstm()) return;
    out(units_at(z.T - 1).hidden, Index{z.L} * z.C, a.hidden_end);
    out(units_at(z.T - 1).cell, Index{z.L} * z.C, a.cell_end);
  }
};

}  // namespace ntmlab::NTMLAB_ISA
