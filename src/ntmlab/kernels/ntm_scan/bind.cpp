// Python's side of the scan: checks sizes, takes memory, spreads groups of sequences over threads.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/unique_ptr.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>

#include "ntm_scan/calls.hpp"
#include "parallel.hpp"
#include "pool.hpp"

namespace nb = nanobind;

namespace ntmlab {
namespace {

// What a forward pass keeps for the backward pass.
struct ScanTape {
  ScanPlan plan;
  Memory memory;
  ScanTape(const ScanSizes& z, const ScanPlan& p) : plan(p), memory(NTMLAB_DISPATCH(ntm_tape(z, p))) {}
};

using Array = nb::ndarray<float, nb::c_contig, nb::device::cpu>;

float* take(const nb::dict& arrays, const char* name, std::size_t size) {
  if (!arrays.contains(name)) return nullptr;
  const Array array = nb::cast<Array>(arrays[name], false);  // never a converted copy
  if (array.size() != size)
    throw std::invalid_argument(std::string(name) + " has " + std::to_string(array.size()) + " elements, expected " +
                                std::to_string(size));
  return array.data();
}

struct Counts {
  std::size_t B, T, I, N, W, R, V, C, L, G, K, P, O, E;  // K: layers with a recurrent state
  explicit Counts(const ScanSizes& z)
      : B(z.B), T(z.T), I(z.I), N(z.N), W(z.W), R(z.R), V(z.V), C(z.C), L(z.L), G(C * z.gates), K(z.lstm() ? L : 0),
        P(z.raw()), O(z.O), E(z.seen) {}
};

ScanArrays arrays_of(const ScanSizes& z, const nb::dict& d) {
  const auto [B, T, I, N, W, R, V, C, L, G, K, P, O, E] = Counts(z);
  ScanArrays a{};
  a.inputs = take(d, "inputs", B * T * I);
  a.input_weights = take(d, "input_weights", G * I);
  a.input_bias = take(d, "input_bias", G);
  a.reads = take(d, "reads", G * R * W);
  a.recurrent = take(d, "recurrent", K * G * C);
  a.layers = take(d, "layers", (L - 1) * G * C);
  a.layer_bias = take(d, "layer_bias", (L - 1) * G);
  a.heads = take(d, "heads", P * C);
  a.heads_bias = take(d, "heads_bias", P);
  a.memory0 = take(d, "memory0", B * N * W);
  a.reads0 = take(d, "reads0", B * R * W);
  a.read_w0 = take(d, "read_w0", B * R * N);
  a.write_w0 = take(d, "write_w0", B * V * N);
  a.hidden0 = take(d, "hidden0", B * K * C);
  a.cell0 = take(d, "cell0", B * K * C);
  a.output_weights = take(d, "output_weights", O * E);
  a.output_bias = take(d, "output_bias", O);
  a.outputs = take(d, "outputs", B * T * O);
  a.hidden = take(d, "hidden", B * T * C);
  a.read_out = take(d, "read_out", B * T * R * W);
  a.memory = take(d, "memory", B * N * W);
  a.reads_end = take(d, "reads_end", B * R * W);
  a.read_w = take(d, "read_w", B * R * N);
  a.write_w = take(d, "write_w", B * V * N);
  a.hidden_end = take(d, "hidden_end", B * K * C);
  a.cell_end = take(d, "cell_end", B * K * C);
  a.weightings = take(d, "weightings", B * T * (R + V) * N);
  a.raw = take(d, "raw", B * T * P);
  return a;
}

ScanGradients gradients_of(const ScanSizes& z, const nb::dict& d) {
  const auto [B, T, I, N, W, R, V, C, L, G, K, P, O, E] = Counts(z);
  ScanGradients g{};
  g.outputs = take(d, "d_outputs", B * T * O);
  g.output_weights = take(d, "d_output_weights", O * E);
  g.output_bias = take(d, "d_output_bias", O);
  g.hidden = take(d, "d_hidden", B * T * C);
  g.read_out = take(d, "d_read_out", B * T * R * W);
  g.memory = take(d, "d_memory", B * N * W);
  g.reads_end = take(d, "d_reads_end", B * R * W);
  g.read_w = take(d, "d_read_w", B * R * N);
  g.write_w = take(d, "d_write_w", B * V * N);
  g.hidden_end = take(d, "d_hidden_end", B * K * C);
  g.cell_end = take(d, "d_cell_end", B * K * C);
  g.inputs = take(d, "d_inputs", B * T * I);
  g.input_weights = take(d, "d_input_weights", G * I);
  g.input_bias = take(d, "d_input_bias", G);
  g.memory0 = take(d, "d_memory0", B * N * W);
  g.reads0 = take(d, "d_reads0", B * R * W);
  g.read_w0 = take(d, "d_read_w0", B * R * N);
  g.write_w0 = take(d, "d_write_w0", B * V * N);
  g.hidden0 = take(d, "d_hidden0", B * K * C);
  g.cell0 = take(d, "d_cell0", B * K * C);
  g.reads = take(d, "d_reads", G * R * W);
  g.recurrent = take(d, "d_recurrent", K * G * C);
  g.layers = take(d, "d_layers", (L - 1) * G * C);
  g.layer_bias = take(d, "d_layer_bias", (L - 1) * G);
  g.heads = take(d, "d_heads", P * C);
  g.heads_bias = take(d, "d_heads_bias", P);
  return g;
}

ScanSizes sizes_of(const nb::tuple& t) {
  const auto at = [&](int i) { return nb::cast<int>(t[i]); };
  return {at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9), at(10), at(11) != 0, at(12), at(13)};
}

int groups_of(const ScanSizes& z, const ScanPlan& plan) { return (z.B + plan.rows - 1) / plan.rows; }

std::unique_ptr<ScanTape> forward(const nb::tuple& sizes, const nb::dict& arrays, bool keep, int threads) {
  const ScanSizes z = sizes_of(sizes);
  ScanArrays a = arrays_of(z, arrays);
  const nb::gil_scoped_release release;
  const ScanPlan plan = NTMLAB_DISPATCH(ntm_plan(z, threads));
  std::unique_ptr<ScanTape> tape;
  if (keep) tape = std::make_unique<ScanTape>(z, plan);
  a.tape = keep ? tape->memory.get() : nullptr;
  const Memory packed(NTMLAB_DISPATCH(ntm_packed(z)));
  NTMLAB_DISPATCH(ntm_pack(z, a, false, packed.get()));
  parallel_for(groups_of(z, plan), threads, [&](int begin, int end, int) {
    const Memory scratch(NTMLAB_DISPATCH(ntm_forward_scratch(z, plan)));
    for (int group = begin; group < end; ++group)
      NTMLAB_DISPATCH(ntm_forward(z, plan, a, packed.get(), scratch.get(), group));
  });
  return tape;
}

void backward(const nb::tuple& sizes, const nb::dict& arrays, const ScanTape& tape, float clip, int threads) {
  const ScanSizes z = sizes_of(sizes);
  ScanArrays a = arrays_of(z, arrays);
  ScanGradients g = gradients_of(z, arrays);
  g.clip = clip;
  a.tape = tape.memory.get();
  const nb::gil_scoped_release release;
  const ScanPlan& plan = tape.plan;
  const int groups = groups_of(z, plan), parts = threads < groups ? threads : groups;
  const Memory packed(NTMLAB_DISPATCH(ntm_packed(z)));
  NTMLAB_DISPATCH(ntm_pack(z, a, true, packed.get()));
  const Index thread_sums = NTMLAB_DISPATCH(ntm_backward_sums(z, plan));
  const Memory sums(parts * thread_sums);
  std::fill_n(sums.get(), parts * thread_sums, 0.0f);
  parallel_for(groups, parts, [&](int begin, int end, int thread) {
    const Memory scratch(NTMLAB_DISPATCH(ntm_backward_scratch(z, plan)));
    for (int group = end - 1; group >= begin; --group)  // what was kept last may still be in the cache
      NTMLAB_DISPATCH(ntm_backward(z, plan, a, g, packed.get(), scratch.get(), sums.get() + thread * thread_sums,
                                   group));
  });
  NTMLAB_DISPATCH(ntm_gather(z, plan, g, sums.get(), parts));
}

}  // namespace

void bind_ntm_scan(nb::module_& m) {
  nb::class_<ScanTape>(m, "ScanTape", "What a forward pass keeps for the backward pass.");
  m.def("ntm_forward", &forward, nb::arg("sizes"), nb::arg("arrays"), nb::kw_only(), nb::arg("keep"),
        nb::arg("threads"), "The scan; see ntmlab.kernels.ntm_scan.native.");
  m.def("ntm_backward", &backward, nb::arg("sizes"), nb::arg("arrays"), nb::arg("tape"), nb::kw_only(), nb::arg("clip"),
        nb::arg("threads"), "The scan's gradients; see ntmlab.kernels.ntm_scan.native.");
}

}  // namespace ntmlab
