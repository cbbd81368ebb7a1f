// Binds the scan: takes contiguous float32 arrays by name, checks their sizes, releases the GIL.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>

#include <stdexcept>
#include <string>

#include "../native/isa.hpp"
#include "../native/parallel.hpp"
#include "calls.hpp"

namespace nb = nanobind;

namespace ntmlab {

// Weights packed for all threads of a call, and rows begin .. end - 1 of the batch.
NTMLAB_PER_ISA(void* ntm_pack(const ScanSizes&, const ScanArrays&, bool backward))
NTMLAB_PER_ISA(void ntm_unpack(void* weights))
NTMLAB_PER_ISA(void ntm_forward(const ScanSizes&, const ScanArrays&, void* weights, int begin, int end))
NTMLAB_PER_ISA(void ntm_backward(const ScanSizes&, const ScanArrays&, const ScanGradients&, void* weights,
                                 int begin, int end))

namespace {

using Array = nb::ndarray<float, nb::c_contig, nb::device::cpu>;

float* take(const nb::dict& arrays, const char* name, std::size_t size) {
  if (!arrays.contains(name)) return nullptr;
  const Array array = nb::cast<Array>(arrays[name], false);  // never a converted copy
  if (array.size() != size)
    throw std::invalid_argument(std::string(name) + " has " + std::to_string(array.size()) + " elements, expected " +
                                std::to_string(size));
  return array.data();
}

ScanArrays arrays_of(const ScanSizes& z, const nb::dict& d) {
  const std::size_t B = z.B, T = z.T, N = z.N, W = z.W, R = z.R, V = z.V, C = z.C, L = z.L, G = z.gates * z.C;
  const std::size_t K = z.lstm() ? L : 0, P = z.raw();
  ScanArrays a{};
  a.projected = take(d, "projected", B * T * G);
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
  a.gates = take(d, "gates", B * T * L * G);
  a.states = take(d, "states", B * T * L * 2 * C);
  a.content = take(d, "content", B * T * (R + V) * N);
  return a;
}

ScanGradients gradients_of(const ScanSizes& z, const nb::dict& d) {
  const std::size_t B = z.B, T = z.T, N = z.N, W = z.W, R = z.R, V = z.V, C = z.C, L = z.L, G = z.gates * z.C;
  const std::size_t K = z.lstm() ? L : 0;
  ScanGradients g{};
  g.hidden = take(d, "d_hidden", B * T * C);
  g.read_out = take(d, "d_read_out", B * T * R * W);
  g.memory = take(d, "d_memory", B * N * W);
  g.reads_end = take(d, "d_reads_end", B * R * W);
  g.read_w = take(d, "d_read_w", B * R * N);
  g.write_w = take(d, "d_write_w", B * V * N);
  g.hidden_end = take(d, "d_hidden_end", B * K * C);
  g.cell_end = take(d, "d_cell_end", B * K * C);
  g.pre = take(d, "d_pre", B * T * L * G);
  g.raw = take(d, "d_raw", B * T * z.raw());
  g.memory0 = take(d, "d_memory0", B * N * W);
  g.reads0 = take(d, "d_reads0", B * R * W);
  g.read_w0 = take(d, "d_read_w0", B * R * N);
  g.write_w0 = take(d, "d_write_w0", B * V * N);
  g.hidden0 = take(d, "d_hidden0", B * K * C);
  g.cell0 = take(d, "d_cell0", B * K * C);
  return g;
}

struct Packed {
  void* weights;
  Packed(const ScanSizes& z, const ScanArrays& a, bool backward)
      : weights(NTMLAB_DISPATCH(ntm_pack(z, a, backward))) {}
  Packed(const Packed&) = delete;
  Packed& operator=(const Packed&) = delete;
  ~Packed() { NTMLAB_DISPATCH(ntm_unpack(weights)); }
};

ScanSizes sizes_of(const nb::tuple& t) {
  const auto at = [&](int i) { return nb::cast<int>(t[i]); };
  return {at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9)};
}

}  // namespace

void bind_ntm_scan(nb::module_& m) {
  m.def("ntm_forward", [](const nb::tuple& sizes, const nb::dict& arrays, int threads) {
    const ScanSizes z = sizes_of(sizes);
    const ScanArrays a = arrays_of(z, arrays);
    nb::gil_scoped_release release;
    const Packed packed(z, a, false);
    parallel_for(z.B, threads, [&](int begin, int end, int) {
      NTMLAB_DISPATCH(ntm_forward(z, a, packed.weights, begin, end));
    });
  });
  m.def("ntm_backward", [](const nb::tuple& sizes, const nb::dict& arrays, int threads) {
    const ScanSizes z = sizes_of(sizes);
    const ScanArrays a = arrays_of(z, arrays);
    const ScanGradients g = gradients_of(z, arrays);
    nb::gil_scoped_release release;
    const Packed packed(z, a, true);
    parallel_for(z.B, threads, [&](int begin, int end, int) {
      NTMLAB_DISPATCH(ntm_backward(z, a, g, packed.weights, begin, end));
    });
  });
}

}  // namespace ntmlab
