// The instruction sets the kernels are built for, and the one chosen for this process.
#pragma once
#include <cstddef>
#include <optional>
#include <string>

namespace ntmlab {

using Index = std::ptrdiff_t;

enum class Isa { baseline, avx2, avx512 };
inline constexpr Isa every_isa[] = {Isa::baseline, Isa::avx2, Isa::avx512};

Isa selected_isa();
bool has_isa(Isa isa);  // whether this processor has it
const char* isa_name(Isa isa);
std::optional<Isa> isa_named(const std::string& name);

// Declares function `name` once per instruction set built for this architecture.
#if defined(__x86_64__)
#define NTMLAB_PER_ISA(signature)             \
  namespace baseline { signature; }           \
  namespace avx2 { signature; }               \
  namespace avx512 { signature; }
#define NTMLAB_DISPATCH_TO(isa, call)          \
  ((isa) == Isa::avx512 ? avx512::call         \
   : (isa) == Isa::avx2 ? avx2::call           \
                        : baseline::call)
#else
#define NTMLAB_PER_ISA(signature) namespace baseline { signature; }
#define NTMLAB_DISPATCH_TO(isa, call) ((void)(isa), baseline::call)
#endif
#define NTMLAB_DISPATCH(call) NTMLAB_DISPATCH_TO(selected_isa(), call)

}  // namespace ntmlab
