// Buffers, and weight matrices packed for products with one vector at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "calls.hpp"
#include "simd.hpp"

namespace ntmlab::NTMLAB_ISA {
namespace {

constexpr float kNormSmoothing = 1e-4f;  // addressing.py: NORM_SMOOTHING
constexpr float kLogFloor = 1e-30f;      // addressing.py: LOG_FLOOR
constexpr float kStrengthLimit = 1e3f;   // addressing.py: STRENGTH_LIMIT

int padded(int n) { return (n + kLanes - 1) / kLanes * kLanes; }

int smaller(int a, int b) { return a < b ? a : b; }
float smaller(float a, float b) { return a > b ? b : a; }  // a where it is NaN

void fill(float* p, int n, float value) {
  for (int i = 0; i < n; ++i) p[i] = value;
}

// Zeroed floats on a cache line's boundary, with a vector's room behind the end.
struct Buffer {
  float* data = nullptr;
  Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { free(data); }
  void resize(std::size_t n) {
    const std::size_t bytes = ((n + kLanes) * sizeof(float) + 63) / 64 * 64;
    free(data);
    data = static_cast<float*>(aligned_alloc(64, bytes));
    if (data == nullptr) throw std::bad_alloc();
    std::memset(data, 0, bytes);
  }
  operator float*() const { return data; }
};

// K vectors of y[0..) += sum_j a[j][0..) x[j], in registers; few vectors take two rows at a time, so
// that enough sums run side by side to hide the latency of a multiply-add.
template <int K>
void accumulate_block(float* y, const float* a, int stride, const float* x, int rows) {
  constexpr int kChains = K >= 4 ? 1 : K == 3 ? 2 : 4;
  Vec s[kChains][K] = {};
  for (int i = 0; i < K; ++i) s[0][i] = load(y + i * kLanes);
  int j = 0;
  for (; j + kChains <= rows; j += kChains)
    for (int q = 0; q < kChains; ++q) {
      const Vec xj = splat(x[j + q]);
      const float* p = a + static_cast<std::size_t>(j + q) * stride;
#pragma GCC unroll 8
      for (int i = 0; i < K; ++i) s[q][i] += load(p + i * kLanes) * xj;
    }
  for (; j < rows; ++j) {
    const Vec xj = splat(x[j]);
    const float* p = a + static_cast<std::size_t>(j) * stride;
    for (int i = 0; i < K; ++i) s[0][i] += load(p + i * kLanes) * xj;
  }
  for (int i = 0; i < K; ++i) {
    for (int q = 1; q < kChains; ++q) s[0][i] += s[q][i];
    store(y + i * kLanes, s[0][i]);
  }
}

// y[0..n) += sum_j a[j][0..n) x[j]; rows of a are `stride` apart, n a multiple of the lanes.
void accumulate(float* y, const float* a, int stride, const float* x, int rows, int n) {
  while (n > 0) {
    const int k = smaller(8, n / kLanes);
    switch (k) {
      case 1: accumulate_block<1>(y, a, stride, x, rows); break;
      case 2: accumulate_block<2>(y, a, stride, x, rows); break;
      case 3: accumulate_block<3>(y, a, stride, x, rows); break;
      case 4: accumulate_block<4>(y, a, stride, x, rows); break;
      case 5: accumulate_block<5>(y, a, stride, x, rows); break;
      case 6: accumulate_block<6>(y, a, stride, x, rows); break;
      case 7: accumulate_block<7>(y, a, stride, x, rows); break;
      default: accumulate_block<8>(y, a, stride, x, rows); break;
    }
    y += k * kLanes, a += k * kLanes, n -= k * kLanes;
  }
}

// A matrix in both directions, rows padded: for y = A x and for dx = A^T dy.
struct Matrix {
  int rows = 0, cols = 0, prows = 0, pcols = 0;
  Buffer by_column, by_row;
  void pack(const float* a, int r, int c, bool backward) {
    rows = r, cols = c, prows = padded(r), pcols = padded(c);
    by_column.resize(static_cast<std::size_t>(prows) * c);
    for (int i = 0; i < r; ++i)
      for (int j = 0; j < c; ++j) by_column[j * prows + i] = a[i * c + j];
    if (!backward) return;
    by_row.resize(static_cast<std::size_t>(pcols) * r);
    for (int i = 0; i < r; ++i) std::memcpy(by_row + i * pcols, a + i * c, c * sizeof(float));
  }
  void apply(float* y, const float* x) { accumulate(y, by_column, prows, x, cols, prows); }
  void transposed(float* dx, const float* dy) { accumulate(dx, by_row, pcols, dy, rows, pcols); }
};

struct Weights {
  Matrix reads, heads;
  Matrix *recurrent, *layers;
  Weights(const ScanSizes& z, const ScanArrays& a, bool backward)
      : recurrent(new Matrix[z.lstm() ? z.L : 0]), layers(new Matrix[z.L - 1]) {
    const int G = z.gates * z.C;
    reads.pack(a.reads, G, z.R * z.W, backward);
    heads.pack(a.heads, z.raw(), z.C, backward);
    for (int l = 0; z.lstm() && l < z.L; ++l)
      recurrent[l].pack(a.recurrent + static_cast<std::size_t>(l) * G * z.C, G, z.C, backward);
    for (int l = 0; l + 1 < z.L; ++l)
      layers[l].pack(a.layers + static_cast<std::size_t>(l) * G * z.C, G, z.C, backward);
  }
  Weights(const Weights&) = delete;
  Weights& operator=(const Weights&) = delete;
  ~Weights() {
    delete[] recurrent;
    delete[] layers;
  }
};

}  // namespace
}  // namespace ntmlab::NTMLAB_ISA
