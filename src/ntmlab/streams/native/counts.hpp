// Counts after each context of n letters, each + prior: optimal/kt.py.
#pragma once
#include "rows.hpp"

namespace ntmlab::streams {

class Counts : public Model {
 public:
  // `weight` is the sum of the prior over the letters.
  Counts(Index letters, Index context, double prior, double weight)
      : Model(letters), rows_(power(letters, context), letters), contexts_(power(letters, context)),
        mask_((contexts_ & (contexts_ - 1)) == 0 ? contexts_ - 1 : 0), context_(context),
        prior_(prior), weight_(weight) {}

  void restart() override {
    rows_.clear();
    place_ = seen_ = 0;
  }
  const double* predict() override {
    const double* own = predict_own();
    return letters_ == 2 ? as_bits(own[1]) : own;
  }
  double given(Letter letter) override {
    if (letters_ == 2 && letter == 0) return 1.0 - given_own(1);
    return given_own(letter);
  }
  // P of a letter without the turn by way of P(1).
  double given_own(Letter letter) const {
    if (seen_ < context_) return 1.0 / static_cast<double>(letters_);
    return (rows_.count(place_, letter) + prior_) / (rows_.total(place_) + weight_);
  }
  const double* predict_own() {
    if (seen_ < context_) {
      p_.assign(letters_, 1.0 / static_cast<double>(letters_));
      return p_.data();
    }
    rows_.fill(place_, p_.data());
    const double total = rows_.total(place_) + weight_;
    for (Index x = 0; x < letters_; ++x) p_[x] = (p_[x] + prior_) / total;
    return p_.data();
  }
  Part part(Letter letter) override {
    if (!sparse()) return Model::part(letter);
    const Row& row = rows_.at(place_);
    if (row.size == 0) return fresh(row, letter);
    if (!share_row(row)) return Model::part(letter);
    const Index i = row.before(letter);
    const double below =
        sum_of(shares_.data(), i) + static_cast<double>(letter - i) * absent_;
    return {below, i < row.size && row.letters[i] == letter ? shares_[i] : absent_};
  }
  Letter find(double place, Part& part) override {
    if (!sparse()) return Model::find(place, part);
    const Row& row = rows_.at(place_);
    if (row.size == 0) {
      const double first = fresh(row, 0).share;
      const auto letter = static_cast<Letter>(
          place < first ? 0 : 1 + static_cast<Index>(std::floor((place - first) / absent_)));
      part = fresh(row, letter);
      return letter;
    }
    if (!share_row(row)) return Model::find(place, part);
    double below = 0;
    Index i = row.size == letters_ ? skip(place, letters_, below) : 0, letter = i;
    for (; i <= row.size; ++i) {
      const Index next = i < row.size ? row.letters[i] : letters_;
      const double gap = static_cast<double>(next - letter) * absent_;
      if (place < below + gap) {
        const double over = std::floor((place - below) / absent_);
        part = {below + over * absent_, absent_};
        return static_cast<Letter>(letter + static_cast<Index>(over));
      }
      below += gap;
      if (i == row.size) break;
      if (place < below + shares_[i]) {
        part = {below, shares_[i]};
        return static_cast<Letter>(next);
      }
      below += shares_[i];
      letter = next + 1;
    }
    return Model::find(place, part);  // not reached: the parts fill all
  }
  void update(Letter letter) override {
    const Index longer = place_ * letters_ + letter;
    const Index next = mask_ > 0 ? longer & mask_ : longer % contexts_;
    rows_.expect(next);
    if (seen_ >= context_) rows_.add(place_, letter);
    else ++seen_;
    place_ = next;
  }

 private:
  bool sparse() const { return !rows_.dense() && seen_ >= context_; }
  // Where no letter came yet all are alike, but that the first has what is left over.
  Part fresh(const Row& row, Letter letter) {
    absent_ = std::floor(prior_ / (static_cast<double>(row.total) + weight_) * room()) + 1;
    const double first = kTotal - static_cast<double>(letters_ - 1) * absent_;
    if (letter == 0) return {0, first};
    return {first + static_cast<double>(letter - 1) * absent_, absent_};
  }
  // Shares of the letters that came, of which the largest has what is left over; false where an
  // absent letter is as large.
  bool share_row(const Row& row) {
    const double total = static_cast<double>(row.total) + weight_;
    absent_ = std::floor(prior_ / total * room()) + 1;
    const auto [sum, most] =
        share_counts(row.counts, row.size, prior_, total, room(), shares_.data());
    if (most <= absent_) return false;
    const double absent = static_cast<double>(letters_ - row.size) * absent_;
    *std::find(shares_.begin(), shares_.end(), most) += kTotal - (sum + absent);
    return true;
  }

  Rows rows_;
  Index contexts_, mask_, context_, place_ = 0, seen_ = 0;
  double prior_, weight_, absent_ = 0;
};

}  // namespace ntmlab::streams
