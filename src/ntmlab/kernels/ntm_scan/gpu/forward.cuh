// The scan forward: reference.py step by step, one sequence a team of threads.
#pragma once

// Pointers of one launch. Rows of steps stand time before batch, seed by seed: (seeds, T, B, …), and those that have
// a row before the first step, (seeds, T + 1, B, …). A null pointer is left out.
struct Forward {
  const float *pre;                               // (…, G) what inputs and bias give the first layer
  const float *reads, *recurrent, *layers, *heads;  // (R W / 4, G, 4), (L, C / 4, G, 4), …: as `multiply` wants them
  const float *layer_bias, *heads_bias;
  const float *memory0, *reads0, *read_w0, *write_w0, *hidden0, *cell0;
  const int* slots;                               // (seeds, B) of each sequence's memory; null: all N
  float *hidden, *cells, *gates, *read_out;       // (…, L, C) [from before the first step if recurrent], (…, R W)
  float *kept, *record;                           // (…, kKept), (…, kRecord4, kLanes, 4) for the backward pass
  float *memory, *read_w, *write_w;               // after the last step
  float *last_w;                                  // (seeds, B, H, N) the same weightings for the backward pass
  float *weightings, *raw;                        // (…, H, N), (…, P) of a trace
  int B, T, N;
};

// A sequence's part of shared memory.
constexpr int CP = 4 * fours(C), kBuffers = kLstm ? 2 : 1;
constexpr int kReadsAt = kBuffers * L * CP, kActiveAt = kReadsAt + 4 * fours(RW), kRawShiftsAt = kActiveAt + kActive;
constexpr int kRingsAt = kRawShiftsAt + 4 * fours(H * S), kPartsAt = kRingsAt + 4 * fours(H * kRing);
constexpr int kForwardFloats = kPartsAt + kExchange;

NTMLAB_DEVICE float* layer_at(float* own, int buffer, int layer) { return own + (buffer * L + layer) * CP; }

// exp(scale (x - top)) of all slots, divided by its sum: `top` is 0 unless the sum is then beyond float32.
template <typename Exponent>
NTMLAB_DEVICE void soft_max(Team& team, int count, const Exponent& exponent, float (&out)[H][kSlots]) {
  float total[H];
  NTM_LOOP
  for (int h = 0; h < H; ++h) {
    total[h] = 0.0f;
    NTM_LOOP
    for (int i = 0; i < kSlots; ++i) {
      out[h][i] = team.n + i * kLanes < count ? expf(exponent(h, i)) : 0.0f;
      total[h] += out[h][i];
    }
  }
  add_up(team, total);
  NTM_LOOP
  for (int h = 0; h < H; ++h) {
    if (!(total[h] >= kLeastSum && total[h] <= kMostSum)) {  // the same for the whole team
      float top = -1e38f, sum[1] = {0.0f};
      for (int i = 0; i < kSlots; ++i)
        if (team.n + i * kLanes < count) top = fmaxf(top, exponent(h, i));
      top = largest(team, top);
      for (int i = 0; i < kSlots; ++i) {
        out[h][i] = team.n + i * kLanes < count ? expf(exponent(h, i) - top) : 0.0f;
        sum[0] += out[h][i];
      }
      add_up(team, sum);
      total[h] = sum[0];
    }
    const float inverse = 1.0f / total[h];
    NTM_LOOP
    for (int i = 0; i < kSlots; ++i) out[h][i] *= inverse;
  }
}

NTMLAB_KERNEL __launch_bounds__(kThreads) ntm_forward(const Forward a) {
  const int seed = blockIdx.y;
  float* free = shared_memory();
  constexpr int kHeads4 = 4 * fours(C) * P, kLayer4 = 4 * fours(C) * G;
  const float4* recurrent = weights_at<NTM_RECURRENT_HERE>(a.recurrent + (long)seed * L * kLayer4, L * kLayer4, free);
  const float4* reads = weights_at<NTM_READS_HERE>(a.reads + (long)seed * kReads4, kReads4, free);
  const float4* heads = weights_at<NTM_HEADS_HERE>(a.heads + (long)seed * kHeads4, kHeads4, free);
  const float4* layers = weights_at<NTM_LAYERS_HERE>(a.layers + (long)seed * (L - 1) * kLayer4, (L - 1) * kLayer4, free);
  sync_block();

  Team team;
  team.group = threadIdx.x / kLanes, team.n = threadIdx.x % kLanes, team.lane = team.n & 31, team.warp = team.n >> 5;
  const int n = team.n, b = blockIdx.x * kGroups + team.group;
  if (b >= a.B) return;
  float* own = free + team.group * kForwardFloats;
  float *r = own + kReadsAt, *active = own + kActiveAt, *raw_shifts = own + kRawShiftsAt, *rings = own + kRingsAt;
  team.parts = own + kPartsAt, team.turn = 0;
  const long sequence = (long)seed * a.B + b;
  const int count = a.slots ? a.slots[sequence] : a.N;

  for (int i = n; i < kRingsAt; i += kLanes) own[i] = 0.0f;
  sync(team);
  float M[kSlots][WP], w[H][kSlots];
  NTM_LOOP
  for (int i = 0; i < kSlots; ++i) {
    const int slot = n + i * kLanes;
    NTM_LOOP
    for (int k = 0; k < WP; ++k) M[i][k] = k < W && slot < count ? a.memory0[(sequence * a.N + slot) * W + k] : 0.0f;
    NTM_LOOP
    for (int h = 0; h < H; ++h) {
      const float* from = h < R ? a.read_w0 + (sequence * R + h) * a.N : a.write_w0 + (sequence * V + h - R) * a.N;
      w[h][i] = slot < count ? from[slot] : 0.0f;
    }
  }
  const long read_row = ((long)seed * (a.T + 1)) * a.B + b;  // of the state before the first step
  for (int k = n; k < RW; k += kLanes) a.read_out[read_row * RW + k] = r[k] = a.reads0[sequence * RW + k];
  float cell[L][kUnits];
  if (kLstm)
    for (int l = 0; l < L; ++l)
      for (int j = 0; j < kUnits; ++j) {
        const int c = n + j * kLanes;
        if (c >= C) continue;
        const long from = (sequence * L + l) * C + c, to = (read_row * L + l) * C + c;
        cell[l][j] = a.cell0[from];
        layer_at(own, 1, l)[c] = a.hidden[to] = a.hidden0[from];
        if (a.cells) a.cells[to] = cell[l][j];
      }
  Place at[kParameters];
  float bias[kParameters][1];
  for (int j = 0; j < kParameters; ++j) {
    at[j] = place(n + j * kLanes);
    bias[j][0] = n + j * kLanes < P ? a.heads_bias[(long)seed * P + n + j * kLanes] : 0.0f;
  }
  float coming[kUnits][kGates];
  const auto fetch_pre = [&](int t) {
    const float* row = a.pre + (((long)seed * a.T + t) * a.B + b) * G;
    for (int j = 0; j < kUnits; ++j)
      for (int g = 0; g < kGates; ++g) coming[j][g] = n + j * kLanes < C ? row[g * C + n + j * kLanes] : 0.0f;
  };
  fetch_pre(0);
  Held<kHeld ? C : 1> held_heads;
  Held<kHeld ? RW : 1> held_reads;
  if (kHeld) held_heads.take(n, P, heads), held_reads.take(n, C, reads);
  sync(team);

  for (int t = 0; t < a.T; ++t) {
    const long row = ((long)seed * a.T + t) * a.B + b;            // of this step
    const long after = ((long)seed * (a.T + 1) + t + 1) * a.B + b;  // among rows with one before the first step

    // the controller
    float pre[kUnits][kGates];
    for (int j = 0; j < kUnits; ++j)
      for (int g = 0; g < kGates; ++g) pre[j][g] = coming[j][g];
    if (t + 1 < a.T) fetch_pre(t + 1);
    if (kHeld)
      pre[0][0] += held_reads.times(r);
    else
      multiply<RW, C, kGates>(n, reads, r, pre);
    const int now = kLstm ? t & 1 : 0, before = kLstm ? 1 - now : 0;
#pragma unroll
    for (int l = 0; l < L; ++l) {
      if (l > 0) {
        for (int j = 0; j < kUnits; ++j)
          for (int g = 0; g < kGates; ++g)
            pre[j][g] = n + j * kLanes < C ? a.layer_bias[((long)seed * (L - 1) + l - 1) * G + g * C + n + j * kLanes] : 0.0f;
        multiply<C, C, kGates>(n, layers + (l - 1) * (kLayer4 / 4), layer_at(own, now, l - 1), pre);
      }
      if (kLstm) multiply<C, C, kGates>(n, recurrent + l * (kLayer4 / 4), layer_at(own, before, l), pre);
#pragma unroll
      for (int j = 0; j < kUnits; ++j) {
        const int c = n + j * kLanes;
        if (c >= C) continue;
        float hidden;
        if (kLstm) {
          const float i = sigmoid(pre[j][0]), f = sigmoid(pre[j][1 % kGates]);
          const float g = hyperbolic_tangent(pre[j][2 % kGates]), o = sigmoid(pre[j][3 % kGates]);
          cell[l][j] = f * cell[l][j] + i * g;
          hidden = o * hyperbolic_tangent(cell[l][j]);
          if (a.cells) a.cells[(after * L + l) * C + c] = cell[l][j];
          if (a.gates) {
            float* out = a.gates + (row * L + l) * G + c;
            out[0] = i, out[C] = f, out[2 * C] = g, out[3 * C] = o;
          }
        } else {
          const float x = pre[j][0];
          hidden = kRelu ? (x < 0.0f ? 0.0f : x) : hyperbolic_tangent(x);
        }
        layer_at(own, now, l)[c] = hidden;
        a.hidden[((kLstm ? after : row) * L + l) * C + c] = hidden;
      }
      sync(team);
    }

    // head parameters
    float raw[kParameters][1];
    for (int j = 0; j < kParameters; ++j) raw[j][0] = bias[j][0];
    if (kHeld)
      raw[0][0] += held_heads.times(layer_at(own, now, L - 1));
    else
      multiply<C, P, 1>(n, heads, layer_at(own, now, L - 1), raw);
#pragma unroll
    for (int j = 0; j < kParameters; ++j) {
      const int p = n + j * kLanes;
      if (p >= P) continue;
      const Place of = at[j];
      const Activated x = activate(of.kind, raw[j][0]);
      active[where(of)] = x.value;
      if (of.kind == kShift) raw_shifts[of.head * S + of.k] = raw[j][0];
      if (a.kept) {
        if (of.kind != kShift) a.kept[row * kKept + p] = x.value;
        if (of.kind == kStrength) a.kept[row * kKept + P + 2 * of.head] = x.slope;
        if (of.kind == kSharpening) a.kept[row * kKept + P + 2 * of.head + 1] = x.slope;
      }
      if (a.raw) a.raw[row * P + p] = raw[j][0];
    }
    sync(team);

    // content addressing (Eq. 5, 6); what the backward pass wants of the memory leaves bit by bit
    float4* record = reinterpret_cast<float4*>(a.record) + row * kRecord4 * kLanes + team.warp * kSlot4 * 32 + team.lane;
    float scale[kSlots], similarity[H][kSlots], key_scale[H], content[H][kSlots];
    NTM_LOOP
    for (int i = 0; i < kSlots; ++i) scale[i] = 0.0f;
    NTM_LOOP
    for (int h = 0; h < H; ++h) {
      key_scale[h] = 0.0f;
      NTM_LOOP
      for (int i = 0; i < kSlots; ++i) similarity[h][i] = 0.0f;
    }
    NTM_LOOP
    for (int k = 0; k < W4; ++k) {
      NTM_LOOP
      for (int i = 0; i < kSlots; ++i) {
        if (a.record)
          record[(i * kWarps * kSlot4 + k) * 32] = make_float4(M[i][4 * k], M[i][4 * k + 1], M[i][4 * k + 2], M[i][4 * k + 3]);
        scale[i] += M[i][4 * k] * M[i][4 * k] + M[i][4 * k + 1] * M[i][4 * k + 1] + M[i][4 * k + 2] * M[i][4 * k + 2] +
                    M[i][4 * k + 3] * M[i][4 * k + 3];
      }
      NTM_LOOP
      for (int h = 0; h < H; ++h) {
        const float4 key = *reinterpret_cast<const float4*>(active + row_of(kKey, h) + 4 * k);
        key_scale[h] += key.x * key.x + key.y * key.y + key.z * key.z + key.w * key.w;
        NTM_LOOP
        for (int i = 0; i < kSlots; ++i)
          similarity[h][i] +=
              key.x * M[i][4 * k] + key.y * M[i][4 * k + 1] + key.z * M[i][4 * k + 2] + key.w * M[i][4 * k + 3];
      }
    }
    float strength[H];
    NTM_LOOP
    for (int i = 0; i < kSlots; ++i) scale[i] = rsqrtf(scale[i] + kNormSmoothing);
    NTM_LOOP
    for (int h = 0; h < H; ++h) {
      key_scale[h] = rsqrtf(key_scale[h] + kNormSmoothing);
      strength[h] = active[number_of(kStrength, h)];
      NTM_LOOP
      for (int i = 0; i < kSlots; ++i) similarity[h][i] *= key_scale[h] * scale[i];
    }
    soft_max(team, count, [&](int h, int i) { return strength[h] * (similarity[h][i] - 1.0f); }, content);

    // interpolation and shift (Eq. 7, 8)
    NTM_LOOP
    for (int h = 0; h < H; ++h) {
      const float g = active[number_of(kGate, h)];
      NTM_LOOP
      for (int i = 0; i < kSlots; ++i)
        if (n + i * kLanes < count) put(rings + h * kRing, count, n + i * kLanes, g * content[h][i] + (1.0f - g) * w[h][i]);
    }
    sync(team);
    float shifted[H][kSlots], power[H], after_w[H][kSlots];
    NTM_LOOP
    for (int h = 0; h < H; ++h) {
      float s[S];
      distribution(active + number_of(kShift, h), raw_shifts + h * S, s);
      if (a.kept && n == h % kLanes)
        for (int k = 0; k < S; ++k) a.kept[row * kKept + first_of(h) + W + 2 + k] = s[k];
      power[h] = active[number_of(kSharpening, h)];
      NTM_LOOP
      for (int i = 0; i < kSlots; ++i) {
        const float* x = rings + h * kRing + n + i * kLanes + 2 * kReach;
        float sum = 0.0f;
#pragma unroll
        for (int k = 0; k < S; ++k) sum += s[k] * x[-k];
        shifted[h][i] = n + i * kLanes < count ? sum : 0.0f;
      }
    }

    // sharpening (Eq. 9)
    soft_max(team, count, [&](int h, int i) { return power[h] * logf(shifted[h][i] + kLogFloor); }, after_w);

    if (a.record) {
      NTM_LOOP
      for (int i = 0; i < kSlots; ++i) {
        float rest[4 * kTail4] = {scale[i]};
        NTM_LOOP
        for (int h = 0; h < H; ++h) {
          rest[tail(kSimilarity, h)] = similarity[h][i], rest[tail(kContent, h)] = content[h][i];
          rest[tail(kShifted, h)] = shifted[h][i], rest[tail(kBefore, h)] = w[h][i];
        }
        NTM_LOOP
        for (int k = 0; k < kTail4; ++k)
          record[(i * kWarps * kSlot4 + W4 + k) * 32] =
              make_float4(rest[4 * k], rest[4 * k + 1], rest[4 * k + 2], rest[4 * k + 3]);
      }
    }
    NTM_LOOP
    for (int h = 0; h < H; ++h)
      NTM_LOOP
      for (int i = 0; i < kSlots; ++i) {
        w[h][i] = after_w[h][i];
        if (a.weightings && n + i * kLanes < a.N) a.weightings[(row * H + h) * a.N + n + i * kLanes] = w[h][i];
      }

    // reading (Eq. 2)
    spread_sums<RW>(
        team,
        [&](int k) {
          const int h = k / W, at_k = k % W;
          float sum = 0.0f;
          NTM_LOOP
          for (int i = 0; i < kSlots; ++i) sum += w[h][i] * M[i][at_k];
          return sum;
        },
        [&](int k, float sum) { a.read_out[after * RW + k] = r[k] = sum; });

    // writing (Eq. 3, 4)
    NTM_LOOP
    for (int k = 0; k < W4; ++k) {
      float added[kSlots][4];
      NTM_LOOP
      for (int v = 0; v < V; ++v) {
        const float4 erase = *reinterpret_cast<const float4*>(active + row_of(kErase, R + v) + 4 * k);
        const float4 add = *reinterpret_cast<const float4*>(active + row_of(kAdd, R + v) + 4 * k);
        NTM_LOOP
        for (int i = 0; i < kSlots; ++i) {
          const float x = w[R + v][i];
          float* m = M[i] + 4 * k;
          m[0] -= m[0] * (x * erase.x), m[1] -= m[1] * (x * erase.y), m[2] -= m[2] * (x * erase.z), m[3] -= m[3] * (x * erase.w);
          float* plus = added[i];
          if (v == 0) plus[0] = plus[1] = plus[2] = plus[3] = 0.0f;
          plus[0] += x * add.x, plus[1] += x * add.y, plus[2] += x * add.z, plus[3] += x * add.w;
        }
      }
      NTM_LOOP
      for (int i = 0; i < kSlots; ++i)
#pragma unroll
        for (int q = 0; q < 4; ++q) M[i][4 * k + q] += added[i][q];
    }
    sync(team);
  }

  NTM_LOOP
  for (int i = 0; i < kSlots; ++i) {
    const int slot = n + i * kLanes;
    if (slot >= a.N) continue;
    NTM_LOOP
    for (int k = 0; k < W; ++k) a.memory[(sequence * a.N + slot) * W + k] = M[i][k];
    NTM_LOOP
    for (int h = 0; h < H; ++h)
    {
      (h < R ? a.read_w + (sequence * R + h) * a.N : a.write_w + (sequence * V + h - R) * a.N)[slot] = w[h][i];
      if (a.last_w) a.last_w[(sequence * H + h) * a.N + slot] = w[h][i];
    }
  }
}
