// The Python module of native kernels. Each operation binds itself in its own bind.cpp, where shapes
// are checked and the GIL is released.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <stdexcept>

#include "bind_isa.hpp"
#include "parallel.hpp"
#include "peak.hpp"

namespace nb = nanobind;

namespace ntmlab {

void bind_ntm_scan(nb::module_& m);
void bind_lstm_scan(nb::module_& m);

namespace {

// Runs multiply-adds on several threads; gives their number of operations.
Index run_multiply_adds(Index rounds, int threads) {
  const nb::gil_scoped_release released;
  parallel_for(threads, threads, [&](int, int, int) {
    [[maybe_unused]] const volatile float kept = NTMLAB_DISPATCH(multiply_adds(rounds));
  });
  return rounds * threads * NTMLAB_DISPATCH(operations_a_round());
}

}  // namespace

}  // namespace ntmlab

NB_MODULE(_native, m) {
  m.doc() = "Native kernels of ntmlab";
  nb::set_leak_warnings(false);  // what a graph keeps may outlive the interpreter
  ntmlab::bind_isa(m);
  m.def("multiply_adds", &ntmlab::run_multiply_adds, nb::arg("rounds"), nb::arg("threads"),
        "Runs nothing but float32 multiply-adds; returns how many operations that were.");
  ntmlab::bind_ntm_scan(m);
  ntmlab::bind_lstm_scan(m);
}
