// Contexts: which one a step has, where it comes back, and what the machine did there.

import { read } from "./letters.js";

// The name of a step's context; none before there is one, or on a task without contexts.
export function contextAt({ header, arrays }, step) {
  return header.context_names?.[arrays.contexts?.data[step]] ?? "";
}

// The steps before which there are no contexts yet.
export function contextless({ arrays }) {
  const first = arrays.contexts?.data.findIndex((context) => context >= 0) ?? 0;
  return first < 0 ? arrays.contexts.data.length : first;
}

// The steps that are in a context, or before which these letters stand.
export function recurrences({ header, arrays, symbols, letters }, context) {
  if (!context) return [];
  const number = header.context_names?.indexOf(context) ?? -1;
  const steps = Array.from(symbols.keys());
  if (number >= 0) return steps.filter((step) => arrays.contexts.data[step] === number);
  const before = read(context, letters).symbols;
  if (!before.length) return [];
  return steps.filter((step) => step >= before.length && before.every((s, i) => symbols[step - before.length + i] === s));
}

// The slot with most weight in a head's row of weightings.
export function focus({ data, shape }, step, head) {
  const [, heads, slots] = shape;
  const first = (step * heads + head) * slots;
  let best = 0;
  for (let slot = 1; slot < slots; slot++) if (data[first + slot] > data[first + best]) best = slot;
  return best;
}

// The paper's claim in numbers: the mean weight with which the slot most read at a marked step (by
// the read head that is surest) is written one, two, ... steps later, by the head that writes most.
export function writtenLater(arrays, marks, lags = [1, 2]) {
  const { read_weightings: reads, write_weightings: writes } = arrays;
  const steps = reads.shape[0];
  return lags.map((lag) => {
    const weights = marks.filter((step) => step + lag < steps).map((step) => weightAt(writes, step + lag, slotRead(reads, step)));
    return { lag, weight: weights.reduce((sum, w) => sum + w, 0) / (weights.length || 1), of: weights.length };
  });
}

// The slot that the surest read head reads most.
export function slotRead(reads, step) {
  const slots = Array.from({ length: reads.shape[1] }, (_, head) => focus(reads, step, head));
  const sure = (slot) => weightAt(reads, step, slot);
  return slots.reduce((best, slot) => (sure(slot) > sure(best) ? slot : best));
}

// The largest weight that any head gives a slot.
function weightAt({ data, shape }, step, slot) {
  const [, heads, slots] = shape;
  let most = 0;
  for (let h = 0; h < heads; h++) most = Math.max(most, data[(step * heads + h) * slots + slot]);
  return most;
}
