// Sizes, places and sums that both passes of the scan share.
//
// A sequence belongs to kLanes threads, which go through its steps together: thread n holds the slots n, n + kLanes,
// … of memory and weightings in registers, and computes the units and head parameters n, n + kLanes, …. Sequences of
// a block share what shared memory holds of the weights. Sizes are macros, set by plan.py at compile time.
#pragma once

constexpr int W = NTM_WIDTH, R = NTM_READS, V = NTM_WRITES, H = R + V, C = NTM_UNITS, L = NTM_LAYERS, S = NTM_SHIFTS;
constexpr bool kLstm = NTM_LSTM, kRelu = NTM_RELU;
constexpr int kGates = kLstm ? 4 : 1, G = kGates * C;
constexpr int kWarps = NTM_WARPS, kGroups = NTM_GROUPS, kSlots = NTM_SLOTS;  // warps a sequence, sequences a block,
constexpr int kLanes = 32 * kWarps, kThreads = kGroups * kLanes;             // slots a thread

constexpr float kNormSmoothing = 1e-4f, kLogFloor = 1e-30f, kStrengthLimit = 1e3f;  // addressing.py
constexpr float kLeastSum = 1e-30f, kMostSum = 1e30f;  // of exponentials, beyond which they are taken anew

constexpr int W4 = (W + 3) / 4, WP = 4 * W4, RW = R * W, kReach = S / 2;
constexpr int kReadHead = W + 3 + S, kWriteHead = kReadHead + 2 * W, P = R * kReadHead + V * kWriteHead;
constexpr int kUnits = (C + kLanes - 1) / kLanes, kParameters = (P + kLanes - 1) / kLanes;  // a thread

// What a step leaves to the backward pass, in vectors of four: of each slot the memory before the step, then 1 / norm
// and for each head similarity, content weighting, shifted weighting and the weighting before. 32 slots at a time stand
// side by side, whatever the number of warps.
enum Tail { kScale = 0, kSimilarity, kContent, kShifted, kBefore };
NTMLAB_DEVICE constexpr int tail(Tail what, int head) { return what == kScale ? 0 : 4 * head + what; }
constexpr int kTail4 = (4 + 4 * H) / 4, kSlot4 = W4 + kTail4, kRecord4 = kSlots * kSlot4;
// A thread that has one unit and one head parameter can hold their weights in registers.
constexpr bool kHeld = NTM_HELD;
constexpr int kReads4 = 4 * fours(RW) * G;  // floats of the weights of reads, as vectors
constexpr int kKept = P + 2 * H;  // activated head parameters, then slopes of each head's strength and sharpening

// Loops over what a thread holds are unrolled while that is little; arrays then stay in registers.
#if NTM_UNROLL
#define NTM_LOOP _Pragma("unroll")
#else
#define NTM_LOOP _Pragma("unroll 1")
#endif

enum Kind { kKey, kStrength, kGate, kShift, kSharpening, kErase, kAdd, kNothing };
struct Place {
  int head;
  Kind kind;
  int k;
};
// What raw parameter p is (heads.py has the layout).
NTMLAB_DEVICE constexpr Place place(int p) {
  if (p >= P) return {0, kNothing, 0};
  const bool reading = p < R * kReadHead;
  const int rest = reading ? p : p - R * kReadHead;
  const int size = reading ? kReadHead : kWriteHead;
  const int head = rest / size + (reading ? 0 : R);
  int q = rest % size;
  if (q < W) return {head, kKey, q};
  q -= W;
  if (q == 0) return {head, kStrength, 0};
  if (q == 1) return {head, kGate, 0};
  if (q < 2 + S) return {head, kShift, q - 2};
  if (q == 2 + S) return {head, kSharpening, 0};
  q -= 3 + S;
  return q < W ? Place{head, kErase, q} : Place{head, kAdd, q - W};
}
NTMLAB_DEVICE constexpr int first_of(int head) {
  return head < R ? head * kReadHead : R * kReadHead + (head - R) * kWriteHead;
}

// Activated parameters in shared memory: keys, erases and adds in rows of whole vectors, then each head's numbers.
constexpr int kNumbersAt = (H + 2 * V) * WP, kNumbers = 3 + S;
constexpr int kActive = 4 * ((kNumbersAt + H * kNumbers + 3) / 4);
NTMLAB_DEVICE constexpr int row_of(Kind kind, int head) {
  return (kind == kKey ? head : kind == kErase ? H + head - R : H + V + head - R) * WP;
}
NTMLAB_DEVICE constexpr int number_of(Kind kind, int head, int k = 0) {
  const int base = kNumbersAt + head * kNumbers;
  return kind == kStrength ? base : kind == kGate ? base + 1 : kind == kSharpening ? base + 2 : base + 3 + k;
}
NTMLAB_DEVICE constexpr int where(Place at) {
  if (at.kind == kKey || at.kind == kErase || at.kind == kAdd) return row_of(at.kind, at.head) + at.k;
  return number_of(at.kind, at.head, at.k);
}

// One sequence's threads, and its part of shared memory for exchange between warps.
struct Team {
  int group, n, lane, warp;
  float* parts;  // [2][kWarps][kParts]
  int turn;
};
constexpr int kParts = 4 * ((max_of(max_of(P, RW), H) + 3) / 4);
constexpr int kExchange = kWarps > 1 ? 2 * kWarps * kParts : 0;

NTMLAB_DEVICE void sync(const Team& team) {
  if (kWarps == 1)
    sync_warp();
  else if (kGroups == 1)
    sync_block();
  else
    sync_group(team.group, kLanes);
}

template <int K>
NTMLAB_DEVICE void add_up_lanes(float (&v)[K]) {
#pragma unroll
  for (int o = 16; o; o >>= 1)
#pragma unroll
    for (int k = 0; k < K; ++k) v[k] += from_lane(v[k], o);
}

// Each value's sum over all threads of a sequence, for all of them.
template <int K>
NTMLAB_DEVICE void add_up(Team& team, float (&v)[K]) {
  add_up_lanes(v);
  if (kWarps == 1) return;
  float* parts = team.parts + (team.turn ^= 1) * kWarps * kParts;
  if (team.lane == 0)
    for (int k = 0; k < K; ++k) parts[team.warp * kParts + k] = v[k];
  sync(team);
#pragma unroll
  for (int k = 0; k < K; ++k) {
    v[k] = parts[k];
#pragma unroll
    for (int w = 1; w < kWarps; ++w) v[k] += parts[w * kParts + k];
  }
}

NTMLAB_DEVICE float largest(Team& team, float v) {
#pragma unroll
  for (int o = 16; o; o >>= 1) v = fmaxf(v, from_lane(v, o));
  if (kWarps == 1) return v;
  float* parts = team.parts + (team.turn ^= 1) * kWarps * kParts;
  if (team.lane == 0) parts[team.warp * kParts] = v;
  sync(team);
  v = parts[0];
  for (int w = 1; w < kWarps; ++w) v = fmaxf(v, parts[w * kParts]);
  return v;
}

// Of 2 * Half values a lane: lane k gets the sum of value k over the lanes of its warp. Recursion, for the compiler to
// see every place in `v` and keep it in registers.
template <int Half>
NTMLAB_DEVICE float scatter_sums(int lane, float (&v)[2 * Half]) {
  const bool upper = lane & Half;
  float kept[Half];
#pragma unroll
  for (int k = 0; k < Half; ++k) {
    const float give = upper ? v[k] : v[k + Half], keep = upper ? v[k + Half] : v[k];
    kept[k] = keep + from_lane(give, Half);
  }
  if constexpr (Half > 1)
    return scatter_sums<Half / 2>(lane, kept);
  else
    return kept[0];
}

// Of `Count` values a thread, value(k) each: take(k, sum over all threads of the sequence), by one thread each.
template <int Count, typename Value, typename Take>
NTMLAB_DEVICE void spread_sums(Team& team, const Value& value, const Take& take) {
  constexpr int kChunks = (Count + 31) / 32;
  float* parts = nullptr;
  if (kWarps > 1) parts = team.parts + (team.turn ^= 1) * kWarps * kParts;
  NTM_LOOP
  for (int chunk = kChunks - 1; chunk >= 0; --chunk) {
    float v[32];
#pragma unroll
    for (int k = 0; k < 32; ++k) v[k] = 32 * chunk + k < Count ? value(32 * chunk + k) : 0.0f;
    const float sum = scatter_sums<16>(team.lane, v);
    const int k = 32 * chunk + team.lane;
    if (k < Count) {
      if (kWarps == 1)
        take(k, sum);
      else
        parts[team.warp * kParts + k] = sum;
    }
  }
  if (kWarps == 1) return;
  sync(team);
  for (int k = team.n; k < Count; k += kLanes) {
    float sum = parts[k];
#pragma unroll
    for (int w = 1; w < kWarps; ++w) sum += parts[w * kParts + k];
    take(k, sum);
  }
}

// out[j][g] += sum over k of weights(k, g * Rows + n + j * kLanes) x[k]: rows of `Gates` blocks, one after the other.
// Weights stand as vectors of four k, (K / 4, Gates * Rows); x is in shared memory, with zeros up to a whole vector.
template <int K, int Rows, int Gates, int Each>
NTMLAB_DEVICE void multiply(int n, const float4* weights, const float* x, float (&out)[Each][Gates]) {
  constexpr int kSums = Each * Gates, kWays = kSums >= 8 ? 1 : kSums >= 3 ? 2 : 4;
  float sum[Each][Gates][kWays] = {};
  int at[Each];
#pragma unroll
  for (int j = 0; j < Each; ++j) at[j] = n + j * kLanes < Rows ? n + j * kLanes : 0;
#pragma unroll 5
  for (int k = 0; k < fours(K); ++k) {
    const float4 y = *reinterpret_cast<const float4*>(x + 4 * k);
#pragma unroll
    for (int j = 0; j < Each; ++j)
#pragma unroll
      for (int g = 0; g < Gates; ++g) {
        const float4 four = weights[k * Gates * Rows + g * Rows + at[j]];
        sum[j][g][0] += four.x * y.x, sum[j][g][1 % kWays] += four.y * y.y;
        sum[j][g][2 % kWays] += four.z * y.z, sum[j][g][3 % kWays] += four.w * y.w;
      }
  }
#pragma unroll
  for (int j = 0; j < Each; ++j)
#pragma unroll
    for (int g = 0; g < Gates; ++g) {
      float total = sum[j][g][0];
#pragma unroll
      for (int q = 1; q < kWays; ++q) total += sum[j][g][q];
      out[j][g] += total;
    }
}

// The same where a thread has one row and holds its weights in registers.
template <int K>
struct Held {
  float4 row[fours(K)];
  NTMLAB_DEVICE void take(int n, int rows, const float4* weights) {
    const int at = n < rows ? n : 0;
#pragma unroll
    for (int k = 0; k < fours(K); ++k) row[k] = weights[k * rows + at];
  }
  NTMLAB_DEVICE float times(const float* x) const {
    float sum[4] = {};
#pragma unroll
    for (int k = 0; k < fours(K); ++k) {
      const float4 y = *reinterpret_cast<const float4*>(x + 4 * k);
      sum[0] += row[k].x * y.x, sum[1] += row[k].y * y.y, sum[2] += row[k].z * y.z, sum[3] += row[k].w * y.w;
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
  }
};

// Weights where a block finds them: in its shared memory if they are to be there, else where they were.
template <bool kHere>
NTMLAB_DEVICE const float4* weights_at(const float* from, int floats, float*& free) {
  const float4* vectors = reinterpret_cast<const float4*>(from);
  if (!kHere) return vectors;
  float4* to = reinterpret_cast<float4*>(free);
#pragma unroll 8
  for (int i = threadIdx.x; i < floats / 4; i += kThreads) to[i] = vectors[i];
  free += floats;
  return to;
}

NTMLAB_DEVICE float component(const float4& four, int k) {
  return k == 0 ? four.x : k == 1 ? four.y : k == 2 ? four.z : four.w;
}

struct Activated {
  float value, slope;  // the latter of strengths and sharpenings only
};
// Shifts become exponentials, to be divided by their sum.
NTMLAB_DEVICE Activated activate(Kind kind, float x) {
  const bool to_one = kind == kKey || kind == kAdd;
  const float size = fabsf(x);
  const float e = expf(kind == kShift ? x : to_one ? -2.0f * size : -size);
  if (to_one) return {tanh_of(x, e), 0.0f};
  if (kind == kShift) return {e, 0.0f};
  const float inverse = 1.0f / (1.0f + e), slope = x >= 0.0f ? inverse : e * inverse;
  if (kind != kStrength && kind != kSharpening) return {slope, 0.0f};
  float value = x > 20.0f ? x : fmaxf(x, 0.0f) + log1pf(e);
  if (x != x) value = x;
  if (kind == kSharpening) value += 1.0f;
  return value >= kStrengthLimit ? Activated{kStrengthLimit, 0.0f} : Activated{value, slope};
}

// A head's distribution over shifts, from their exponentials or, where these are too large or small, from raw ones.
NTMLAB_DEVICE void distribution(const float* exponentials, const float* raw, float (&s)[S]) {
  float total = 0.0f;
#pragma unroll
  for (int k = 0; k < S; ++k) total += s[k] = exponentials[k];
  if (!(total >= kLeastSum && total <= kMostSum)) {
    float top = raw[0];
    for (int k = 1; k < S; ++k) top = fmaxf(top, raw[k]);
    total = 0.0f;
#pragma unroll
    for (int k = 0; k < S; ++k) total += s[k] = expf(raw[k] - top);
  }
  const float inverse = 1.0f / total;
#pragma unroll
  for (int k = 0; k < S; ++k) s[k] *= inverse;
}

// Slot `slot` of a ring of n slots gets a value, with kReach copies beyond either end.
constexpr int kRing = kSlots * kLanes + 2 * kReach;
NTMLAB_DEVICE void put(float* ring, int n, int slot, float value) {
  if (n >= kReach) {
    ring[kReach + slot] = value;
    if (slot < kReach) ring[kReach + slot + n] = value;
    if (slot >= n - kReach) ring[kReach + slot - n] = value;
  } else {
    for (int i = slot; i >= -kReach; i -= n) ring[kReach + i] = value;
    for (int i = slot + n; i < n + kReach; i += n) ring[kReach + i] = value;
  }
}
