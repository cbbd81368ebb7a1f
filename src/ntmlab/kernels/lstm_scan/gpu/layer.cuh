// One layer of the LSTM over time: the recurrent products and what follows them. What inputs and the layer below give
// it comes in as pre-activations of all steps.
//
// A block has kGroups sequences. Four threads belong to a unit: going forward each of them sums over a quarter of the
// hidden vector, for all four gates; going backward over one gate of all units. Each then has the sums of every fourth
// sequence. Weights stay on the chip: kHeld vectors of a thread in registers, the others in shared memory. Sizes are
// macros, set by plan.py at compile time.
#pragma once

constexpr int C = LSTM_UNITS, G = 4 * C, kGroups = LSTM_GROUPS, kThreads = LSTM_THREADS;
constexpr int kMine = (kGroups + 3) / 4;  // sequences a thread
constexpr int kQuarter = 4 * ((C + 15) / 16);  // of the hidden vector, in whole vectors
constexpr int kRow = kQuarter + 4;             // in shared memory: quarters then begin at other banks
constexpr int kGate = 4 * fours(C) + 4;

// Pointers of one launch. Rows of steps stand time before batch, (T, B, …), and those that have a row before the first
// step, (T + 1, B, …).
struct Forward {
  const float *pre, *recurrent;        // (T, B, 4 C), (kQuarter, 4 C, 4): of k and thread, the four gates
  const float *hidden0, *cell0;        // (B, C)
  float *hidden, *cells, *gates;       // (T + 1, B, C) both, (T, B, 4 C) or null
  int B, T;
};

struct Backward {
  const float* recurrent;              // (C / 4, 4 C, 4): of k / 4 and thread, four units of its gate
  const float *cells, *gates;
  const float *grad_hidden;            // (T, B, C)
  const float *grad_hidden_end, *grad_cell_end;  // (B, C) or null
  float *grad_pre;                     // (T, B, 4 C)
  float *grad_hidden0, *grad_cell0;
  int B, T;
};

// Vectors of weights of a thread: the first kHeld in registers, the rest in shared memory, thread beside thread.
template <int Count, int Held>
struct Weights {
  float4 held[max_of(Held, 1)];
  const float4* rest;
  NTMLAB_DEVICE void take(const float* from, float4* shared) {
    const float4* mine = reinterpret_cast<const float4*>(from) + threadIdx.x;
#pragma unroll
    for (int k = 0; k < Held; ++k) held[k] = mine[k * G];
    for (int k = Held; k < Count; ++k) shared[(k - Held) * kThreads + threadIdx.x] = mine[k * G];
    rest = shared + threadIdx.x;
  }
  NTMLAB_DEVICE float4 at(int k) const { return k < Held ? held[k < Held ? k : 0] : rest[(k - Held) * kThreads]; }
};

// Sums over the four threads of a unit: thread q gets those of sequences q, q + 4, …
template <int Numbers>
NTMLAB_DEVICE void share_out(int q, const float (&sum)[kGroups][Numbers], float (&mine)[kMine][Numbers]) {
#pragma unroll
  for (int m = 0; m < kMine; ++m)
#pragma unroll
    for (int g = 0; g < Numbers; ++g) {
      float total = 0.0f;
#pragma unroll
      for (int s = 0; s < 4; ++s) {
        if (4 * m + s >= kGroups) continue;
        float x = sum[4 * m + s][g];
        x += from_lane(x, 1);
        x += from_lane(x, 2);
        if (s == q) total = x;
      }
      mine[m][g] = total;
    }
}

#if LSTM_FORWARD
NTMLAB_KERNEL __launch_bounds__(kThreads) lstm_forward(const Forward a) {
  float* memory = shared_memory();
  float* h = memory;  // [2][kGroups][4 quarters][kRow]
  constexpr int kState = kGroups * 4 * kRow;
  Weights<kQuarter, LSTM_HELD> weights;
  const bool busy = threadIdx.x < G;
  const int c = threadIdx.x / 4, q = threadIdx.x % 4;
  for (int i = threadIdx.x; i < 2 * kState; i += kThreads) h[i] = 0.0f;
  if (busy) weights.take(a.recurrent, reinterpret_cast<float4*>(memory + 2 * kState));
  sync_block();
  int row[kMine];  // of my sequences in the batch; -1: none
  float cell[kMine], coming[kMine][4];
  const auto place = [&](int s, int unit) { return (s * 4 + unit / kQuarter) * kRow + unit % kQuarter; };
#pragma unroll
  for (int m = 0; m < kMine; ++m) {
    const int s = 4 * m + q, b = blockIdx.x * kGroups + s;
    row[m] = busy && s < kGroups && b < a.B ? b : -1;
    cell[m] = 0.0f;
    if (row[m] < 0) continue;
    const long at = (long)b * C + c;
    a.cells[at] = cell[m] = a.cell0[at];
    a.hidden[at] = h[place(s, c)] = a.hidden0[at];
  }
  const auto fetch_pre = [&](int t) {
#pragma unroll
    for (int m = 0; m < kMine; ++m)
#pragma unroll
      for (int g = 0; g < 4; ++g)
        if (row[m] >= 0) coming[m][g] = a.pre[((long)t * a.B + row[m]) * G + g * C + c];
  };
  fetch_pre(0);
  sync_block();

  for (int t = 0; t < a.T; ++t) {
    const float* before = h + (t & 1) * kState + q * kRow;
    float* now = h + (1 - (t & 1)) * kState;
    float sum[kGroups][4] = {};
    if (busy) {
#pragma unroll
      for (int k = 0; k < kQuarter; k += 4) {
        float4 w[4];
#pragma unroll
        for (int i = 0; i < 4; ++i) w[i] = weights.at(k + i);
#pragma unroll
        for (int s = 0; s < kGroups; ++s) {
          const float4 x = *reinterpret_cast<const float4*>(before + s * 4 * kRow + k);
          sum[s][0] += w[0].x * x.x + w[1].x * x.y + w[2].x * x.z + w[3].x * x.w;
          sum[s][1] += w[0].y * x.x + w[1].y * x.y + w[2].y * x.z + w[3].y * x.w;
          sum[s][2] += w[0].z * x.x + w[1].z * x.y + w[2].z * x.z + w[3].z * x.w;
          sum[s][3] += w[0].w * x.x + w[1].w * x.y + w[2].w * x.z + w[3].w * x.w;
        }
      }
    }
    float mine[kMine][4], pre[kMine][4];
    share_out(q, sum, mine);
#pragma unroll
    for (int m = 0; m < kMine; ++m)
#pragma unroll
      for (int g = 0; g < 4; ++g) pre[m][g] = coming[m][g] + mine[m][g];
    if (t + 1 < a.T) fetch_pre(t + 1);
#pragma unroll
    for (int m = 0; m < kMine; ++m) {
      if (row[m] < 0) continue;
      const float i = sigmoid(pre[m][0]), f = sigmoid(pre[m][1]), g = hyperbolic_tangent(pre[m][2]), o = sigmoid(pre[m][3]);
      cell[m] = f * cell[m] + i * g;
      const float hidden = o * hyperbolic_tangent(cell[m]);
      now[place(4 * m + q, c)] = hidden;
      const long after = ((long)(t + 1) * a.B + row[m]) * C + c;
      a.hidden[after] = hidden, a.cells[after] = cell[m];
      if (a.gates) {
        float* out = a.gates + ((long)t * a.B + row[m]) * G + c;
        out[0] = i, out[C] = f, out[2 * C] = g, out[3 * C] = o;
      }
    }
    sync_block();
  }
}
#else
NTMLAB_KERNEL __launch_bounds__(kThreads) lstm_backward(const Backward a) {
  float* memory = shared_memory();
  float* d = memory;  // [2][kGroups][4 gates][kGate]
  constexpr int kState = kGroups * 4 * kGate;
  Weights<fours(C), LSTM_HELD> weights;
  const bool busy = threadIdx.x < G;
  const int c = threadIdx.x / 4, q = threadIdx.x % 4;
  for (int i = threadIdx.x; i < 2 * kState; i += kThreads) d[i] = 0.0f;
  if (busy) weights.take(a.recurrent, reinterpret_cast<float4*>(memory + 2 * kState));
  sync_block();
  int row[kMine];
  float dcell[kMine], dhidden[kMine][1], gates[kMine][4], last[kMine], after[kMine], from_above[kMine];
#pragma unroll
  for (int m = 0; m < kMine; ++m) {
    const int s = 4 * m + q, b = blockIdx.x * kGroups + s;
    row[m] = busy && s < kGroups && b < a.B ? b : -1;
    dcell[m] = dhidden[m][0] = after[m] = last[m] = from_above[m] = 0.0f;
    if (row[m] < 0) continue;
    const long at = (long)b * C + c;
    if (a.grad_hidden_end) dhidden[m][0] = a.grad_hidden_end[at];
    if (a.grad_cell_end) dcell[m] = a.grad_cell_end[at];
    after[m] = a.cells[(long)a.T * a.B * C + at];
  }
  const auto fetch_step = [&](int t) {
#pragma unroll
    for (int m = 0; m < kMine; ++m) {
      if (row[m] < 0) continue;
      const long at = (long)t * a.B + row[m];
#pragma unroll
      for (int g = 0; g < 4; ++g) gates[m][g] = a.gates[at * G + g * C + c];
      last[m] = a.cells[at * C + c];
      from_above[m] = a.grad_hidden ? a.grad_hidden[at * C + c] : 0.0f;
    }
  };
  fetch_step(a.T - 1);

  for (int t = a.T - 1; t >= 0; --t) {
    float* now = d + (t & 1) * kState;
#pragma unroll
    for (int m = 0; m < kMine; ++m) {
      if (row[m] < 0) continue;
      const float i = gates[m][0], f = gates[m][1], g = gates[m][2], o = gates[m][3];
      const float squashed = hyperbolic_tangent(after[m]), dh = dhidden[m][0] + from_above[m];
      const float dc = dcell[m] + dh * o * (1.0f - squashed * squashed);
      const float dpre[4] = {dc * g * i * (1.0f - i), dc * last[m] * f * (1.0f - f), dc * i * (1.0f - g * g),
                             dh * squashed * o * (1.0f - o)};
      dcell[m] = dc * f, after[m] = last[m];
      float* out = a.grad_pre + ((long)t * a.B + row[m]) * G + c;
#pragma unroll
      for (int k = 0; k < 4; ++k) now[((4 * m + q) * 4 + k) * kGate + c] = out[k * C] = dpre[k];
    }
    if (t > 0) fetch_step(t - 1);
    sync_block();
    float sum[kGroups][1] = {};
    if (busy) {
#pragma unroll
      for (int k = 0; k < fours(C); ++k) {
        const float4 w = weights.at(k);
#pragma unroll
        for (int s = 0; s < kGroups; ++s) {
          const float4 x = *reinterpret_cast<const float4*>(now + (s * 4 + q) * kGate + 4 * k);
          sum[s][0] += w.x * x.x + w.y * x.y + w.z * x.z + w.w * x.w;
        }
      }
    }
    share_out(q, sum, dhidden);
  }
#pragma unroll
  for (int m = 0; m < kMine; ++m) {
    if (row[m] < 0) continue;
    a.grad_hidden0[(long)row[m] * C + c] = dhidden[m][0];
    a.grad_cell0[(long)row[m] * C + c] = dcell[m];
  }
}
#endif
