// Sizes and buffers of a scan, shared by the binding and the kernels of every instruction set.
#pragma once

namespace ntmlab {

struct ScanSizes {
  int B, T, N, W, R, V, C, L, S, gates;  // gates per unit: 4 for an LSTM controller, else 1
  bool lstm() const { return gates == 4; }
  int heads() const { return R + V; }
  int address() const { return W + 3 + S; }
  int raw() const { return R * address() + V * (address() + 2 * W); }
};

// All arrays are contiguous float32 in the layouts of reference.py.
struct ScanArrays {
  const float *projected, *reads, *recurrent, *layers, *layer_bias, *heads, *heads_bias;
  const float *memory0, *reads0, *read_w0, *write_w0, *hidden0, *cell0;
  float *hidden, *read_out;                                    // (B,T,C), (B,T,R*W)
  float *memory, *reads_end, *read_w, *write_w, *hidden_end, *cell_end;  // final state
  float* weightings;  // (B,T,R+V,N) or null
  float* raw;         // (B,T,P) or null
  float* gates;       // (B,T,L,gates*C) activated gates or null
  float* states;      // (B,T,L,2,C) hidden and cell of every layer or null
  float* content;     // (B,T,R+V,N) content weightings or null
};

// Gradients: those that come in, and those that go out.
struct ScanGradients {
  const float *hidden, *read_out, *memory, *reads_end, *read_w, *write_w, *hidden_end, *cell_end;
  float *pre;  // (B,T,L,gates*C)
  float *raw;  // (B,T,P)
  float *memory0, *reads0, *read_w0, *write_w0, *hidden0, *cell0;
};

}  // namespace ntmlab
