// Matrix products on packed operands: the layouts and the two register-blocked inner loops.
#pragma once
#include "isa.hpp"
#include "transpose.hpp"

namespace ntmlab::NTMLAB_ISA {

// Accumulators of a product fill the register file: 12 rows by 2 vectors of 32 registers, 6 by 2 of 16.
#if defined(__AVX512F__) || defined(__aarch64__)
inline constexpr int kTileRows = 12;
#else
inline constexpr int kTileRows = 6;
#endif
inline constexpr int kOuterLanes = kLanes < 8 ? kLanes : kLanes / 2;  // of an outer product's left side
inline constexpr int kOuterVectors = 3;

inline Index smaller(Index a, Index b) { return a < b ? a : b; }

inline Index vectors(Index units) { return (units + kLanes - 1) / kLanes; }

// Activations of many rows, cut into vectors: unit u of row r is at
// data[(u / kLanes) * stride + r * kLanes + u % kLanes].
struct Panels {
  float* data;
  Index stride;  // between panels
  float* at(Index panel, Index row) const { return data + panel * stride + row * kLanes; }
};

inline Panels skip_rows(Panels panels, Index rows) { return {panels.at(0, rows), panels.stride}; }
inline Panels skip_panels(Panels panels, Index count) { return {panels.at(count, 0), panels.stride}; }

// The stride for a number of rows. An odd number of vectors keeps panels out of each other's cache sets.
inline Index panel_stride(Index rows) { return (rows | 1) * kLanes; }

// Hands out consecutive, vector-aligned parts of one allocation; with a null base it only counts.
struct Arena {
  float* base;
  Index used = 0;
  float* take(Index floats) {
    float* p = base == nullptr ? nullptr : base + used;
    used += vectors(floats) * kLanes;
    return p;
  }
  Panels panels(Index units, Index rows) {
    const Index stride = panel_stride(rows);
    return {take(vectors(units) * stride), stride};
  }
};

// The first `count` lanes from or to memory; the others are zero, or left alone.
inline Vec load_part(const float* p, Index count) {
  if (count >= kLanes) return load(p);
#if defined(__AVX512F__)
  return (Vec)_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), p);
#else
  float lanes[kLanes] = {};
  for (Index i = 0; i < count; ++i) lanes[i] = p[i];
  return load(lanes);
#endif
}
inline void store_part(float* p, Vec v, Index count) {
  if (count >= kLanes) return store(p, v);
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1u << count) - 1), (__m512)v);
#else
  float lanes[kLanes];
  store(lanes, v);
  for (Index i = 0; i < count; ++i) p[i] = lanes[i];
#endif
}

// One term of a sum of products: rows (panels from some first row on) times packed weights
// [depth][V][kLanes].
struct Factor {
  const float* rows;
  Index stride;
  const float* weights;
  Index depth;
};

template <int R, int V>
[[gnu::always_inline]] inline void multiply_step(Vec (&sums)[R][V], const float* left, const float* weights) {
  Vec w[V];
#pragma GCC unroll 8
  for (int v = 0; v < V; ++v) w[v] = load(weights + v * kLanes);
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r) {
    const Vec a = splat(left[r * kLanes]);
#pragma GCC unroll 8
    for (int v = 0; v < V; ++v) sums[r][v] += a * w[v];
  }
}

// out[v][r] = start[v][r] (zero where null) + sum over factors of rows * weights, for R rows and V vectors.
template <int R, int V>
void product_tile(const Factor* factors, int count, Index row, const float* start, Index start_stride,
                  float* out, Index out_stride) {
  Vec sums[R][V];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int v = 0; v < V; ++v)
      sums[r][v] = start == nullptr ? Vec{} : load(start + v * start_stride + (row + r) * kLanes);
  for (int f = 0; f < count; ++f) {
    const float* left = factors[f].rows + row * kLanes;
    const float* weights = factors[f].weights;
    Index depth = factors[f].depth;
    for (; depth >= kLanes; depth -= kLanes, left += factors[f].stride)
      for (int j = 0; j < kLanes; ++j, weights += V * kLanes) multiply_step<R, V>(sums, left + j, weights);
    for (int j = 0; j < depth; ++j, weights += V * kLanes) multiply_step<R, V>(sums, left + j, weights);
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int v = 0; v < V; ++v) store(out + v * out_stride + (row + r) * kLanes, sums[r][v]);
}

template <int R, int V>
void product_tiles(int rows, const Factor* factors, int count, Index row, const float* start,
                   Index start_stride, float* out, Index out_stride) {
  if constexpr (R > 0) {
    if (rows == R)
      product_tile<R, V>(factors, count, row, start, start_stride, out, out_stride);
    else
      product_tiles<R - 1, V>(rows, factors, count, row, start, start_stride, out, out_stride);
  }
}

// The same for any number of rows, in tiles of nearly equal height.
template <int V>
void product(const Factor* factors, int count, Index rows, const float* start, Index start_stride,
             float* out, Index out_stride) {
  constexpr int kHeight = kTileRows * 2 / (V < 2 ? 2 : V);
  const Index tiles = (rows + kHeight - 1) / kHeight;
  for (Index tile = 0; tile < tiles; ++tile) {
    const Index row = rows * tile / tiles;
    product_tiles<kHeight, V>(static_cast<int>(rows * (tile + 1) / tiles - row), factors, count, row, start,
                              start_stride, out, out_stride);
  }
}

// sums[i][v] += sum over rows of left[row][i] * right[row][v], for R lanes of one panel and V panels.
template <int R, int V>
void outer_tile(const float* left, const float* right, Index right_stride, Index rows, float* out,
                Index out_stride) {
  Vec sums[R][V];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int v = 0; v < V; ++v) sums[r][v] = load(out + r * out_stride + v * kLanes);
  for (Index k = 0; k < rows; ++k, left += kLanes, right += kLanes) {
    Vec w[V];
#pragma GCC unroll 8
    for (int v = 0; v < V; ++v) w[v] = load(right + v * right_stride);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const Vec a = splat(left[r]);
#pragma GCC unroll 8
      for (int v = 0; v < V; ++v) sums[r][v] += a * w[v];
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int v = 0; v < V; ++v) store(out + r * out_stride + v * kLanes, sums[r][v]);
}

template <int V>
void outer_lanes(Index lanes, const float* left, const float* right, Index right_stride, Index rows,
                 float* out, Index out_stride) {
  for (; lanes >= kOuterLanes; lanes -= kOuterLanes, left += kOuterLanes, out += kOuterLanes * out_stride)
    outer_tile<kOuterLanes, V>(left, right, right_stride, rows, out, out_stride);
  for (; lanes >= 4; lanes -= 4, left += 4, out += 4 * out_stride)
    outer_tile<4, V>(left, right, right_stride, rows, out, out_stride);
  for (; lanes > 0; --lanes, ++left, out += out_stride)
    outer_tile<1, V>(left, right, right_stride, rows, out, out_stride);
}

// out (left_units, right_panels * kLanes) += left^T right over a number of rows. Panels begin at the first row.
inline void outer(Panels left, Index left_units, Panels right, Index right_panels, Index rows, float* out) {
  const Index width = right_panels * kLanes;
  const Index groups = (right_panels + kOuterVectors - 1) / kOuterVectors;
  for (Index first = 0; first < left_units; first += kLanes) {
    const Index lanes = left_units - first < kLanes ? left_units - first : kLanes;
    for (Index group = 0; group < groups; ++group) {
      const Index panel = right_panels * group / groups;
      const Index count = right_panels * (group + 1) / groups - panel;
      const float* a = left.at(first / kLanes, 0);
      const float* b = right.at(panel, 0);
      float* c = out + first * width + panel * kLanes;
      if (count == 3) outer_lanes<3>(lanes, a, b, right.stride, rows, c, width);
      if (count == 2) outer_lanes<2>(lanes, a, b, right.stride, rows, c, width);
      if (count == 1) outer_lanes<1>(lanes, a, b, right.stride, rows, c, width);
    }
  }
}

}  // namespace ntmlab::NTMLAB_ISA
