// Where everything of a group of sequences lies. What belongs to slots has them in the lanes of vectors: the
// memory of a sequence is [width][slots], a weighting [slots]. What belongs to the controller has its units in
// the lanes, all sequences of the group one after the other (panels.hpp).
//
// Padding lanes of memory, weightings and their gradients are zero.
#pragma once
#include "calls.hpp"
#include "panels.hpp"

// Passes over slots stay functions of their own: a profile then shows each.
#define NTMLAB_PASS [[gnu::noinline]] inline
// Their bodies must not: what a lambda captures would be read from memory at every use.
#define NTMLAB_INLINE __attribute__((always_inline))

namespace ntmlab::NTMLAB_ISA::ntm {

inline constexpr float kNormSmoothing = 1e-4f;  // addressing.py: NORM_SMOOTHING
inline constexpr float kLogFloor = 1e-30f;      // addressing.py: LOG_FLOOR
inline constexpr float kStrengthLimit = 1e3f;   // addressing.py: STRENGTH_LIMIT

inline Index padded(Index n) { return vectors(n) * kLanes; }
inline void zero(float* p, Index floats) { std::memset(p, 0, floats * sizeof(float)); }

// Sequences of a group whose addressing runs side by side: while one waits for a sum across its slots, others work.
inline constexpr int kTogether = 2;

// Sizes in whole vectors.
struct Layout {
  const ScanSizes& z;
  Index slots;        // floats of a weighting
  Index cells;        // panels of a gate
  Index gate_panels;  // of all gates of a layer
  Index reads;        // floats of a sequence's reads
  Index values;       // floats of a sequence's head parameters; may be read a vector beyond the last
  Index ring;         // floats of a weighting that is closed to a ring
  explicit Layout(const ScanSizes& sizes)
      : z(sizes), slots(padded(z.N)), cells(vectors(z.C)), gate_panels(cells * z.gates),
        reads(padded(Index{z.R} * z.W)), values(padded(z.raw()) + kLanes), ring(lead() + padded(slots + z.S)) {}
  Index lead() const { return padded(z.S / 2); }  // of a ring, before its first slot
  Index items(Index rows) const { return padded(rows * z.heads()); }
};

// What a sequence carries from step to step besides the controller.
struct State {
  float *memory, *slot_scale, *w;  // [W][slots], [slots] 1 / norm of the slot, [H][slots]
  static Index size(const Layout& y) { return (y.z.W + 1 + y.z.heads()) * y.slots; }
  State(const Layout& y, float* p)
      : memory(p), slot_scale(memory + y.z.W * y.slots), w(slot_scale + y.slots) {}
};

// One step's addressing of a sequence as the backward pass wants it.
struct Lookup {
  float *similarity, *content, *log;  // [H][slots]; the last is log2 of the shifted weighting
  static Index size(const Layout& y) { return y.z.heads() * y.slots * 3; }
  Lookup(const Layout& y, float* p)
      : similarity(p), content(p + y.z.heads() * y.slots), log(content + y.z.heads() * y.slots) {}
};

// Parameters of all heads of a group at one step, after activation. Vectors (key, erase, add) stand at the
// places of the raw ones, numbers in arrays of their own: head k of row r is item r * H + k of each.
struct Heads {
  float* values;  // [rows][values]
  float *beta, *g, *gamma, *key_scale, *beta_slope, *gamma_slope;  // [items]; 1 / norm of the key; slopes by raw
  float* s;       // [S][items]
  Index items, row;
  static Index size(const Layout& y, Index rows) { return rows * y.values + (6 + y.z.S) * y.items(rows); }
  Heads(const Layout& y, Index rows, float* p)
      : values(p), beta(p + rows * y.values), g(beta + y.items(rows)), gamma(g + y.items(rows)),
        key_scale(gamma + y.items(rows)), beta_slope(key_scale + y.items(rows)),
        gamma_slope(beta_slope + y.items(rows)), s(gamma_slope + y.items(rows)), items(y.items(rows)),
        row(y.values) {}
  float* of(Index r) const { return values + r * row; }
};

// Places of a head's parts among its sequence's raw parameters.
struct Places {
  Index key, beta, g, s, gamma, erase, add;
  Places(const ScanSizes& z, int k)
      : key(z.head_at(k)), beta(key + z.W), g(beta + 1), s(g + 1), gamma(s + z.S), erase(gamma + 1),
        add(erase + z.W) {}
};

// What the forward pass writes in a segment of time. The first rows of panels are those before its first step.
struct Segment {
  Panels hidden, cell, gates;  // of all layers; the latter two only for an LSTM, gates without rows before
  Panels reads;
  float* begin;
  float *heads, *states;  // [steps][Heads::size], [rows][State::size]: before the first step
  Index size;
  Segment(const Layout& y, const ScanPlan& plan, float* base) : begin(base) {
    const Index rows = plan.rows, steps = plan.segment, L = y.z.L;
    Arena arena{base};
    hidden = arena.panels(L * y.cells * kLanes, (steps + 1) * rows);
    if (y.z.lstm()) {
      cell = arena.panels(L * y.cells * kLanes, (steps + 1) * rows);
      gates = arena.panels(L * y.gate_panels * kLanes, steps * rows);
    }
    reads = arena.panels(y.reads, (steps + 1) * rows);
    heads = arena.take(steps * Heads::size(y, rows));
    states = arena.take(rows * State::size(y));
    size = arena.used;
  }
};

inline Index segments_of(const ScanSizes& z, const ScanPlan& plan) { return (z.T + plan.segment - 1) / plan.segment; }

// Sequences of a group: the first, and how many.
struct Rows {
  Index first, count;
  Rows(const ScanSizes& z, const ScanPlan& plan, int group)
      : first(Index{group} * plan.rows), count(smaller(plan.rows, z.B - first)) {}
};

inline void copy_rows(Panels from, Panels to, Index panels, Index rows) {
  for (Index p = 0; p < panels; ++p) std::memcpy(to.at(p, 0), from.at(p, 0), rows * kLanes * sizeof(float));
}

// A part of the tape that will be wanted soon, asked for in the second-level cache a few lines at a time between
// other work: a processor has places for some twenty lines on their way, and what finds none free waits.
template <bool kWrite>
class Ahead {
 public:
  // To be asked for at one step of a group of `rows` sequences, which calls `some` so many times.
  void begin(const float* from, Index floats, Index rows) {
    const Index calls = 2 + 2 * rows + (rows + kTogether - 1) / kTogether;
    next_ = from, end_ = from + floats, each_ = (floats / kLine / calls + 1) * kLine;
  }
  [[gnu::always_inline]] void some() {
    const float* stop = next_ + smaller(each_, end_ - next_);
    for (; next_ < stop; next_ += kLine) __builtin_prefetch(next_, kWrite, 2);
  }

 private:
  static constexpr Index kLine = 16;  // floats of a cache line
  const float *next_ = nullptr, *end_ = nullptr;
  Index each_ = 0;
};

// A contiguous vector of units into a row of panels, and back. Reads up to a vector beyond the units.
inline void row_in(const float* in, Index units, Panels out, Index row) {
  for (Index u = 0; u < units; u += kLanes) store(out.at(u / kLanes, row), load(in + u));
}
inline void row_out(Panels in, Index row, Index units, float* out) {
  for (Index u = 0; u < units; u += kLanes) store(out + u, load(in.at(u / kLanes, row)));
}
// The same for arrays of the caller, where nothing beyond the units may be touched.
inline void row_from(const float* in, Index units, Panels out, Index row) {
  for (Index u = 0; u < units; u += kLanes) store(out.at(u / kLanes, row), load_part(in + u, units - u));
}
inline void row_to(Panels in, Index row, Index units, float* out) {
  for (Index u = 0; u < units; u += kLanes) store_part(out + u, load(in.at(u / kLanes, row)), units - u);
}
inline void copy_in(const float* in, Index count, float* out) {
  for (Index i = 0; i < count; i += kLanes) store(out + i, load_part(in + i, count - i));
}
inline void copy_out(const float* in, Index count, float* out) {
  for (Index i = 0; i < count; i += kLanes) store_part(out + i, load(in + i), count - i);
}

// A memory (N, W) of the caller's into [W][slots], and back.
inline void memory_in(const Layout& y, const float* in, float* out) {
  const Index N = y.z.N, W = y.z.W;
  for (Index n = 0; n < N; n += kLanes)
    for (Index j = 0; j < W; j += kLanes) {
      Vec square[kLanes];
      for (Index q = 0; q < kLanes; ++q) square[q] = n + q < N ? load_part(in + (n + q) * W + j, W - j) : Vec{};
      transpose<kLanes>(square);
      for (Index i = 0; i < smaller(kLanes, W - j); ++i) store(out + (j + i) * y.slots + n, square[i]);
    }
}
inline void memory_out(const Layout& y, const float* in, float* out) {
  const Index N = y.z.N, W = y.z.W;
  for (Index n = 0; n < N; n += kLanes)
    for (Index j = 0; j < W; j += kLanes) {
      Vec square[kLanes];
      for (Index i = 0; i < kLanes; ++i) square[i] = j + i < W ? load(in + (j + i) * y.slots + n) : Vec{};
      transpose<kLanes>(square);
      for (Index q = 0; q < smaller(kLanes, N - n); ++q) store_part(out + (n + q) * W + j, square[q], W - j);
    }
}

}  // namespace ntmlab::NTMLAB_ISA::ntm
