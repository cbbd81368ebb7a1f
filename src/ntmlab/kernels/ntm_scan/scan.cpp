// The scan of a Neural Turing Machine, one sequence at a time on each thread, so that its memory stays
// in the cache. Memory lies slot-innermost, [W][N], padded to whole vectors: every loop over slots fills
// the registers. Backward rebuilds the history of the memory from weightings, erases and adds.
//
// This file is compiled once per instruction set. Templates and inline functions of the standard library
// would be merged by the linker across these builds, so none with plain types are used here.
#include <math.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "calls.hpp"
#include "denormals.hpp"
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

float softplus(float x) { return x > 20 ? x : log1pf(expf(x)); }
float logistic(float x) { return 1 / (1 + expf(-x)); }

// Activated parameters of one head.
struct Head {
  const float* raw;
  float beta, g, gamma;
  Buffer key, s, erase, add;
  float inverse_key_norm;
  void init(int W, int S) {
    key.resize(padded(W));
    erase.resize(padded(W));
    add.resize(padded(W));
    s.resize(padded(S));
  }
  // th and si: tanh and sigmoid of all raw parameters, at the place of r.
  void activate(const float* r, const float* th, const float* si, int W, int S, bool writes) {
    raw = r;
    float square = kNormSmoothing;
    for (int c = 0; c < W; ++c) key[c] = th[c], square += key[c] * key[c];
    inverse_key_norm = 1 / sqrtf(square);
    beta = smaller(softplus(r[W]), kStrengthLimit);
    g = si[W + 1];
    const float* raw_s = r + W + 2;
    float top = raw_s[0], total = 0;
    for (int k = 1; k < S; ++k) top = raw_s[k] > top ? raw_s[k] : top;
    for (int k = 0; k < S; ++k) total += s[k] = expf(raw_s[k] - top);
    for (int k = 0; k < S; ++k) s[k] /= total;
    gamma = smaller(1 + softplus(r[W + 2 + S]), kStrengthLimit);
    if (!writes) return;
    for (int c = 0; c < W; ++c) {
      erase[c] = si[W + 3 + S + c];
      add[c] = th[2 * W + 3 + S + c];
    }
  }
};

// Softmax over the first n entries of x (padding to zero), in place.
void softmax(float* x, int n, int np) {
  for (int i = n; i < np; ++i) x[i] = -INFINITY;
  Vec top = load(x);
  for (int i = kLanes; i < np; i += kLanes) top = vmax(load(x + i), top);
  const Vec m = splat(maximum(top));
  Vec total{};
  for (int i = 0; i < np; i += kLanes) {
    const Vec e = exp(load(x + i) - m);
    total += e;
    store(x + i, e);
  }
  const Vec inverse = splat(1 / sum(total));
  for (int i = 0; i < np; i += kLanes) store(x + i, load(x + i) * inverse);
  for (int i = n; i < np; ++i) x[i] = 0;
}

// y[i] = sum_k s[k] x[(i - (k - reach)) mod n]; `sign` -1 gives the transpose.
struct Shifter {
  Buffer ring;
  int reach, n;
  void init(int n_, int S) {
    n = n_, reach = S / 2;
    ring.resize(padded(n) + 2 * reach + kLanes);
  }
  void operator()(float* y, const float* x, const float* s, int sign) {
    std::memcpy(ring + reach, x, n * sizeof(float));
    for (int i = 0; i < reach; ++i) {
      ring[reach - 1 - i] = x[n - 1 - i % n];
      ring[reach + n + i] = x[i % n];
    }
    const int np = padded(n);
    for (int i = 0; i < np; i += kLanes) {
      Vec t{};
      for (int k = -reach; k <= reach; ++k) t += splat(s[k + reach]) * load(ring + reach + i - sign * k);
      store(y + i, t);
    }
    for (int i = n; i < np; ++i) y[i] = 0;
  }
};

struct Machine {
  const ScanSizes& z;
  Weights& weights;
  const int Np, G, Gp, Cp, Wp, RWp, P, Pp, H;
  Buffer memory, inverse_norm, w, pre, raw, th, si, h, c, r;
  Buffer wc, wt, similarity, tmp;
  Head* heads;
  Shifter shifter;

  Machine(const ScanSizes& sizes, Weights& ws)
      : z(sizes), weights(ws), Np(padded(z.N)), G(z.gates * z.C), Gp(padded(G)), Cp(padded(z.C)),
        Wp(padded(z.W)), RWp(padded(z.R * z.W)), P(z.raw()), Pp(padded(P)), H(z.heads()), heads(new Head[H]) {
    memory.resize(z.W * Np);
    inverse_norm.resize(Np);
    w.resize(H * Np);
    wc.resize(H * Np);
    wt.resize(Np);
    tmp.resize(Np);
    similarity.resize(H * Np);
    pre.resize(Gp);
    raw.resize(Pp);
    th.resize(Pp);
    si.resize(Pp);
    h.resize(z.L * Cp);
    c.resize(z.L * Cp);
    r.resize(RWp);
    for (int k = 0; k < H; ++k) heads[k].init(z.W, z.S);
    shifter.init(z.N, z.S);
  }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  ~Machine() { delete[] heads; }

  // Activates heads first.. from raw parameters in `raw` (padded).
  void activate(int first) {
    for (int i = 0; i < Pp; i += kLanes) {
      store(th + i, NTMLAB_ISA::tanh(load(raw + i)));
      store(si + i, sigmoid(load(raw + i)));
    }
    for (int k = first; k < H; ++k)
      heads[k].activate(head_raw(raw, k), head_raw(th, k), head_raw(si, k), z.W, z.S, k >= z.R);
  }

  const float* head_raw(const float* all, int head) const {
    return head < z.R ? all + head * z.address()
                      : all + z.R * z.address() + (head - z.R) * (z.address() + 2 * z.W);
  }

  void start(const ScanArrays& a, int b) {
    fill(memory, z.W * Np, 0);  // padding too: a NaN must not stay behind
    for (int n = 0; n < z.N; ++n)
      for (int m = 0; m < z.W; ++m) memory[m * Np + n] = a.memory0[(static_cast<std::size_t>(b) * z.N + n) * z.W + m];
    std::memcpy(r, a.reads0 + static_cast<std::size_t>(b) * z.R * z.W, z.R * z.W * sizeof(float));
    for (int k = 0; k < H; ++k) {
      const float* from = k < z.R ? a.read_w0 + (static_cast<std::size_t>(b) * z.R + k) * z.N
                                  : a.write_w0 + (static_cast<std::size_t>(b) * z.V + k - z.R) * z.N;
      std::memcpy(w + k * Np, from, z.N * sizeof(float));
    }
    if (z.lstm())
      for (int l = 0; l < z.L; ++l) {
        std::memcpy(h + l * Cp, a.hidden0 + (static_cast<std::size_t>(b) * z.L + l) * z.C, z.C * sizeof(float));
        std::memcpy(c + l * Cp, a.cell0 + (static_cast<std::size_t>(b) * z.L + l) * z.C, z.C * sizeof(float));
      }
  }

  void controller(const ScanArrays& a, std::size_t row) {
    for (int l = 0; l < z.L; ++l) {
      std::memcpy(pre, l == 0 ? a.projected + row * G : a.layer_bias + (l - 1) * G, G * sizeof(float));
      if (l == 0)
        weights.reads.apply(pre, r);
      else
        weights.layers[l - 1].apply(pre, h + (l - 1) * Cp);
      float* hl = h + l * Cp;
      if (z.lstm()) {
        weights.recurrent[l].apply(pre, hl);
        float* cl = c + l * Cp;
        // gates lie C apart, which need not be a multiple of the lanes
        for (int i = 0; i < z.C; i += kLanes) {
          const int n = smaller(kLanes, z.C - i);
          Vec gi{}, gf{}, gg{}, go{}, cc{};
          std::memcpy(&gi, pre + i, n * 4);
          std::memcpy(&gf, pre + z.C + i, n * 4);
          std::memcpy(&gg, pre + 2 * z.C + i, n * 4);
          std::memcpy(&go, pre + 3 * z.C + i, n * 4);
          std::memcpy(&cc, cl + i, n * 4);
          gi = sigmoid(gi), gf = sigmoid(gf), gg = NTMLAB_ISA::tanh(gg), go = sigmoid(go);
          cc = gf * cc + gi * gg;
          const Vec hh = go * NTMLAB_ISA::tanh(cc);
          std::memcpy(cl + i, &cc, n * 4);
          std::memcpy(hl + i, &hh, n * 4);
          std::memcpy(pre + i, &gi, n * 4);
          std::memcpy(pre + z.C + i, &gf, n * 4);
          std::memcpy(pre + 2 * z.C + i, &gg, n * 4);
          std::memcpy(pre + 3 * z.C + i, &go, n * 4);
        }
        if (a.gates) std::memcpy(a.gates + (row * z.L + l) * G, pre, G * sizeof(float));
      } else {
        for (int i = 0; i < Cp; i += kLanes) store(hl + i, NTMLAB_ISA::tanh(load(pre + i)));
        for (int i = z.C; i < Cp; ++i) hl[i] = 0;
      }
      if (a.states) {
        std::memcpy(a.states + ((row * z.L + l) * 2) * z.C, hl, z.C * sizeof(float));
        std::memcpy(a.states + ((row * z.L + l) * 2 + 1) * z.C, c + l * Cp, z.C * sizeof(float));
      }
    }
  }

  // One pass over the memory for K vectors of slots: squared norms and the products with the keys of
  // heads k and k + 1 (or of head k alone).
  template <int K, bool kTwo>
  void products_block(const float* M, int k, int at) {
    const float *key0 = heads[k].key.data, *key1 = heads[kTwo ? k + 1 : k].key.data;
    Vec norm[K], dot0[K] = {}, dot1[K] = {};
    for (int i = 0; i < K; ++i) norm[i] = splat(kNormSmoothing);
    for (int j = 0; j < z.W; ++j) {
      const Vec x0 = splat(key0[j]), x1 = splat(key1[j]);
      const float* p = M + j * Np + at;
#pragma GCC unroll 4
      for (int i = 0; i < K; ++i) {
        const Vec v = load(p + i * kLanes);
        norm[i] += v * v;
        dot0[i] += v * x0;
        if constexpr (kTwo) dot1[i] += v * x1;
      }
    }
    for (int i = 0; i < K; ++i) {
      store(inverse_norm + at + i * kLanes, norm[i]);
      store(similarity + k * Np + at + i * kLanes, dot0[i]);
      if constexpr (kTwo) store(similarity + (k + 1) * Np + at + i * kLanes, dot1[i]);
    }
  }

  // Similarity of every head's key with every slot (Eq. 6), and the inverse norms of slots.
  void similarities(const float* M) {
    for (int k = 0; k < H; k += 2) {
      const bool two = k + 1 < H;
      int at = 0;
      for (; at + 4 * kLanes <= Np; at += 4 * kLanes)
        two ? products_block<4, true>(M, k, at) : products_block<4, false>(M, k, at);
      for (; at < Np; at += kLanes)
        two ? products_block<1, true>(M, k, at) : products_block<1, false>(M, k, at);
    }
    float* p = inverse_norm;
    for (int i = 0; i < Np; ++i) p[i] = 1 / sqrtf(p[i]);
    for (int k = 0; k < H; ++k) {
      const Vec scale = splat(heads[k].inverse_key_norm);
      float* q = similarity + k * Np;
      for (int i = 0; i < Np; i += kLanes) store(q + i, load(q + i) * load(inverse_norm + i) * scale);
    }
  }

  // w~ of Eq. 8 into wt, from wc and the previous weighting.
  void shifted(Head& head, const float* content, const float* previous) {
    for (int i = 0; i < Np; i += kLanes)
      store(tmp + i, load(content + i) * splat(head.g) + load(previous + i) * splat(1 - head.g));
    shifter(wt, tmp, head.s, 1);
  }

  void address(int k) {
    Head& head = heads[k];
    float* content = wc + k * Np;
    const Vec beta = splat(head.beta);
    for (int i = 0; i < Np; i += kLanes) store(content + i, load(similarity + k * Np + i) * beta);
    softmax(content, z.N, Np);
    shifted(head, content, w + k * Np);
    float* out = w + k * Np;
    for (int i = 0; i < Np; i += kLanes)
      store(out + i, splat(head.gamma) * NTMLAB_ISA::log(load(wt + i) + kLogFloor));
    softmax(out, z.N, Np);
  }

  void write(float* to, const float* from, const float* weightings, int head_first) {
    for (int m = 0; m < z.W; ++m) {
      for (int i = 0; i < Np; i += kLanes) {
        Vec v = load(from + m * Np + i), added{};
        for (int k = 0; k < z.V; ++k) {
          const Vec wk = load(weightings + (head_first + k) * Np + i);
          v = v - v * wk * splat(heads[z.R + k].erase[m]);
          added += wk * splat(heads[z.R + k].add[m]);
        }
        store(to + m * Np + i, v + added);
      }
    }
  }

  void read() {
    for (int k = 0; k < z.R; ++k)
      for (int m = 0; m < z.W; ++m) {
        Vec s{};
        for (int i = 0; i < Np; i += kLanes) s += load(w + k * Np + i) * load(memory + m * Np + i);
        r[k * z.W + m] = sum(s);
      }
  }

  // Reads and writes in one pass, for one head of each kind.
  void read_write_1() {
    const float *wr = w, *ww = w + Np;
    for (int m = 0; m < z.W; ++m) {
      const Vec e = splat(heads[1].erase[m]), ad = splat(heads[1].add[m]);
      Vec s0{}, s1{};
      float* p = memory + m * Np;
      int i = 0;
      for (; i + 2 * kLanes <= Np; i += 2 * kLanes) {
        const Vec u = load(p + i), v = load(p + i + kLanes);
        s0 += load(wr + i) * u;
        s1 += load(wr + i + kLanes) * v;
        store(p + i, u + load(ww + i) * (ad - e * u));
        store(p + i + kLanes, v + load(ww + i + kLanes) * (ad - e * v));
      }
      for (; i < Np; i += kLanes) {
        const Vec u = load(p + i);
        s0 += load(wr + i) * u;
        store(p + i, u + load(ww + i) * (ad - e * u));
      }
      r[m] = sum(s0 + s1);
    }
  }

  void step(const ScanArrays& a, std::size_t row) {
    controller(a, row);
    const float* top = h + (z.L - 1) * Cp;
    std::memcpy(a.hidden + row * z.C, top, z.C * sizeof(float));
    std::memcpy(raw, a.heads_bias, P * sizeof(float));
    weights.heads.apply(raw, top);
    if (a.raw) std::memcpy(a.raw + row * P, raw, P * sizeof(float));
    activate(0);
    similarities(memory);
    for (int k = 0; k < H; ++k) address(k);
    if (z.R == 1 && z.V == 1) {
      read_write_1();
    } else {
      read();
      write(memory, memory, w, z.R);
    }
    std::memcpy(a.read_out + row * z.R * z.W, r, z.R * z.W * sizeof(float));
    for (int k = 0; k < H; ++k) {
      if (a.weightings) std::memcpy(a.weightings + (row * H + k) * z.N, w + k * Np, z.N * sizeof(float));
      if (a.content) std::memcpy(a.content + (row * H + k) * z.N, wc + k * Np, z.N * sizeof(float));
    }
  }

  void finish(const ScanArrays& a, int b) {
    for (int n = 0; n < z.N; ++n)
      for (int m = 0; m < z.W; ++m) a.memory[(static_cast<std::size_t>(b) * z.N + n) * z.W + m] = memory[m * Np + n];
    std::memcpy(a.reads_end + static_cast<std::size_t>(b) * z.R * z.W, r, z.R * z.W * sizeof(float));
    for (int k = 0; k < H; ++k) {
      float* to = k < z.R ? a.read_w + (static_cast<std::size_t>(b) * z.R + k) * z.N
                          : a.write_w + (static_cast<std::size_t>(b) * z.V + k - z.R) * z.N;
      std::memcpy(to, w + k * Np, z.N * sizeof(float));
    }
    if (z.lstm())
      for (int l = 0; l < z.L; ++l) {
        std::memcpy(a.hidden_end + (static_cast<std::size_t>(b) * z.L + l) * z.C, h + l * Cp, z.C * sizeof(float));
        std::memcpy(a.cell_end + (static_cast<std::size_t>(b) * z.L + l) * z.C, c + l * Cp, z.C * sizeof(float));
      }
  }
};

struct Backward {
  Machine m;
  const ScanSizes& z;
  const int Np;
  Buffer history, all_w, dM, dw, dh, dc, dr, draw, dpre, dwt, dwc, dkey, coefficient, dnorm, dtop;
  Buffer partial_erase, partial_add, partial_key, through_norm;
  explicit Backward(const ScanSizes& sizes, Weights& weights) : m(sizes, weights), z(sizes), Np(m.Np) {
    history.resize(static_cast<std::size_t>(z.T) * z.W * Np);
    all_w.resize(static_cast<std::size_t>(z.T + 1) * m.H * Np);
    dM.resize(z.W * Np);
    dw.resize(m.H * Np);
    dh.resize(z.L * m.Cp + kLanes);
    dc.resize(z.L * m.Cp);
    dr.resize(m.RWp);
    draw.resize(m.Pp);
    dpre.resize(m.Gp);
    dwt.resize(Np);
    dwc.resize(Np);
    dkey.resize(m.Wp);
    coefficient.resize(m.H * Np);
    dnorm.resize(Np);
    dtop.resize(m.Cp);
    partial_erase.resize(z.W * kLanes);
    partial_add.resize(z.W * kLanes);
    partial_key.resize(m.H * m.Wp * kLanes);
    through_norm.resize(m.H);
  }

  void rebuild(const ScanArrays& a, int b) {
    m.start(a, b);
    std::memcpy(all_w, m.w, m.H * Np * sizeof(float));
    for (int t = 0; t < z.T; ++t) {
      const std::size_t row = static_cast<std::size_t>(b) * z.T + t;
      float* wt = all_w + static_cast<std::size_t>(t + 1) * m.H * Np;
      for (int k = 0; k < m.H; ++k) std::memcpy(wt + k * Np, a.weightings + (row * m.H + k) * z.N, z.N * sizeof(float));
      float* M = history + static_cast<std::size_t>(t) * z.W * Np;
      std::memcpy(M, m.memory, z.W * Np * sizeof(float));
      std::memcpy(m.raw, a.raw + row * m.P, m.P * sizeof(float));
      m.activate(z.R);
      m.write(m.memory, M, wt, z.R);
    }
  }

  // Gradients through the read and the write of K vectors of slots, for one head of each kind. The
  // sums over slots for erase and add are left as vectors in partial_*.
  template <int K>
  void memory_block_1(const float* M, const float* wt, int at) {
    const float *erase = m.heads[1].erase.data, *add = m.heads[1].add.data;
    Vec dwr[K], dww[K], wr[K], ww[K];
    for (int i = 0; i < K; ++i) {
      dwr[i] = load(dw + at + i * kLanes);
      dww[i] = load(dw + Np + at + i * kLanes);
      wr[i] = load(wt + at + i * kLanes);
      ww[i] = load(wt + Np + at + i * kLanes);
    }
    for (int j = 0; j < z.W; ++j) {
      const Vec g = splat(dr[j]), e = splat(erase[j]), ad = splat(add[j]);
      Vec se = load(partial_erase + j * kLanes), sa = load(partial_add + j * kLanes);
      const float* p = M + j * Np + at;
      float* d = dM + j * Np + at;
#pragma GCC unroll 4
      for (int i = 0; i < K; ++i) {
        const Vec u = load(d + i * kLanes), v = load(p + i * kLanes), q = u * ww[i];
        dwr[i] += g * v;
        dww[i] += u * (ad - e * v);
        sa += q;
        se -= q * v;
        store(d + i * kLanes, u - e * q + g * wr[i]);
      }
      store(partial_erase + j * kLanes, se);
      store(partial_add + j * kLanes, sa);
    }
    for (int i = 0; i < K; ++i) {
      store(dw + at + i * kLanes, dwr[i]);
      store(dw + Np + at + i * kLanes, dww[i]);
    }
  }

  void memory_step_1(const float* M, const float* wt) {
    fill(partial_erase, z.W * kLanes, 0);
    fill(partial_add, z.W * kLanes, 0);
    int at = 0;
    for (; at + 4 * kLanes <= Np; at += 4 * kLanes) memory_block_1<4>(M, wt, at);
    for (; at < Np; at += kLanes) memory_block_1<1>(M, wt, at);
    const float *erase = m.heads[1].erase.data, *add = m.heads[1].add.data;
    float* d = draw + z.address() + z.address();
    for (int j = 0; j < z.W; ++j) {
      d[j] = sum(load(partial_erase + j * kLanes)) * erase[j] * (1 - erase[j]);
      d[z.W + j] = sum(load(partial_add + j * kLanes)) * (1 - add[j] * add[j]);
    }
  }

  // Gradients through reads and writes at one step; M is the memory before it.
  void memory_step(const float* M, const float* wt) {
    if (z.R == 1 && z.V == 1) return memory_step_1(M, wt);
    for (int k = 0; k < z.R; ++k) {
      float* dwk = dw + k * Np;
      for (int j = 0; j < z.W; ++j) {
        const Vec g = splat(dr[k * z.W + j]);
        for (int i = 0; i < Np; i += kLanes) store(dwk + i, load(dwk + i) + g * load(M + j * Np + i));
      }
    }
    for (int j = 0; j < z.W; ++j) {
      float de[64], da[64];
      for (int k = 0; k < z.V; ++k) de[k] = da[k] = 0;
      Vec sde[8], sda[8];
      for (int k = 0; k < smaller(z.V, 8); ++k) sde[k] = sda[k] = Vec{};
      for (int i = 0; i < Np; i += kLanes) {
        const Vec D = load(dM + j * Np + i), before = load(M + j * Np + i);
        Vec keep = splat(1.0f);
        for (int k = 0; k < z.V; ++k)
          keep *= 1.0f - load(wt + (z.R + k) * Np + i) * splat(m.heads[z.R + k].erase[j]);
        for (int k = 0; k < z.V; ++k) {
          const Vec wk = load(wt + (z.R + k) * Np + i);
          const Vec e = splat(m.heads[z.R + k].erase[j]);
          Vec others = splat(1.0f);
          for (int q = 0; q < z.V; ++q)
            if (q != k) others *= 1.0f - load(wt + (z.R + q) * Np + i) * splat(m.heads[z.R + q].erase[j]);
          const Vec dmul = D * before * others;  // d/d(1 - w e)
          float* dwk = dw + (z.R + k) * Np + i;
          store(dwk, load(dwk) + D * splat(m.heads[z.R + k].add[j]) - dmul * e);
          const Vec x = -dmul * wk, y = D * wk;
          if (k < 8) sde[k] += x, sda[k] += y; else de[k] += sum(x), da[k] += sum(y);
        }
        Vec next = D * keep;
        for (int k = 0; k < z.R; ++k) next += load(wt + k * Np + i) * splat(dr[k * z.W + j]);
        store(dM + j * Np + i, next);
      }
      for (int k = 0; k < z.V; ++k) {
        if (k < 8) de[k] = sum(sde[k]), da[k] = sum(sda[k]);
        float* d = const_cast<float*>(m.head_raw(draw, z.R + k)) + z.address();
        const float e = m.heads[z.R + k].erase[j], ad = m.heads[z.R + k].add[j];
        d[j] = de[k] * e * (1 - e);
        d[z.W + j] = da[k] * (1 - ad * ad);
      }
    }
  }

  // Through sharpening, shift, interpolation and content of one head. Leaves in dw the gradient of the
  // previous weighting, adds to dnorm and dM.
  void addressing(int k, const float* content, const float* before, const float* after) {
    Head& head = m.heads[k];
    float* d = const_cast<float*>(m.head_raw(draw, k));
    float* g = dw + k * Np;
    m.shifted(head, content, before);  // m.wt and m.tmp hold w~ and w_g
    Vec mean{};
    for (int i = 0; i < Np; i += kLanes) mean += load(after + i) * load(g + i);
    const Vec average = splat(sum(mean));
    Vec dgamma{};
    for (int i = 0; i < Np; i += kLanes) {
      const Vec x = load(m.wt + i) + kLogFloor;
      const Vec u = load(after + i) * (load(g + i) - average);
      dgamma += u * NTMLAB_ISA::log(x);
      store(dwt + i, u * splat(head.gamma) / x);
    }
    for (int i = z.N; i < Np; ++i) dwt[i] = 0;
    const float raw_gamma = head.raw[z.W + 2 + z.S];
    d[z.W + 2 + z.S] = head.gamma < kStrengthLimit ? sum(dgamma) * logistic(raw_gamma) : 0;
    float ds[64];
    float weighted = 0;
    for (int q = 0; q < z.S; ++q) {
      Vec products{};
      const float* ring = m.shifter.ring + z.S - 1 - q;
      for (int i = 0; i < Np; i += kLanes) products += load(dwt + i) * load(ring + i);
      const float total = sum(products);
      ds[q] = total;
      weighted += total * head.s[q];
    }
    for (int q = 0; q < z.S; ++q) d[z.W + 2 + q] = head.s[q] * (ds[q] - weighted);
    m.shifter(dwc, dwt, head.s, -1);  // gradient of w_g
    Vec dg{}, inner{};
    for (int i = 0; i < Np; i += kLanes) {
      const Vec u = load(dwc + i), c = load(content + i);
      dg += u * (c - load(before + i));
      store(g + i, u * splat(1 - head.g));
      const Vec v = u * splat(head.g);
      inner += v * c;
      store(dwc + i, v);
    }
    d[z.W + 1] = sum(dg) * head.g * (1 - head.g);
    const Vec offset = splat(sum(inner));
    Vec dbeta{}, dscale{};
    const float* K = m.similarity + k * Np;
    float* co = coefficient + k * Np;
    const Vec ik = splat(head.inverse_key_norm);
    for (int i = 0; i < Np; i += kLanes) {
      const Vec similarity = load(K + i);
      const Vec u = load(content + i) * (load(dwc + i) - offset);
      dbeta += u * similarity;
      const Vec dK = u * splat(head.beta);
      dscale += dK * similarity;
      store(co + i, dK * load(m.inverse_norm + i) * ik);
      store(dnorm + i, load(dnorm + i) - dK * similarity * load(m.inverse_norm + i) * load(m.inverse_norm + i));
    }
    d[z.W] = head.beta < kStrengthLimit ? sum(dbeta) * logistic(head.raw[z.W]) : 0;
    through_norm[k] = -sum(dscale) * head.inverse_key_norm * head.inverse_key_norm;
  }

  // Keys' gradients, and the memory's through similarity, for K vectors of slots and heads k and k + 1
  // (or head k alone). The norms' part is added with the first heads.
  template <int K, bool kTwo>
  void keys_block(const float* M, int k, int at) {
    const float *key0 = m.heads[k].key.data, *key1 = m.heads[kTwo ? k + 1 : k].key.data;
    float *sum0 = partial_key + k * m.Wp * kLanes, *sum1 = sum0 + m.Wp * kLanes;
    Vec norm[K], c0[K], c1[K];
    for (int i = 0; i < K; ++i) {
      norm[i] = k == 0 ? load(dnorm + at + i * kLanes) : Vec{};
      c0[i] = load(coefficient + k * Np + at + i * kLanes);
      c1[i] = kTwo ? load(coefficient + (k + 1) * Np + at + i * kLanes) : Vec{};
    }
    for (int j = 0; j < z.W; ++j) {
      const Vec x0 = splat(key0[j]), x1 = splat(key1[j]);
      Vec s0 = load(sum0 + j * kLanes), s1 = kTwo ? load(sum1 + j * kLanes) : Vec{};
      const float* p = M + j * Np + at;
      float* d = dM + j * Np + at;
#pragma GCC unroll 4
      for (int i = 0; i < K; ++i) {
        const Vec v = load(p + i * kLanes);
        Vec u = load(d + i * kLanes) + norm[i] * v + c0[i] * x0;
        s0 += c0[i] * v;
        if constexpr (kTwo) u += c1[i] * x1, s1 += c1[i] * v;
        store(d + i * kLanes, u);
      }
      store(sum0 + j * kLanes, s0);
      if constexpr (kTwo) store(sum1 + j * kLanes, s1);
    }
  }

  void keys(const float* M) {
    fill(partial_key, m.H * m.Wp * kLanes, 0);
    for (int k = 0; k < m.H; k += 2) {
      const bool two = k + 1 < m.H;
      int at = 0;
      for (; at + 4 * kLanes <= Np; at += 4 * kLanes)
        two ? keys_block<4, true>(M, k, at) : keys_block<4, false>(M, k, at);
      for (; at < Np; at += kLanes)
        two ? keys_block<1, true>(M, k, at) : keys_block<1, false>(M, k, at);
    }
    for (int k = 0; k < m.H; ++k) {
      const float* key = m.heads[k].key.data;
      const float* sums = partial_key + k * m.Wp * kLanes;
      float* d = const_cast<float*>(m.head_raw(draw, k));
      for (int j = 0; j < z.W; ++j)
        d[j] = (sum(load(sums + j * kLanes)) + through_norm[k] * key[j]) * (1 - key[j] * key[j]);
    }
  }

  void controller(const ScanArrays& a, const ScanGradients& g, int b, int t) {
    const std::size_t row = static_cast<std::size_t>(b) * z.T + t;
    fill(dr, m.RWp, 0);
    // dtop holds the gradient of the top layer's hidden vector from outputs and heads
    for (int l = z.L - 1; l >= 0; --l) {
      float* dhl = dh + l * m.Cp;  // from the next step (LSTM)
      for (int i = 0; i < m.Cp; ++i) dhl[i] = (z.lstm() ? dhl[i] : 0) + dtop[i];
      const float* state = a.states + ((row * z.L + l) * 2) * z.C;
      fill(dpre, m.Gp, 0);
      if (z.lstm()) {
        const float* q = a.gates + (row * z.L + l) * m.G;
        const float* c_before = t > 0 ? a.states + (((row - 1) * z.L + l) * 2 + 1) * z.C
                                      : a.cell0 + (static_cast<std::size_t>(b) * z.L + l) * z.C;
        float* dcl = dc + l * m.Cp;
        for (int i = 0; i < z.C; ++i) {
          const float gi = q[i], gf = q[z.C + i], gg = q[2 * z.C + i], go = q[3 * z.C + i];
          const float tc = tanhf(state[z.C + i]);
          const float dcell = dcl[i] + dhl[i] * go * (1 - tc * tc);
          dpre[3 * z.C + i] = dhl[i] * tc * go * (1 - go);
          dpre[i] = dcell * gg * gi * (1 - gi);
          dpre[z.C + i] = dcell * c_before[i] * gf * (1 - gf);
          dpre[2 * z.C + i] = dcell * gi * (1 - gg * gg);
          dcl[i] = dcell * gf;
        }
      } else {
        for (int i = 0; i < z.C; ++i) dpre[i] = dhl[i] * (1 - state[i] * state[i]);
      }
      std::memcpy(g.pre + (row * z.L + l) * m.G, dpre, m.G * sizeof(float));
      if (z.lstm()) {
        fill(dhl, m.Cp, 0);
        m.weights.recurrent[l].transposed(dhl, dpre);
      }
      if (l > 0) {
        fill(dtop, m.Cp, 0);
        m.weights.layers[l - 1].transposed(dtop, dpre);
      } else {
        m.weights.reads.transposed(dr, dpre);
      }
    }
  }

  void sequence(const ScanArrays& a, const ScanGradients& g, int b) {
    rebuild(a, b);
    const std::size_t sb = b;
    fill(dM, z.W * Np, 0);
    for (int n = 0; n < z.N; ++n)
      for (int j = 0; j < z.W; ++j) dM[j * Np + n] = g.memory[(sb * z.N + n) * z.W + j];
    fill(dw, m.H * Np, 0);
    for (int k = 0; k < m.H; ++k)
      std::memcpy(dw + k * Np, k < z.R ? g.read_w + (sb * z.R + k) * z.N : g.write_w + (sb * z.V + k - z.R) * z.N, z.N * sizeof(float));
    fill(dh, z.L * m.Cp, 0);
    fill(dc, z.L * m.Cp, 0);
    if (z.lstm())
      for (int l = 0; l < z.L; ++l) {
        std::memcpy(dh + l * m.Cp, g.hidden_end + (sb * z.L + l) * z.C, z.C * sizeof(float));
        std::memcpy(dc + l * m.Cp, g.cell_end + (sb * z.L + l) * z.C, z.C * sizeof(float));
      }
    fill(dr, m.RWp, 0);
    std::memcpy(dr, g.reads_end + sb * z.R * z.W, z.R * z.W * sizeof(float));
    for (int t = z.T - 1; t >= 0; --t) {
      const std::size_t row = sb * z.T + t;
      for (int i = 0; i < z.R * z.W; ++i) dr[i] += g.read_out[row * z.R * z.W + i];
      std::memcpy(m.raw, a.raw + row * m.P, m.P * sizeof(float));
      m.activate(0);
      for (int k = 0; k < m.H; ++k) {
        std::memcpy(m.wc + k * Np, a.content + (row * m.H + k) * z.N, z.N * sizeof(float));
        for (int i = z.N; i < Np; ++i) m.wc[k * Np + i] = 0;
      }
      const float* M = history + static_cast<std::size_t>(t) * z.W * Np;
      const float *before = all_w + static_cast<std::size_t>(t) * m.H * Np, *after = before + m.H * Np;
      m.similarities(M);
      memory_step(M, after);
      fill(dnorm, Np, 0);
      for (int k = 0; k < m.H; ++k) addressing(k, m.wc + k * Np, before + k * Np, after + k * Np);
      keys(M);
      std::memcpy(g.raw + row * m.P, draw, m.P * sizeof(float));
      fill(dtop, m.Cp, 0);
      std::memcpy(dtop, g.hidden + row * z.C, z.C * sizeof(float));
      m.weights.heads.transposed(dtop, draw);
      controller(a, g, b, t);
    }
    for (int n = 0; n < z.N; ++n)
      for (int j = 0; j < z.W; ++j) g.memory0[(sb * z.N + n) * z.W + j] = dM[j * Np + n];
    for (int k = 0; k < m.H; ++k)
      std::memcpy(k < z.R ? g.read_w0 + (sb * z.R + k) * z.N : g.write_w0 + (sb * z.V + k - z.R) * z.N, dw + k * Np, z.N * sizeof(float));
    std::memcpy(g.reads0 + sb * z.R * z.W, dr, z.R * z.W * sizeof(float));
    if (z.lstm())
      for (int l = 0; l < z.L; ++l) {
        std::memcpy(g.hidden0 + (sb * z.L + l) * z.C, dh + l * m.Cp, z.C * sizeof(float));
        std::memcpy(g.cell0 + (sb * z.L + l) * z.C, dc + l * m.Cp, z.C * sizeof(float));
      }
  }
};

}  // namespace

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
