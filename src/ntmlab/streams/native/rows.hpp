// Counts of letters at many places: dense for small alphabets, else only the letters that came.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "model.hpp"

namespace ntmlab::streams {

constexpr Index kBlock = 8;  // of the letters of a row; there is room for whole ones

// The letters that came at a place, in order, with their counts.
struct Row {
  std::uint32_t total = 0;
  std::uint16_t size = 0, room = 0;
  std::uint32_t* counts = nullptr;
  Letter* letters = nullptr;

  Index place(Letter letter) const {  // of a letter, or -1
    const auto* found = static_cast<const Letter*>(std::memchr(letters, letter, size));
    return found == nullptr ? -1 : found - letters;
  }
  Index before(Letter letter) const {  // letters that come before one
    Index result = 0;
    for (Index block = 0; block < size; block += kBlock) {
      std::uint8_t less = 0;
      for (Index i = 0; i < kBlock; ++i)
        less += static_cast<std::uint8_t>((letters[block + i] < letter) & (block + i < size));
      result += less;
    }
    return result;
  }
};

// Blocks of a few sizes out of large pieces, taken again when they are given back. A row grows
// through all of them, so that it costs (8 + 32 + 256) * 5 bytes at most, the blocks it has left
// included.
class Blocks {
 public:
  static constexpr std::array<Index, 3> kRooms{8, 32, 256};
  void grow(Row& row) {
    const std::size_t kind = row.room == 0 ? 0 : kind_of(row) + 1;
    const Index room = kRooms[kind];
    std::uint32_t* block = take(kind, words(room));
    auto* names = reinterpret_cast<Letter*>(block + room);
    if (row.size > 0) {
      std::copy_n(row.counts, row.size, block);
      std::copy_n(row.letters, row.size, names);
    }
    give_back(row);
    row.counts = block, row.letters = names, row.room = static_cast<std::uint16_t>(room);
  }
  void give_back(Row& row) {
    if (row.room > 0) free_[kind_of(row)].push_back(row.counts);
    row = Row{row.total, row.size, 0, nullptr, nullptr};
  }

 private:
  static std::size_t kind_of(const Row& row) {
    return row.room == kRooms[0] ? 0 : row.room == kRooms[1] ? 1 : 2;
  }
  static Index words(Index room) { return room + (room + 3) / 4; }
  std::uint32_t* take(std::size_t kind, Index words) {
    if (!free_[kind].empty()) {
      auto* block = free_[kind].back();
      free_[kind].pop_back();
      return block;
    }
    if (pieces_.empty() || used_ + words > kPiece) {
      pieces_.emplace_back(std::make_unique<std::uint32_t[]>(kPiece));
      used_ = 0;
    }
    used_ += words;
    return pieces_.back().get() + used_ - words;
  }

  static constexpr Index kPiece = 1 << 18;
  std::vector<std::unique_ptr<std::uint32_t[]>> pieces_;
  std::array<std::vector<std::uint32_t*>, 3> free_;
  Index used_ = 0;
};

constexpr Index kDense = 16;  // letters of an alphabet whose counts are kept one and all

class Rows {
 public:
  Rows(Index places, Index letters) : letters_(letters), dense_(letters <= kDense) {
    rows_.resize(places);
    if (dense_) counts_.resize(places * letters);
  }
  bool dense() const { return dense_; }
  const Row& at(Index place) const { return rows_[place]; }
  double total(Index place) const { return rows_[place].total; }
  double different(Index place) const { return rows_[place].size; }
  double count(Index place, Letter letter) const {
    if (dense_) return counts_[place * letters_ + letter];
    const Index found = rows_[place].place(letter);
    return found < 0 ? 0 : rows_[place].counts[found];
  }
  void fill(Index place, double* counts) const {  // (k)
    if (dense_) {
      for (Index x = 0; x < letters_; ++x) counts[x] = counts_[place * letters_ + x];
      return;
    }
    const Row& row = rows_[place];
    std::fill_n(counts, letters_, 0.0);
    for (Index i = 0; i < row.size; ++i) counts[row.letters[i]] = row.counts[i];
  }
  void expect(Index place) const { __builtin_prefetch(&rows_[place]); }
  void add(Index place, Letter letter) {
    Row& row = rows_[place];
    if (row.total++ == 0) touched_.push_back(place);
    if (dense_) {
      row.size += counts_[place * letters_ + letter]++ == 0;
      return;
    }
    if (const Index found = row.place(letter); found >= 0) {
      ++row.counts[found];
      return;
    }
    if (row.size == row.room) blocks_.grow(row);
    const Index at = row.before(letter);
    std::copy_backward(row.letters + at, row.letters + row.size, row.letters + row.size + 1);
    std::copy_backward(row.counts + at, row.counts + row.size, row.counts + row.size + 1);
    row.letters[at] = letter, row.counts[at] = 1;
    ++row.size;
  }
  void clear() {
    for (const Index place : touched_) {
      if (dense_) std::fill_n(counts_.data() + place * letters_, letters_, 0u);
      blocks_.give_back(rows_[place]);
      rows_[place] = Row{};
    }
    touched_.clear();
  }

 private:
  Index letters_;
  bool dense_;
  std::vector<Row> rows_;
  std::vector<std::uint32_t> counts_;
  std::vector<Index> touched_;
  Blocks blocks_;
};

inline Index power(Index base, Index exponent) {
  Index result = 1;
  for (Index i = 0; i < exponent; ++i) result *= base;
  return result;
}

}  // namespace ntmlab::streams
