// The elementwise part of an LSTM step, on vectors of units.
#pragma once
#include "calls.hpp"
#include "panels.hpp"

namespace ntmlab::NTMLAB_ISA {

// What one vector of units keeps of one step for the backward pass.
struct Record {
  float input[kLanes], forget[kLanes], proposal[kLanes], output[kLanes], cell[kLanes];
};
inline constexpr Index kRecord = sizeof(Record) / sizeof(float);

// Gates before their nonlinearities and the previous cell to the next hidden vector. Writes the next cell.
inline Vec cell_forward(const float* gates, Index stride, float* cell, Record* record) {
  const Vec i = sigmoid(load(gates)), f = sigmoid(load(gates + stride));
  const Vec g = tanh(load(gates + 2 * stride)), o = sigmoid(load(gates + 3 * stride));
  const Vec c = f * load(cell) + i * g;
  store(cell, c);
  if (record != nullptr) {
    store(record->input, i);
    store(record->forget, f);
    store(record->proposal, g);
    store(record->output, o);
    store(record->cell, c);
  }
  return o * tanh(c);
}

inline Vec hidden_of(const Record& record) { return load(record.output) * tanh(load(record.cell)); }

// From the gradient of hidden and (in grad_cell) of the cell to those of the gates before their
// nonlinearities and of the previous cell (in grad_cell). Also recomputes hidden.
inline void cell_backward(const Record& record, const float* previous_cell, Vec grad_hidden, float* grad_cell,
                          float* grad_gates, Index stride, float* hidden) {
  const Vec i = load(record.input), f = load(record.forget), g = load(record.proposal);
  const Vec o = load(record.output), squashed = tanh(load(record.cell));
  store(hidden, o * squashed);
  const Vec grad = load(grad_cell) + grad_hidden * o * (1.0f - squashed * squashed);
  store(grad_gates, grad * g * i * (1.0f - i));
  store(grad_gates + stride, grad * load(previous_cell) * f * (1.0f - f));
  store(grad_gates + 2 * stride, grad * i * (1.0f - g * g));
  store(grad_gates + 3 * stride, grad_hidden * squashed * o * (1.0f - o));
  store(grad_cell, grad * f);
}

}  // namespace ntmlab::NTMLAB_ISA
