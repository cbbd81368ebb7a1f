// What the binding hands to the scan of every instruction set.
#pragma once
#include "isa.hpp"

namespace ntmlab {

struct ScanSizes {
  int B, T, I, N, W, R, V, C, L, S, gates;  // gates per unit: 4 for an LSTM controller, else 1
  bool relu;  // units of a feedforward controller, else tanh
  int O, seen;  // outputs, or 0 if hidden vectors and reads are wanted; what each sees: C, or C + R * W with reads
  [[gnu::always_inline]] bool lstm() const { return gates == 4; }
  [[gnu::always_inline]] int heads() const { return R + V; }
  // Raw parameters of a read head, of a write head, of all: heads.py.
  [[gnu::always_inline]] int address() const { return W + 3 + S; }
  [[gnu::always_inline]] int writing() const { return address() + 2 * W; }
  [[gnu::always_inline]] int raw() const { return R * address() + V * writing(); }
  [[gnu::always_inline]] int head_at(int head) const {  // a head's first raw parameter
    return head < R ? head * address() : R * address() + (head - R) * writing();
  }
};

// How a call is cut up: the batch into groups of sequences that step together, and time into segments. The
// forward pass keeps the state before each segment, and the heads' parameters and the controller's units of
// every step; the backward pass runs a segment's addressing and memory again from there.
struct ScanPlan {
  int rows;     // sequences of a group, at most
  int segment;  // steps
};

// All arrays are contiguous float32 in the layouts of reference.py.
struct ScanArrays {
  const float *inputs, *input_weights, *input_bias, *reads, *recurrent, *layers, *layer_bias, *heads, *heads_bias;
  const float *memory0, *reads0, *read_w0, *write_w0, *hidden0, *cell0;
  const float *output_weights, *output_bias;  // (O, seen), (O)
  float *hidden, *read_out, *outputs;  // (B,T,C), (B,T,R*W), (B,T,O); null where not wanted
  float *memory, *reads_end, *read_w, *write_w, *hidden_end, *cell_end;  // final state
  float *weightings, *raw;   // (B,T,R+V,N), (B,T,P); null without a trace
  float* tape;               // ntm_tape floats, or null: nothing is kept
};

// Gradients: those that come in, and those that go out.
struct ScanGradients {
  const float *hidden, *read_out, *outputs;  // null where the forward pass gave none
  const float *memory, *reads_end, *read_w, *write_w, *hidden_end, *cell_end;
  float clip;  // what goes from a step to the state before it is clipped to [-clip, clip]
  float* inputs;  // (B,T,I), or null if not wanted
  float *memory0, *reads0, *read_w0, *write_w0, *hidden0, *cell0;
  float *input_weights, *input_bias, *reads, *recurrent, *layers, *layer_bias, *heads, *heads_bias, *output_weights, *output_bias;  // of the weights
};

// Sizes are counts of floats; scratch and sums are per thread. `packed` holds the weights for all threads.
NTMLAB_PER_ISA(ScanPlan ntm_plan(const ScanSizes&, int threads))
NTMLAB_PER_ISA(Index ntm_tape(const ScanSizes&, const ScanPlan&))
NTMLAB_PER_ISA(Index ntm_packed(const ScanSizes&))
NTMLAB_PER_ISA(void ntm_pack(const ScanSizes&, const ScanArrays&, bool backward, float* packed))
NTMLAB_PER_ISA(Index ntm_forward_scratch(const ScanSizes&, const ScanPlan&))
NTMLAB_PER_ISA(void ntm_forward(const ScanSizes&, const ScanPlan&, const ScanArrays&, const float* packed,
                                float* scratch, int group))
NTMLAB_PER_ISA(Index ntm_backward_scratch(const ScanSizes&, const ScanPlan&))
NTMLAB_PER_ISA(Index ntm_backward_sums(const ScanSizes&, const ScanPlan&))
NTMLAB_PER_ISA(void ntm_backward(const ScanSizes&, const ScanPlan&, const ScanArrays&, const ScanGradients&,
                                 const float* packed, float* scratch, float* sums, int group))
NTMLAB_PER_ISA(void ntm_gather(const ScanSizes&, const ScanPlan&, const ScanGradients&, const float* sums,
                               int threads))

}  // namespace ntmlab
