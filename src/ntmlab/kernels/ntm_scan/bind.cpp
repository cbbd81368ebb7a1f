// Python's side of the scan: checks shapes, takes memory, spreads groups of sequences over threads.
#include <nanobind/stl/string.h>

#include <algorithm>
#include <atomic>

#include "arrays.hpp"
#include "ntm_scan/calls.hpp"
#include "parallel.hpp"

namespace ntmlab {
namespace {

ScanSizes sizes_of(const Arrays& arrays, int shifts, bool relu, int threads) {
  const auto [B, T, I] = arrays.sizes<3>("inputs");
  const auto [rows, N, W] = arrays.sizes<3>("memory0");
  const Index R = arrays.sizes<3>("read_w0")[1], V = arrays.sizes<3>("write_w0")[1];
  const Index C = arrays.sizes<2>("heads")[1], L = arrays.sizes<3>("layers")[0] + 1;
  const Index gates = arrays.sizes<3>("recurrent")[0] > 0 ? 4 : 1;
  const bool projects = arrays.has("output_weights");
  const auto [O, seen] = projects ? arrays.sizes<2>("output_weights") : std::array<Index, 2>{0, C};
  check_positive({B, T, I, N, W, R, V, C, threads, shifts, projects ? O : 1});
  if (seen != C && seen != C + R * W) throw std::invalid_argument("outputs must see hidden vectors, and reads or not");
  const auto whole = [](Index size) { return static_cast<int>(size); };
  return {whole(B), whole(T), whole(I), whole(N), whole(W), whole(R), whole(V), whole(C),
          whole(L), shifts, whole(gates), relu, whole(O), whole(seen)};
}

struct Counts {
  Index B, T, I, N, W, R, V, C, L, G, K, P, O, E;  // K: layers with a recurrent state
  explicit Counts(const ScanSizes& z)
      : B(z.B), T(z.T), I(z.I), N(z.N), W(z.W), R(z.R), V(z.V), C(z.C), L(z.L), G(C * z.gates), K(z.lstm() ? L : 0),
        P(z.raw()), O(z.O), E(z.seen) {}
};

// Arrays that forward and backward read alike.
ScanArrays given_of(const ScanSizes& z, Arrays& arrays) {
  const auto [B, T, I, N, W, R, V, C, L, G, K, P, O, E] = Counts(z);
  ScanArrays a{};
  a.inputs = arrays("inputs", {B, T, I});
  a.input_weights = arrays("input_weights", {G, I});
  a.input_bias = arrays("input_bias", {G});
  a.reads = arrays("reads", {G, R * W});
  a.recurrent = arrays("recurrent", {K, G, C});
  a.layers = arrays("layers", {L - 1, G, C});
  a.layer_bias = arrays("layer_bias", {L - 1, G});
  a.heads = arrays("heads", {P, C});
  a.heads_bias = arrays("heads_bias", {P});
  a.memory0 = arrays("memory0", {B, N, W});
  a.reads0 = arrays("reads0", {B, R, W});
  a.read_w0 = arrays("read_w0", {B, R, N});
  a.write_w0 = arrays("write_w0", {B, V, N});
  a.hidden0 = arrays("hidden0", {B, K, C});
  a.cell0 = arrays("cell0", {B, K, C});
  a.output_weights = O ? arrays("output_weights", {O, E}) : nullptr;
  a.output_bias = O ? arrays("output_bias", {O}) : nullptr;
  return a;
}

// What the forward pass writes: outputs if it has weights for them, else what they would be made of.
void take_results(const ScanSizes& z, Arrays& arrays, ScanArrays& a) {
  const auto [B, T, I, N, W, R, V, C, L, G, K, P, O, E] = Counts(z);
  a.outputs = O ? arrays("outputs", {B, T, O}) : nullptr;
  a.hidden = O ? nullptr : arrays("hidden", {B, T, C});
  a.read_out = arrays.optional("read_out", {B, T, R * W});
  a.memory = arrays("memory", {B, N, W});
  a.reads_end = arrays("reads_end", {B, R, W});
  a.read_w = arrays("read_w", {B, R, N});
  a.write_w = arrays("write_w", {B, V, N});
  a.hidden_end = arrays("hidden_end", {B, K, C});
  a.cell_end = arrays("cell_end", {B, K, C});
  a.weightings = arrays.optional("weightings", {B, T, R + V, N});
  a.raw = arrays.optional("raw", {B, T, P});
}

ScanGradients gradients_of(const ScanSizes& z, Arrays& arrays) {
  const auto [B, T, I, N, W, R, V, C, L, G, K, P, O, E] = Counts(z);
  ScanGradients g{};
  g.outputs = O ? arrays("grad_outputs", {B, T, O}) : nullptr;
  g.hidden = arrays.optional("grad_hidden", {B, T, C});
  g.read_out = arrays.optional("grad_read_out", {B, T, R * W});
  g.memory = arrays("grad_memory", {B, N, W});
  g.reads_end = arrays("grad_reads_end", {B, R, W});
  g.read_w = arrays("grad_read_w", {B, R, N});
  g.write_w = arrays("grad_write_w", {B, V, N});
  g.hidden_end = arrays("grad_hidden_end", {B, K, C});
  g.cell_end = arrays("grad_cell_end", {B, K, C});
  g.inputs = arrays.optional("grad_inputs", {B, T, I});
  g.input_weights = arrays("grad_input_weights", {G, I});
  g.input_bias = arrays("grad_input_bias", {G});
  g.reads = arrays("grad_reads", {G, R * W});
  g.recurrent = arrays("grad_recurrent", {K, G, C});
  g.layers = arrays("grad_layers", {L - 1, G, C});
  g.layer_bias = arrays("grad_layer_bias", {L - 1, G});
  g.heads = arrays("grad_heads", {P, C});
  g.heads_bias = arrays("grad_heads_bias", {P});
  g.memory0 = arrays("grad_memory0", {B, N, W});
  g.reads0 = arrays("grad_reads0", {B, R, W});
  g.read_w0 = arrays("grad_read_w0", {B, R, N});
  g.write_w0 = arrays("grad_write_w0", {B, V, N});
  g.hidden0 = arrays("grad_hidden0", {B, K, C});
  g.cell0 = arrays("grad_cell0", {B, K, C});
  g.output_weights = O ? arrays("grad_output_weights", {O, E}) : nullptr;
  g.output_bias = O ? arrays("grad_output_bias", {O}) : nullptr;
  return g;
}

int groups_of(const ScanSizes& z, const ScanPlan& plan) { return (z.B + plan.rows - 1) / plan.rows; }

// What the scans of this process take, chosen at the first of them: what one keeps, no other can read.
std::atomic<Isa> largest{Isa::avx512};
std::atomic<bool> chosen{false};

Isa scan_isa() {
  chosen = true;
  return std::min(selected_isa(), largest.load());
}

void take_at_most(const std::string& name) {
  const std::optional<Isa> isa = isa_named(name);
  if (!isa) throw std::invalid_argument(name + " is no instruction set");
  if (chosen && std::min(selected_isa(), *isa) != scan_isa())
    throw std::runtime_error("a machine of this process took another instruction set already than " + name +
                             ": start anew, or with NTMLAB_ISA=" + name);
  largest = *isa;
}

nb::object forward(const nb::dict& named, int shifts, bool relu, bool keep, int threads) {
  Arrays arrays(named);
  const ScanSizes z = sizes_of(arrays, shifts, relu, threads);
  const Isa isa = scan_isa();
  ScanArrays a = given_of(z, arrays);
  take_results(z, arrays, a);
  arrays.finish();
  const ScanPlan plan = NTMLAB_DISPATCH_TO(isa, ntm_plan(z, threads));
  nb::object kept = nb::none();
  if (keep) {
    const Kept tape = new_kept(NTMLAB_DISPATCH_TO(isa, ntm_tape(z, plan)));
    a.tape = tape.data();
    kept = nb::cast(tape);
  }
  const nb::gil_scoped_release release;
  const Memory packed(NTMLAB_DISPATCH_TO(isa, ntm_packed(z)));
  NTMLAB_DISPATCH_TO(isa, ntm_pack(z, a, false, packed.get()));
  parallel_for(groups_of(z, plan), threads, [&](int begin, int end, int) {
    const Memory scratch(NTMLAB_DISPATCH_TO(isa, ntm_forward_scratch(z, plan)));
    for (int group = begin; group < end; ++group)
      NTMLAB_DISPATCH_TO(isa, ntm_forward(z, plan, a, packed.get(), scratch.get(), group));
  });
  return kept;
}

void backward(const nb::dict& named, int shifts, bool relu, float clip, int threads) {
  Arrays arrays(named);
  const ScanSizes z = sizes_of(arrays, shifts, relu, threads);
  const Isa isa = scan_isa();
  const ScanPlan plan = NTMLAB_DISPATCH_TO(isa, ntm_plan(z, threads));
  ScanArrays a = given_of(z, arrays);
  a.tape = arrays("kept", {NTMLAB_DISPATCH_TO(isa, ntm_tape(z, plan))});
  ScanGradients g = gradients_of(z, arrays);
  g.clip = clip;
  arrays.finish();
  const nb::gil_scoped_release release;
  const int groups = groups_of(z, plan), parts = threads < groups ? threads : groups;
  const Memory packed(NTMLAB_DISPATCH_TO(isa, ntm_packed(z)));
  NTMLAB_DISPATCH_TO(isa, ntm_pack(z, a, true, packed.get()));
  const Index thread_sums = NTMLAB_DISPATCH_TO(isa, ntm_backward_sums(z, plan));
  const Memory sums(parts * thread_sums);
  std::fill_n(sums.get(), parts * thread_sums, 0.0f);
  parallel_for(groups, parts, [&](int begin, int end, int thread) {
    const Memory scratch(NTMLAB_DISPATCH_TO(isa, ntm_backward_scratch(z, plan)));
    for (int group = end - 1; group >= begin; --group)  // what was kept last may still be in the cache
      NTMLAB_DISPATCH_TO(isa, ntm_backward(z, plan, a, g, packed.get(), scratch.get(),
                                           sums.get() + thread * thread_sums, group));
  });
  NTMLAB_DISPATCH_TO(isa, ntm_gather(z, plan, g, sums.get(), parts));
}

}  // namespace

void bind_ntm_scan(nb::module_& m) {
  m.def("ntm_scan_forward", &forward, nb::arg("arrays"), nb::kw_only(), nb::arg("shifts"), nb::arg("relu"),
        nb::arg("keep"), nb::arg("threads"),
        "The scan, and what it keeps for the backward pass; see ntmlab.kernels.ntm_scan.native.");
  m.def("ntm_scan_backward", &backward, nb::arg("arrays"), nb::kw_only(), nb::arg("shifts"), nb::arg("relu"),
        nb::arg("clip"), nb::arg("threads"), "The scan's gradients; see ntmlab.kernels.ntm_scan.native.");
  m.def("ntm_scan_take_at_most", &take_at_most, nb::arg("name"),
        "Limits the instruction set of the scan; see ntmlab.kernels.ntm_scan.native.");
}

}  // namespace ntmlab
