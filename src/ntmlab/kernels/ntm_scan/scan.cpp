// Entry points of the scan of a Neural Turing Machine. Compiled once per instruction set; allocates nothing
// and starts no threads.
//
// Templates and inline functions with plain types that lie outside the namespace of the instruction set
// would be merged by the linker across these builds, so none are used here.
#include "backward.hpp"
#include "denormals.hpp"

namespace ntmlab::NTMLAB_ISA {
namespace {

// More sequences of a group read the weights less often. Longer segments keep less from the forward pass; but
// the backward pass holds a whole segment of all sequences, and slows down where that leaves the cache.
constexpr int kMostRows = 4;
constexpr Index kSegmentBytes = 512 << 10;
constexpr int kLeastSegment = 4, kMostSegment = 16;

}  // namespace

ScanPlan ntm_plan(const ScanSizes& z, int threads) {
  const int each = (z.B + threads - 1) / threads, groups = (each + kMostRows - 1) / kMostRows;
  const int rows = (each + groups - 1) / groups;
  const ntm::Layout y(z);
  const Index step = rows * (ntm::State::size(y) + ntm::Lookup::size(y)) * sizeof(float);
  Index segment = kSegmentBytes / step;
  if (segment < kLeastSegment) segment = kLeastSegment;
  if (segment > kMostSegment) segment = kMostSegment;
  if (segment > z.T) segment = z.T;
  return {rows, static_cast<int>(segment)};
}

Index ntm_tape(const ScanSizes& z, const ScanPlan& plan) {
  const Index groups = (z.B + plan.rows - 1) / plan.rows;
  return groups * ntm::segments_of(z, plan) * ntm::Segment(ntm::Layout(z), plan, nullptr).size;
}

Index ntm_packed(const ScanSizes& z) {
  const ntm::Layout y(z);
  const Index forward = ntm::ForwardWeights(y, nullptr).size, backward = ntm::BackwardWeights(y, nullptr).size();
  return forward > backward ? forward : backward;
}

void ntm_pack(const ScanSizes& z, const ScanArrays& a, bool backward, float* packed) {
  const ntm::Layout y(z);
  if (backward)
    ntm::BackwardWeights(y, packed).fill(a);
  else
    ntm::ForwardWeights(y, packed).fill(a);
}

Index ntm_forward_scratch(const ScanSizes& z, const ScanPlan& plan) {
  return ntm::ForwardScratch(ntm::Layout(z), plan, nullptr).size;
}

void ntm_forward(const ScanSizes& z, const ScanPlan& plan, const ScanArrays& a, const float* packed,
                 float* scratch, int group) {
  const FlushDenormals flush;
  const ntm::Layout y(z);
  ntm::Forward(y, plan, a, packed, scratch, group).run();
}

Index ntm_backward_scratch(const ScanSizes& z, const ScanPlan& plan) {
  return ntm::BackwardScratch(ntm::Layout(z), plan, nullptr).size;
}

Index ntm_backward_sums(const ScanSizes& z, const ScanPlan&) { return ntm::Sums(z, nullptr).size; }

void ntm_backward(const ScanSizes& z, const ScanPlan& plan, const ScanArrays& a, const ScanGradients& g,
                  const float* packed, float* scratch, float* sums, int group) {
  const FlushDenormals flush;
  const ntm::Layout y(z);
  ntm::Backward(y, plan, a, g, packed, scratch, sums, group).run();
}

void ntm_gather(const ScanSizes& z, const ScanPlan& plan, const ScanGradients& g, const float* sums, int threads) {
  const ntm::Sums first(z, const_cast<float*>(sums));
  const Index stride = ntm_backward_sums(z, plan), G = Index{z.gates} * z.C;
  const auto gather = [&](const float* from, Index count, Index columns, float* out) {
    ntm::gather(from, stride, threads, count, columns, out, columns);
  };
  gather(first.heads, z.raw(), z.C, g.heads);
  gather(first.inputs, G, z.I, g.input_weights);
  gather(first.input_bias, z.gates, z.C, g.input_bias);
  gather(first.reads, G, Index{z.R} * z.W, g.reads);
  gather(first.recurrent, (z.lstm() ? z.L : 0) * G, z.C, g.recurrent);
  gather(first.layers, (z.L - 1) * G, z.C, g.layers);
  gather(first.heads_bias, 1, z.raw(), g.heads_bias);
  gather(first.layer_bias, (z.L - 1) * z.gates, z.C, g.layer_bias);
  if (z.O == 0) return;
  gather(first.output_bias, 1, z.O, g.output_bias);
  ntm::gather(first.output_hidden, stride, threads, z.O, z.C, g.output_weights, z.seen);
  if (z.seen > z.C)
    ntm::gather(first.output_reads, stride, threads, z.O, Index{z.R} * z.W, g.output_weights + z.C, z.seen);
}

}  // namespace ntmlab::NTMLAB_ISA
