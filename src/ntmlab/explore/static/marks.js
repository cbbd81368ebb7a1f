// Contexts: which one a step has, where it comes back, and what the machine did there.

export function contextAt(bits, step, contextBits) {
  return step < contextBits || contextBits === 0 ? "" : bits.slice(step - contextBits, step);
}

// The steps at which the bits before are `context`, so that its next bit is predicted there.
export function recurrences(bits, context) {
  const found = [];
  if (!context) return found;
  for (let step = context.length; step < bits.length; step++) {
    if (bits.startsWith(context, step - context.length)) found.push(step);
  }
  return found;
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
