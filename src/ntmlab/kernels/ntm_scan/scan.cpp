// Entry points of the scan of a Neural Turing Machine. Compiled once per instruction set; allocates nothing
// and starts no threads.
//
// Templates and inline functions with plain types that lie outside the namespace of the instruction set
// would be merged by the linker across these builds, so none are used here.
#include "backward.hpp"
#include "denormals.hpp"

namespace ntmlab::NTMLAB_ISA {
namespace {

// Calls body.template operator()<lanes>() for the lanes of a plan.
template <typename Body>
auto with_lanes(const ScanPlan& plan, const Body& body) {
  if constexpr (kLanes >= 16)
    if (plan.lanes == 16) return body.template operator()<16>();
  if constexpr (kLanes >= 8)
    if (plan.lanes == 8) return body.template operator()<8>();
  return body.template operator()<4>();
}

}  // namespace

ScanPlan ntm_plan(const ScanSizes& z, int threads) {
  const int each = (z.B + threads - 1) / threads;
  int lanes = kLanes;
  while (lanes > 4 && each <= lanes / 2) lanes /= 2;
  const Index memory = Index{z.N} * z.W * lanes * sizeof(float);
  Index segment = kSegmentBytes / memory;
  if (segment < kLeastSegment) segment = kLeastSegment;
  if (segment > kMostSegment) segment = kMostSegment;
  return {lanes, static_cast<int>(segment)};
}

Index ntm_tape(const ScanSizes& z, const ScanPlan& plan) {
  const Index groups = (z.B + plan.lanes - 1) / plan.lanes;
  return groups * with_lanes(plan, [&]<int Q>() { return Tape<Q>::size(z, plan); });
}

Index ntm_packed(const ScanSizes& z) { return Weights::size(z); }

void ntm_pack(const ScanSizes& z, const ScanArrays& a, bool backward, float* packed) {
  Weights{z, packed}.fill(a, backward);
}

Index ntm_forward_scratch(const ScanSizes& z, const ScanPlan& plan) {
  return with_lanes(plan, [&]<int Q>() { return ForwardScratch<Q>(z, nullptr).size; });
}

void ntm_forward(const ScanSizes& z, const ScanPlan& plan, const ScanArrays& a, const float* packed,
                 float* scratch, int group) {
  const FlushDenormals flush;
  with_lanes(plan, [&]<int Q>() { Forward<Q>(z, plan, a, packed, scratch, group).run(); });
}

Index ntm_backward_scratch(const ScanSizes& z, const ScanPlan& plan) {
  return with_lanes(plan, [&]<int Q>() { return BackwardScratch<Q>(z, plan, nullptr).size; });
}

Index ntm_backward_sums(const ScanSizes& z, const ScanPlan&) { return Sums(z, nullptr).size; }

void ntm_backward(const ScanSizes& z, const ScanPlan& plan, const ScanArrays& a, const ScanGradients& g,
                  const float* packed, float* scratch, float* sums, int group) {
  const FlushDenormals flush;
  with_lanes(plan, [&]<int Q>() { Backward<Q>(z, plan, a, g, packed, scratch, sums, group).run(); });
}

void ntm_gather(const ScanSizes& z, const ScanPlan& plan, const ScanGradients& g, const float* sums, int threads) {
  const Sums first(z, const_cast<float*>(sums));
  const Index stride = ntm_backward_sums(z, plan), G = Index{z.gates} * z.C;
  gather(first.heads, stride, threads, z.raw(), z.C, g.heads);
  gather(first.inputs, stride, threads, G, z.I, g.input_weights);
  gather(first.input_bias, stride, threads, 1, G, g.input_bias);
  gather(first.reads, stride, threads, G, z.R * z.W, g.reads);
  gather(first.recurrent, stride, threads, (z.lstm() ? z.L : 0) * G, z.C, g.recurrent);
  gather(first.layers, stride, threads, (z.L - 1) * G, z.C, g.layers);
  gather(first.heads_bias, stride, threads, 1, z.raw(), g.heads_bias);
  gather(first.layer_bias, stride, threads, z.L - 1, G, g.layer_bias);
}

}  // namespace ntmlab::NTMLAB_ISA
