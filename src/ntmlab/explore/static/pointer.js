// The mouse and touch on the panels of time.

import { $ } from "./dom.js";
import { hit } from "./strips.js";
import { around, atArrow, panned, zoomed } from "./window.js";
import { frame } from "./surface.js";

export function watchStrips(app, ngrams) {
  const strips = $("strips");
  const found = (event) => ngrams.axis && hit(ngrams.rows, ngrams.axis, ngrams.arrows, event.offsetX, event.offsetY);
  strips.addEventListener("pointermove", (event) => {
    const over = found(event);
    strips.style.cursor = over?.kind === "input" || over?.kind === "arrow" ? "pointer" : "crosshair";
    strips.title = over?.kind === "arrow" ? `${over.label} departs at step ${over.step}` : "";
  });
  strips.addEventListener("click", (event) => {
    const over = found(event);
    if (over?.kind === "arrow") goTo(app, ngrams, over.step);
    else if (over?.kind === "input" && !app.state.guess) app.flip(over.step);
    else if (over) app.set({ at: over.step, pinned: !app.state.pinned || app.state.at !== over.step });
  });
  strips.addEventListener(
    "wheel",
    (event) => {
      const across = event.shiftKey ? event.deltaY : event.deltaX;
      if (!event.ctrlKey && Math.abs(across) < 1) return;
      event.preventDefault();
      const steps = ngrams.view.header.bits.length;
      const by = Math.round((across / 400) * (ngrams.window[1] - ngrams.window[0]));
      const step = ngrams.axis.at(event.offsetX);
      const window = event.ctrlKey
        ? zoomed(ngrams.window, event.deltaY > 0 ? 1.25 : 0.8, step, steps)
        : panned(ngrams.window, by, steps);
      app.set({ window });
    },
    { passive: false },
  );
}

// Hovering over any panel of time moves the cursor, unless it is held.
export function watchTime(app, panel, axisOf) {
  panel.addEventListener("pointermove", (event) => {
    const axis = axisOf();
    if (!axis || app.state.pinned || event.target.id === "overview" || event.target.closest("button, .toolbar")) return;
    const x = event.clientX - panel.getBoundingClientRect().left;
    if (x < axis.left || x > axis.right) return;
    const step = axis.at(x);
    if (step !== app.state.at) app.set({ at: step });
  });
}

export function watchMachine(app, axisOf) {
  $("machine").addEventListener("click", (event) => {
    const axis = axisOf();
    if (!axis || event.offsetX < axis.left || event.offsetX > axis.right) return;
    const at = axis.at(event.offsetX);
    app.set({ at, pinned: !app.state.pinned || app.state.at !== at });
  });
}

// Dragging over the small picture of the whole sequence chooses the window.
export function watchOverview(app, ngrams) {
  const overview = $("overview");
  let start = null;
  const stepAt = (event) => {
    const steps = ngrams.view.header.bits.length;
    return frame(overview.clientWidth, [0, steps], ngrams.axis.left < 90).at(event.offsetX);
  };
  overview.addEventListener("pointerdown", (event) => {
    start = stepAt(event);
    overview.setPointerCapture(event.pointerId);
  });
  overview.addEventListener("pointerup", (event) => {
    if (start === null) return;
    const end = stepAt(event);
    const steps = ngrams.view.header.bits.length;
    const [from, to] = [Math.min(start, end), Math.max(start, end) + 1];
    const size = ngrams.window[1] - ngrams.window[0];
    start = null;
    app.set({ window: to - from < 4 ? around(end, size, steps) : around((from + to) / 2, to - from, steps) });
  });
  overview.addEventListener("dblclick", () => app.set({ window: null }));
}

export function goTo(app, ngrams, step) {
  const steps = ngrams.view.header.bits.length;
  app.set({ at: step, pinned: true, window: atArrow(ngrams.window, step, steps) });
}

// The next step with an arrow of any model, after or before the cursor.
export function nextArrow(app, ngrams, direction) {
  const every = ngrams.view.header.models.flatMap((model) => model.arrows).filter((t) => t < ngrams.shown);
  const sorted = [...new Set(every)].sort((a, b) => a - b);
  const { at } = app.state;
  const step = direction > 0 ? sorted.find((t) => t > at) : sorted.findLast((t) => t < at);
  if (step !== undefined) goTo(app, ngrams, step);
}
