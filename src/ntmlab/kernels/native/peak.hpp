// What this machine can do at most: a loop of nothing but multiply-adds on registers.
#pragma once
#include "isa.hpp"

namespace ntmlab {

NTMLAB_PER_ISA(float multiply_adds(Index rounds))
NTMLAB_PER_ISA(Index operations_a_round())

}  // namespace ntmlab
