// The forward filter of a known hidden Markov model.
#include "shared.hpp"

namespace ntmlab::optimal::NTMLAB_ISA {

namespace {

struct Model {
  Index states;
  const double *matrices, *emission, *initial;
};

// One sequence of any model.
double chain(const Batch& batch, Index row, const Model& model) {
  const Index states = model.states, letters = batch.letters, steps = batch.steps;
  Array<double> belief(model.initial, model.initial + states), next(states);  // of any sum
  double* out = batch.out + row * (steps + 1) * letters;
  double least = 1;
  for (Index t = 0; t <= steps; ++t, out += letters) {
    const double total = sum(belief.data(), states), scale = total > 0 ? 1 / total : 0;
    for (Index i = 0; i < states; ++i) {
      const double share = belief[i] * scale;
      least = share > 0 ? std::min(least, share) : least;
    }
    if (!(total > 0)) least = 0;  // impossible: whoever calls takes another way
    for (Index x = 0; x < letters; ++x) {
      double p = 0;
      for (Index i = 0; i < states; ++i) p += belief[i] * model.emission[i * letters + x];
      out[x] = p * scale;
    }
    if (t == steps) break;
    const double* edges = model.matrices + batch.symbols[row * steps + t] * states * states;
    for (Index j = 0; j < states; ++j) {
      double reached = 0;
      for (Index i = 0; i < states; ++i) reached += belief[i] * edges[i * states + j];
      next[j] = reached * scale;
    }
    belief.swap(next);
  }
  return least;
}

// S states and K letters, so few that a sequence's way on with every letter is cheaper than to look
// up the edges of the one that came.
template <Index S, Index K>
Wide few(const Rows& rows, Index steps, const Model& model) {
  const double* edges = model.matrices;  // (K, S, S)
  Wide belief[S], least = Wide{} + 1;    // the belief has any sum
  for (Index i = 0; i < S; ++i) belief[i] = Wide{} + model.initial[i];
  for (Index t = 0; t <= steps; ++t) {
    Wide total = belief[0];
    for (Index i = 1; i < S; ++i) total += belief[i];
    const Wide scale = total > 0 ? 1 / total : Wide{};
    for (Index i = 0; i < S; ++i) {
      const Wide share = belief[i] * scale;
      least = (share > 0) & (share < least) ? share : least;
    }
    least = total > 0 ? least : Wide{};  // impossible: whoever calls takes another way
    const Marks came = t < steps ? rows.letters(t) : Marks{};
    Wide next[S], p[K];
    for (Index x = 0; x < K; ++x) {
      p[x] = Wide{};
      for (Index j = 0; j < S; ++j) {
        Wide reached = belief[0] * edges[(x * S) * S + j];
        for (Index i = 1; i < S; ++i) reached += belief[i] * edges[(x * S + i) * S + j];
        reached *= scale;
        p[x] += reached;
        next[j] = x == 0 ? reached : came == x ? reached : next[j];
      }
    }
    for (Index w = 0; w < kSide; ++w)
      for (Index x = 0; x < K; ++x) rows.out[w][t * K + x] = p[x][w];
    for (Index j = 0; j < S; ++j) belief[j] = next[j];
  }
  return least;
}

template <Index S, Index K>
void side(const Batch& batch, const Model& model, double* least) {
  for (Index row = 0; row < batch.rows; row += kSide) {
    const Rows rows(batch, row);
    const Wide found = few<S, K>(rows, batch.steps, model);
    for (Index w = 0; w < kSide; ++w) least[rows.number[w]] = found[w];
  }
}

}  // namespace

void scan_chain(const Batch& batch, Index states, const double* matrices, const double* emission,
                const double* initial, double* least) {
  const Model model{states, matrices, emission, initial};
  if (states == 2 && batch.letters == 2) return side<2, 2>(batch, model, least);
  if (states == 3 && batch.letters == 2) return side<3, 2>(batch, model, least);
  if (states == 3 && batch.letters == 3) return side<3, 3>(batch, model, least);
  for (Index row = 0; row < batch.rows; ++row) least[row] = chain(batch, row, model);
}

}  // namespace ntmlab::optimal::NTMLAB_ISA
