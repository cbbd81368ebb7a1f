#include "isa.hpp"

#include <cstdlib>
#include <string>

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

// NTMLAB_ISA=baseline|avx2|avx512 lowers the choice; it never goes beyond what the processor has.
Isa choose_isa() {
  const Isa best = best_isa();
  const char* wanted = std::getenv("NTMLAB_ISA");
  if (wanted == nullptr) return best;
  const std::string name = wanted;
  const Isa asked = name == "baseline" ? Isa::baseline : name == "avx2" ? Isa::avx2 : Isa::avx512;
  return asked < best ? asked : best;
}

}  // namespace

Isa selected_isa() {
  static const Isa isa = choose_isa();
  return isa;
}

}  // namespace ntmlab
