// The sources that the page knows: options, exact predictor, and how the first sequence of a seed is drawn.
//
// Each has `defaults` in the order of its options, `make(given, c)` that checks them and returns {letters, filter(),
// walk(keys, steps), ...}; c is {kernels, processes}. What Python does is in ntmlab.tasks, a file a source.

import { checkPrior, checkProbability, checkTable, checkWhole, said, unknown } from "./checks.js";
import { InputError } from "./errors.js";
import { ChangePoints, checkDepth, ContextTrees, Fixed, Forward, KT, Mixture } from "./exact.js";
import { Lags, PartitionTree } from "./latent.js";

const MOST_LETTERS = 256;

// Calls a draw of the compiled module: letters, and P of each under the drawn parameters.
function drawn({ kernels }, name, keys, letters, numbers, parts, steps) {
  return kernels.within((scope) => {
    const arrays = parts.map((part) => scope.put(Float64Array.from(part)));
    const [symbols, truth] = [scope.take(4 * steps), scope.take(8 * steps * letters)];
    kernels.call[name](...keys, ...numbers, ...arrays, steps, symbols, truth);
    return {
      symbols: Array.from(kernels.at(Int32Array, symbols, steps)),
      truth: kernels.at(Float64Array, truth, steps * letters).slice(),
    };
  });
}

// What most sources have: letters, length, and a prior of one number, or one a letter.
function usual(o) {
  checkWhole("letters", o.letters, 2, MOST_LETTERS);
  checkWhole("length", o.length, 1);
  return checkPrior(o.prior, o.letters);
}

function ngrams(o, c, given) {
  checkWhole("letters", o.letters, 2, MOST_LETTERS);
  checkWhole("order", o.order, 1, 17);
  checkWhole("length", o.length, 1);
  const k = o.letters;
  if (k !== 2 && given.prior === undefined) o.prior = 0.5;
  o.prior = checkPrior(o.prior, k);
  const own = k === 2 ? [...o.prior].reverse() : o.prior; // Beta(a, b): a for ones
  const context = o.order - 1;
  const filter = new KT(c.kernels, k, context, own);
  checkTable(k, context, "the letters of context");
  const arcsine = k === 2 && same(o.prior, [0.5, 0.5]);
  const draw = (seed, steps) => c.kernels.within((scope) => {
    const contexts = k ** context;
    const table = scope.take(8 * contexts * k);
    c.kernels.call.draw_table(seed, 0n, k, contexts, scope.put(Float64Array.from(own)), Number(arcsine), table);
    const kept = c.kernels.at(Float64Array, table, contexts * k).slice();
    return drawn(c, "draw_ngrams", [seed, 1n], k, [k, context], [kept], steps);
  });
  return {
    letters: k, context, prior: own, filter: () => filter, draw,
    walk: (keys, steps) => drawn(c, "walk_ngrams", keys, k, [k, context], [own], steps),
  };
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function hmm(o, c) {
  checkWhole("length", o.length, 1);
  if (o.file === undefined || o.file === null) {
    o.process ??= "mess3";
    if (!(o.process in c.processes)) throw unknown("process", o.process, Object.keys(c.processes));
    delete o.file;
  } else if (o.process !== undefined && o.process !== null) {
    throw new InputError("give a process or a file, not both");
  }
  const mess3 = o.process === "mess3";
  if (!mess3 && (o.x !== 0.05 || o.a !== 0.85)) throw new InputError("x and a are parameters of mess3");
  const found = mess3 ? messy(o.x, o.a) : c.processes[o.file ?? o.process];
  if (!found) throw new InputError(`there is no file ${o.file}`);
  const { letters: k, states, matrices, initial } = found;
  if (!mess3) delete o.x, delete o.a;
  const order = o.file ? ["length", "file"] : ["process", "length", ...(mess3 ? ["x", "a"] : [])];
  const filter = new Forward(c.kernels, k, states, Float64Array.from(matrices), Float64Array.from(initial));
  return {
    letters: k, order, filter: () => filter,
    walk: (keys, steps) => drawn(c, "walk_chain", keys, k, [k, states], [matrices, filter.emission, initial], steps),
  };
}

function messy(x, a) {
  for (const [name, value, most] of [["x", x, 0.5], ["a", a, 1]]) {
    if (!(typeof value === "number" && value >= 0 && value <= most)) throw new InputError(`${name} must be between 0 and ${most}, not ${said(value)}`);
  }
  if (x === 0) throw new InputError("the states fall into classes that never meet, so that there is no single stationary start; give start");
  const matrices = [];
  for (let letter = 0; letter < 3; letter++) {
    for (let from = 0; from < 3; from++) {
      for (let to = 0; to < 3; to++) matrices.push((letter === to ? a : (1 - a) / 2) * (from === to ? 1 - 2 * x : x));
    }
  }
  return { letters: 3, states: 3, matrices, initial: [1 / 3, 1 / 3, 1 / 3] };
}

function changes(o, c) {
  const prior = usual(o);
  checkProbability("hazard", o.hazard);
  const k = o.letters;
  return {
    letters: k, filter: () => new ChangePoints(c.kernels, k, o.hazard, prior),
    walk: (keys, steps) => drawn(c, "walk_changes", keys, k, [k, o.hazard], [prior], steps),
  };
}

function trees(o, c) {
  const prior = usual(o);
  checkWhole("depth", o.depth, 0, 16);
  const k = o.letters;
  checkTable(k, o.depth, "depth");
  checkDepth(o.depth, k);
  checkProbability("split", o.split);
  return {
    letters: k, filter: () => new ContextTrees(c.kernels, k, o.depth, o.split, prior),
    walk: (keys, steps) => drawn(c, "walk_trees", keys, k, [k, o.depth, o.split], [prior], steps),
  };
}

function pieces(o, c) {
  const prior = usual(o);
  if (!(Number.isInteger(o.depth) && o.depth >= 0 && o.depth <= 62)) throw new InputError(`depth must be between 0 and 62, not ${said(o.depth)}`);
  checkProbability("split", o.split);
  const k = o.letters;
  return {
    letters: k, filter: () => new PartitionTree(k, o.depth, o.split, prior),
    walk: (keys, steps) => drawn(c, "walk_pieces", keys, k, [k, o.depth, o.split], [prior], steps),
  };
}

function coins(o, c, given) {
  checkWhole("length", o.length, 1);
  o.m = given.m ?? null;
  if (o.biases !== null) {
    o.biases = [o.biases].flat().map((bias) => checkProbability("a bias", bias));
    if (o.m !== null && o.m !== o.biases.length) throw new InputError(`${o.biases.length} biases are not those of ${o.m} coins`);
  }
  o.m ??= o.biases === null ? 5 : o.biases.length;
  checkWhole("m", o.m, 1, 1024);
  const ones = o.biases ?? Array.from({ length: o.m }, (_, i) => (i + 1) / (o.m + 1));
  const every = ones.map((p) => [1 - p, p]);
  return {
    letters: 2, filter: () => new Mixture(every.map((coin) => new Fixed(coin))),
    walk: (keys, steps) => drawn(c, "walk_coins", keys, 2, [o.m], [every.flat()], steps),
  };
}

function lags(o, c) {
  const prior = usual(o);
  const k = o.letters;
  checkTable(k, 1, "context");
  const limit = Math.min(1024, Math.floor(2 ** 22 / k ** 2));
  if (!(Number.isInteger(o.most) && o.most >= 1 && o.most <= limit)) throw new InputError(`most must be between 1 and ${limit} lags, not ${said(o.most)}`);
  return {
    letters: k, filter: () => new Lags(k, o.most, prior),
    walk: (keys, steps) => drawn(c, "walk_lags", keys, k, [k, o.most], [prior], steps),
  };
}

export const SOURCES = {
  "dynamic-ngrams": { defaults: { order: 6, length: 200, prior: [0.5, 0.5], letters: 2 }, make: ngrams },
  hmm: { defaults: { process: null, length: 200, x: 0.05, a: 0.85, file: null }, make: hmm, variant: "process" },
  "change-points": { defaults: { hazard: 0.02, prior: 0.5, letters: 2, length: 200 }, make: changes },
  "context-trees": { defaults: { depth: 5, split: 0.5, prior: 0.5, letters: 2, length: 200 }, make: trees },
  "partition-tree": { defaults: { depth: 8, prior: 0.5, split: 0.5, letters: 2, length: 200 }, make: pieces },
  coins: { defaults: { m: 5, length: 200, biases: null }, make: coins },
  lags: { defaults: { most: 5, letters: 2, prior: 0.5, length: 200 }, make: lags },
  mixture: { defaults: { of: "dynamic-ngrams:order=1+dynamic-ngrams:order=3", length: 200, weights: null }, make: mixture, variant: "of" },
};

// A value in a specification: JSON, numbers between slashes, or text.
export function parseValue(text) {
  try {
    const values = text.split("/").map((part) => JSON.parse(part));
    if (values.length === 1) return values[0];
    return values.every((value) => typeof value === "number") ? values : text;
  } catch {
    return text;
  }
}

// A source of a name and options, which throws InputError for wrong ones.
export function makeSource(name, given, c) {
  const { defaults, make } = SOURCES[name];
  const options = { ...structuredClone(defaults), ...structuredClone(given) };
  for (const option in given) {
    if (!(option in defaults)) throw unknown(`option of task ${name}`, option, Object.keys(defaults));
  }
  try {
    const made = make(options, c, given);
    const order = made.order ?? Object.keys(defaults);
    const own = Object.fromEntries(order.map((key) => [key, options[key]]));
    return { draw: (seed, steps) => made.walk([seed, 0n], steps), ...made, name, options: own, steps: options.length };
  } catch (error) {
    throw error instanceof InputError ? new InputError(`task ${name}: ${error.message}`) : error;
  }
}

function mixture(o, c) {
  checkWhole("length", o.length, 1);
  const sources = String(o.of).split(/\+(?=[a-z])/).map((text) => partOf(text, o.length, c));
  if (sources.length > 16) throw new InputError(`a mixture has at most 16 sources, not ${sources.length}`);
  const alphabets = [...new Set(sources.map(({ letters }) => letters))].sort((a, b) => a - b);
  if (alphabets.length > 1) throw new InputError(`the members have alphabets of different sizes: [${alphabets.join(", ")}]`);
  const weights = chances(o.weights, sources.length);
  return {
    letters: sources[0].letters,
    filter: () => new Mixture(sources.map((source) => source.filter()), weights),
    walk: (keys, steps) => {
      const word = (place) => c.kernels.within((scope) => {
        const out = scope.take(8);
        c.kernels.call.draw_words(...keys, place, 1, 1, out);
        return c.kernels.at(BigUint64Array, out, 1)[0];
      });
      let [below, which] = [0, 0];
      const uniform = Number(word(0) >> 11n) * 2 ** -53;
      weights.slice(0, -1).forEach((weight) => (which += Number(uniform >= (below += weight))));
      const place = 256 + 2 * which; // beyond a block's uniform numbers, two for each source
      return sources[which].walk([word(place) >> 1n, word(place + 1) >> 1n], steps);
    },
  };
}

function chances(given, count) {
  if (given === null) return Array(count).fill(1 / count);
  const list = [given].flat();
  if (!list.every((p) => p >= 0 && p <= 1)) throw new InputError("weights must be a list of probabilities, between 0 and 1");
  const total = list.reduce((a, b) => a + b, 0);
  if (Math.abs(total - 1) > 1e-6) throw new InputError(`weights sums to ${total}, not 1`);
  if (list.length !== count) throw new InputError(`${list.length} weights do not fit ${count} members`);
  return list.map((p) => p / total);
}

function partOf(text, length, c) {
  const [name, ...rest] = text.split(":");
  if (!(name in SOURCES) || name === "mixture") throw unknown("source", name, Object.keys(SOURCES).slice(0, -1));
  const { variant } = SOURCES[name];
  const options = {};
  for (const part of rest.join(":").split(";").filter(Boolean)) {
    const [, key, value] = /^(?:(\w+)=)?(.+)$/.exec(part);
    if (!key && !variant) throw new InputError(`source ${name} has no variants such as '${value}'`);
    if (key === "length") throw unknown(`option of source ${name}`, key, Object.keys(SOURCES[name].defaults));
    options[key ?? variant] = parseValue(value);
  }
  return makeSource(name, { ...options, length }, c);
}
