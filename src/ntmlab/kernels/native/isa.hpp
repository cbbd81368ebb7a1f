// The instruction sets the kernels are built for, and the one chosen for this process.
#pragma once
#include <cstddef>

namespace ntmlab {

using Index = std::ptrdiff_t;

enum class Isa { baseline, avx2, avx512 };
inline constexpr Isa every_isa[] = {Isa::baseline, Isa::avx2, Isa::avx512};

Isa selected_isa();
bool has_isa(Isa isa);  // whether this processor has it
const char* isa_name(Isa isa);

// Declares function `name` once per instruction set built for this architecture.
#if defined(__x86_64__)
#define NTMLAB_PER_ISA(signature)             \
  namespace baseline { signature; }           \
  namespace avx2 { signature; }               \
  namespace avx512 { signature; }
#define NTMLAB_DISPATCH(call)                                  \
  (selected_isa() == Isa::avx512 ? avx512::call                \
   : selected_isa() == Isa::avx2 ? avx2::call                  \
                                 : baseline::call)
#else
#define NTMLAB_PER_ISA(signature) namespace baseline { signature; }
#define NTMLAB_DISPATCH(call) (baseline::call)
#endif

}  // namespace ntmlab
