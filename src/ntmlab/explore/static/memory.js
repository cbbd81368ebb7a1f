// The memory at one step: what the step reads, found by replaying the writes (Eq. 3-4).

import { signedScale } from "./colours.js";
import { outline, place, raster, text } from "./surface.js";

const BARS = 34;
const AXIS = 22;

// The memory (slots x width) before step t reads it, from a view's arrays and the steps its
// stretches start at. Remembers the last one, so that steps in order cost one write each.
export class Replay {
  constructor(arrays, starts) {
    this.arrays = arrays;
    this.starts = starts;
    [, this.slots, this.width] = arrays.memory.shape;
    this.restart(0);
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
    while (this.step < step) this.write(this.step++);
    return this.memory;
  }

  // M <- M * prod(1 - w e) + sum(w a), over the write heads of a step.
  write(step) {
    const { write_weightings: weightings, erases, adds } = this.arrays;
    const { memory, slots, width } = this;
    const heads = weightings.shape[1];
    const before = heads > 1 ? memory.slice() : memory;
    for (let n = 0; n < slots; n++) {
      for (let i = 0; i < width; i++) {
        let kept = before[n * width + i];
        let added = 0;
        for (let h = 0; h < heads; h++) {
          const weight = weightings.data[(step * heads + h) * slots + n];
          const place = (step * heads + h) * width + i;
          kept *= 1 - weight * erases.data[place];
          added += weight * adds.data[place];
        }
        memory[n * width + i] = kept + added;
      }
    }
  }
}

// Weight of a slot at a step, over all heads together.
export function weightOf({ data, shape }, step, slot) {
  const [, heads, slots] = shape;
  let sum = 0;
  for (let h = 0; h < heads; h++) sum += data[(step * heads + h) * slots + slot];
  return sum;
}

// Where things stand: slots from left to right, components downwards.
export function memoryFrame(width, slots, components, narrow) {
  const left = narrow ? 44 : 118;
  const cell = (width - 14 - left) / slots.length;
  const row = 5;
  return { width, left, cell, row, slots, top: 2 * BARS + 6, height: 2 * BARS + 6 + row * components + AXIS };
}

export function drawMemory(surface, frame, memory, arrays, step, theme, { chosen, touched }) {
  const { left, cell, slots, top, row, height } = frame;
  const components = arrays.memory.shape[2];
  const across = cell * slots.length;
  drawBars(surface, frame, arrays.read_weightings, step, theme.read, 0, "read", theme);
  drawBars(surface, frame, arrays.write_weightings, step, theme.write, BARS, "write", theme);
  const limit = memory.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const source = { data: memory, stride: components, offsets: Array.from({ length: components }, (_, i) => i) };
  const picked = new Float32Array(slots.length * components);
  slots.forEach((slot, i) => picked.set(memory.subarray(slot * components, (slot + 1) * components), i * components));
  const image = raster({ ...source, data: picked }, [0, slots.length], slots.length, signedScale(theme, limit));
  place(surface, image, left, top, across, row * components);
  outline(surface, left, top, across, row * components, theme.line);
  text(surface, "memory", left - 8, top + 8, { size: 11, colour: theme.quiet, align: "right" });
  text(surface, `±${limit.toFixed(2)}`, left - 8, top + 22, { size: 11, colour: theme.quiet, align: "right" });
  const every = Math.max(1, Math.ceil(24 / cell));
  for (let i = 0; i < slots.length; i += every) {
    text(surface, String(slots[i]), left + (i + 0.5) * cell, height - AXIS + 9, {
      size: 10, colour: theme.quiet, align: "center",
    });
  }
  for (const slot of touched) boxed(surface, frame, slot, theme.mark, components);
  boxed(surface, frame, chosen, theme.ink, components);
}

function boxed(surface, { left, cell, slots, top, row }, slot, colour, components) {
  const i = slots.indexOf(slot);
  if (i >= 0) outline(surface, left + i * cell - 1, top - 2, Math.max(3, cell + 1), row * components + 4, colour, 2);
}

function drawBars(surface, { left, cell, slots }, weightings, step, colour, y, name, theme) {
  surface.fillStyle = `rgb(${colour.join(",")})`;
  slots.forEach((slot, i) => {
    const tall = Math.min(1, weightOf(weightings, step, slot)) * (BARS - 6);
    if (tall >= 0.3) surface.fillRect(left + i * cell + 0.5, y + BARS - 2 - tall, Math.max(1.5, cell - 1), tall);
  });
  surface.fillStyle = theme.line;
  surface.fillRect(left, y + BARS - 2, cell * slots.length, 1);
  text(surface, name, left - 8, y + BARS / 2, { size: 11, colour: theme.quiet, align: "right" });
}

export function slotAt({ left, cell, slots }, x) {
  return slots[Math.floor((x - left) / cell)];
}
