// Positive numbers of any size: value * 2^(512 scale), value between 2^-256 and 2^256.
#pragma once
#include <cstdint>

namespace ntmlab::streams {

struct Odds {
  double value = 1;
  std::int32_t scale = 0;

  void multiply(double factor) {
    value *= factor;
    if (value > 0x1p256) {
      value *= 0x1p-512;
      ++scale;
    } else if (value < 0x1p-256) {
      value *= 0x1p512;
      --scale;
    }
  }
};

}  // namespace ntmlab::streams
