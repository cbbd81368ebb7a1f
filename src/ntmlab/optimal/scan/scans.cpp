// Counts, and change points.
#include "denormals.hpp"
#include "shared.hpp"

namespace ntmlab::optimal::NTMLAB_ISA {

void scan_counts(const Batch& batch, Index context, const double* prior) {
  const Index letters = batch.letters, contexts = power(letters, context);
  const double weight = sum(prior, letters);
  Counters counters(contexts, batch);
  for (Index row = 0; row < batch.rows; ++row) {
    const Letters symbols = batch.symbols + row * batch.steps;
    double* out = batch.out + row * (batch.steps + 1) * letters;
    Index place = 0;
    for (Index t = 0; t <= batch.steps; ++t, out += letters) {
      const double* counts = counters.at(place);
      const double total = static_cast<double>(counters.seen(place)) + weight;
      for (Index x = 0; x < letters; ++x)
        out[x] = t < context ? 1.0 / static_cast<double>(letters) : (counts[x] + prior[x]) / total;
      if (t == batch.steps) break;
      const bool known = t >= context;
      if (known) counters.count(place, symbols[t]);
      const Index oldest = known ? symbols[t - context] : 0;  // it goes, without a division
      place = place * letters + symbols[t] - oldest * contexts;
    }
    counters.clear([](Index) {});
  }
}

namespace {

// The runs that may hold the next letter, so many registers full of them; those beyond the last have
// no share. Each has its share, weight / (letters in it + Σ prior), and what of each letter came
// before it.
struct Runs {
  Index count;            // of registers
  const double* inverse;  // of the letters that each will have, with the next
  double* shares;
};

// What was seen of a letter, its prior, and what of it came before each run.
struct Known {
  double seen, prior;
  const double* before;
  [[gnu::always_inline]] Wide of(Index i) const {
    return (seen - load<Wide>(before + i * kSide)) + prior;
  }
};

[[gnu::always_inline]] inline double sum(Wide values) {
  double total = 0;
  for (Index w = 0; w < kSide; ++w) total += values[w];
  return total;
}

// A letter came: the weights gain its probability and a factor.
void learn(const Runs& runs, double factor, Known own) {
  for (Index i = 0; i < runs.count; ++i) {
    double* shares = runs.shares + i * kSide;
    const Wide gained = own.of(i) * (factor * load<Wide>(runs.inverse + i * kSide));
    store(shares, load<Wide>(shares) * gained);
  }
}

// P of a letter, summed over the runs.
double foresee(const Runs& runs, Known own) {
  Wide total{};
  for (Index i = 0; i < runs.count; ++i) total += load<Wide>(runs.shares + i * kSide) * own.of(i);
  return sum(total);
}

// Both in one pass, of two letters, the one that came and the other.
void learn_two(const Runs& runs, double factor, Known own, Known other, double& again,
               double& instead) {
  Wide p{}, q{};
  for (Index i = 0; i < runs.count; ++i) {
    double* shares = runs.shares + i * kSide;
    const Wide known = own.of(i);
    const Wide share =
        load<Wide>(shares) * (known * (factor * load<Wide>(runs.inverse + i * kSide)));
    store(shares, share);
    p += share * (known + 1);
    q += share * other.of(i);
  }
  again = sum(p), instead = sum(q);
}

constexpr Index kTurns = 4;

// One sequence on its way.
class Segments {
 public:
  Segments(const Batch& batch, double hazard, const double* prior)
      : batch_(batch), hazard_(hazard), prior_(prior), fresh_(1 / total(prior, batch.letters)),
        room_((batch.steps + kSide) / kSide * kSide), shares_(room_), seen_(batch.letters),
        p_(batch.letters), before_(batch.letters * room_) {}

  void begin(Index row) {
    symbols_ = batch_.symbols + row * batch_.steps;
    out_ = batch_.out + row * (batch_.steps + 1) * batch_.letters;
    std::fill(shares_.begin(), shares_.end(), 0.0);
    std::fill(seen_.begin(), seen_.end(), 0.0);
    std::fill(p_.begin(), p_.end(), 0.0);
    first_ = 0;
    open(0, 1);
  }
  void say() {
    const double all = total(p_.data(), batch_.letters);
    for (Index x = 0; x < batch_.letters; ++x) *out_++ = p_[x] / all;
  }
  // Takes in the letter of a step; `inverse` has 1 / (n + Σ prior) of the letters that each run,
  // by its beginning, has then.
  void go_on(Index t, const double* inverse) {
    say();
    const Index came = symbols_[t], last = hazard_ > 0 ? t : 0;
    while (first_ < last && shares_[first_] == 0) ++first_;
    const Index from = first_ / kSide * kSide;
    const Runs runs{(last - from) / kSide + 1, inverse + from, &shares_[from]};
    const auto known = [&](Index x) {
      return Known{seen_[x], prior_[x], &before_[x * room_ + from]};
    };
    const double factor = (1 - hazard_) / p_[came];
    if (batch_.letters == 2) {
      learn_two(runs, factor, known(came), known(1 - came), p_[came], p_[1 - came]);
      seen_[came] += 1;
    } else {
      learn(runs, factor, known(came));
      seen_[came] += 1;
      for (Index x = 0; x < batch_.letters; ++x) p_[x] = foresee(runs, known(x));
    }
    if (hazard_ > 0) open(t + 1, hazard_);
  }

 private:
  static double total(const double* values, Index count) {
    double result = 0;
    for (Index i = 0; i < count; ++i) result += values[i];
    return result;
  }
  // A run that begins at a step.
  void open(Index t, double weight) {
    shares_[t] = weight * fresh_;
    for (Index x = 0; x < batch_.letters; ++x) {
      before_[x * room_ + t] = seen_[x];
      p_[x] += shares_[t] * prior_[x];
    }
  }

  const Batch& batch_;
  double hazard_;
  const double* prior_;
  double fresh_;
  Index room_, first_ = 0;  // first: no run before it has a share
  Array<double> shares_, seen_, p_, before_;
  Letters symbols_ = nullptr;
  double* out_ = nullptr;
};

}  // namespace

void scan_changes(const Batch& batch, double hazard, const double* prior) {
  const Array<double> forward = inverses(batch, prior);
  Array<double> inverse(forward.rbegin(), forward.rend());  // by a run's beginning, after all steps
  inverse.resize(inverse.size() + kSide);
  const ntmlab::NTMLAB_ISA::FlushDenormals flushed;  // runs that fade away
  // Rows take turns, so that none waits for another's sums.
  Array<Segments> turns(kTurns, Segments(batch, hazard, prior));
  for (Index row = 0; row < batch.rows; row += kTurns) {
    const Index count = std::min(kTurns, batch.rows - row);
    for (Index i = 0; i < count; ++i) turns[i].begin(row + i);
    for (Index t = 0; t < batch.steps; ++t)
      for (Index i = 0; i < count; ++i) turns[i].go_on(t, &inverse[batch.steps - t - 1]);
    for (Index i = 0; i < count; ++i) turns[i].say();
  }
}

}  // namespace ntmlab::optimal::NTMLAB_ISA
