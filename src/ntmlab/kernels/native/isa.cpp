#include "isa.hpp"

#include <cstdlib>

namespace ntmlab {

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

}  // namespace

bool has_isa(Isa isa) { return isa <= best_isa(); }

const char* isa_name(Isa isa) {
  return isa == Isa::avx512 ? "avx512" : isa == Isa::avx2 ? "avx2" : "baseline";
}

std::optional<Isa> isa_named(const std::string& name) {
  for (const Isa isa : every_isa)
    if (name == isa_name(isa)) return isa;
  return {};
}

// NTMLAB_ISA names one of those that the processor has; any other word changes nothing here, and is
// refused where Python loads the modules.
static Isa choose_isa() {
  const char* wanted = std::getenv("NTMLAB_ISA");
  const std::optional<Isa> named = wanted == nullptr ? std::nullopt : isa_named(wanted);
  return named && has_isa(*named) ? *named : best_isa();
}

Isa selected_isa() {
  static const Isa isa = choose_isa();
  return isa;
}

}  // namespace ntmlab
