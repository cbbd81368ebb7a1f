// The Bayes mixture of counts after contexts of A to B letters: optimal/mixture.py, weights as numbers.
#pragma once
#include <memory>

#include "counts.hpp"
#include "odds.hpp"

namespace ntmlab::streams {

class Orders : public Model {
 public:
  Orders(Index letters, Index first, Index last, double prior, double weight) : Model(letters) {
    for (Index context = first; context <= last; ++context)
      members_.push_back(std::make_unique<Counts>(letters, context, prior, weight));
    restart();
  }

  void restart() override {
    for (auto& member : members_) member->restart();
    weights_.assign(members_.size(), Odds{});
    relative_.assign(members_.size(), 1.0);
    sum_ = static_cast<double>(members_.size());
  }
  const double* predict() override {
    if (letters_ == 2) return as_bits(mean(1));
    p_.assign(letters_, 0.0);
    for (std::size_t m = 0; m < members_.size(); ++m) {
      const double* own = members_[m]->predict_own();
      for (Index x = 0; x < letters_; ++x) p_[x] += relative_[m] * own[x];
    }
    for (Index x = 0; x < letters_; ++x) p_[x] /= sum_;
    return p_.data();
  }
  double given(Letter letter) override {
    return letters_ == 2 && letter == 0 ? 1.0 - mean(1) : mean(letter);
  }
  void update(Letter letter) override {
    std::int32_t highest = INT32_MIN;
    for (std::size_t m = 0; m < members_.size(); ++m) {
      weights_[m].multiply(members_[m]->given_own(letter));
      members_[m]->update(letter);
      highest = std::max(highest, weights_[m].scale);
    }
    sum_ = 0;
    for (std::size_t m = 0; m < members_.size(); ++m) {
      const std::int32_t below = highest - weights_[m].scale;
      relative_[m] = below == 0 ? weights_[m].value : below == 1 ? weights_[m].value * 0x1p-512 : 0;
      sum_ += relative_[m];
    }
  }

 private:
  double mean(Letter letter) const {
    double result = 0;
    for (std::size_t m = 0; m < members_.size(); ++m)
      result += relative_[m] * members_[m]->given_own(letter);
    return result / sum_;
  }

  std::vector<std::unique_ptr<Counts>> members_;
  std::vector<Odds> weights_;  // not normalised: their sum falls as letters come
  std::vector<double> relative_;  // to the heaviest
  double sum_ = 0;
};

}  // namespace ntmlab::streams
