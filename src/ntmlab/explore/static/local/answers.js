// What the page shows of copy, repeat copy, recall and sort: drawn from a seed, answered by a model, compared.
//
// Legend: T time, I inputs, O outputs, W bits of a vector.

import { checkWhole } from "./checks.js";
import { InputError } from "./errors.js";
import { probabilities } from "./outputs.js";
import { machineArrays } from "./view.js";

// The words of a stream, every `stride`th.
function words({ kernels }, seed, stream, count, stride) {
  return kernels.within((scope) => {
    const out = scope.take(8 * count);
    kernels.call.draw_words(seed, BigInt(stream), 0, stride, count, out);
    return kernels.at(BigUint64Array, out, count).slice();
  });
}

const BLOCK = 256;
const uniform = (word) => Number(word >> 11n) * 2 ** -53;
const vectors = (c, seed, stream, count, width) =>
  Array.from(words(c, seed, stream, count, BLOCK), (word) => Array.from({ length: width }, (_, bit) => Number((word >> BigInt(bit)) & 1n)));

const BLANKS = 5, ALIKE = 3; // streams

// Vectors of which a part is blank.
function someBlank(given, blanks, seed, c) {
  const kept = Array.from(words(c, seed, BLANKS, given.length, BLOCK), (word) => uniform(word) >= blanks);
  return given.map((vector, i) => vector.map((bit) => (kept[i] ? bit : 0)));
}

// Items of which a part are an earlier one but for a bit, another for each; each is a list of its bits.
function someAlike(items, alike, seed, c) {
  const drawn = Array.from(words(c, seed, ALIKE, 2 * items.length, BLOCK), uniform);
  for (let i = 1; i < items.length; i++) {
    if (drawn[2 * i] >= alike) continue;
    items[i] = [...items[Math.floor(drawn[2 * i + 1] * i)]];
    const changed = (Math.floor(drawn[1] * items[i].length) + i) % items[i].length;
    items[i][changed] = 1 - items[i][changed];
  }
  return items;
}
const whole = (c, seed, stream, least, most) => least + Math.floor(uniform(words(c, seed, stream, 1, BLOCK)[0]) * (most - least + 1));

// A sequence being written, step by step.
class Steps {
  constructor(inputs, outputs) {
    Object.assign(this, { inputs: [], targets: [], mask: [], widths: [inputs, outputs] });
  }

  add(input, target) {
    const filled = (values, width) => [...values, ...Array(width - values.length).fill(0)];
    this.inputs.push(filled(input ?? [], this.widths[0]));
    this.targets.push(filled(target ?? [], this.widths[1]));
    this.mask.push(Number(Boolean(target)));
  }
}

const marked = (place, value = 1) => [...Array(place).fill(0), value];

function copy(o, seed, c) {
  const length = whole(c, seed, 0, o.min_length, o.max_length);
  const given = someBlank(vectors(c, seed, 1, o.max_length, o.width), o.blanks, seed, c).slice(0, length);
  const steps = new Steps(o.width + 1, o.width);
  for (const vector of given) steps.add(vector);
  steps.add(marked(o.width));
  for (const vector of given) steps.add(null, vector);
  return steps;
}

function repeatCopy(o, seed, c) {
  const length = whole(c, seed, 0, o.min_length, o.max_length);
  const repeats = whole(c, seed, 2, o.min_repeats, o.max_repeats);
  const given = someBlank(vectors(c, seed, 1, o.max_length, o.width), o.blanks, seed, c).slice(0, length);
  const [least, most] = o.count_range;
  const steps = new Steps(o.width + 2, o.width + 1);
  for (const vector of given) steps.add(vector);
  steps.add([...marked(o.width), (repeats - (least + most) / 2) / Math.sqrt(((most - least + 1) ** 2 - 1) / 12)]);
  for (let i = 0; i < repeats; i++) for (const vector of given) steps.add(null, vector);
  steps.add(null, marked(o.width));
  return steps;
}

function recall(o, seed, c) {
  const size = o.item_length;
  const items = whole(c, seed, 0, o.min_items, o.max_items);
  const query = Math.floor(uniform(words(c, seed, 2, 1, BLOCK)[0]) * (items - 1));
  const every = vectors(c, seed, 1, o.max_items * size, o.width);
  const bits = Array.from({ length: o.max_items }, (_, i) => every.slice(i * size, (i + 1) * size).flat());
  const shown = someAlike(bits, o.alike, seed, c);
  const item = (number) => Array.from({ length: size }, (_, k) => shown[number].slice(k * o.width, (k + 1) * o.width));
  const steps = new Steps(o.width + 2, o.width);
  for (let i = 0; i < items; i++) {
    steps.add(marked(o.width));
    for (const vector of item(i)) steps.add(vector);
  }
  steps.add(marked(o.width + 1));
  for (const vector of item(query)) steps.add(vector);
  steps.add(marked(o.width + 1));
  for (const vector of item(query + 1)) steps.add(null, vector);
  return steps;
}

function sort(o, seed, c) {
  const given = vectors(c, seed, 0, o.count, o.width);
  const priority = Array.from(words(c, seed, 1, o.count, BLOCK), (word) => Math.fround(2 * uniform(word) - 1));
  const steps = new Steps(o.width + 2, o.width);
  given.forEach((vector, i) => steps.add([...vector, priority[i]]));
  steps.add(marked(o.width + 1));
  const order = given.map((_, i) => i).sort((a, b) => priority[b] - priority[a] || a - b);
  for (const i of order.slice(0, o.kept)) steps.add(null, given[i]);
  return steps;
}

export const TASKS = {
  copy: { draw: copy, sizes: { length: ["min_length", "max_length"] }, steps: (o) => 2 * o.max_length + 1, markers: 0 },
  "repeat-copy": {
    draw: repeatCopy, sizes: { length: ["min_length", "max_length"], repeats: ["min_repeats", "max_repeats"] },
    steps: (o) => o.max_length * (1 + o.max_repeats) + 2, markers: 1,
  },
  recall: {
    draw: recall, sizes: { items: ["min_items", "max_items"] },
    steps: (o) => (o.max_items + 1) * (o.item_length + 1) + 1 + o.item_length, markers: 0,
  },
  sort: { draw: sort, sizes: {}, steps: (o) => o.count + 1 + o.kept, markers: 0 },
};

export async function answer(models, question) {
  const { catalog, c } = models;
  const entry = models.entry(question.model);
  const name = (question.task ?? entry.task ?? catalog.start).split(":")[0];
  const told = catalog.tasks.find((task) => task.name === name);
  if (!told || !(name in TASKS)) throw new InputError(`task ${name} predicts the next symbol; it has no answers to show`);
  if (entry.kind === "exact") throw new InputError(`${question.model} predicts the next symbol; task ${name} asks for answers`);
  if (entry.task !== name) throw new InputError(`model ${question.model} is for task ${entry.task}, not ${name}`);
  const options = sized(told, { ...catalog.defaults[name], ...entry.trained }, question.sizes ?? {}, catalog.longest);
  const drawn = TASKS[name].draw(options, BigInt(question.seed ?? 0), c);
  const { model } = await models.loaded(question.model);
  const run = (await models.runner(question.model)).run(Float32Array.from(drawn.inputs.flat()), drawn.mask.length);
  const p = probabilities(run.given.logits, null);
  const found = compared(p, drawn, TASKS[name].markers);
  const header = {
    model: question.model, label: entry.label, task: { ...told, sizes: told.sizes }, seed: question.seed ?? 0,
    sizes: question.sizes ?? {}, steps: drawn.mask.length, markers: TASKS[name].markers, deterministic: true,
    ...found.sums,
  };
  const steps = drawn.mask.length;
  const rows = (data) => ({ data: data.flat(), shape: [steps, data[0].length] });
  const arrays = {
    inputs: rows(drawn.inputs), targets: rows(drawn.targets), outputs: { data: p, shape: [steps, model.outputs] },
    mask: { data: drawn.mask, shape: [steps] }, wrong_bits: { data: found.wrong, shape: [steps, model.outputs] },
  };
  if (model.kind === "ntm") {
    header.machine = { name: question.model, starts: run.starts };
    Object.assign(arrays, machineArrays({ model, ...run }, steps));
  }
  return { header, arrays };
}

// The task's options in the model's form, of the sizes given, else those that the page shows first.
function sized(told, trained, sizes, longest) {
  const { sizes: known, steps } = TASKS[told.name];
  const options = { ...trained };
  for (const name in sizes) {
    if (!(name in known)) throw new InputError(`task ${told.name} has no size ${name}; its sizes: ${Object.keys(known).join(", ") || "none"}`);
  }
  for (const { name, first } of told.sizes) {
    checkWhole(`task ${told.name}: ${name}`, sizes[name] ?? first, name === "items" ? 2 : 1);
    for (const option of known[name]) options[option] = sizes[name] ?? first;
  }
  if (steps(options) > longest) throw new InputError(`these sizes make ${steps(options)} steps; at most ${longest} are shown`);
  return options;
}

// Cost, and which scored bits are wrong; the last `markers` outputs are counted apart.
function compared(p, { targets, mask }, markers) {
  const width = targets[0].length;
  const wrong = new Float32Array(p.length);
  const sums = { cost: 0, wrong: 0, bits: 0, wrong_marks: 0 };
  mask.forEach((scored, t) => {
    if (!scored) return;
    sums.bits += width - markers;
    targets[t].forEach((target, i) => {
      const at = t * width + i;
      sums.cost -= Math.log2(target ? p[at] : 1 - p[at]);
      wrong[at] = Number(p[at] > 0.5 !== target > 0.5);
      sums[i < width - markers ? "wrong" : "wrong_marks"] += wrong[at];
    });
  });
  return { wrong, sums };
}
