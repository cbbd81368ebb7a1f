// The LSTM scan's entry points. Compiled once per instruction set; allocates nothing and starts no threads.
#include "backward.hpp"
#include "forward.hpp"

namespace ntmlab::NTMLAB_ISA {

Index lstm_history(const LstmSizes& sizes) { return sizes.batch * Plan(sizes).history_row(); }

Index lstm_forward_packed(const LstmSizes& sizes) {
  const Plan plan(sizes);
  return sizes.layers * ForwardWeights::size(plan);
}

Index lstm_forward_scratch(const LstmSizes& sizes) { return ForwardScratch(Plan(sizes), nullptr).size; }

void lstm_forward_pack(const LstmForward& call, Index layer) {
  const Plan plan(call.sizes);
  const ForwardWeights packed(plan, call.packed, layer);
  const Index units = plan.sizes.units, inputs = plan.sizes.inputs;
  const int V = plan.narrow ? 4 : 2;
  pack_gates(plan, call.input_weights + layer * 4 * units * inputs, inputs, 0, inputs + 1, V, packed.inputs);
  pack_gates(plan, call.bias + layer * 4 * units, 1, inputs, inputs + 1, V, packed.inputs);
  pack_gates(plan, call.recurrent_weights + layer * 4 * units * units, units, 0, units, V, packed.recurrent);
  if (layer > 0)
    pack_gates(plan, call.layer_weights + (layer - 1) * 4 * units * units, units, 0, units, 2, packed.below);
}

void lstm_forward_rows(const LstmForward& call, float* scratch, Index begin, Index end) {
  const FlushDenormals flush;
  const Plan plan(call.sizes);
  const ForwardScratch parts(plan, scratch);
  for_blocks(begin, end, [&](Block block) { forward_block(plan, call, parts, block); });
}

Index lstm_backward_packed(const LstmSizes& sizes) {
  const Plan plan(sizes);
  return sizes.layers * BackwardWeights::size(plan);
}

Index lstm_backward_scratch(const LstmSizes& sizes) { return BackwardScratch(Plan(sizes), nullptr).size; }

Index lstm_backward_sums(const LstmSizes& sizes) {
  const Plan plan(sizes);
  return sizes.layers * BackwardSums::size(plan);
}

void lstm_backward_pack(const LstmBackward& call, Index layer) {
  const Plan plan(call.sizes);
  const BackwardWeights packed(plan, call.packed, layer);
  const Index units = plan.sizes.units, inputs = plan.sizes.inputs, matrix = 4 * units * units;
  pack_columns(plan, call.recurrent_weights + layer * matrix, units, plan.narrow ? 4 : 2, packed.recurrent);
  if (layer + 1 < plan.sizes.layers) pack_columns(plan, call.layer_weights + layer * matrix, units, 2, packed.above);
  if (call.grad_inputs)
    pack_columns(plan, call.input_weights + layer * 4 * units * inputs, inputs, 1, packed.inputs);
}

void lstm_backward_rows(const LstmBackward& call, float* scratch, float* sums, Index begin, Index end) {
  const FlushDenormals flush;
  const Plan plan(call.sizes);
  std::memset(sums, 0, sizeof(float) * lstm_backward_sums(call.sizes));
  const BackwardScratch parts(plan, scratch);
  for_blocks(begin, end, [&](Block block) { backward_block(plan, call, parts, sums, block); });
}

void lstm_backward_gather(const LstmBackward& call, Index layer) {
  const Plan plan(call.sizes);
  const Index units = plan.sizes.units, inputs = plan.sizes.inputs, matrix = 4 * units * units;
  const Index stride = lstm_backward_sums(call.sizes);
  const BackwardSums sums(plan, call.sums, layer);
  if (call.grad_recurrent_weights)
    gather_matrix(plan, sums.recurrent, stride, call.grad_recurrent_weights + layer * matrix);
  if (call.grad_layer_weights && layer + 1 < plan.sizes.layers)
    gather_matrix(plan, sums.above, stride, call.grad_layer_weights + layer * matrix);
  for (Index i = 0; i <= inputs; ++i) {
    float* out = i < inputs ? call.grad_input_weights : call.grad_bias;
    const Index width = i < inputs ? inputs : 1;
    if (out == nullptr) continue;
    for (Index gate = 0; gate < 4; ++gate)
      for (Index unit = 0; unit < units; ++unit) {
        float total = 0.0f;
        for (Index thread = 0; thread < plan.sizes.threads; ++thread)
          total += sums.inputs[thread * stride + (i * 4 + gate) * plan.padded() + unit];
        out[((layer * 4 + gate) * units + unit) * width + (i < inputs ? i : 0)] = total;
      }
  }
}

}  // namespace ntmlab::NTMLAB_ISA
