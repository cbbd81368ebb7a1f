// The mouse and touch on the panels of time.

import { $ } from "./dom.js";
import { hit } from "./strips.js";
import { around, atArrow, panned, zoomed } from "./window.js";
import { frame } from "./surface.js";

// Where the pointer is within a picture. A move has parts of a pixel where a click has none: both are taken in the middle of
// their pixel, so that a click is where the pointer was seen before.
function within(canvas, { clientX, clientY }) {
  const { left, top } = canvas.getBoundingClientRect();
  return [Math.floor(clientX) + 0.5 - left, Math.floor(clientY) + 0.5 - top];
}

export function watchStrips(app, source) {
  const strips = $("strips");
  const found = (event) => source.axis && hit(source.rows, source.axis, source.arrows, ...within(strips, event));
  strips.addEventListener("pointermove", (event) => {
    const over = found(event);
    strips.style.cursor = over?.kind === "input" || over?.kind === "arrow" ? "pointer" : "crosshair";
    strips.title = over?.kind === "arrow" ? `${over.label} departs at step ${over.step}` : "";
    if (over?.kind === "input") app.mayFlip(over.step, over.letter);
    else app.mayFlip();
  });
  strips.addEventListener("pointerleave", () => app.mayFlip());
  strips.addEventListener("pointerdown", (event) => {
    const over = found(event); // a finger rests nowhere before
    if (over?.kind === "input") app.mayFlip(over.step, over.letter, 0);
  });
  strips.addEventListener("click", (event) => {
    const over = found(event);
    if (over?.kind === "arrow") goTo(app, source, over.step);
    else if (over?.kind === "input" && !app.state.guess) app.flip(over.step, over.letter);
    else if (over) app.set({ at: over.step, pinned: !app.state.pinned || app.state.at !== over.step });
  });
  strips.addEventListener(
    "wheel",
    (event) => {
      const across = event.shiftKey ? event.deltaY : event.deltaX;
      if (!event.ctrlKey && Math.abs(across) < 1) return;
      event.preventDefault();
      const steps = source.view.steps;
      const by = Math.round((across / 400) * (source.window[1] - source.window[0]));
      const step = source.axis.at(event.offsetX);
      const window = event.ctrlKey
        ? zoomed(source.window, event.deltaY > 0 ? 1.25 : 0.8, step, steps)
        : panned(source.window, by, steps);
      app.set({ window });
    },
    { passive: false },
  );
}

// Hovering over any panel of time moves the cursor, unless it is held.
export function watchTime(app, panel, axisOf) {
  const canvas = panel.querySelector("canvas"); // of several, all begin where it does
  panel.addEventListener("pointermove", (event) => {
    const axis = axisOf();
    if (!axis || app.state.pinned || event.target.id === "overview" || event.target.closest("button, .toolbar")) return;
    const [x] = within(canvas, event);
    if (x < axis.left || x > axis.right) return;
    const step = axis.at(x);
    if (step !== app.state.at) app.set({ at: step });
  });
}

// A click on a picture of time holds the cursor there, or lets it go.
export function watchHold(app, canvas, axisOf) {
  canvas.addEventListener("click", (event) => {
    const axis = axisOf();
    const [x] = within(canvas, event);
    if (!axis || x < axis.left || x > axis.right) return;
    const at = axis.at(x);
    app.set({ at, pinned: !app.state.pinned || app.state.at !== at });
  });
}

// Dragging over the small picture of the whole sequence chooses the window.
export function watchOverview(app, source) {
  const overview = $("overview");
  let start = null;
  const stepAt = (event) => {
    const steps = source.view.steps;
    return frame(overview.clientWidth, [0, steps], source.axis.left < 90).at(event.offsetX);
  };
  overview.addEventListener("pointerdown", (event) => {
    start = stepAt(event);
    overview.setPointerCapture(event.pointerId);
  });
  overview.addEventListener("pointerup", (event) => {
    if (start === null) return;
    const end = stepAt(event);
    const steps = source.view.steps;
    const [from, to] = [Math.min(start, end), Math.max(start, end) + 1];
    const size = source.window[1] - source.window[0];
    start = null;
    app.set({ window: to - from < 4 ? around(end, size, steps) : around((from + to) / 2, to - from, steps) });
  });
  overview.addEventListener("dblclick", () => app.set({ window: null }));
}

export function goTo(app, source, step) {
  const steps = source.view.steps;
  app.set({ at: step, pinned: true, window: atArrow(source.window, step, steps) });
}

// The next step with an arrow of any model, after or before the cursor.
export function nextArrow(app, source, direction) {
  const every = source.view.header.models.flatMap((model) => model.arrows).filter((t) => t < source.shown);
  const sorted = [...new Set(every)].sort((a, b) => a - b);
  const { at } = app.state;
  const step = direction > 0 ? sorted.find((t) => t > at) : sorted.findLast((t) => t < at);
  if (step !== undefined) goTo(app, source, step);
}
