// The memory at one step: what the step reads, found by replaying the writes (Eq. 3-4).

import { signedScale } from "./colours.js";
import { outline, place, raster, text } from "./surface.js";

const HEAD = 20;
const FOOT = 4;
// What the read-out leaves of the window's height.
const tallest = () => Math.max(240, innerHeight - 620);

const KEPT = 16; // steps from a memory that is kept to the next

// The memory (slots x width) before step t reads it, from a view's arrays and the steps its
// stretches start at. Remembers the last one, so that steps in order cost one write each, and some on
// the way; what is `before` was another view's, whose memories hold up to where the writes differ.
export class Replay {
  constructor(arrays, starts, before) {
    this.arrays = arrays;
    this.starts = starts;
    [, this.slots, this.width] = arrays.memory.shape;
    this.restart(0);
    const same = before ? alike(before, this) : 0;
    this.kept = new Map([...(before?.kept ?? [])].filter(([step]) => step <= same && step % KEPT === 0));
    if (before && before.step <= same) this.kept.set(before.step, before.memory.slice());
  }

  restart(stretch) {
    const size = this.slots * this.width;
    this.stretch = stretch;
    this.step = this.starts[stretch];
    this.memory = this.arrays.memory.data.slice(stretch * size, (stretch + 1) * size);
  }

  at(step) {
    const stretch = this.starts.findLastIndex((start) => start <= step);
    if (stretch !== this.stretch || step < this.step) this.restart(stretch);
    const near = Math.max(...[...this.kept.keys()].filter((other) => other > this.step && other <= step));
    if (near > this.step) {
      this.step = near;
      this.memory.set(this.kept.get(near));
    }
    while (this.step < step) {
      this.write(this.step++);
      if (this.step % KEPT === 0) this.kept.set(this.step, this.memory.slice());
    }
    return this.memory;
  }

  // M <- M * prod(1 - w e) + sum(w a), over the write heads of a step: all erase, then all add.
  write(step) {
    const { write_weightings: weightings } = this.arrays;
    const heads = weightings.shape[1];
    for (let h = 0; h < heads; h++) this.#pass(step, h, heads, this.arrays.erases.data, true);
    for (let h = 0; h < heads; h++) this.#pass(step, h, heads, this.arrays.adds.data, false);
  }

  #pass(step, head, heads, vectors, erase) {
    const { memory, slots, width } = this;
    const weights = this.arrays.write_weightings.data;
    const [first, vector] = [(step * heads + head) * slots, (step * heads + head) * width];
    for (let n = 0; n < slots; n++) {
      const weight = weights[first + n];
      if (weight === 0) continue;
      const row = n * width;
      if (erase) for (let i = 0; i < width; i++) memory[row + i] *= 1 - weight * vectors[vector + i];
      else for (let i = 0; i < width; i++) memory[row + i] += weight * vectors[vector + i];
    }
  }
}

// The step up to which two replays write the same into the same memories.
function alike(one, other) {
  if (String(one.starts) !== String(other.starts)) return 0;
  let same = Infinity;
  for (const name of ["memory", "write_weightings", "erases", "adds"]) {
    const [a, b] = [one.arrays[name], other.arrays[name]];
    if (String(a.shape.slice(1)) !== String(b.shape.slice(1))) return 0;
    const most = Math.min(a.data.length, b.data.length);
    let i = 0;
    while (i < most && a.data[i] === b.data[i]) i++;
    const size = a.data.length / a.shape[0];
    if (name === "memory" && i < most) return 0;
    if (name !== "memory") same = Math.min(same, Math.floor(i / size));
  }
  return same;
}

// Weight of a slot at a step, over all heads together.
export function weightOf({ data, shape }, step, slot) {
  const [, heads, slots] = shape;
  let sum = 0;
  for (let h = 0; h < heads; h++) sum += data[(step * heads + h) * slots + slot];
  return sum;
}

// Where things stand: slots downwards, each with its weights and its components from left to right.
export function memoryFrame(width, slots, components) {
  const row = Math.max(3, Math.min(9, tallest() / slots.length));
  const left = 30;
  const bar = Math.max(30, Math.min(60, (width - left) * 0.2));
  const memory = left + 2 * bar + 8;
  return { width, left, bar, memory, cell: (width - memory - 1) / components, row, slots, components, top: HEAD,
    height: HEAD + row * slots.length + FOOT };
}

export function drawMemory(surface, frame, memory, arrays, step, theme, { chosen, touched }) {
  const { slots, top, row, components } = frame;
  const limit = fullColour(memory);
  const source = { data: memory, stride: 1, offsets: slots.map((slot) => slot * components) };
  const image = raster(source, [0, components], components, signedScale(theme, limit));
  const tall = row * slots.length;
  place(surface, image, frame.memory, top, frame.cell * components, tall);
  outline(surface, frame.memory, top, frame.cell * components, tall, theme.line);
  const title = (words, x) => text(surface, words, x, top - 9, { size: 11, colour: theme.quiet });
  title("read", frame.left);
  title("write", frame.left + frame.bar + 4);
  title(`memory, ±${limit.toFixed(1)}`, frame.memory);
  drawBars(surface, frame, arrays.read_weightings, step, theme.read, frame.left, theme);
  drawBars(surface, frame, arrays.write_weightings, step, theme.write, frame.left + frame.bar + 4, theme);
  const every = Math.max(1, Math.ceil(11 / row));
  for (let i = 0; i < slots.length; i += every) {
    text(surface, String(slots[i]), frame.left - 5, top + (i + 0.5) * row, { size: 10, colour: theme.quiet, align: "right" });
  }
  for (const slot of touched) boxed(surface, frame, slot, theme.mark);
  boxed(surface, frame, chosen, theme.ink);
}

// The value from which on colour is full: nearly all are below, so that a few huge ones do not
// make all others pale.
function fullColour(memory) {
  const sizes = memory.map(Math.abs).sort();
  return Math.max(1, sizes.at(-1 - Math.ceil(0.01 * sizes.length)));
}

function boxed(surface, frame, slot, colour) {
  const i = frame.slots.indexOf(slot);
  if (i >= 0) outline(surface, frame.left - 1, frame.top + i * frame.row - 1, frame.width - frame.left, frame.row + 2, colour, 1.5);
}

function drawBars(surface, { bar, slots, top, row }, weightings, step, colour, x, theme) {
  surface.fillStyle = theme.faint;
  surface.fillRect(x, top, bar, row * slots.length);
  surface.fillStyle = `rgb(${colour.join(",")})`;
  slots.forEach((slot, i) => {
    const wide = Math.min(1, weightOf(weightings, step, slot)) * bar;
    if (wide >= 0.3) surface.fillRect(x, top + i * row + 0.5, wide, Math.max(1.5, row - 1));
  });
}

export function slotAt({ top, row, slots }, y) {
  return slots[Math.floor((y - top) / row)];
}
