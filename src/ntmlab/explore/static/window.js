// Moving the window and the cursor.

const LEAST = 8; // steps in a window

// A window of `size` steps around a step, within the sequence; null for all of it.
export function around(step, size, steps) {
  if (size >= steps) return null;
  const width = Math.max(Math.min(LEAST, steps), Math.round(size));
  const from = Math.min(Math.max(0, Math.round(step - width / 2)), steps - width);
  return width >= steps ? null : [from, from + width];
}

export function zoomed([from, to], factor, step, steps) {
  const inside = step >= from && step < to;
  return around(inside ? step : (from + to) / 2, (to - from) * factor, steps);
}

export function panned([from, to], by, steps) {
  const size = to - from;
  const start = Math.min(Math.max(0, from + by), steps - size);
  return size >= steps ? null : [start, start + size];
}

// The window moved as little as possible so that it holds a step.
export function following(window, step, steps) {
  if (!window) return null;
  const [from, to] = window;
  if (step >= from && step < to) return window;
  return panned(window, step < from ? step - from : step - to + 1, steps);
}

// The window that a click on an arrow opens.
export function atArrow([from, to], step, steps) {
  return to - from <= 64 ? (from === 0 && to === steps ? null : following([from, to], step, steps)) : around(step, 48, steps);
}
