// Reference predictors by name, for any alphabet: as ntmlab.optimal.named and estimators. Names come from the catalog:
// Python has read them, and here only what depends on the alphabet is checked.

import { InputError } from "./errors.js";
import { checkDepth, ContextTrees, even, Fixed, KT, Mixture, Stepwise, sum } from "./exact.js";
import { PartitionTree } from "./latent.js";

const NUMBER = /^(\d+(?:\.\d+)?(?:e-?\d+)?|\.\d+)$/;
const LEAST = 2 ** -40;

// Kind: what makes it of kernels, letters, numbers and usual letters of context; form.
export const MAKERS = {
  coin: [(c, k) => new Fixed(even(k)), "coin"],
  kt: [(c, k, n) => new KT(c, k, n[0], half(k)), "kt-K"],
  add: [(c, k, n, usual) => new KT(c, k, n[1] ?? usual, Array(k).fill(n[0])), "add-B-K"],
  padded: [(c, k, n, usual) => new Counting(c, k, n[0] ?? usual, { seen: true }), "padded-K"],
  mixture: [(c, k, n) => orders(c, k, n[0], n[1]), "mixture-A-B"],
  ctw: [(c, k, n) => new ContextTrees(c, k, n[0], 0.5, half(k)), "ctw-D"],
  ptw: [(c, k, n) => new PartitionTree(k, n[0] ?? 8, 0.5, half(k)), "ptw-D"],
  ppm: [(c, k, n, usual) => new BackOff(k, n[0] ?? usual), "ppm-K"],
  window: [(c, k, n, usual) => new Counting(c, k, n[1] ?? usual, { window: n[0] }), "window-N-K"],
  cap: [(c, k, n, usual) => new Counting(c, k, n[1] ?? usual, { most: n[0] }), "cap-N-K"],
  decay: [(c, k, n, usual) => new Counting(c, k, n[1] ?? usual, { keep: n[0] }), "decay-X-K"],
  noise: [(c, k, n, usual) => new Noisy(new KT(c, k, n[1] ?? usual, half(k)), n[0]), "noise-S-K"],
};

const half = (letters) => Array(letters).fill(0.5);

// The filter of a name, null if it is none; `context` is the task's where a name leaves it out.
export function namedFilter(kernels, name, letters, context) {
  const [kind, ...texts] = name.split("-");
  if (!(kind in MAKERS) || !texts.every((text) => NUMBER.test(text))) return null;
  const [make] = MAKERS[kind];
  try {
    return make(kernels, letters, texts.map(Number), context ?? usualContext(letters));
  } catch (error) {
    throw error instanceof InputError ? new InputError(`predictor ${name}: ${error.message}`) : error;
  }
}

function usualContext(letters) {
  let context = 5;
  while (letters ** context > 4096) context--;
  return context;
}

function orders(kernels, letters, first, last) {
  return new Mixture(Array.from({ length: last - first + 1 }, (_, i) => new KT(kernels, letters, first + i, half(letters))));
}

// Counts in contexts as `KT` does, and forgets: beyond a window, above a cap, or a little at each step; or counts
// from the first letter on (`seen`).
class Counting extends Stepwise {
  constructor(kernels, letters, context, { seen = false, window = Infinity, most = Infinity, keep = 1 }) {
    super();
    new KT(kernels, letters, context, half(letters)); // a context too large shows here
    Object.assign(this, { letters, context, first: seen ? 0 : context, window, most, keep, contexts: letters ** context });
  }

  start() {
    return { counts: new Float64Array(this.contexts * this.letters), place: 0, seen: 0, recent: [] };
  }

  predict({ counts, place, seen }) {
    const { letters: k } = this;
    if (seen < this.first) return even(k);
    const own = counts.subarray(place * k, (place + 1) * k);
    const total = sum(own) + 0.5 * k;
    return own.map((count) => (count + 0.5) / total);
  }

  update(state, symbol) {
    const { letters: k, keep, most, window } = this;
    const { counts, place, recent } = state;
    if (keep < 1) for (let i = 0; i < counts.length; i++) counts[i] *= keep;
    if (state.seen >= this.first) {
      if (window < Infinity && recent.length >= window) counts[recent[recent.length - window]]--;
      counts[place * k + symbol]++;
      recent.push(place * k + symbol);
      const own = counts.subarray(place * k, (place + 1) * k);
      const scale = Math.min(1, most / Math.max(sum(own), most));
      if (scale < 1) own.forEach((count, x) => (own[x] = count * scale));
    }
    state.place = (place * k + symbol) % this.contexts;
    state.seen++;
  }
}

// Back-off from long contexts, as PPM does: method C, interpolated.
class BackOff extends Stepwise {
  constructor(letters, context) {
    super();
    Object.assign(this, { letters, context: checkDepth(context, letters) });
  }

  start() {
    const every = Array.from({ length: this.context + 1 }, (_, d) => new Float64Array(this.letters ** (d + 1)));
    return { counts: every, place: 0, seen: 0 };
  }

  predict(state) {
    const { letters: k } = this;
    let result = even(k);
    for (const own of this.#own(state)) {
      const different = own.filter((count) => count > 0).length;
      const total = sum(own) + different;
      if (total > 0) result = own.map((count, x) => (count + different * result[x]) / total);
    }
    return result.map((p) => (1 - k * LEAST) * p + LEAST);
  }

  update(state, symbol) {
    for (const own of this.#own(state)) own[symbol]++;
    state.place = (state.place * this.letters + symbol) % this.letters ** this.context;
    state.seen++;
  }

  #own({ counts, place, seen }) {
    const { letters: k } = this;
    return Array.from({ length: Math.min(seen, this.context) + 1 }, (_, d) => {
      const node = place % k ** d;
      return counts[d].subarray(node * k, (node + 1) * k);
    });
  }
}

const GOLDEN = 0x9e3779b97f4a7c15n;
const word = (x) => BigInt.asUintN(64, x);

// SplitMix64 (Steele, Lea and Flood, 2014) of a history and a letter.
function mixed(history, symbol) {
  let z = word(history + GOLDEN * (BigInt(symbol) + 1n));
  z = word((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = word((z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}

// Another predictor with normal noise on its logits, a function of the letters so far.
class Noisy {
  constructor(inner, deviation) {
    Object.assign(this, { inner, letters: inner.letters, deviation });
  }

  unrolled(symbols) {
    const { letters: k, deviation } = this;
    const p = this.inner.unrolled(symbols);
    let history = GOLDEN;
    for (let t = 0; t <= symbols.length; t++) {
      const logits = Array.from({ length: k }, (_, x) => Math.log(p[t * k + x]) + (noise(history, x) * deviation) / Math.SQRT2);
      const most = Math.max(...logits);
      const powers = logits.map((logit) => Math.exp(logit - most));
      const total = sum(powers);
      powers.forEach((power, x) => (p[t * k + x] = power / total));
      if (t < symbols.length) history = mixed(history, symbols[t]);
    }
    return p;
  }
}

function noise(history, letter) {
  const uniform = (part) => Number(mixed(history, 1000 * part + letter) >> 11n) * 2 ** -53;
  return Math.sqrt(-2 * Math.log1p(-uniform(1))) * Math.cos(2 * Math.PI * uniform(2));
}
