// The Python module of native kernels. Each operation binds itself in its own bind.cpp, where shapes
// are checked and the GIL is released.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "isa.hpp"
#include "parallel.hpp"
#include "peak.hpp"

namespace nb = nanobind;

namespace ntmlab {

void bind_ntm_scan(nb::module_& m);
void bind_lstm_scan(nb::module_& m);

namespace {

Isa best_isa() {
#if defined(__x86_64__)
  // Feature by feature: not every compiler knows the names of the levels x86-64-v3 and v4.
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl");
  if (avx2 && avx512) return Isa::avx512;
  if (avx2) return Isa::avx2;
#endif
  return Isa::baseline;
}

// NTMLAB_ISA=baseline|avx2|avx512 lowers the choice; it never goes beyond what the processor has.
Isa choose_isa() {
  const Isa best = best_isa();
  const char* wanted = std::getenv("NTMLAB_ISA");
  if (wanted == nullptr) return best;
  const std::string name = wanted;
  const Isa asked = name == "baseline" ? Isa::baseline : name == "avx2" ? Isa::avx2 : Isa::avx512;
  return asked < best ? asked : best;
}

// Runs multiply-adds on several threads; gives their number of operations.
Index run_multiply_adds(Index rounds, int threads) {
  const nb::gil_scoped_release released;
  parallel_for(threads, threads, [&](int, int, int) {
    [[maybe_unused]] const volatile float kept = NTMLAB_DISPATCH(multiply_adds(rounds));
  });
  return rounds * threads * NTMLAB_DISPATCH(operations_a_round());
}

}  // namespace

Isa selected_isa() {
  static const Isa isa = choose_isa();
  return isa;
}

}  // namespace ntmlab

NB_MODULE(_native, m) {
  m.doc() = "Native kernels of ntmlab";
  nb::set_leak_warnings(false);  // what a graph keeps may outlive the interpreter
  m.def("instruction_set", [] {
    switch (ntmlab::selected_isa()) {
      case ntmlab::Isa::avx512: return "avx512";
      case ntmlab::Isa::avx2: return "avx2";
      default: return "baseline";
    }
  });
  m.def("multiply_adds", &ntmlab::run_multiply_adds, nb::arg("rounds"), nb::arg("threads"),
        "Runs nothing but float32 multiply-adds; returns how many operations that were.");
  ntmlab::bind_ntm_scan(m);
  ntmlab::bind_lstm_scan(m);
}
