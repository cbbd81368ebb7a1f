// The arithmetic coder of evaluation/checks/coder.py, bit for bit: 62 bits, shares of 2^40 in all.
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ntmlab::streams {

constexpr double kTotal = 0x1p40;

// The part of 2^40 that a letter has; both are whole numbers.
struct Part {
  double below, share;
};

class Interval {
 protected:
  static constexpr int kBits = 62;
  static constexpr std::uint64_t kHalf = std::uint64_t{1} << (kBits - 1);
  static constexpr std::uint64_t kMask = (std::uint64_t{1} << kBits) - 1;

  void narrow(Part part) {
    using Wide = unsigned __int128;
    const Wide width = high_ - low_ + 1;
    const auto below = static_cast<std::uint64_t>(part.below);
    const auto above = below + static_cast<std::uint64_t>(part.share);
    high_ = low_ + static_cast<std::uint64_t>(width * above >> 40) - 1;
    low_ = low_ + static_cast<std::uint64_t>(width * below >> 40);
  }
  // How many first bits low and high have in common; they go out.
  int common() const {
    const std::uint64_t differ = (low_ ^ high_) << (64 - kBits);
    return differ == 0 ? kBits : std::countl_zero(differ);
  }
  void shift(int bits) {
    low_ = (low_ << bits) & kMask;
    high_ = ((high_ << bits) & kMask) | ((std::uint64_t{1} << bits) - 1);
  }
  // Low 01…, high 10…: the second bit goes, and which it was is told later.
  bool near_half() const {
    return low_ >= kHalf / 2 && low_ < kHalf && high_ >= kHalf && high_ < kHalf + kHalf / 2;
  }
  void widen() {
    low_ = (low_ - kHalf / 2) * 2;
    high_ = (high_ - kHalf / 2) * 2 + 1;
  }

  std::uint64_t low_ = 0, high_ = kMask;
};

class Encoder : Interval {
 public:
  void put(Part part) {
    narrow(part);
    if (const int bits = common(); bits > 0) {
      write(low_ >> (kBits - 1) & 1);
      push(low_ >> (kBits - bits), bits - 1);
      shift(bits);
    }
    while (near_half()) {
      ++pending_;
      widen();
    }
  }
  // The bytes, complete; the last is filled up with zeros.
  const std::vector<std::uint8_t>& finish() {
    ++pending_;
    write(low_ < kHalf / 2 ? 0 : 1);
    if (held_ > 0) bytes_.push_back(static_cast<std::uint8_t>(last_ << (8 - held_)));
    held_ = 0;
    return bytes_;
  }

 private:
  void write(std::uint64_t bit) {
    push(bit, 1);
    for (; pending_ > 0; --pending_) push(1 - bit, 1);
  }
  // The lowest bits of a number.
  void push(std::uint64_t value, int bits) {
    if (bits > kHalfWord) {
      push(value >> kHalfWord, bits - kHalfWord);
      bits = kHalfWord;
    }
    last_ = last_ << bits | (value & ((std::uint64_t{1} << bits) - 1));
    for (held_ += bits; held_ >= 8; held_ -= 8)
      bytes_.push_back(static_cast<std::uint8_t>(last_ >> (held_ - 8)));
  }

  static constexpr int kHalfWord = 32;
  std::vector<std::uint8_t> bytes_;
  std::uint64_t pending_ = 0, last_ = 0;
  int held_ = 0;
};

class Decoder : Interval {
 public:
  Decoder(const std::uint8_t* bytes, std::size_t size) : bytes_(bytes, bytes + size) {
    bytes_.resize(size + kZeros);
    value_ = next(kBits);
  }
  // Where in 2^40 the value lies: within the part of the letter that came.
  double place() const {
    using Wide = unsigned __int128;
    const Wide width = high_ - low_ + 1, at = value_ - low_ + 1;
    return static_cast<double>(static_cast<std::uint64_t>(((at << 40) - 1) / width));
  }
  void take(Part part) {
    narrow(part);
    if (const int bits = common(); bits > 0) {
      value_ = (value_ << bits | next(bits)) & kMask;
      shift(bits);
    }
    while (near_half()) {
      value_ = (value_ - kHalf / 2) * 2 + next(1);
      widen();
    }
  }

 private:
  std::uint64_t next(int bits) {  // after the last bit zeros follow
    if (bits > kAtOnce) {
      const std::uint64_t first = next(bits - kAtOnce);
      return first << kAtOnce | next(kAtOnce);
    }
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8; ++i) word = word << 8 | bytes_[at_ / 8 + i];
    word = word << (at_ % 8) >> (64 - bits);
    at_ = std::min(at_ + bits, 8 * (bytes_.size() - kZeros));
    return word;
  }

  static constexpr std::size_t kZeros = 8;
  static constexpr int kAtOnce = 32;
  std::vector<std::uint8_t> bytes_;
  std::size_t at_ = 0;
  std::uint64_t value_ = 0;
};

}  // namespace ntmlab::streams
