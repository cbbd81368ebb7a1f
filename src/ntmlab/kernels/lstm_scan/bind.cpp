// Python's side of the LSTM kernel: checks shapes, takes memory, spreads the parts of a call over threads.
#include "arrays.hpp"
#include "lstm_scan/calls.hpp"
#include "parallel.hpp"

namespace ntmlab {
namespace {

LstmSizes sizes_of(const Arrays& arrays, int threads) {
  const auto [B, T, I] = arrays.sizes<3>("inputs");
  const auto [L, gates, C] = arrays.sizes<3>("recurrent_weights");
  check_positive({B, T, I, L, C, threads});
  return {B, T, I, L, C, threads < B ? threads : B};
}

// Arrays that forward and backward read alike.
template <typename Call>
Call call_of(const LstmSizes& s, Arrays& arrays) {
  const Index B = s.batch, L = s.layers, C = s.units;
  Call call{};
  call.sizes = s;
  call.inputs = arrays("inputs", {B, s.time, s.inputs});
  call.input_weights = arrays("input_weights", {L, 4 * C, s.inputs});
  call.recurrent_weights = arrays("recurrent_weights", {L, 4 * C, C});
  call.layer_weights = arrays("layer_weights", {L - 1, 4 * C, C});
  call.initial_hidden = arrays("initial_hidden", {B, L, C});
  call.initial_cell = arrays("initial_cell", {B, L, C});
  return call;
}

nb::object forward(const nb::dict& named, bool keep, int threads) {
  Arrays arrays(named);
  const LstmSizes s = sizes_of(arrays, threads);
  const Index B = s.batch, T = s.time, L = s.layers, C = s.units;
  LstmForward call = call_of<LstmForward>(s, arrays);
  call.bias = arrays("bias", {L, 4 * C});
  call.hidden = arrays("hidden", {B, T, L, C});
  call.final_hidden = arrays("final_hidden", {B, L, C});
  call.final_cell = arrays("final_cell", {B, L, C});
  arrays.finish();
  nb::object kept = nb::none();
  if (keep) {
    const Kept history = new_kept(NTMLAB_DISPATCH(lstm_history(s)));
    call.history = history.data();
    kept = nb::cast(history);
  }
  const nb::gil_scoped_release released;
  ask_for_large_pages(call.hidden, B * T * L * C);
  const Memory packed(NTMLAB_DISPATCH(lstm_forward_packed(s)));
  call.packed = packed.get();
  const int parts = static_cast<int>(s.threads);
  parallel_for(static_cast<int>(L), threads, [&](int begin, int end, int) {
    for (int layer = begin; layer < end; ++layer) NTMLAB_DISPATCH(lstm_forward_pack(call, layer));
  });
  parallel_for(static_cast<int>(B), parts, [&](int begin, int end, int) {
    const Memory scratch(NTMLAB_DISPATCH(lstm_forward_scratch(s)));
    NTMLAB_DISPATCH(lstm_forward_rows(call, scratch.get(), begin, end));
  });
  return kept;
}

void backward(const nb::dict& named, int threads) {
  Arrays arrays(named);
  const LstmSizes s = sizes_of(arrays, threads);
  const Index B = s.batch, T = s.time, I = s.inputs, L = s.layers, C = s.units;
  LstmBackward call = call_of<LstmBackward>(s, arrays);
  call.history = arrays("kept", {NTMLAB_DISPATCH(lstm_history(s))});
  call.grad_hidden = arrays.optional("grad_hidden", {B, T, L, C});
  call.grad_final_hidden = arrays.optional("grad_final_hidden", {B, L, C});
  call.grad_final_cell = arrays.optional("grad_final_cell", {B, L, C});
  call.grad_inputs = arrays.optional("grad_inputs", {B, T, I});
  call.grad_input_weights = arrays.optional("grad_input_weights", {L, 4 * C, I});
  call.grad_bias = arrays.optional("grad_bias", {L, 4 * C});
  call.grad_recurrent_weights = arrays.optional("grad_recurrent_weights", {L, 4 * C, C});
  call.grad_layer_weights = arrays.optional("grad_layer_weights", {L - 1, 4 * C, C});
  call.grad_initial_hidden = arrays.optional("grad_initial_hidden", {B, L, C});
  call.grad_initial_cell = arrays.optional("grad_initial_cell", {B, L, C});
  arrays.finish();
  const nb::gil_scoped_release released;
  const Index thread_sums = NTMLAB_DISPATCH(lstm_backward_sums(s));
  const Memory packed(NTMLAB_DISPATCH(lstm_backward_packed(s)));
  const Memory sums(s.threads * thread_sums);
  call.packed = packed.get();
  call.sums = sums.get();
  const int parts = static_cast<int>(s.threads);
  const auto each_layer = [&](auto&& body) {
    parallel_for(static_cast<int>(L), threads, [&](int begin, int end, int) {
      for (int layer = begin; layer < end; ++layer) body(layer);
    });
  };
  each_layer([&](int layer) { NTMLAB_DISPATCH(lstm_backward_pack(call, layer)); });
  parallel_for(static_cast<int>(B), parts, [&](int begin, int end, int thread) {
    const Memory scratch(NTMLAB_DISPATCH(lstm_backward_scratch(s)));
    NTMLAB_DISPATCH(lstm_backward_rows(call, scratch.get(), call.sums + thread * thread_sums, begin, end));
  });
  each_layer([&](int layer) { NTMLAB_DISPATCH(lstm_backward_gather(call, layer)); });
}

}  // namespace

void bind_lstm_scan(nb::module_& m) {
  m.def("lstm_scan_forward", &forward, nb::arg("arrays"), nb::kw_only(), nb::arg("keep"), nb::arg("threads"),
        "The scan, and what it keeps for the backward pass; see ntmlab.kernels.lstm_scan.native.");
  m.def("lstm_scan_backward", &backward, nb::arg("arrays"), nb::kw_only(), nb::arg("threads"),
        "The scan's gradients; see ntmlab.kernels.lstm_scan.native.");
}

}  // namespace ntmlab
