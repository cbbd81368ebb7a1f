// The streams of numbers that sequences are drawn from, as NumPy gives them: Philox 4x64-10 (Salmon, Moraes,
// Dror and Shaw, 2011) and, upon it, NumPy's Generator: uniform numbers, the exponential and normal
// distributions by Marsaglia and Tsang's ziggurat (2000) of 256 layers, gamma, beta and Dirichlet.
#pragma once
#include <cmath>
#include <cstdint>

namespace ntmlab::draws {

using Word = std::uint64_t;

class Philox {
 public:
  Philox(Word key0, Word key1) : key_{key0, key1} {}
  Word next() {
    if (used_ == 4) fill();
    return words_[used_++];
  }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }  // [0, 1)
  // Goes to a place of the stream, as if so many words had been taken.
  void go_to(Word place) {
    counter_ = place / 4;
    used_ = 4;
    for (Word left = place % 4; left > 0; --left) next();
  }

 private:
  void fill() {
    Word c[4] = {++counter_, 0, 0, 0}, k[2] = {key_[0], key_[1]};
    for (int round = 0; round < 10; ++round) {
      const auto wide0 = static_cast<unsigned __int128>(0xD2E7470EE14C6C93u) * c[0];
      const auto wide1 = static_cast<unsigned __int128>(0xCA5A826395121157u) * c[2];
      const Word high0 = static_cast<Word>(wide0 >> 64), high1 = static_cast<Word>(wide1 >> 64);
      const Word next[4] = {high1 ^ c[1] ^ k[0], static_cast<Word>(wide1), high0 ^ c[3] ^ k[1],
                            static_cast<Word>(wide0)};
      for (int i = 0; i < 4; ++i) c[i] = next[i];
      k[0] += 0x9E3779B97F4A7C15u;
      k[1] += 0xBB67AE8584CAA73Bu;
    }
    for (int i = 0; i < 4; ++i) words_[i] = c[i];
    used_ = 0;
  }
  Word key_[2], words_[4] = {}, counter_ = 0;
  int used_ = 4;
};

// A ziggurat of 256 layers of equal area for a falling density with the inverse `at`; layer 0 is the base with
// the tail beyond `edge`. A word's mantissa times width[i] is a place in layer i, inside for sure below inner[i].
struct Ziggurat {
  static constexpr int kLayers = 256;
  double edge;
  double width[kLayers], height[kLayers];
  Word inner[kLayers];

  template <typename Density, typename At>
  Ziggurat(double r, double area, double mantissas, Density density, At at) : edge(r) {
    double x = r;
    const double base = area / density(r);
    inner[0] = static_cast<Word>(r / base * mantissas);
    width[0] = base / mantissas;
    height[0] = 1;
    width[kLayers - 1] = r / mantissas;
    height[kLayers - 1] = density(r);
    inner[1] = 0;
    for (int i = kLayers - 2; i >= 1; --i) {
      const double above = at(area / x + density(x));
      inner[i + 1] = static_cast<Word>(above / x * mantissas);
      x = above;
      width[i] = x / mantissas;
      height[i] = density(x);
    }
  }
};

inline const Ziggurat& exponential_layers() {
  static const Ziggurat layers(7.69711747013104972, 0.0039496598225815571993, 0x1p53,
                               [](double x) { return std::exp(-x); }, [](double y) { return -std::log(y); });
  return layers;
}
inline const Ziggurat& normal_layers() {
  static const Ziggurat layers(3.6541528853610087963519472518, 0.00492867323399, 0x1p52,
                               [](double x) { return std::exp(-0.5 * x * x); },
                               [](double y) { return std::sqrt(-2 * std::log(y)); });
  return layers;
}

inline double exponential(Philox& random) {
  const Ziggurat& z = exponential_layers();
  for (;;) {
    const Word word = random.next() >> 3, mantissa = word >> 8;
    const int layer = static_cast<int>(word & 0xff);
    const double x = static_cast<double>(mantissa) * z.width[layer];
    if (mantissa < z.inner[layer]) return x;
    if (layer == 0) return z.edge - std::log1p(-random.uniform());
    const double step = z.height[layer - 1] - z.height[layer];
    if (step * random.uniform() + z.height[layer] < std::exp(-x)) return x;
  }
}

inline double normal(Philox& random) {
  const Ziggurat& z = normal_layers();
  for (;;) {
    const Word word = random.next(), mantissa = (word >> 9) & 0x000fffffffffffffu;
    const int layer = static_cast<int>(word & 0xff);
    const bool negative = (word >> 8) & 1;
    const double x = static_cast<double>(mantissa) * z.width[layer];
    if (mantissa < z.inner[layer]) return negative ? -x : x;
    if (layer == 0) {
      for (;;) {
        const double beyond = -std::log1p(-random.uniform()) / z.edge, y = -std::log1p(-random.uniform());
        if (y + y > beyond * beyond) return ((mantissa >> 8) & 1) ? -(z.edge + beyond) : z.edge + beyond;
      }
    }
    const double step = z.height[layer - 1] - z.height[layer];
    if (step * random.uniform() + z.height[layer] < std::exp(-0.5 * x * x)) return negative ? -x : x;
  }
}

// Gamma of a shape: Ahrens and Dieter (1974) below 1, Marsaglia and Tsang (2000) above.
inline double gamma(Philox& random, double shape) {
  if (shape == 1) return exponential(random);
  if (shape < 1) {
    for (;;) {
      const double u = random.uniform(), v = exponential(random);
      if (u <= 1 - shape) {
        const double x = std::pow(u, 1 / shape);
        if (x <= v) return x;
      } else {
        const double y = -std::log((1 - u) / shape), x = std::pow(1 - shape + shape * y, 1 / shape);
        if (x <= v + y) return x;
      }
    }
  }
  const double b = shape - 1.0 / 3, c = 1 / std::sqrt(9 * b);
  for (;;) {
    double x, v;
    do x = normal(random), v = 1 + c * x;
    while (v <= 0);
    v = v * v * v;
    const double u = random.uniform();
    if (u < 1 - 0.0331 * (x * x) * (x * x)) return b * v;
    if (std::log(u) < 0.5 * x * x + b * (1 - v + std::log(v))) return b * v;
  }
}

constexpr double kTiny = 3e-103;  // NumPy's: from here on all of a beta is at its ends

// Beta: Jöhnk (1964) where both are at most 1, else from two gammas.
inline double beta(Philox& random, double a, double b) {
  if (a > 1 || b > 1) {
    const double x = gamma(random, a), y = gamma(random, b);
    return x / (x + y);
  }
  if (a < kTiny && b < kTiny) return (a + b) * random.uniform() < a;
  for (;;) {
    const double u = random.uniform(), v = random.uniform();
    const double x = std::pow(u, 1 / a), y = std::pow(v, 1 / b), sum = x + y;
    if (!(sum <= 1) || u + v == 0) continue;
    if (sum > 0) return x / sum;
    double log_x = std::log(u) / a, log_y = std::log(v) / b;
    const double most = log_x > log_y ? log_x : log_y;
    log_x -= most, log_y -= most;
    return std::exp(log_x - std::log(std::exp(log_x) + std::exp(log_y)));
  }
}

// A distribution over k letters; where all of the prior is small, piece by piece from what is left.
inline void dirichlet(Philox& random, const double* prior, int k, double* out) {
  double most = 0, total = 0;
  for (int i = 0; i < k; ++i) most = prior[i] > most ? prior[i] : most;
  if (most >= 0.1) {
    for (int i = 0; i < k; ++i) total += out[i] = gamma(random, prior[i]);
    const double scale = 1 / total;
    for (int i = 0; i < k; ++i) out[i] *= scale;
    return;
  }
  double left = 1;
  for (int i = 0; i < k - 1; ++i) {
    double rest = 0;
    for (int j = k - 1; j > i; --j) rest += prior[j];
    const double share = beta(random, prior[i], rest);
    out[i] = left * share;
    left *= 1 - share;
  }
  out[k - 1] = left;
}

}  // namespace ntmlab::draws
