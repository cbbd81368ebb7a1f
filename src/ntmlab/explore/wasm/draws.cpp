// The first sequence of a seed, of every source: letters, and P of each under the drawn parameters. Python draws
// blocks of 256 sequences together, so the numbers of the others are taken, and left.
#include <vector>

#include "exported.hpp"
#include "philox.hpp"

namespace {

using namespace ntmlab::draws;

constexpr int kBlock = 256;  // draws.py: BLOCK

// Where letters go, and what was known of each.
struct Out {
  int letters, steps;
  int* symbols;
  double* truth;
  void even(int t) const {
    for (int x = 0; x < letters; ++x) truth[t * letters + x] = 1.0 / letters;
  }
  void known(int t, const double* p) const {
    for (int x = 0; x < letters; ++x) truth[t * letters + x] = p[x];
  }
};

// A letter by a uniform number, as `choose` in source.py.
int chosen(const double* p, int n, double uniform) {
  double total = 0, below = 0;
  for (int i = 0; i < n; ++i) total += p[i];
  int letter = 0;
  for (int i = 0; i < n - 1; ++i) {
    below += p[i];
    letter += uniform >= below / total;
  }
  return letter;
}

// The first of a block's uniform numbers.
double first_uniform(Philox& random) {
  const double own = random.uniform();
  for (int row = 1; row < kBlock; ++row) random.next();
  return own;
}

// The first of a block's distributions, (count, k) each.
void first_distributions(Philox& random, const double* prior, int k, int count, double* out) {
  std::vector<double> others(k);
  for (int row = 0; row < kBlock; ++row)
    for (int i = 0; i < count; ++i) dirichlet(random, prior, k, row == 0 ? out + i * k : others.data());
}

Word power(int base, int exponent) {
  Word result = 1;
  for (int i = 0; i < exponent; ++i) result *= base;
  return result;
}

void walk_table(Philox& random, const Out& out, int context, const double* table) {
  const Word contexts = power(out.letters, context);
  Word place = 0;
  for (int t = 0; t < out.steps; ++t) {
    if (t < context) out.even(t); else out.known(t, table + place * out.letters);
    out.symbols[t] = chosen(out.truth + t * out.letters, out.letters, first_uniform(random));
    place = (place * out.letters + out.symbols[t]) % contexts;
  }
}

}  // namespace

// Words of a stream from a place on, every `stride`th.
EXPORTED(draw_words) void draw_words(Word key0, Word key1, int place, int stride, int count, Word* out) {
  Philox random(key0, key1);
  for (int i = 0; i < count; ++i) {
    random.go_to(static_cast<Word>(place) + static_cast<Word>(i) * stride);
    out[i] = random.next();
  }
}

// A table of dynamic N-grams, (k^n, k): its prior's numbers from letter 0 on; `arcsine` for two halves.
EXPORTED(draw_table)
void draw_table(Word key0, Word key1, int letters, int contexts, const double* prior, int arcsine, double* table) {
  Philox random(key0, key1);
  for (int c = 0; c < contexts; ++c) {
    double* p = table + c * letters;
    if (letters > 2) {
      dirichlet(random, prior, letters, p);
      continue;
    }
    const double wave = arcsine ? std::sin(1.5707963267948966 * random.uniform()) : 0;
    p[1] = arcsine ? wave * wave : beta(random, prior[1], prior[0]);
    p[0] = 1 - p[1];
  }
}

// Letters from a table as `DynamicNGrams.sample` draws them, from a stream of their own.
EXPORTED(draw_ngrams)
void draw_ngrams(Word key0, Word key1, int letters, int context, const double* table, int steps, int* symbols,
                 double* truth) {
  Philox random(key0, key1);
  const Out out{letters, steps, symbols, truth};
  const Word contexts = power(letters, context);
  Word place = 0;
  for (int t = 0; t < steps; ++t) {
    if (t < context) out.even(t); else out.known(t, table + place * letters);
    const double uniform = first_uniform(random);
    double below = 0;
    int letter = 0;
    if (letters == 2) {
      letter = uniform < truth[t * 2 + 1];
    } else {
      for (int x = 0; x < letters - 1; ++x) {
        below = t < context ? (x + 1.0) / letters : below + truth[t * letters + x];
        letter += uniform >= below;
      }
    }
    symbols[t] = letter;
    place = (place * letters + letter) % contexts;
  }
}

// Dynamic N-grams as a part of a mixture.
EXPORTED(walk_ngrams)
void walk_ngrams(Word key0, Word key1, int letters, int context, const double* prior, int steps, int* symbols,
                 double* truth) {
  Philox random(key0, key1);
  const int contexts = static_cast<int>(power(letters, context));
  std::vector<double> table(contexts * letters);
  first_distributions(random, prior, letters, contexts, table.data());
  walk_table(random, {letters, steps, symbols, truth}, context, table.data());
}

EXPORTED(walk_changes)
void walk_changes(Word key0, Word key1, int letters, double hazard, const double* prior, int steps, int* symbols,
                  double* truth) {
  Philox random(key0, key1);
  const Out out{letters, steps, symbols, truth};
  std::vector<double> known(letters), fresh(letters);
  first_distributions(random, prior, letters, 1, known.data());
  for (int t = 0; t < steps; ++t) {
    out.known(t, known.data());
    symbols[t] = chosen(known.data(), letters, first_uniform(random));
    if (t + 1 == steps) break;
    const bool changed = first_uniform(random) < hazard;
    first_distributions(random, prior, letters, 1, fresh.data());
    if (changed) known = fresh;
  }
}

EXPORTED(walk_coins)
void walk_coins(Word key0, Word key1, int coins, const double* given, int steps, int* symbols, double* truth) {
  Philox random(key0, key1);
  const Out out{2, steps, symbols, truth};
  const double* coin = given + 2 * static_cast<int>(first_uniform(random) * coins);
  for (int t = 0; t < steps; ++t) {
    out.known(t, coin);
    symbols[t] = chosen(coin, 2, first_uniform(random));
  }
}

EXPORTED(walk_trees)
void walk_trees(Word key0, Word key1, int letters, int depth, double split, const double* prior, int steps,
                int* symbols, double* truth) {
  Philox random(key0, key1);
  const int contexts = static_cast<int>(power(letters, depth));
  std::vector<double> table(contexts * letters);
  std::vector<char> inside(contexts, 1);  // within a node that has split
  for (int d = 0; d <= depth; ++d) {
    const int nodes = static_cast<int>(power(letters, d));
    std::vector<double> chances(nodes), own(nodes * letters);
    for (int i = 0; i < nodes; ++i) chances[i] = random.uniform();
    for (Word i = 0; i < Word{nodes + 0u} * (kBlock - 1); ++i) random.next();
    first_distributions(random, prior, letters, nodes, own.data());
    for (int c = 0; c < contexts; ++c) {
      const int node = c % nodes;
      const bool splits = chances[node] < (d < depth ? split : 0);
      for (int x = 0; x < letters && inside[c] && !splits; ++x) table[c * letters + x] = own[node * letters + x];
      inside[c] = inside[c] && splits;
    }
  }
  walk_table(random, {letters, steps, symbols, truth}, depth, table.data());
}

// `matrices` (k, S, S), `emission` (S, k), `initial` (S).
EXPORTED(walk_chain)
void walk_chain(Word key0, Word key1, int letters, int states, const double* matrices, const double* emission,
                const double* initial, int steps, int* symbols, double* truth) {
  Philox random(key0, key1);
  const Out out{letters, steps, symbols, truth};
  int state = chosen(initial, states, first_uniform(random));
  for (int t = 0; t < steps; ++t) {
    out.known(t, emission + state * letters);
    symbols[t] = chosen(emission + state * letters, letters, first_uniform(random));
    state = chosen(matrices + (symbols[t] * states + state) * states, states, first_uniform(random));
  }
}

EXPORTED(walk_lags)
void walk_lags(Word key0, Word key1, int letters, int most, const double* prior, int steps, int* symbols,
               double* truth) {
  Philox random(key0, key1);
  const Out out{letters, steps, symbols, truth};
  const int lag = 1 + static_cast<int>(first_uniform(random) * most);
  std::vector<double> table(letters * letters);
  first_distributions(random, prior, letters, letters, table.data());
  for (int t = 0; t < steps; ++t) {
    if (t < most) out.even(t); else out.known(t, &table[symbols[t - lag] * letters]);
    symbols[t] = chosen(truth + t * letters, letters, first_uniform(random));
  }
}

EXPORTED(walk_pieces)
void walk_pieces(Word key0, Word key1, int letters, int depth, double split, const double* prior, int steps,
                 int* symbols, double* truth) {
  Philox random(key0, key1);
  const Out out{letters, steps, symbols, truth};
  std::vector<double> known(letters), fresh(letters);
  first_distributions(random, prior, letters, 1, known.data());
  int level = -1;  // of the piece that the present letter is in
  for (int t = 0; t < steps; ++t) {
    const bool ended = level < 0 || std::fmod(t, std::ldexp(1.0, level)) == 0;
    const double uniform = first_uniform(random);
    if (ended) {
      const bool whole = std::fmod(t, std::ldexp(1.0, depth)) == 0;
      const int largest = whole ? depth : __builtin_ctz(static_cast<unsigned>(t));
      level = largest;
      for (int number = 1; number <= largest; ++number) level -= uniform < std::pow(split, number);
    }
    first_distributions(random, prior, letters, 1, fresh.data());
    if (ended) known = fresh;
    out.known(t, known.data());
    symbols[t] = chosen(known.data(), letters, first_uniform(random));
  }
}
