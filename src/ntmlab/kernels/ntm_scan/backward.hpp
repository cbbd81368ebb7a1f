// Gradients of one sequence, backward over the steps of a machine.
#pragma once
#include "machine.hpp"

namespace ntmlab::NTMLAB_ISA {
namespace {

struct Backward {
  Machine m;
  const ScanSizes& z;
  const int Np;
  Buffer history, all_w, dM, dw, dh, dc, dr, draw, dpre, dwt, dwc, dkey, coefficient, dnorm, dtop;
  Buffer partial_erase, partial_add, partial_key, through_norm, ds, de, da;
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
    ds.resize(z.S);
    de.resize(z.V);
    da.resize(z.V);
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
}  // namespace ntmlab::NTMLAB_ISA
