// The elementwise part of an LSTM step, on vectors of units.
#pragma once
#include "calls.hpp"
#include "panels.hpp"

namespace ntmlab::NTMLAB_ISA {

// e^x - 1 = scale * fraction + (scale - 1), scale a power of two. For x in [-87, 88]; NaN gives NaN.
struct Exponential {
  Vec scale, fraction;
};

inline Exponential exponential(Vec x) {
  const Vec shifter = splat(12582912.0f);  // 1.5 * 2^23: adding it rounds to the nearest integer
  const Vec shifted = x * 1.44269504088896341f + shifter;
  const Vec k = shifted - shifter;
  Vec r = x - k * 0.693359375f;
  r = r + k * 2.12194440e-4f;
  Vec p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r;
  // The integer sits in the low bits of the shifted number; moved up it is the exponent.
  const VecI exponent = (reinterpret_cast<VecI>(shifted) << 23) + 0x3f800000;
  return {reinterpret_cast<Vec>(exponent), p};
}

inline Vec clamp(Vec x, float low, float high) {  // NaN stays NaN
  const Vec capped = x > splat(high) ? splat(high) : x;
  return capped < splat(low) ? splat(low) : capped;
}

// Logistic function; below -88 it stops at 6e-39, which is flushed to 0.
inline Vec gate(Vec x) {
  const Exponential e = exponential(clamp(-x, -87.0f, 88.0f));
  return 1.0f / (e.scale * e.fraction + e.scale + 1.0f);
}

// tanh x = (e^2x - 1) / (e^2x + 1), accurate also near 0 because e^2x - 1 is. Beyond 10 it is 1 in float32.
inline Vec squash(Vec x) {
  const Exponential e = exponential(clamp(2.0f * x, -20.0f, 20.0f));
  const Vec m = e.scale * e.fraction + (e.scale - 1.0f);
  return m / (m + 2.0f);
}

// What one vector of units keeps of one step for the backward pass.
struct Record {
  float input[kLanes], forget[kLanes], proposal[kLanes], output[kLanes], cell[kLanes];
};
inline constexpr Index kRecord = sizeof(Record) / sizeof(float);

// Gates before their nonlinearities and the previous cell to the next hidden vector. Writes the next cell.
inline Vec cell_forward(const float* gates, Index stride, float* cell, Record* record) {
  const Vec i = gate(load(gates)), f = gate(load(gates + stride));
  const Vec g = squash(load(gates + 2 * stride)), o = gate(load(gates + 3 * stride));
  const Vec c = f * load(cell) + i * g;
  store(cell, c);
  if (record != nullptr) {
    store(record->input, i);
    store(record->forget, f);
    store(record->proposal, g);
    store(record->output, o);
    store(record->cell, c);
  }
  return o * squash(c);
}

inline Vec hidden_of(const Record& record) { return load(record.output) * squash(load(record.cell)); }

// From the gradient of hidden and (in grad_cell) of the cell to those of the gates before their
// nonlinearities and of the previous cell (in grad_cell). Also recomputes hidden.
inline void cell_backward(const Record& record, const float* previous_cell, Vec grad_hidden, float* grad_cell,
                          float* grad_gates, Index stride, float* hidden) {
  const Vec i = load(record.input), f = load(record.forget), g = load(record.proposal);
  const Vec o = load(record.output), squashed = squash(load(record.cell));
  store(hidden, o * squashed);
  const Vec grad = load(grad_cell) + grad_hidden * o * (1.0f - squashed * squashed);
  store(grad_gates, grad * g * i * (1.0f - i));
  store(grad_gates + stride, grad * load(previous_cell) * f * (1.0f - f));
  store(grad_gates + 2 * stride, grad * i * (1.0f - g * g));
  store(grad_gates + 3 * stride, grad_hidden * squashed * o * (1.0f - o));
  store(grad_cell, grad * f);
}

}  // namespace ntmlab::NTMLAB_ISA
