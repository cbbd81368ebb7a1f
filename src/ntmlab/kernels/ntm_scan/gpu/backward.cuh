// The scan backward: from the last step to the first, on what the forward pass kept. It gives the gradients of all
// pre-activations of every step; those of weights are products of these and of what the forward pass kept.
#pragma once

struct Backward {
  const float *reads, *recurrent, *layers, *heads;  // (R W / 4, G, 4), (L, G / 4, C, 4), …, (P / 4, C, 4)
  const float *hidden, *cells, *gates, *kept, *record;  // as `Forward` left them
  const float *last_w;                              // (seeds, B, H, N) weightings after the last step
  const int* slots;
  const float *grad_hidden, *grad_read_out;         // (seeds, T, B, C) of the top layer, (seeds, T, B, R W)
  const float *grad_memory, *grad_reads_end, *grad_read_w, *grad_write_w, *grad_hidden_end, *grad_cell_end;
  float *grad_pre, *grad_raw;                       // (seeds, T, B, L, G), (seeds, T, B, P)
  float *grad_memory0, *grad_reads0, *grad_read_w0, *grad_write_w0, *grad_hidden0, *grad_cell0;
  float clip;                                       // of gradients to the state before a step
  int B, T, N;
};

// A sequence's part of shared memory.
constexpr int kSumsAt = kActive, kRawAt = kSumsAt + 4 * fours(P), kGradReadsAt = kRawAt + 4 * fours(P);
constexpr int kCarriedReadsAt = kGradReadsAt + R * WP, kGatesAt = kCarriedReadsAt + 4 * fours(RW);
constexpr int kBackRingsAt = kGatesAt + 4 * fours(G), kBackPartsAt = kBackRingsAt + 4 * fours(H * kRing);
constexpr int kStagedAt = kBackPartsAt + kExchange;
constexpr int kUnit = kLstm ? 6 : 1;               // numbers of a unit that the backward pass wants,
constexpr bool kAhead = L * kUnits * kUnit <= 12;  // fetched a step ahead if they are few
constexpr int kBackwardFloats = kStagedAt + NTM_STAGES * 4 * kRecord4 * kLanes;

// The erases of all write heads but one on element k of slot i: what is left of 1.
NTMLAB_DEVICE float left_by_others(const float* active, const float (&w)[H][kSlots], int but, int i, int k) {
  float left = 1.0f;
  NTM_LOOP
  for (int v = 0; v < V; ++v)
    if (v != but) left *= 1.0f - w[R + v][i] * active[row_of(kErase, R + v) + k];
  return left;
}

NTMLAB_KERNEL __launch_bounds__(kThreads) ntm_backward(const Backward a) {
  const int seed = blockIdx.y;
  float* free = shared_memory();
  constexpr int kHeads4 = 4 * fours(P) * C, kLayer4 = 4 * fours(G) * C;
  const float4* recurrent = weights_at<NTM_RECURRENT_HERE>(a.recurrent + (long)seed * L * kLayer4, L * kLayer4, free);
  const float4* reads = weights_at<NTM_READS_HERE>(a.reads + (long)seed * kReads4, kReads4, free);
  const float4* heads = weights_at<NTM_HEADS_HERE>(a.heads + (long)seed * kHeads4, kHeads4, free);
  const float4* layers = weights_at<NTM_LAYERS_HERE>(a.layers + (long)seed * (L - 1) * kLayer4, (L - 1) * kLayer4, free);
  sync_block();

  Team team;
  team.group = threadIdx.x / kLanes, team.n = threadIdx.x % kLanes, team.lane = team.n & 31, team.warp = team.n >> 5;
  const int n = team.n, b = blockIdx.x * kGroups + team.group;
  if (b >= a.B) return;
  float* own = free + team.group * kBackwardFloats;
  float *active = own, *sums = own + kSumsAt, *raw = own + kRawAt, *dr = own + kGradReadsAt;
  float *carried = own + kCarriedReadsAt, *pre = own + kGatesAt, *rings = own + kBackRingsAt;
  float4* staged = reinterpret_cast<float4*>(own + kStagedAt) + n;
  team.parts = own + kBackPartsAt, team.turn = 0;
  const long sequence = (long)seed * a.B + b;
  const int count = a.slots ? a.slots[sequence] : a.N;

  for (int i = n; i < kBackPartsAt; i += kLanes) own[i] = 0.0f;
  sync(team);
  // Gradients by the memory, the weightings and the controller's state after the step at hand.
  float dM[kSlots][WP], dw[H][kSlots], w[H][kSlots], dhidden[L][kUnits], dcell[L][kUnits];
  NTM_LOOP
  for (int i = 0; i < kSlots; ++i) {
    const int slot = n + i * kLanes;
    NTM_LOOP
    for (int k = 0; k < WP; ++k)
      dM[i][k] = a.grad_memory && k < W && slot < count ? a.grad_memory[(sequence * a.N + slot) * W + k] : 0.0f;
    NTM_LOOP
    for (int h = 0; h < H; ++h) {
      const long from = h < R ? (sequence * R + h) * a.N : (sequence * V + h - R) * a.N;
      const float* grad = h < R ? a.grad_read_w : a.grad_write_w;
      dw[h][i] = grad && slot < count ? grad[from + slot] : 0.0f;
      w[h][i] = slot < count ? a.last_w[(sequence * H + h) * a.N + slot] : 0.0f;
    }
  }
  for (int l = 0; l < L; ++l)
    for (int j = 0; j < kUnits; ++j) {
      const int c = n + j * kLanes;
      const long from = (sequence * L + l) * C + c;
      dhidden[l][j] = kLstm && a.grad_hidden_end && c < C ? a.grad_hidden_end[from] : 0.0f;
      dcell[l][j] = kLstm && a.grad_cell_end && c < C ? a.grad_cell_end[from] : 0.0f;
    }
  for (int k = n; k < RW; k += kLanes) carried[k] = a.grad_reads_end ? a.grad_reads_end[sequence * RW + k] : 0.0f;
  Place at[kParameters];
  for (int j = 0; j < kParameters; ++j) at[j] = place(n + j * kLanes);

  const auto row_at = [&](int t) { return ((long)seed * a.T + t) * a.B + b; };
  const auto record_of = [&](int t) {
    return reinterpret_cast<const float4*>(a.record) + row_at(t) * kRecord4 * kLanes + team.warp * kSlot4 * 32 + team.lane;
  };
  const auto fetch_record = [&](int t) {
    const float4* from = record_of(t);
    float4* to = staged + (t % max_of(NTM_STAGES, 1)) * kRecord4 * kLanes;
    NTM_LOOP
    for (int i = 0; i < kSlots; ++i)
#pragma unroll 8
      for (int k = 0; k < kSlot4; ++k) fetch(to + (i * kSlot4 + k) * kLanes, from + (i * kWarps * kSlot4 + k) * 32);
  };
  float next_active[kParameters], next_slope[kParameters];
  const auto fetch_active = [&](int t) {
    const float* from = a.kept + row_at(t) * kKept;
    for (int j = 0; j < kParameters; ++j) {
      const int p = n + j * kLanes;
      next_active[j] = p < P ? from[p] : 0.0f;
      const bool sloped = at[j].kind == kStrength || at[j].kind == kSharpening;
      next_slope[j] = sloped ? from[P + 2 * at[j].head + (at[j].kind == kSharpening)] : 0.0f;
    }
  };
  // Of the controller: hidden vectors, or of an LSTM its gates and cells.
  float next_unit[L][kUnits][kUnit];
  const auto fetch_units = [&](int t) {
    for (int l = 0; l < L; ++l)
      for (int j = 0; j < kUnits; ++j) {
        const int c = n + j * kLanes;
        if (c >= C) continue;
        const long row = row_at(t) * L + l;
        if (kLstm) {
          const long before = (((long)seed * (a.T + 1) + t) * a.B + b) * L + l;
          for (int g = 0; g < 4; ++g) next_unit[l][j][g % kUnit] = a.gates[row * G + g * C + c];
          next_unit[l][j][4 % kUnit] = a.cells[before * C + c];
          next_unit[l][j][5 % kUnit] = a.cells[(before + (long)a.B * L) * C + c];
        } else {
          next_unit[l][j][0] = a.hidden[row * C + c];
        }
      }
  };
  if (NTM_STAGES) fetch_record(a.T - 1);
  fetch_active(a.T - 1);
  if (kAhead) fetch_units(a.T - 1);
  Held<kHeld ? P : 1> held_heads;
  if (kHeld) held_heads.take(n, C, heads);

  for (int t = a.T - 1; t >= 0; --t) {
    const long row = row_at(t);
    const float4* record = NTM_STAGES ? staged + (t % max_of(NTM_STAGES, 1)) * kRecord4 * kLanes : record_of(t);
    const auto memory = [&](int i, int k4) {
      return NTM_STAGES ? record[(i * kSlot4 + k4) * kLanes] : record[(i * kWarps * kSlot4 + k4) * 32];
    };
    float active_of[kParameters], slope[kParameters];
    for (int j = 0; j < kParameters; ++j) {
      active_of[j] = next_active[j], slope[j] = next_slope[j];
      if (n + j * kLanes < P) active[where(at[j])] = active_of[j];
    }
    for (int k = n; k < RW; k += kLanes)
      dr[k / W * WP + k % W] = carried[k] + (a.grad_read_out ? a.grad_read_out[row * RW + k] : 0.0f);
    float unit[L][kUnits][kUnit];
    const auto take_units = [&] {
      for (int l = 0; l < L; ++l)
        for (int j = 0; j < kUnits; ++j)
          for (int g = 0; g < kUnit; ++g) unit[l][j][g] = next_unit[l][j][g];
    };
    if (kAhead) take_units();
    if (NTM_STAGES) fetched();
    if (NTM_STAGES == 2 && t > 0) fetch_record(t - 1);
    sync(team);
    // Loads whose numbers are wanted near the end of this step, or at the next.
    float dh[kUnits][1];
    for (int j = 0; j < kUnits; ++j) {
      const int c = n + j * kLanes;
      dh[j][0] = a.grad_hidden && c < C ? a.grad_hidden[row * C + c] : 0.0f;
    }
    if (t > 0) {
      fetch_active(t - 1);
      if (kAhead) fetch_units(t - 1);
    }

    float rest[kSlots][4 * kTail4];
    NTM_LOOP
    for (int i = 0; i < kSlots; ++i)
      NTM_LOOP
      for (int k = 0; k < kTail4; ++k) {
        const float4 four = memory(i, W4 + k);
        rest[i][4 * k] = four.x, rest[i][4 * k + 1] = four.y, rest[i][4 * k + 2] = four.z, rest[i][4 * k + 3] = four.w;
      }

    // writing and reading
    NTM_LOOP
    for (int k = 0; k < W4; ++k)
      NTM_LOOP
      for (int i = 0; i < kSlots; ++i) {
        const float4 m = memory(i, k);
        NTM_LOOP
        for (int h = 0; h < R; ++h) {
          const float4 d = *reinterpret_cast<const float4*>(dr + h * WP + 4 * k);
          dw[h][i] += d.x * m.x + d.y * m.y + d.z * m.z + d.w * m.w;
        }
        NTM_LOOP
        for (int v = 0; v < V; ++v) {
          const float4 erase = *reinterpret_cast<const float4*>(active + row_of(kErase, R + v) + 4 * k);
          const float4 add = *reinterpret_cast<const float4*>(active + row_of(kAdd, R + v) + 4 * k);
          const float* d = dM[i] + 4 * k;
          if (V == 1) {
            dw[R + v][i] += d[0] * (add.x - m.x * erase.x) + d[1] * (add.y - m.y * erase.y) +
                            d[2] * (add.z - m.z * erase.z) + d[3] * (add.w - m.w * erase.w);
          } else {
            dw[R + v][i] += d[0] * (add.x - m.x * erase.x * left_by_others(active, w, v, i, 4 * k)) +
                            d[1] * (add.y - m.y * erase.y * left_by_others(active, w, v, i, 4 * k + 1)) +
                            d[2] * (add.z - m.z * erase.z * left_by_others(active, w, v, i, 4 * k + 2)) +
                            d[3] * (add.w - m.w * erase.w * left_by_others(active, w, v, i, 4 * k + 3));
          }
        }
      }

    // sharpening
    float mean[H], of_power[H], of_shift[H][S], of_gate[H], of_strength[H];
    NTM_LOOP
    for (int h = 0; h < H; ++h) {
      mean[h] = 0.0f;
      NTM_LOOP
      for (int i = 0; i < kSlots; ++i) mean[h] += w[h][i] * dw[h][i];
    }
    add_up(team, mean);
    NTM_LOOP
    for (int h = 0; h < H; ++h) {
      const float power = active[number_of(kSharpening, h)];
      of_power[h] = 0.0f;
      NTM_LOOP
      for (int i = 0; i < kSlots; ++i) {
        const float x = rest[i][tail(kShifted, h)] + kLogFloor, u = w[h][i] * (dw[h][i] - mean[h]);
        of_power[h] += u * logf(x);
        if (n + i * kLanes < count) put(rings + h * kRing, count, n + i * kLanes, u * power / x);
      }
    }
    sync(team);

    // shift and interpolation
    NTM_LOOP
    for (int h = 0; h < H; ++h) {
      const float g = active[number_of(kGate, h)];
      float s[S];
#pragma unroll
      for (int k = 0; k < S; ++k) s[k] = active[number_of(kShift, h, k)], of_shift[h][k] = 0.0f;
      of_gate[h] = mean[h] = 0.0f;
      NTM_LOOP
      for (int i = 0; i < kSlots; ++i) {
        const float content = rest[i][tail(kContent, h)], before = rest[i][tail(kBefore, h)];
        const float* x = rings + h * kRing + n + i * kLanes;
        const float here = g * content + (1.0f - g) * before;
        const bool valid = n + i * kLanes < count;
        float u = 0.0f;
#pragma unroll
        for (int k = 0; k < S; ++k) {
          const float y = valid ? x[k] : 0.0f;
          u += s[k] * y, of_shift[h][k] += here * y;
        }
        of_gate[h] += u * (content - before);
        dw[h][i] = (1.0f - g) * u;  // by the weighting before
        mean[h] += content * (g * u);
        rest[i][tail(kShifted, h)] = g * u;  // by the content weighting
      }
    }
    add_up(team, mean);

    // content addressing
    float by_dot[H][kSlots], by_norm[kSlots];
    NTM_LOOP
    for (int i = 0; i < kSlots; ++i) by_norm[i] = 0.0f;
    NTM_LOOP
    for (int h = 0; h < H; ++h) {
      float square = 0.0f;
      NTM_LOOP
      for (int k = 0; k < W4; ++k) {
        const float4 key = *reinterpret_cast<const float4*>(active + row_of(kKey, h) + 4 * k);
        square += key.x * key.x + key.y * key.y + key.z * key.z + key.w * key.w;
      }
      const float key_scale = rsqrtf(square + kNormSmoothing), strength = active[number_of(kStrength, h)];
      of_strength[h] = 0.0f;
      NTM_LOOP
      for (int i = 0; i < kSlots; ++i) {
        const float similarity = rest[i][tail(kSimilarity, h)], scale = rest[i][tail(kScale, 0)];
        const float u = rest[i][tail(kContent, h)] * (rest[i][tail(kShifted, h)] - mean[h]);
        of_strength[h] += u * similarity;
        by_dot[h][i] = u * strength * scale * key_scale;
        by_norm[i] -= u * strength * scale * similarity * scale;
      }
    }

    // head parameters: sums over slots
    spread_sums<P>(
        team,
        [&](int p) {
          const Place of = place(p);
          const int h = of.head, k = of.k;
          if (of.kind == kStrength) return of_strength[h];
          if (of.kind == kGate) return of_gate[h];
          if (of.kind == kShift) return of_shift[h][k];
          if (of.kind == kSharpening) return of_power[h];
          float sum = 0.0f;
          NTM_LOOP
          for (int i = 0; i < kSlots; ++i) {
            const float m = component(memory(i, k / 4), k % 4);
            if (of.kind == kKey)
              sum += by_dot[h][i] * m;
            else if (of.kind == kAdd)
              sum += dM[i][k] * w[h][i];
            else if (V == 1)
              sum -= dM[i][k] * w[h][i] * m;
            else
              sum -= dM[i][k] * w[h][i] * m * left_by_others(active, w, h - R, i, k);
          }
          return sum;
        },
        [&](int p, float sum) { sums[p] = sum; });

    // the memory before the step
    NTM_LOOP
    for (int k = 0; k < W4; ++k)
      NTM_LOOP
      for (int i = 0; i < kSlots; ++i) {
        const float4 m = memory(i, k);
        float d[4];
#pragma unroll
        for (int q = 0; q < 4; ++q) d[q] = dM[i][4 * k + q];
        NTM_LOOP
        for (int v = 0; v < V; ++v) {
          const float4 erase = *reinterpret_cast<const float4*>(active + row_of(kErase, R + v) + 4 * k);
          const float x = w[R + v][i];
          d[0] -= d[0] * (x * erase.x), d[1] -= d[1] * (x * erase.y), d[2] -= d[2] * (x * erase.z), d[3] -= d[3] * (x * erase.w);
        }
        NTM_LOOP
        for (int h = 0; h < R; ++h) {
          const float4 by_read = *reinterpret_cast<const float4*>(dr + h * WP + 4 * k);
          d[0] += w[h][i] * by_read.x, d[1] += w[h][i] * by_read.y, d[2] += w[h][i] * by_read.z, d[3] += w[h][i] * by_read.w;
        }
        NTM_LOOP
        for (int h = 0; h < H; ++h) {
          const float4 key = *reinterpret_cast<const float4*>(active + row_of(kKey, h) + 4 * k);
          const float x = by_dot[h][i];
          d[0] += x * key.x, d[1] += x * key.y, d[2] += x * key.z, d[3] += x * key.w;
        }
        d[0] += by_norm[i] * m.x, d[1] += by_norm[i] * m.y, d[2] += by_norm[i] * m.z, d[3] += by_norm[i] * m.w;
#pragma unroll
        for (int q = 0; q < 4; ++q) dM[i][4 * k + q] = within(d[q], a.clip);
      }
    NTM_LOOP
    for (int h = 0; h < H; ++h)
      NTM_LOOP
      for (int i = 0; i < kSlots; ++i) {
        w[h][i] = rest[i][tail(kBefore, h)];
        dw[h][i] = within(dw[h][i], a.clip);
      }
    if (NTM_STAGES == 1 && t > 0) fetch_record(t - 1);  // each thread has read all that was there
    sync(team);

    if (!kAhead) fetch_units(t), take_units();

    // head parameters: through their activations
#pragma unroll
    for (int j = 0; j < kParameters; ++j) {
      const int p = n + j * kLanes;
      if (p >= P) continue;
      const Place of = at[j];
      const float x = active_of[j], *numbers = active + kNumbersAt + of.head * kNumbers;
      float u = sums[p];
      if (of.kind == kKey) {
        const float* key = active + row_of(kKey, of.head);
        float square = 0.0f;
        for (int k = 0; k < W4; ++k) {
          const float4 four = *reinterpret_cast<const float4*>(key + 4 * k);
          square += four.x * four.x + four.y * four.y + four.z * four.z + four.w * four.w;
        }
        // and through the key's own norm
        u -= numbers[0] * sums[first_of(of.head) + W] / (square + kNormSmoothing) * x;
      }
      if (of.kind == kShift) {
        float inner = 0.0f;
        for (int k = 0; k < S; ++k) inner += numbers[3 + k] * sums[first_of(of.head) + W + 2 + k];
        u = x * (u - inner);
      } else if (of.kind == kStrength || of.kind == kSharpening) {
        u = x >= kStrengthLimit ? 0.0f : u * slope[j];  // at the limit there is none, whatever arrives
      } else {
        u *= of.kind == kKey || of.kind == kAdd ? 1.0f - x * x : x * (1.0f - x);
      }
      raw[p] = a.grad_raw[row * P + p] = u;
    }
    sync(team);

    // the controller
    if (kHeld)
      dh[0][0] += held_heads.times(raw);
    else
      multiply<P, C, 1>(n, heads, raw, dh);
#pragma unroll
    for (int l = L - 1; l >= 0; --l) {
      float dpre[kUnits][kGates];
#pragma unroll
      for (int j = 0; j < kUnits; ++j) {
        const int c = n + j * kLanes;
        for (int g = 0; g < kGates; ++g) dpre[j][g] = 0.0f;
        if (c >= C) continue;
        if (kLstm) {
          const float *x = unit[l][j], i = x[0], f = x[1 % kUnit], g = x[2 % kUnit], o = x[3 % kUnit];
          const float last = x[4 % kUnit], squashed = hyperbolic_tangent(x[5 % kUnit]);
          const float d = dh[j][0] + dhidden[l][j], dc = dcell[l][j] + d * o * (1.0f - squashed * squashed);
          dpre[j][0] = dc * g * i * (1.0f - i), dpre[j][1 % kGates] = dc * last * f * (1.0f - f);
          dpre[j][2 % kGates] = dc * i * (1.0f - g * g), dpre[j][3 % kGates] = d * squashed * o * (1.0f - o);
          dcell[l][j] = within(dc * f, a.clip);
        } else {
          const float h = unit[l][j][0];
          dpre[j][0] = kRelu ? (h <= 0.0f ? 0.0f : dh[j][0]) : dh[j][0] * (1.0f - h * h);
        }
        for (int g = 0; g < kGates; ++g) pre[g * C + c] = a.grad_pre[(row * L + l) * G + g * C + c] = dpre[j][g];
      }
      if (l == 0)
        spread_sums<RW>(
            team,
            [&](int k) {
              float sum = 0.0f;
#pragma unroll
              for (int j = 0; j < kUnits; ++j)
#pragma unroll
                for (int g = 0; g < kGates; ++g)
                  if (n + j * kLanes < C)
                    sum += component(reads[k / 4 * G + g * C + n + j * kLanes], k % 4) * dpre[j][g];
              return sum;
            },
            [&](int k, float sum) { carried[k] = within(sum, a.clip); });
      if (kLstm || l > 0) sync(team);
      if (kLstm) {
        float through[kUnits][1] = {};
        multiply<G, C, 1>(n, recurrent + l * (kLayer4 / 4), pre, through);
        for (int j = 0; j < kUnits; ++j) dhidden[l][j] = within(through[j][0], a.clip);
      }
      if (l > 0) {
        for (int j = 0; j < kUnits; ++j) dh[j][0] = 0.0f;
        multiply<G, C, 1>(n, layers + (l - 1) * (kLayer4 / 4), pre, dh);
        sync(team);  // before the layer below writes there
      }
    }
    sync(team);
  }

  NTM_LOOP
  for (int i = 0; i < kSlots; ++i) {
    const int slot = n + i * kLanes;
    if (slot >= a.N) continue;
    NTM_LOOP
    for (int k = 0; k < W; ++k) a.grad_memory0[(sequence * a.N + slot) * W + k] = slot < count ? dM[i][k] : 0.0f;
    NTM_LOOP
    for (int h = 0; h < H; ++h)
      (h < R ? a.grad_read_w0 + (sequence * R + h) * a.N : a.grad_write_w0 + (sequence * V + h - R) * a.N)[slot] =
          slot < count ? dw[h][i] : 0.0f;
  }
  for (int k = n; k < RW; k += kLanes) a.grad_reads0[sequence * RW + k] = carried[k];
  if (kLstm)
    for (int l = 0; l < L; ++l)
      for (int j = 0; j < kUnits; ++j) {
        const int c = n + j * kLanes;
        if (c >= C) continue;
        a.grad_hidden0[(sequence * L + l) * C + c] = dhidden[l][j];
        a.grad_cell0[(sequence * L + l) * C + c] = dcell[l][j];
      }
}
