// One machine running forward: its state in cache, slots innermost.
#pragma once
#include "heads.hpp"

namespace ntmlab::NTMLAB_ISA {
namespace {

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

}  // namespace
}  // namespace ntmlab::NTMLAB_ISA
