// What the page shows of a sequence of letters, as view.py and compare.py compute it.
//
// Legend: T time, M models, k letters.

import { read, written } from "../letters.js";
import { InputError } from "./errors.js";
import { KNOWING } from "./models.js";
import { costs, divergences, entropies, probabilities } from "./outputs.js";
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
  const inputs = inputsOf(symbols, k);
  const elsewhere = models.elsewhere(others(models, shown, question), inputs, steps);
  const run = await machineRun(models, source, question, inputs, steps);
  const panel = run ? machineArrays(run, steps) : {}; // while the others are at work
  const counted = contextCounts(source, symbols);
  const said = await predictions(models, { shown, source, question, symbols, truth, inputs, run, elsewhere });
  const reference = shown.includes("optimal") ? "optimal" : null;
  const best = reference && said.find(({ name }) => name === reference).p;
  const least = best && costs(best, symbols, k);
  const rows = said.map(({ name, p }) => row(models, { name, p, best, least, question, symbols, k }));
  const header = {
    task: { ...describe(source, catalog, c), fitting: models.fitting(source) },
    symbols: written(symbols, k), letters: k, window: question.window ?? [0, steps],
    models: rows.map(({ told }) => told), left_out: leftOut, reference,
  };
  Object.assign(header, counted.told);
  if (run) header.machine = { name: question.machine, starts: run.starts };
  const arrays = { symbols: { data: symbols, shape: [steps] }, ...counted.arrays, ...stacked(said, rows, symbols, k, reference), ...panel };
  return { header, arrays };
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
    else if (KNOWING.includes(name) && !truth) leftOut[name] = "it knows the parameters of drawn sequences only";
    else shown.push(name);
  }
  if (!shown.length) shown.push("optimal");
  return { shown, leftOut };
}

// Inputs (T, I) of a sequence: a bit in one channel, a single 1 among k for more letters, nothing at first.
function inputsOf(symbols, k) {
  const channels = k === 2 ? 1 : k;
  const inputs = new Float32Array(symbols.length * channels);
  for (let t = 0; t + 1 < symbols.length; t++) {
    if (k === 2) inputs[t + 1] = symbols[t];
    else inputs[(t + 1) * k + symbols[t]] = 1;
  }
  return inputs;
}

// The trained models that can run in a second worker: all but one, the machine that is shown or the first.
function others(models, shown, { machine, changes = [] }) {
  const trained = shown.filter((name) => models.entry(name).kind !== "exact");
  const here = machine ? !changes.length && machine : trained[0]; // a changed machine runs here, beside itself
  return trained.filter((name) => name !== here);
}

async function machineRun(models, source, { machine, changes }, inputs, steps) {
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
  return { model, ...runner.run(inputs, steps, changes) };
}

// P of every letter, (T, k), that each model gave.
async function predictions(models, { shown, source, question, symbols, truth, inputs, run, elsewhere }) {
  const { machine, changes = [] } = question;
  const { letters: k } = source;
  const steps = symbols.length;
  const said = [];
  const trained = ({ logits }) => spread(probabilities(logits, k), k);
  for (const name of shown) {
    const entry = models.entry(name);
    if (KNOWING.includes(name)) said.push({ name, p: truth });
    else if (entry.kind === "exact") said.push({ name, p: models.exact(name, source).unrolled(symbols.slice(0, -1)) });
    else if (run && name === machine && !changes.length) said.push({ name, p: trained(run.given) });
    else said.push({ name, p: trained((await elsewhere.get(name)) ?? (await models.runner(name)).run(inputs, steps).given) });
  }
  if (run && changes.length) said.push({ name: `${machine} changed`, p: trained(run.given) });
  return said;
}

// P of both letters from P of a 1.
function spread(p, k) {
  if (k > 2) return p;
  const both = new Float64Array(2 * p.length);
  for (let t = 0; t < p.length; t++) both[2 * t] = 1 - (both[2 * t + 1] = p[t]);
  return both;
}

// What the page is told of a model, its cost and its divergence at each step.
function row(models, { name, p, best, least, question, symbols, k }) {
  const base = name.replace(/ changed$/, "");
  const knowing = KNOWING.includes(name);
  const free = knowing || !best || name === "optimal";
  const cost = name === "entropy" ? entropies(p, symbols.length, k) : costs(p, symbols, k);
  const told = { name, label: models.entry(base).label + name.slice(base.length), bits: finite(total(cost)), marked: !free, arrows: [] };
  if (!best) return { told, cost };
  const divergence = knowing ? divergences(p, best, symbols.length, k).map((bits) => -bits) : divergences(best, p, symbols.length, k);
  if (!free) told.arrows = arrows(divergence, question.arrows ?? 2, question.window ?? [0, symbols.length]);
  told.gap = finite(total(cost) - total(least));
  told.kl = finite(total(divergence));
  return { told, cost, divergence };
}

const total = (values) => values.reduce((a, b) => a + b, 0);
const finite = (value) => (Number.isFinite(value) ? value : null);

// The steps where a model departs most from the optimum, in time order.
export function arrows(divergence, count, [from, to]) {
  const end = Math.min(to, divergence.length);
  const spacing = Math.max(1, (end - from) * SPACING);
  const taken = [];
  while (taken.length < count) {
    let most = -1;
    for (let step = from; step < end; step++) {
      const larger = most < 0 ? divergence[step] >= FLOOR : divergence[step] > divergence[most];
      if (larger && taken.every((other) => Math.abs(step - other) >= spacing)) most = step;
    }
    if (most < 0) break;
    taken.push(most);
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
  const came = ({ p }) => {
    const given = new Float32Array(steps);
    for (let t = 0; t < steps; t++) given[t] = p[t * k + (k === 2 ? 1 : symbols[t])];
    return given;
  };
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
  const { weightings, raw } = given;
  const heads = R + V;
  const read = model.address; // parameters of a read head
  const written = read + 2 * width; // and of a write head
  const memory = new Float32Array(memories.length * slots * width);
  memories.forEach((one, i) => memory.set(one, i * slots * width));
  const ofWrites = (first, activation) => {
    const data = new Float32Array(steps * V * width);
    for (let t = 0, i = 0; t < steps; t++) {
      for (let h = 0; h < V; h++) {
        const from = t * model.raw + R * read + h * written + read + first;
        for (let j = 0; j < width; j++) data[i++] = activation(raw[from + j]);
      }
    }
    return { data, shape: [steps, V, width] };
  };
  return {
    read_weightings: partOf(weightings, heads * slots, 0, R * slots, [steps, R, slots]),
    write_weightings: partOf(weightings, heads * slots, R * slots, V * slots, [steps, V, slots]),
    erases: ofWrites(0, sigmoid),
    adds: ofWrites(width, Math.tanh),
    gates: gatesOf(raw, model, steps, [R, V], [read, written]),
    memory: { data: memory, shape: [memories.length, slots, width] },
  };
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

// A copy of the same part of each step's numbers.
function partOf(all, stride, first, count, shape) {
  const [steps] = shape;
  const data = new Float32Array(steps * count);
  for (let t = 0; t < steps; t++) data.set(all.subarray(t * stride + first, t * stride + first + count), t * count);
  return { data, shape };
}

// The interpolation gate of every head, which follows key and strength.
function gatesOf(raw, model, steps, [R, V], [read, written]) {
  const gate = model.options.slot_width + 1;
  const data = new Float32Array(steps * (R + V));
  for (let t = 0, i = 0; t < steps; t++) {
    for (let h = 0; h < R + V; h++) {
      const head = h < R ? h * read : R * read + (h - R) * written;
      data[i++] = sigmoid(raw[t * model.raw + head + gate]);
    }
  }
  return { data, shape: [steps, R + V] };
}

// The context of each step, and how often each letter came after it before, where the optimum counts in contexts.
function contextCounts({ context: n, letters: k, prior }, symbols) {
  if (n === undefined) return { told: {}, arrays: {} };
  const steps = symbols.length;
  const places = new Map(); // of the letters before a step, as one number
  const [names, seen] = [[], []];
  const contexts = new Float32Array(steps).fill(-1);
  const counts = new Float32Array(steps * k);
  const all = k ** n;
  for (let t = 0, before = 0; t < steps; before = (before * k + symbols[t++]) % all) {
    if (t < n) continue;
    if (!places.has(before)) {
      places.set(before, names.length);
      names.push(written(symbols.slice(t - n, t), k));
      seen.push(new Float32Array(k));
    }
    const place = (contexts[t] = places.get(before));
    counts.set(seen[place], t * k);
    seen[place][symbols[t]]++;
  }
  return {
    told: { context_names: names, prior },
    arrays: { contexts: { data: contexts, shape: [steps] }, counts: { data: counts, shape: [steps, k] } },
  };
}
