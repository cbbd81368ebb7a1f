// What the binding hands to the LSTM kernel, and the kernel's entry points, declared once per instruction
// set. Arrays are row-major and contiguous, shaped as in reference.py; a null output is not wanted.
//
// A call runs in parts: pack (per layer), rows (per range of sequences), and for the gradient gather (per
// layer). Parts of one kind are independent, so the binding spreads them over threads.
#pragma once
#include "isa.hpp"

namespace ntmlab {

struct LstmSizes {
  Index batch, time, inputs, layers, units;
  Index threads;  // parts the batch is divided into; backward must use forward's, as history depends on it
};

struct LstmForward {
  LstmSizes sizes;
  const float *inputs, *input_weights, *bias, *recurrent_weights, *layer_weights;
  const float *initial_hidden, *initial_cell;
  float *hidden, *final_hidden, *final_cell;
  float* history;  // null: keep none
  float* packed;   // lstm_forward_packed floats
};

struct LstmBackward {
  LstmSizes sizes;
  const float *inputs, *input_weights, *recurrent_weights, *layer_weights;
  const float *initial_hidden, *initial_cell, *history;
  const float *grad_hidden, *grad_final_hidden, *grad_final_cell;  // null: zero
  float *grad_inputs, *grad_input_weights, *grad_bias, *grad_recurrent_weights, *grad_layer_weights;
  float *grad_initial_hidden, *grad_initial_cell;
  float* packed;  // lstm_backward_packed floats
  float* sums;    // threads * lstm_backward_sums floats: weight gradients of each thread's sequences
};

// All sizes are counts of floats; scratch and sums are per thread.
NTMLAB_PER_ISA(Index lstm_history(const LstmSizes&))
NTMLAB_PER_ISA(Index lstm_forward_packed(const LstmSizes&))
NTMLAB_PER_ISA(Index lstm_forward_scratch(const LstmSizes&))
NTMLAB_PER_ISA(void lstm_forward_pack(const LstmForward&, Index layer))
NTMLAB_PER_ISA(void lstm_forward_rows(const LstmForward&, float* scratch, Index begin, Index end))
NTMLAB_PER_ISA(Index lstm_backward_packed(const LstmSizes&))
NTMLAB_PER_ISA(Index lstm_backward_scratch(const LstmSizes&))
NTMLAB_PER_ISA(Index lstm_backward_sums(const LstmSizes&))
NTMLAB_PER_ISA(void lstm_backward_pack(const LstmBackward&, Index layer))
NTMLAB_PER_ISA(void lstm_backward_rows(const LstmBackward&, float* scratch, float* sums, Index begin,
                                       Index end))
NTMLAB_PER_ISA(void lstm_backward_gather(const LstmBackward&, Index layer))

}  // namespace ntmlab
