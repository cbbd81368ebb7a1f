// What the page shows of a sequence of letters, as view.py and compare.py compute it.
//
// Legend: T time, M models, k letters.

import { read, written } from "../letters.js";
import { InputError } from "./errors.js";
import { costs, divergences, probabilities } from "./outputs.js";
import { pack } from "./pack.js";
import { checkSteps, describe } from "./tasks.js";

const FLOOR = 1e-5; // bits: a smaller divergence is not marked
const SPACING = 1 / 20; // two marked steps are at least this part of the shown steps apart

export async function view(models, question) {
  const { catalog, c } = models;
  const source = models.source(question.task);
  const { letters: k } = source;
  const { symbols, truth } = sequence(catalog, source, question);
  const steps = symbols.length;
  const { shown, leftOut } = await chosen(models, source, question, truth);
  const run = await machineRun(models, source, question, symbols);
  const inputs = inputsOf(symbols, k);
  const said = await predictions(models, { shown, source, question, symbols, truth, inputs, run });
  const reference = shown.includes("optimal") ? "optimal" : null;
  const rows = said.map(({ name, p }) => row(models, { name, p, best: reference && said.find((one) => one.name === reference).p, question, symbols, k }));
  const header = {
    task: { ...describe(source, catalog, c), fitting: models.fitting(source) },
    symbols: written(symbols, k), letters: k, window: question.window ?? [0, steps],
    models: rows.map(({ told }) => told), left_out: leftOut, reference,
  };
  const counted = contextCounts(source, symbols);
  Object.assign(header, counted.told);
  const arrays = { symbols: { data: symbols, shape: [steps] }, ...counted.arrays, ...stacked(said, rows, symbols, k, reference) };
  if (run) {
    header.machine = { name: question.machine, starts: run.starts };
    Object.assign(arrays, machineArrays(run, steps));
  }
  return pack(header, arrays);
}

function sequence(catalog, source, { seed, symbols: text }) {
  if (seed !== undefined) {
    checkSteps(source.steps, source.letters, catalog);
    return source.draw(BigInt(seed), source.steps);
  }
  const { symbols, problem } = read(text, source.letters);
  if (problem) throw new InputError(problem);
  checkSteps(symbols.length, source.letters, catalog);
  return { symbols, truth: null };
}

async function chosen(models, source, question, truth) {
  const [shown, leftOut] = [[], {}];
  for (const name of question.models) {
    const { task } = models.entry(name);
    const why = models.whyNot(name, source);
    if (why && ![null, source.name].includes(task)) throw new InputError(why);
    if (why) leftOut[name] = why;
    else if (name === "oracle" && !truth) leftOut[name] = "it knows the parameters of drawn sequences only";
    else shown.push(name);
  }
  if (!shown.length) shown.push("optimal");
  return { shown, leftOut };
}

// Inputs (T, I) of a sequence: a bit in one channel, a single 1 among k for more letters, nothing at first.
function inputsOf(symbols, k) {
  const channels = k === 2 ? 1 : k;
  const inputs = new Float32Array(symbols.length * channels);
  symbols.slice(0, -1).forEach((symbol, t) => {
    if (k === 2) inputs[t + 1] = symbol;
    else inputs[(t + 1) * k + symbol] = 1;
  });
  return inputs;
}

async function machineRun(models, source, { machine, changes }, symbols) {
  if (machine === null || machine === undefined) {
    if (changes?.length) throw new InputError("changes need a machine to be made to");
    return null;
  }
  const entry = models.entry(machine);
  if (entry.slots === undefined) throw new InputError(`model ${machine} is no NTM: it has no memory to show`);
  const { model } = await models.loaded(machine);
  const channels = source.letters === 2 ? 1 : source.letters;
  if (model.inputs !== channels || model.outputs !== channels) {
    if (entry.task !== source.name) throw new InputError(`model ${machine} does not predict these symbols one by one`);
    return null;
  }
  const runner = await models.runner(machine, changes.length > 0);
  return { model, ...runner.run(inputsOf(symbols, source.letters), symbols.length, changes) };
}

// P of every letter, (T, k), that each model gave.
async function predictions(models, { shown, source, question, symbols, truth, inputs, run }) {
  const { machine, changes = [] } = question;
  const { letters: k } = source;
  const steps = symbols.length;
  const said = [];
  const trained = (given) => spread(probabilities(given.logits, k), k);
  for (const name of shown) {
    const entry = models.entry(name);
    if (name === "oracle") said.push({ name, p: truth, free: true });
    else if (entry.kind === "exact") said.push({ name, p: models.exact(name, source).unrolled(symbols.slice(0, -1)) });
    else if (run && name === machine && !changes.length) said.push({ name, p: trained(run.given) });
    else said.push({ name, p: trained((await models.runner(name)).run(inputs, steps).given) });
  }
  if (run && changes.length) said.push({ name: `${machine} changed`, p: trained(run.given) });
  return said;
}

// P of both letters from P of a 1.
function spread(p, k) {
  if (k > 2) return p;
  const both = new Float64Array(2 * p.length);
  p.forEach((one, t) => ((both[2 * t] = 1 - one), (both[2 * t + 1] = one)));
  return both;
}

// What the page is told of a model, its cost and its divergence at each step.
function row(models, { name, p, best, question, symbols, k }) {
  const base = name.replace(/ changed$/, "");
  const free = base === "oracle" || !best || name === "optimal";
  const cost = costs(p, symbols, k);
  const told = { name, label: models.entry(base).label + name.slice(base.length), bits: finite(total(cost)), marked: !free, arrows: [] };
  if (!best) return { told, cost };
  const divergence = base === "oracle" ? divergences(p, best, symbols.length, k).map((bits) => -bits) : divergences(best, p, symbols.length, k);
  if (!free) told.arrows = arrows(divergence, question.arrows ?? 2, question.window ?? [0, symbols.length]);
  told.gap = finite(name === "optimal" ? 0 : total(cost) - total(costs(best, symbols, k))) ?? 0;
  told.kl = finite(total(divergence));
  return { told, cost, divergence };
}

const total = (values) => values.reduce((a, b) => a + b, 0);
const finite = (value) => (Number.isFinite(value) ? value : null);

// The steps where a model departs most from the optimum, in time order.
export function arrows(divergence, count, [from, to]) {
  const steps = Array.from({ length: Math.max(0, Math.min(to, divergence.length) - from) }, (_, i) => from + i);
  const spacing = Math.max(1, steps.length * SPACING);
  const taken = [];
  for (const step of [...steps].sort((a, b) => divergence[b] - divergence[a] || a - b)) {
    if (taken.length === count || divergence[step] < FLOOR) break;
    if (taken.every((other) => Math.abs(step - other) >= spacing)) taken.push(step);
  }
  return taken.sort((a, b) => a - b);
}

function stacked(said, rows, symbols, k, reference) {
  const [models, steps] = [said.length, symbols.length];
  const stack = (parts) => {
    const data = new Float32Array(models * steps);
    parts.forEach((part, i) => data.set(part, i * steps));
    return { data, shape: [models, steps] };
  };
  const came = ({ p }) => Float64Array.from(symbols, (symbol, t) => p[t * k + (k === 2 ? 1 : symbol)]);
  const arrays = { probabilities: stack(said.map(came)), costs: stack(rows.map(({ cost }) => cost)) };
  if (k > 2) {
    const data = new Float32Array(models * steps * k);
    said.forEach(({ p }, i) => data.set(p.subarray(0, steps * k), i * steps * k));
    arrays.distributions = { data, shape: [models, steps, k] };
  }
  if (reference) arrays.divergences = stack(rows.map(({ divergence }) => divergence));
  return arrays;
}

// The arrays of a machine's panel: weightings, erases, adds and gates of each head, and its memories.
export function machineArrays({ model, given, memories }, steps) {
  const { slots, slot_width: width, read_heads: R, write_heads: V } = model.options;
  const heads = R + V;
  const part = (count, wide, value) => {
    const data = new Float32Array(steps * count * wide);
    for (let t = 0, i = 0; t < steps; t++) for (let h = 0; h < count; h++) for (let j = 0; j < wide; j++) data[i++] = value(t, h, j);
    return { data, shape: [steps, count, wide] };
  };
  const { weightings, raw } = given;
  const split = (first, count) => {
    const data = new Float32Array(steps * count * slots);
    for (let t = 0; t < steps; t++) data.set(weightings.subarray((t * heads + first) * slots, (t * heads + first + count) * slots), t * count * slots);
    return { data, shape: [steps, count, slots] };
  };
  const place = (head) => (head < R ? head * model.address : R * model.address + (head - R) * (model.address + 2 * width));
  const of = (t, head, j) => raw[t * model.raw + place(head) + j];
  const sigmoid = (x) => 1 / (1 + Math.exp(-x));
  const gates = part(heads, 1, (t, h) => sigmoid(of(t, h, width + 1)));
  const memory = new Float32Array(memories.length * slots * width);
  memories.forEach((one, i) => memory.set(one, i * slots * width));
  return {
    read_weightings: split(0, R),
    write_weightings: split(R, V),
    erases: part(V, width, (t, h, j) => sigmoid(of(t, R + h, model.address + j))),
    adds: part(V, width, (t, h, j) => Math.tanh(of(t, R + h, model.address + width + j))),
    gates: { data: gates.data, shape: [steps, heads] },
    memory: { data: memory, shape: [memories.length, slots, width] },
  };
}

// The context of each step, and how often each letter came after it before, where the optimum counts in contexts.
function contextCounts({ context: n, letters: k, prior }, symbols) {
  if (n === undefined) return { told: {}, arrays: {} };
  const places = new Map();
  const names = [];
  const contexts = new Float32Array(symbols.length).fill(-1);
  const counts = new Float32Array(symbols.length * k);
  const seen = [];
  for (let t = n; t < symbols.length; t++) {
    const name = written(symbols.slice(t - n, t), k);
    if (!places.has(name)) {
      places.set(name, names.length);
      names.push(name);
      seen.push(new Float32Array(k));
    }
    const place = (contexts[t] = places.get(name));
    counts.set(seen[place], t * k);
    seen[place][symbols[t]]++;
  }
  return {
    told: { context_names: names, prior },
    arrays: { contexts: { data: contexts, shape: [symbols.length] }, counts: { data: counts, shape: [symbols.length, k] } },
  };
}
