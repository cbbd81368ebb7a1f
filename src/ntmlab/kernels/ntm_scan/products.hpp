// Products of weight matrices with a group's vectors: weights are read once for all sequences.
#pragma once
#include "layout.hpp"

namespace ntmlab::NTMLAB_ISA {

inline constexpr int kTile = 12;  // rows of a product whose sums are in registers at a time

// A matrix packed tile by tile: [tile][column][row of the tile]; tiles are of nearly equal height.
struct Matrix {
  const float* packed;
  int rows, columns;
};

inline int tiles_of(int rows) { return (rows + kTile - 1) / kTile; }

// Packs a (rows, columns), or its transpose, element (i, j) being a[i * down + j * right].
inline void pack(const float* a, int rows, int columns, Index down, Index right, float* packed) {
  const int tiles = tiles_of(rows);
  for (int tile = 0; tile < tiles; ++tile) {
    const int begin = rows * tile / tiles, end = rows * (tile + 1) / tiles;
    for (int j = 0; j < columns; ++j)
      for (int i = begin; i < end; ++i) *packed++ = a[i * down + j * right];
  }
}

template <int Q, int H>
inline void multiply_tile(const float* packed, int columns, const float* x, float* y) {
  using V = Lanes<Q>;
  V sums[H];
#pragma GCC unroll 12
  for (int i = 0; i < H; ++i) sums[i] = get<V>(y + i * Q);
  for (int j = 0; j < columns; ++j, packed += H) {
    const V xj = get<V>(x + j * Q);
#pragma GCC unroll 12
    for (int i = 0; i < H; ++i) sums[i] += xj * packed[i];
  }
#pragma GCC unroll 12
  for (int i = 0; i < H; ++i) put(y + i * Q, sums[i]);
}

template <int Q, int H = kTile>
inline void multiply_tiles(int height, const float* packed, int columns, const float* x, float* y) {
  if constexpr (H > 0) {
    if (height == H)
      multiply_tile<Q, H>(packed, columns, x, y);
    else
      multiply_tiles<Q, H - 1>(height, packed, columns, x, y);
  }
}

// y += A x
template <int Q>
inline void multiply(const Matrix& a, const float* x, float* y) {
  const int tiles = tiles_of(a.rows);
  for (int tile = 0; tile < tiles; ++tile) {
    const int begin = a.rows * tile / tiles, height = a.rows * (tile + 1) / tiles - begin;
    multiply_tiles<Q>(height, a.packed + Index{begin} * a.columns, a.columns, x, y + begin * Q);
  }
}

// All weights of a scan, packed for one direction.
struct Weights {
  const ScanSizes& z;
  float* base;
  static Index size(const ScanSizes& z) {
    const Index G = Index{z.gates} * z.C;
    return G * (Index{z.I} + z.R * z.W) + Index{z.raw()} * z.C + (z.lstm() ? z.L : 0) * G * z.C + (z.L - 1) * G * z.C;
  }
  int G() const { return z.gates * z.C; }
  float* inputs() const { return base; }
  float* reads() const { return inputs() + Index{G()} * z.I; }
  float* heads() const { return reads() + Index{G()} * z.R * z.W; }
  float* recurrent(int layer) const { return heads() + Index{z.raw()} * z.C + Index{layer} * G() * z.C; }
  float* above(int layer) const {  // from a layer to the next
    return recurrent(z.lstm() ? z.L : 0) + Index{layer} * G() * z.C;
  }
  void fill(const ScanArrays& a, bool transposed) const {
    const auto one = [&](const float* from, int rows, int columns, float* to) {
      if (transposed)
        pack(from, columns, rows, 1, columns, to);
      else
        pack(from, rows, columns, columns, 1, to);
    };
    one(a.input_weights, G(), z.I, inputs());
    one(a.reads, G(), z.R * z.W, reads());
    one(a.heads, z.raw(), z.C, heads());
    for (int l = 0; z.lstm() && l < z.L; ++l) one(a.recurrent + Index{l} * G() * z.C, G(), z.C, recurrent(l));
    for (int l = 0; l + 1 < z.L; ++l) one(a.layers + Index{l} * G() * z.C, G(), z.C, above(l));
  }
};

}  // namespace ntmlab::NTMLAB_ISA
