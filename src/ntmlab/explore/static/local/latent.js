// Exact predictors of what is drawn once and not told: which earlier letter decides, where pieces begin.

import { even, logSum, Stepwise, sum } from "./exact.js";

// A Markov chain with a latent lag.
export class Lags extends Stepwise {
  constructor(letters, most, prior) {
    super();
    Object.assign(this, { letters, most, prior });
  }

  start() {
    const { letters: k, most } = this;
    return { counts: new Float64Array(most * k * k), weights: new Float64Array(most).fill(-Math.log(most)), past: [] };
  }

  predict(state) {
    const { letters: k, most } = this;
    if (state.past.length < most) return even(k);
    const shares = state.weights.map(Math.exp);
    const all = sum(shares);
    const result = new Float64Array(k);
    for (let lag = 0; lag < most; lag++) {
      const own = this.#each(state, lag);
      for (let x = 0; x < k; x++) result[x] += (shares[lag] * own[x]) / all;
    }
    return result;
  }

  update(state, symbol) {
    const { letters: k, most } = this;
    if (state.past.length >= most) {
      const weights = state.weights.map((weight, lag) => weight + Math.log(this.#each(state, lag)[symbol]));
      const scale = logSum(weights);
      state.weights = weights.map((weight) => weight - scale);
      for (let lag = 0; lag < most; lag++) state.counts[this.#row(state, lag) * k + symbol]++;
    }
    state.past.push(symbol);
  }

  #row({ past }, lag) {
    return lag * this.letters + past[past.length - 1 - lag];
  }

  #each(state, lag) {
    const first = this.#row(state, lag) * this.letters;
    const known = this.prior.map((a, x) => a + state.counts[first + x]);
    const total = sum(known);
    return known.map((count) => count / total);
  }
}

// Partition tree weighting; of every level the stretch that holds the present.
export class PartitionTree extends Stepwise {
  constructor(letters, depth, split, prior) {
    super();
    Object.assign(this, { letters, depth, split, prior });
    this.fresh = new Float64Array(depth + 1).fill(Math.log(1 - split) - Math.log(split));
    this.fresh[0] = Infinity;
  }

  start() {
    return { counts: new Float64Array((this.depth + 1) * this.letters), odds: this.fresh.slice(), seen: 0 };
  }

  predict(state) {
    let result = this.#estimate(state, 0);
    for (let d = 1; d <= this.depth; d++) {
      const [whole, cut] = shares(state.odds[d]);
      result = this.#estimate(state, d).map((p, x) => whole * p + cut * result[x]);
    }
    return result;
  }

  update(state, symbol) {
    const { letters: k } = this;
    let weighted = this.#estimate(state, 0)[symbol];
    for (let d = 1; d <= this.depth; d++) {
      const own = this.#estimate(state, d)[symbol];
      const [whole, cut] = shares(state.odds[d]);
      state.odds[d] += Math.log(own) - Math.log(weighted);
      weighted = whole * own + cut * weighted;
    }
    for (let d = 0; d <= this.depth; d++) state.counts[d * k + symbol]++;
    state.seen++;
    for (let d = 0; d <= this.depth && state.seen % 2 ** d === 0; d++) {
      state.counts.fill(0, d * k, (d + 1) * k);
      state.odds[d] = this.fresh[d];
    }
  }

  #estimate({ counts }, d) {
    const known = this.prior.map((a, x) => a + counts[d * this.letters + x]);
    const total = sum(known);
    return known.map((count) => count / total);
  }
}

// The probabilities of two sides from the log odds of the first.
function shares(odds) {
  const less = Math.exp(-Math.abs(odds));
  const [minor, major] = [less / (1 + less), 1 / (1 + less)];
  return odds >= 0 ? [major, minor] : [minor, major];
}
