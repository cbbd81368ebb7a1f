// Numbers below 1e-38 count as zero while this lives. Gradients that vanish over many steps would
// otherwise become denormal, on which many processors are a hundred times slower.
#pragma once
#include <cstdint>

namespace ntmlab::NTMLAB_ISA {

class FlushDenormals {
 public:
#if defined(__x86_64__)
  FlushDenormals() : before_(__builtin_ia32_stmxcsr()) {
    __builtin_ia32_ldmxcsr(before_ | 0x8040);  // results to zero, operands to zero
  }
  ~FlushDenormals() { __builtin_ia32_ldmxcsr(before_); }
#elif defined(__aarch64__)
  FlushDenormals() {
    asm volatile("mrs %0, fpcr" : "=r"(before_));
    asm volatile("msr fpcr, %0" ::"r"(before_ | (std::uint64_t{1} << 24)));
  }
  ~FlushDenormals() { asm volatile("msr fpcr, %0" ::"r"(before_)); }
#else
  FlushDenormals() {}
#endif
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#if defined(__x86_64__)
  std::uint32_t before_;
#elif defined(__aarch64__)
  std::uint64_t before_;
#endif
};

}  // namespace ntmlab::NTMLAB_ISA
