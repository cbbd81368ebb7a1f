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

// The paper's claim, counted: at how many marked steps is the slot that any head reads most written
// most by any head on the next step?
export function readThenWritten(arrays, marks) {
  const { read_weightings: reads, write_weightings: writes } = arrays;
  const [steps, readHeads] = reads.shape;
  const writeHeads = writes.shape[1];
  const able = marks.filter((step) => step + 1 < steps);
  const same = able.filter((step) => {
    for (let r = 0; r < readHeads; r++) {
      for (let w = 0; w < writeHeads; w++) {
        if (focus(reads, step, r) === focus(writes, step + 1, w)) return true;
      }
    }
    return false;
  });
  return { same: same.length, of: able.length };
}
