// The scan of a Neural Turing Machine, one sequence at a time on each thread, so that its memory stays
// in the cache. Memory lies slot-innermost, [W][N], padded to whole vectors: every loop over slots fills
// the registers. Backward rebuilds the history of the memory from weightings, erases and adds.
//
// This file is compiled once per instruction set. Templates and inline functions of the standard library
// would be merged by the linker across these builds, so none with plain types are used here.
#include "backward.hpp"
#include "calls.hpp"
#include "denormals.hpp"

namespace ntmlab::NTMLAB_ISA {

void* ntm_pack(const ScanSizes& z, const ScanArrays& a, bool backward) {
  return new Weights(z, a, backward);
}

void ntm_unpack(void* weights) { delete static_cast<Weights*>(weights); }

void ntm_forward(const ScanSizes& z, const ScanArrays& a, void* weights, int begin, int end) {
  FlushDenormals flush;
  Machine machine(z, *static_cast<Weights*>(weights));
  for (int b = begin; b < end; ++b) {
    machine.start(a, b);
    for (int t = 0; t < z.T; ++t) machine.step(a, static_cast<std::size_t>(b) * z.T + t);
    machine.finish(a, b);
  }
}

void ntm_backward(const ScanSizes& z, const ScanArrays& a, const ScanGradients& g, void* weights,
                  int begin, int end) {
  FlushDenormals flush;
  Backward backward(z, *static_cast<Weights*>(weights));
  for (int b = begin; b < end; ++b) backward.sequence(a, g, b);
}

}  // namespace ntmlab::NTMLAB_ISA
