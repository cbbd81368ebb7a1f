// The scans of the models on one sequence: the kernels' forward passes, without threads or a tape.
#include <cstdlib>

#include "exported.hpp"
#include "lstm_scan/calls.hpp"
#include "ntm_scan/calls.hpp"

namespace {

using namespace ntmlab;

// Sizes in the order of `NTM_SIZES` in ntm.js.
ScanSizes ntm_sizes(const int* s) {
  return {1, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9], s[10] != 0, s[11], s[12]};
}

// Arrays in the order of `NTM_ARRAYS` in ntm.js.
ScanArrays ntm_arrays(float* const* p) {
  ScanArrays a{};
  a.inputs = p[0];
  a.input_weights = p[1], a.input_bias = p[2], a.reads = p[3], a.recurrent = p[4];
  a.layers = p[5], a.layer_bias = p[6], a.heads = p[7], a.heads_bias = p[8];
  a.output_weights = p[9], a.output_bias = p[10];
  a.memory0 = p[11], a.reads0 = p[12], a.read_w0 = p[13], a.write_w0 = p[14], a.hidden0 = p[15], a.cell0 = p[16];
  a.memory = p[17], a.reads_end = p[18], a.read_w = p[19], a.write_w = p[20], a.hidden_end = p[21];
  a.cell_end = p[22];
  a.outputs = p[23], a.weightings = p[24], a.raw = p[25];
  return a;
}

LstmForward lstm_call(const int* s, float* const* p) {
  LstmForward call{};
  call.sizes = {1, s[0], s[1], s[2], s[3], 1};
  call.inputs = p[0];
  call.input_weights = p[1], call.bias = p[2], call.recurrent_weights = p[3], call.layer_weights = p[4];
  call.initial_hidden = p[5], call.initial_cell = p[6];
  call.final_hidden = p[7], call.final_cell = p[8], call.hidden = p[9];
  return call;
}

}  // namespace

EXPORTED(take) void* take(std::size_t bytes) { return std::aligned_alloc(64, (bytes + 63) / 64 * 64); }
EXPORTED(give) void give(void* p) { std::free(p); }

EXPORTED(ntm_packed) Index ntm_packed(const int* sizes) { return baseline::ntm_packed(ntm_sizes(sizes)); }
EXPORTED(ntm_scratch) Index ntm_scratch(const int* sizes) {
  const ScanSizes z = ntm_sizes(sizes);
  return baseline::ntm_forward_scratch(z, baseline::ntm_plan(z, 1));
}
EXPORTED(ntm_pack) void ntm_pack(const int* sizes, float* const* arrays, float* packed) {
  baseline::ntm_pack(ntm_sizes(sizes), ntm_arrays(arrays), false, packed);
}
EXPORTED(ntm_run) void ntm_run(const int* sizes, float* const* arrays, const float* packed, float* scratch) {
  const ScanSizes z = ntm_sizes(sizes);
  baseline::ntm_forward(z, baseline::ntm_plan(z, 1), ntm_arrays(arrays), packed, scratch, 0);
}

EXPORTED(lstm_packed) Index lstm_packed(const int* sizes) {
  return baseline::lstm_forward_packed(lstm_call(sizes, (float* const[10]){}).sizes);
}
EXPORTED(lstm_scratch) Index lstm_scratch(const int* sizes) {
  return baseline::lstm_forward_scratch(lstm_call(sizes, (float* const[10]){}).sizes);
}
EXPORTED(lstm_pack) void lstm_pack(const int* sizes, float* const* arrays, float* packed) {
  LstmForward call = lstm_call(sizes, arrays);
  call.packed = packed;
  for (Index layer = 0; layer < call.sizes.layers; ++layer) baseline::lstm_forward_pack(call, layer);
}
EXPORTED(lstm_run) void lstm_run(const int* sizes, float* const* arrays, float* packed, float* scratch) {
  LstmForward call = lstm_call(sizes, arrays);
  call.packed = packed;
  baseline::lstm_forward_rows(call, scratch, 0, 1);
}

// y (rows, outputs) = x (rows, inputs) w (outputs, inputs)^T + b.
EXPORTED(linear) void linear(int rows, int inputs, int outputs, const float* x, const float* w, const float* b, float* y) {
  for (int r = 0; r < rows; ++r)
    for (int o = 0; o < outputs; ++o) {
      float sums[4] = {};
      const float *in = x + r * inputs, *weights = w + o * inputs;
      int i = 0;
      for (; i + 4 <= inputs; i += 4)
        for (int k = 0; k < 4; ++k) sums[k] += in[i + k] * weights[i + k];
      for (; i < inputs; ++i) sums[0] += in[i] * weights[i];
      y[r * outputs + o] = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + b[o];
    }
}
