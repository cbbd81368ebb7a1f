// Back-off from n letters of context, blended over all lengths: BackOff of optimal/estimators.py.
#pragma once
#include "rows.hpp"

namespace ntmlab::streams {

class BackOff : public Model {
 public:
  BackOff(Index letters, Index context)
      : Model(letters), context_(context), rows_(places(letters, context), letters),
        node_(context + 1, 0), first_(context + 1), counts_(letters) {
    for (Index d = 0, nodes = 0; d <= context; ++d) first_[d] = nodes, nodes += power(letters, d);
    restart();
  }

  void restart() override {
    rows_.clear();
    for (Index d = 0; d <= context_; ++d) node_[d] = first_[d];
    seen_ = 0;
  }
  const double* predict() override {
    if (letters_ == 2) return as_bits(blended(1));
    p_.assign(letters_, 1.0 / static_cast<double>(letters_));
    for (Index d = 0; d <= seen_; ++d) {
      const double different = rows_.different(node_[d]), total = rows_.total(node_[d]) + different;
      if (total == 0) break;  // nor did a longer context come
      rows_.fill(node_[d], counts_.data());
      for (Index x = 0; x < letters_; ++x) p_[x] = (counts_[x] + different * p_[x]) / total;
    }
    for (Index x = 0; x < letters_; ++x) p_[x] = most() * p_[x] + kLeast;
    return p_.data();
  }
  double given(Letter letter) override {
    return letters_ == 2 && letter == 0 ? 1.0 - blended(1) : blended(letter);
  }
  void update(Letter letter) override {
    for (Index d = 0; d <= seen_; ++d) rows_.add(node_[d], letter);
    seen_ = std::min(seen_ + 1, context_);
    for (Index d = context_; d > 0; --d)
      node_[d] = first_[d] + (node_[d - 1] - first_[d - 1]) * letters_ + letter;
  }

 private:
  static constexpr double kLeast = 0x1p-40;
  static Index places(Index letters, Index context) {
    Index result = 0;
    for (Index d = 0; d <= context; ++d) result += power(letters, d);
    return result;
  }
  double most() const { return 1.0 - static_cast<double>(letters_) * kLeast; }
  double blended(Letter letter) const {
    double result = 1.0 / static_cast<double>(letters_);
    for (Index d = 0; d <= seen_; ++d) {
      const double different = rows_.different(node_[d]), total = rows_.total(node_[d]) + different;
      if (total == 0) break;
      result = (rows_.count(node_[d], letter) + different * result) / total;
    }
    return most() * result + kLeast;
  }

  Index context_, seen_ = 0;  // seen: letters so far, up to the context
  Rows rows_;
  std::vector<Index> node_, first_;
  std::vector<double> counts_;
};

}  // namespace ntmlab::streams
