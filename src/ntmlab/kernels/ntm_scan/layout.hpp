// Where everything of a group lies: one sequence in each lane, so an array of n numbers a sequence is
// [n][lanes]. The memory is [slots][width][lanes].
#pragma once
#include "calls.hpp"
#include "lanes.hpp"

namespace ntmlab::NTMLAB_ISA {

inline constexpr float kNormSmoothing = 1e-4f;  // addressing.py: NORM_SMOOTHING
inline constexpr float kLogFloor = 1e-30f;      // addressing.py: LOG_FLOOR
inline constexpr float kStrengthLimit = 1e3f;   // addressing.py: STRENGTH_LIMIT

// Longer segments keep less from the forward pass, but the backward pass holds one at a time.
inline constexpr Index kSegmentBytes = 1 << 20;
inline constexpr int kLeastSegment = 4, kMostSegment = 16;

inline Index smaller(Index a, Index b) { return a < b ? a : b; }

// Hands out consecutive parts of one allocation, aligned to cache lines; with a null base it only counts.
struct Parts {
  float* base;
  Index used = 0;
  float* take(Index floats) {
    float* p = base == nullptr ? nullptr : base + used;
    used += (floats + 15) / 16 * 16;
    return p;
  }
};

inline void zero(float* p, Index floats) { std::memset(p, 0, floats * sizeof(float)); }

// A head's parameters after activation, at the places of the raw ones, and what else follows from them.
template <int Q>
struct Heads {
  float *values;       // [P]
  float *key_scale;    // [H] 1 / norm of the key
  float *beta_slope, *gamma_slope;  // [H] d beta / d raw, d gamma / d raw
  static Index size(const ScanSizes& z) { return (z.raw() + 3 * z.heads()) * Q; }
  Heads(const ScanSizes& z, float* p)
      : values(p), key_scale(p + z.raw() * Q), beta_slope(key_scale + z.heads() * Q),
        gamma_slope(beta_slope + z.heads() * Q) {}
};

// The controller at one step: hidden vectors of all layers, and for an LSTM cells and activated gates.
template <int Q>
struct Units {
  float *hidden, *cell, *gates;  // [L][C], [L][C], [L][4C]
  static Index size(const ScanSizes& z) { return Index{z.L} * z.C * Q * (z.lstm() ? 6 : 1); }
  Units(const ScanSizes& z, float* p)
      : hidden(p), cell(p + Index{z.L} * z.C * Q), gates(p + Index{z.L} * z.C * Q * 2) {}
};

// What a machine carries from step to step besides the controller.
template <int Q>
struct State {
  float *memory, *slot_scale, *w, *reads;  // [N][W], [N] 1 / norm of the slot, [H][N], [R*W]
  static Index size(const ScanSizes& z) {
    return (Index{z.N} * z.W + z.N + Index{z.heads()} * z.N + z.R * z.W) * Q;
  }
  State(const ScanSizes& z, float* p)
      : memory(p), slot_scale(memory + Index{z.N} * z.W * Q), w(slot_scale + Index{z.N} * Q),
        reads(w + Index{z.heads()} * z.N * Q) {}
};

// One step's addressing as the backward pass wants it.
template <int Q>
struct Lookup {
  float *similarity, *content, *log;  // [H][N]; the last is log2 of the shifted weighting
  static Index size(const ScanSizes& z) { return Index{z.heads()} * z.N * 3 * Q; }
  Lookup(const ScanSizes& z, float* p)
      : similarity(p), content(p + Index{z.heads()} * z.N * Q), log(content + Index{z.heads()} * z.N * Q) {}
};

// What the forward pass keeps of a group: units before the first step, then heads and units of every step;
// the state before each segment.
template <int Q>
struct Tape {
  const ScanSizes& z;
  Index segment;
  float* base;
  Tape(const ScanSizes& sizes, const ScanPlan& plan, float* tape, int group)
      : z(sizes), segment(plan.segment), base(tape ? tape + group * size(sizes, plan) : nullptr) {}
  static Index record(const ScanSizes& z) { return Heads<Q>::size(z) + Units<Q>::size(z); }
  static Index size(const ScanSizes& z, const ScanPlan& plan) {
    const Index segments = (z.T + plan.segment - 1) / plan.segment;
    return (z.T + 1) * record(z) + segments * State<Q>::size(z);
  }
  Heads<Q> heads(Index t) const { return {z, base + (t + 1) * record(z) + Units<Q>::size(z)}; }
  Units<Q> units(Index t) const { return {z, base + (t + 1) * record(z)}; }  // from t = -1 on
  State<Q> state(Index t) const {
    return {z, base + (z.T + 1) * record(z) + t / segment * State<Q>::size(z)};
  }
};

// Sequences of a group: the first, and how many.
struct Rows {
  Index first;
  int count;
  Rows(const ScanSizes& z, int lanes, int group)
      : first(Index{group} * lanes), count(static_cast<int>(smaller(lanes, z.B - first))) {}
};

}  // namespace ntmlab::NTMLAB_ISA
