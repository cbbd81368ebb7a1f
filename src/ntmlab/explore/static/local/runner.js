// A model at work on one sequence, with changes made to a machine's memory on the way. What it did is kept, with
// its state at some steps: another sequence is computed from where it differs.

import { InputError } from "./errors.js";

const PIECE = 8; // steps between states that are kept

export class Runner {
  constructor(model) {
    this.model = model;
    this.past = { inputs: new Float32Array(0), steps: 0, changes: [], given: {}, states: new Map(), memories: new Map() };
  }

  // {given: arrays of each step, starts, memories} on inputs (T, I), which hold until the next run; throws
  // InputError for a change at a step or a slot that is not there.
  run(inputs, steps, changes = []) {
    const { model } = this;
    check(changes, steps, model.options.slots);
    const ordered = [...changes].sort((a, b) => a.step - b.step);
    const starts = [...new Set([0, ...ordered.map(({ step }) => step)])].sort((a, b) => a - b);
    const from = this.#alike(inputs, steps, ordered);
    const now = { inputs, steps, changes: ordered, given: this.#room(from, steps), states: new Map(), memories: new Map() };
    for (const [name, map] of Object.entries({ states: this.past.states, memories: this.past.memories })) {
      for (const [step, kept] of map) if (name === "states" ? step <= from : step < from) now[name].set(step, kept);
    }
    this.past = now;
    const cuts = [...new Set([...starts, ...pieces(steps)])].filter((step) => step > from && step < steps).sort((a, b) => a - b);
    let state = now.states.get(from) ?? model.start;
    [from, ...cuts].forEach((start, i) => {
      state = this.#stretch(now, start, cuts[i] ?? steps, state, starts.includes(start));
    });
    return { given: now.given, starts, memories: starts.map((start) => now.memories.get(start)) };
  }

  // The last step with a kept state up to which nothing differs from the last time.
  #alike(inputs, steps, changes) {
    const { past, model } = this;
    let same = 0;
    const most = Math.min(inputs.length, past.inputs.length);
    while (same < most && inputs[same] === past.inputs[same]) same++;
    same = Math.min(Math.floor(same / model.inputs), steps - 1);
    const text = (change) => JSON.stringify(change ?? null);
    for (let i = 0; i < Math.max(changes.length, past.changes.length); i++) {
      if (text(changes[i]) === text(past.changes[i])) continue;
      same = Math.min(same, changes[i]?.step ?? Infinity, past.changes[i]?.step ?? Infinity);
      break;
    }
    return [...past.states.keys()].filter((step) => step <= same).reduce((a, b) => Math.max(a, b), 0);
  }

  // The arrays of what is given; those of the last time where they are as long.
  #room(from, steps) {
    if (steps === this.past.steps) return this.past.given;
    const given = {};
    for (const [name, width] of Object.entries(this.model.widths)) {
      given[name] = new Float32Array(steps * width);
      if (from) given[name].set(this.past.given[name].subarray(0, from * width));
    }
    return given;
  }

  #stretch(now, start, stop, before, begins) {
    const { model } = this;
    now.states.set(start, before);
    let state = before;
    if (begins && model.kind === "ntm") {
      const here = now.changes.filter(({ step }) => step === start);
      state = [changed(before[0], here, model.options.slot_width), ...before.slice(1)];
      now.memories.set(start, state[0]);
    }
    const still = now.changes.some(({ kind, step }) => kind === "freeze" && step <= start);
    const inputs = now.inputs.subarray(start * model.inputs, stop * model.inputs);
    const out = {};
    for (const [name, width] of Object.entries(model.widths)) out[name] = now.given[name].subarray(start * width, stop * width);
    return (still ? model.frozen() : model).run(inputs, stop - start, state, out);
  }
}

function pieces(steps) {
  return Array.from({ length: Math.floor(steps / PIECE) }, (_, i) => (i + 1) * PIECE);
}

// The memory (N, W) after changes, in their order.
function changed(memory, changes, width) {
  const after = memory.slice();
  const row = (slot) => after.subarray(slot * width, (slot + 1) * width);
  for (const { kind, slots } of changes) {
    if (kind === "clear") row(slots[0]).fill(0);
    if (kind !== "swap") continue;
    const first = row(slots[0]).slice();
    row(slots[0]).set(row(slots[1]));
    row(slots[1]).set(first);
  }
  return after;
}

function check(changes, steps, slots) {
  for (const { kind, step, slots: named } of [...changes].sort((a, b) => a.step - b.step)) {
    if (step >= steps) throw new InputError(`there is no step ${step} to ${kind} at; ${steps} steps`);
    const wrong = named.find((slot) => slot >= slots);
    if (wrong !== undefined) throw new InputError(`there is no slot ${wrong} to ${kind}; ${slots} slots`);
  }
}
