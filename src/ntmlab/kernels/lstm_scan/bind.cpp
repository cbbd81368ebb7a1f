// Python's side of the LSTM kernel: checks shapes, takes memory, spreads the parts of a call over threads.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>

#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>

#include "lstm_scan/calls.hpp"
#include "pool.hpp"
#include "parallel.hpp"

namespace nb = nanobind;

namespace ntmlab {

namespace {

using Input = nb::ndarray<const float, nb::c_contig, nb::device::cpu>;
using Output = nb::ndarray<float, nb::c_contig, nb::device::cpu>;

template <typename Array>
void check(const char* name, const Array& array, std::initializer_list<Index> expected) {
  bool fits = array.ndim() == expected.size();
  for (size_t i = 0; fits && i < expected.size(); ++i)
    fits = static_cast<Index>(array.shape(i)) == expected.begin()[i];
  if (fits) return;
  std::string message = std::string(name) + " must have shape (";
  for (const Index size : expected) message += std::to_string(size) + ", ";
  message += "), not (";
  for (size_t i = 0; i < array.ndim(); ++i) message += std::to_string(array.shape(i)) + ", ";
  throw std::invalid_argument(message + ")");
}

template <typename Array>
auto checked(const char* name, const Array& array, std::initializer_list<Index> expected) {
  check(name, array, expected);
  return array.data();
}
template <typename Array>
auto checked(const char* name, const std::optional<Array>& array, std::initializer_list<Index> expected) {
  if (array) check(name, *array, expected);
  return array ? array->data() : nullptr;
}

LstmSizes sizes_of(const Input& inputs, const Input& recurrent_weights, int threads) {
  if (inputs.ndim() != 3 || recurrent_weights.ndim() != 3)
    throw std::invalid_argument("inputs and recurrent weights must have three dimensions");
  if (inputs.size() == 0 || recurrent_weights.size() == 0 || threads < 1)
    throw std::invalid_argument("every size and the number of threads must be at least 1");
  const auto size = [](size_t n) { return static_cast<Index>(n); };
  LstmSizes s{size(inputs.shape(0)), size(inputs.shape(1)), size(inputs.shape(2)),
              size(recurrent_weights.shape(0)), size(recurrent_weights.shape(2)), threads};
  if (s.threads > s.batch) s.threads = s.batch;
  return s;
}

Index history_size(Index batch, Index time, Index layers, Index units) {
  return NTMLAB_DISPATCH(lstm_history(LstmSizes{batch, time, 1, layers, units, 1}));
}

float* of_history(const Memory* history, const LstmSizes& s) {
  if (history == nullptr) return nullptr;
  const Index size = history_size(s.batch, s.time, s.layers, s.units);
  if (history->floats() < static_cast<std::size_t>(size)) throw std::invalid_argument("history is too short");
  return history->get();
}

void forward(const Input& inputs, const Input& input_weights, const Input& bias, const Input& recurrent_weights,
             const Input& layer_weights, const Input& initial_hidden, const Input& initial_cell,
             const Output& hidden, const Output& final_hidden, const Output& final_cell,
             const Memory* history, int threads) {
  const LstmSizes s = sizes_of(inputs, recurrent_weights, threads);
  const Index B = s.batch, T = s.time, I = s.inputs, L = s.layers, C = s.units;
  LstmForward call{s, inputs.data(), checked("input weights", input_weights, {L, 4 * C, I}),
                   checked("bias", bias, {L, 4 * C}),
                   checked("recurrent weights", recurrent_weights, {L, 4 * C, C}),
                   checked("layer weights", layer_weights, {L - 1, 4 * C, C}),
                   checked("initial hidden", initial_hidden, {B, L, C}),
                   checked("initial cell", initial_cell, {B, L, C}), checked("hidden", hidden, {B, T, L, C}),
                   checked("final hidden", final_hidden, {B, L, C}),
                   checked("final cell", final_cell, {B, L, C}),
                   of_history(history, s), nullptr};
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
}

void backward(const Input& inputs, const Input& input_weights, const Input& recurrent_weights,
              const Input& layer_weights, const Input& initial_hidden, const Input& initial_cell,
              const Memory* history, const std::optional<Input>& grad_hidden,
              const std::optional<Input>& grad_final_hidden, const std::optional<Input>& grad_final_cell,
              const std::optional<Output>& grad_inputs, const std::optional<Output>& grad_input_weights,
              const std::optional<Output>& grad_bias, const std::optional<Output>& grad_recurrent_weights,
              const std::optional<Output>& grad_layer_weights, const std::optional<Output>& grad_initial_hidden,
              const std::optional<Output>& grad_initial_cell, int threads) {
  const LstmSizes s = sizes_of(inputs, recurrent_weights, threads);
  const Index B = s.batch, T = s.time, I = s.inputs, L = s.layers, C = s.units;
  LstmBackward call{s, inputs.data(), checked("input weights", input_weights, {L, 4 * C, I}),
                    checked("recurrent weights", recurrent_weights, {L, 4 * C, C}),
                    checked("layer weights", layer_weights, {L - 1, 4 * C, C}),
                    checked("initial hidden", initial_hidden, {B, L, C}),
                    checked("initial cell", initial_cell, {B, L, C}),
                    of_history(history, s),
                    checked("gradient of hidden", grad_hidden, {B, T, L, C}),
                    checked("gradient of final hidden", grad_final_hidden, {B, L, C}),
                    checked("gradient of final cell", grad_final_cell, {B, L, C}),
                    checked("gradient of inputs", grad_inputs, {B, T, I}),
                    checked("gradient of input weights", grad_input_weights, {L, 4 * C, I}),
                    checked("gradient of bias", grad_bias, {L, 4 * C}),
                    checked("gradient of recurrent weights", grad_recurrent_weights, {L, 4 * C, C}),
                    checked("gradient of layer weights", grad_layer_weights, {L - 1, 4 * C, C}),
                    checked("gradient of initial hidden", grad_initial_hidden, {B, L, C}),
                    checked("gradient of initial cell", grad_initial_cell, {B, L, C}), nullptr, nullptr};
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
  // Without conversion: a tensor of another dtype or layout is an error, never a silent copy.
  const auto array = [](const char* name) { return nb::arg(name).noconvert(); };
  m.def("lstm_scan_history", &history_size, nb::arg("batch"), nb::arg("time"), nb::arg("layers"), nb::arg("units"),
        "Floats that a forward pass keeps for the backward pass.");
  m.def("lstm_scan_forward", &forward, array("inputs"), array("input_weights"), array("bias"),
        array("recurrent_weights"), array("layer_weights"), array("initial_hidden"), array("initial_cell"),
        nb::kw_only(), array("hidden"), array("final_hidden"), array("final_cell"), nb::arg("history").none(),
        nb::arg("threads"), "The scan; see ntmlab.kernels.lstm_scan.native.");
  m.def("lstm_scan_backward", &backward, array("inputs"), array("input_weights"), array("recurrent_weights"),
        array("layer_weights"), array("initial_hidden"), array("initial_cell"), nb::kw_only(),
        nb::arg("history"), array("grad_hidden").none(), array("grad_final_hidden").none(),
        array("grad_final_cell").none(), array("grad_inputs").none(), array("grad_input_weights").none(),
        array("grad_bias").none(), array("grad_recurrent_weights").none(),
        array("grad_layer_weights").none(), array("grad_initial_hidden").none(),
        array("grad_initial_cell").none(), nb::arg("threads"),
        "The scan's gradients; see ntmlab.kernels.lstm_scan.native.");
}

}  // namespace ntmlab
