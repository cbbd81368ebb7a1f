// Exact predictors of one sequence. Each has its letters and `unrolled(symbols)`: P of each letter before every
// step and after the last, (T + 1, k), as the filters in ntmlab.optimal give it.

import { InputError } from "./errors.js";

const MOST_CONTEXTS = 2 ** 16;
const MOST_NODES = 2 ** 17;
export const sum = (values) => values.reduce((a, b) => a + b, 0);
const logs = (weights) => Float64Array.from(weights, Math.log);

// log Σ exp
export function logSum(values) {
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (most === -Infinity) return most;
  let total = 0;
  for (const value of values) total += Math.exp(value - most);
  return most + Math.log(total);
}

// A filter that goes step by step: a class with start(), predict(state) and update(state, symbol).
export class Stepwise {
  unrolled(symbols) {
    const { letters } = this;
    const result = new Float64Array((symbols.length + 1) * letters);
    const state = this.start();
    for (let t = 0; t <= symbols.length; t++) {
      result.set(this.predict(state), t * letters);
      if (t < symbols.length) this.update(state, symbols[t]);
    }
    return result;
  }
}

export function even(letters) {
  return new Float64Array(letters).fill(1 / letters);
}

export class Fixed {
  constructor(distribution) {
    this.distribution = distribution;
    this.letters = distribution.length;
  }

  unrolled(symbols) {
    return Float64Array.from({ length: (symbols.length + 1) * this.letters }, (_, i) => this.distribution[i % this.letters]);
  }
}

// Letters as 64-bit numbers, low half first.
function wide(symbols) {
  const halves = new Int32Array(2 * symbols.length);
  for (let t = 0; t < symbols.length; t++) halves[2 * t] = symbols[t];
  return halves;
}

// Calls a compiled loop: symbols and `parts` go in, P comes out; returns it and what the loop returned.
function looped(kernels, name, symbols, letters, numbers, parts) {
  return kernels.within((scope) => {
    const given = scope.put(wide(symbols));
    const arrays = parts.map((part) => scope.put(Float64Array.from(part)));
    const count = (symbols.length + 1) * letters;
    const out = scope.take(8 * count);
    const returned = kernels.call[name](given, symbols.length, letters, ...numbers, ...arrays, out);
    return { p: kernels.at(Float64Array, out, count).slice(), returned };
  });
}

// Counts after each of k^n contexts under a Dirichlet prior (k).
export class KT {
  constructor(kernels, letters, context, prior) {
    const whole = Number.isInteger(context) && context >= 0;
    if (!whole || letters ** Math.min(context, 17) > MOST_CONTEXTS) {
      const most = Math.floor(Math.log(MOST_CONTEXTS) / Math.log(letters) + 1e-9);
      throw new InputError(`a context has between 0 and ${most} letters, not ${context}`);
    }
    Object.assign(this, { kernels, letters, context, prior });
  }

  unrolled(symbols) {
    return looped(this.kernels, "exact_counts", symbols, this.letters, [this.context], [this.prior]).p;
  }
}

export function checkDepth(depth, letters) {
  if (Number.isInteger(depth) && depth >= 0 && letters ** Math.min(depth, 18) <= MOST_NODES) return depth;
  const deepest = Math.floor(Math.log(MOST_NODES) / Math.log(letters) + 1e-9);
  throw new InputError(`depth is between 0 and ${deepest} for ${letters} letters, not ${depth}`);
}

export class ContextTrees {
  constructor(kernels, letters, depth, split, prior) {
    Object.assign(this, { kernels, letters, depth: checkDepth(depth, letters), split, prior });
  }

  unrolled(symbols) {
    const odds = Math.exp(Math.log(1 - this.split) - Math.log(this.split));
    return looped(this.kernels, "exact_trees", symbols, this.letters, [this.depth, odds], [this.prior]).p;
  }
}

export class ChangePoints {
  constructor(kernels, letters, hazard, prior) {
    Object.assign(this, { kernels, letters, hazard, prior });
  }

  unrolled(symbols) {
    if (!this.#neverReturns(symbols.length)) return this.#inLogarithms(symbols);
    return looped(this.kernels, "exact_changes", symbols, this.letters, [this.hazard], [this.prior]).p;
  }

  // As `_never_returns` in change_points.py.
  #neverReturns(steps) {
    if (this.hazard === 0 || this.hazard === 1) return true;
    const weight = steps + sum(this.prior);
    const least = sum(this.prior.map((a) => Math.log(a / weight) - Math.log(steps + 1)));
    return Math.log(this.hazard) + least > -280 * Math.log(10);
  }

  #inLogarithms(symbols) {
    const { letters: k, prior, hazard } = this;
    const weight = sum(prior);
    let runs = [{ log: 0, counts: new Float64Array(k), total: 0 }];
    const p = ({ counts, total }, x) => (counts[x] + prior[x]) / (total + weight);
    const result = new Float64Array((symbols.length + 1) * k);
    for (let t = 0; t <= symbols.length; t++) {
      const all = sum(runs.map(({ log }) => Math.exp(log)));
      for (let x = 0; x < k; x++) result[t * k + x] = sum(runs.map((run) => Math.exp(run.log) * p(run, x))) / all;
      if (t === symbols.length) break;
      for (const run of runs) run.log += Math.log(p(run, symbols[t]));
      const scale = logSum(runs.map(({ log }) => log)) - Math.log(1 - hazard);
      for (const run of runs) {
        run.log -= scale;
        run.counts[symbols[t]]++;
        run.total++;
      }
      runs = [...runs, { log: Math.log(hazard), counts: new Float64Array(k), total: 0 }];
    }
    return result;
  }
}

const LEAST_BELIEF = 1e-250;
const LEAST_EDGE = 1e-40;

// The forward filter: `matrices` (k, S, S) flat, `initial` (S).
export class Forward {
  constructor(kernels, letters, states, matrices, initial) {
    Object.assign(this, { kernels, letters, states, matrices, initial });
    this.emission = Float64Array.from({ length: states * letters }, (_, i) => {
      const [state, letter] = [Math.floor(i / letters), i % letters];
      const from = (letter * states + state) * states;
      return sum(matrices.slice(from, from + states));
    });
  }

  unrolled(symbols) {
    if (this.matrices.every((edge) => edge === 0 || edge >= LEAST_EDGE)) {
      const parts = [this.matrices, this.emission, this.initial];
      const { p, returned: least } = looped(this.kernels, "exact_chain", symbols, this.letters, [this.states], parts);
      if (least > LEAST_BELIEF) return p;
    }
    return this.#inLogarithms(symbols);
  }

  #inLogarithms(symbols) {
    const { letters: k, states: S, matrices, emission } = this;
    let belief = logs(this.initial);
    const result = new Float64Array((symbols.length + 1) * k);
    const carried = (edge) => Float64Array.from({ length: S }, (_, j) => logSum(belief.map((b, i) => b + Math.log(edge(i, j)))));
    for (let t = 0; t <= symbols.length; t++) {
      const p = Float64Array.from({ length: k }, (_, x) => sum(belief.map((b, i) => Math.exp(b) * emission[i * k + x])));
      const total = sum(p);
      result.set(p.map((share) => (total > 0 ? share / total : 0)), t * k);
      if (t === symbols.length) break;
      const edge = (x) => (i, j) => matrices[(x * S + i) * S + j];
      let known = carried(edge(symbols[t]));
      if (known.every((b) => b === -Infinity)) {
        known = carried((i, j) => sum(Array.from({ length: k }, (_, x) => edge(x)(i, j)))); // it teaches nothing
      }
      const scale = logSum(known);
      belief = known.map((b) => b - scale);
    }
    return result;
  }
}

// The Bayes mixture of filters of one alphabet.
export class Mixture {
  constructor(members, weights) {
    Object.assign(this, { members, letters: members[0].letters });
    this.weights = weights ?? members.map(() => 1 / members.length);
  }

  unrolled(symbols) {
    const { letters: k } = this;
    const each = this.members.map((member) => member.unrolled(symbols));
    const result = new Float64Array((symbols.length + 1) * k);
    let weights = logs(this.weights);
    for (let t = 0; t <= symbols.length; t++) {
      each.forEach((p, m) => {
        const share = Math.exp(weights[m]);
        for (let x = 0; x < k; x++) result[t * k + x] += share * p[t * k + x];
      });
      if (t < symbols.length) weights = learnt(weights, each.map((p) => Math.log(p[t * k + symbols[t]])));
    }
    return result;
  }
}

// Logarithms of the posterior; what is impossible under all teaches nothing.
function learnt(weights, likelihood) {
  let after = weights.map((weight, m) => weight + likelihood[m]);
  if (after.every((weight) => weight === -Infinity)) after = weights;
  const scale = logSum(after);
  return after.map((weight) => weight - scale);
}
