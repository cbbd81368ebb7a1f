// Context-tree weighting to depth D, split 1/2: optimal/context_trees.py, odds as numbers.
#pragma once
#include "odds.hpp"
#include "rows.hpp"

namespace ntmlab::streams {

template <Index K>  // letters, 0 where they are not known when compiled
class Tree : public Model {
 public:
  Tree(Index letters, Index depth, double prior, double weight)
      : Model(letters), depth_(depth), prior_(prior), weight_(weight), first_(depth + 1),
        node_(depth + 1, 0), own_((depth + 1) * letters), mixed_((depth + 1) * letters) {
    Index nodes = 0;
    for (Index d = 0; d <= depth; ++d) first_[d] = nodes, nodes += power(letters, d);
    nodes_.resize(nodes);
    counts_.resize(nodes * letters);
    restart();
  }

  void restart() override {
    for (const Index node : touched_) {
      nodes_[node] = {};
      std::fill_n(counts_.data() + node * letters_, letters_, 0u);
    }
    touched_.clear();
    for (Index d = 0; d <= depth_; ++d) node_[d] = first_[d];
    seen_ = 0;
    known_ = false;
  }
  const double* predict() override {
    if (seen_ < depth_) {
      p_.assign(letters_, 1.0 / static_cast<double>(letters_));
      return p_.data();
    }
    if (!known_) weigh();
    known_ = true;
    return letters_ == 2 ? as_bits(mixed_[1]) : mixed_.data();
  }
  void update(Letter letter) override {
    if (seen_ >= depth_) {
      predict();
      learn(letter);
    } else {
      ++seen_;
    }
    for (Index d = depth_; d > 0; --d)
      node_[d] = first_[d] + (node_[d - 1] - first_[d - 1]) * letters() + letter;
    known_ = false;
  }

 private:
  struct Node {
    Odds odds;  // of being a leaf
    std::uint32_t total = 0;
  };
  Index letters() const { return K > 0 ? K : letters_; }

  // What each node of the path says, and what the tree from it on does.
  void weigh() {
    const Index k = letters();
    for (Index d = depth_; d >= 0; --d) {
      const Node& node = nodes_[node_[d]];
      const std::uint32_t* counts = counts_.data() + node_[d] * k;
      const double scale = 1.0 / (static_cast<double>(node.total) + weight_);
      double *own = &own_[d * k], *mixed = &mixed_[d * k];
      for (Index x = 0; x < k; ++x) own[x] = (static_cast<double>(counts[x]) + prior_) * scale;
      if (d == depth_) {
        for (Index x = 0; x < k; ++x) mixed[x] = own[x];
        continue;
      }
      const auto [value, size] = node.odds;
      const double split = size == 0 ? 1.0 / (1.0 + value) : size > 0 ? 0.0 : 1.0;
      const double leaf = size == 0 ? value * split : size > 0 ? 1.0 : 0.0;
      for (Index x = 0; x < k; ++x) mixed[x] = leaf * own[x] + split * mixed[k + x];
    }
  }
  void learn(Letter letter) {
    const Index k = letters();
    for (Index d = 0; d <= depth_; ++d) {
      Node& node = nodes_[node_[d]];
      if (d < depth_) node.odds.multiply(own_[d * k + letter] / mixed_[(d + 1) * k + letter]);
      if (node.total++ == 0) touched_.push_back(node_[d]);
      ++counts_[node_[d] * k + letter];
    }
  }

  Index depth_, seen_ = 0;
  double prior_, weight_;
  std::vector<Index> first_, node_, touched_;
  std::vector<double> own_, mixed_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> counts_;
  bool known_ = false;
};

}  // namespace ntmlab::streams
