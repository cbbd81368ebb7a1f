// The keyboard.

import { $, h } from "./dom.js";
import { goTo, nextArrow } from "./pointer.js";
import { panned, zoomed } from "./window.js";

const HELP = [
  ["← →", "one step back or on; with Shift ten"],
  ["Home End", "first and last step"],
  ["f or Enter", "flip the bit under the cursor, or take the next letter"],
  ["n p", "next and previous divergence"],
  ["+ − a", "zoom in, out, all"],
  ["[ ]", "move the window"],
  ["m", "mark all recurrences of the context under the cursor"],
  ["space", "play, stop"],
  ["Esc", "let go of a held cursor, take marks away"],
  ["0 1", "in the game: say 0 or 1, 80 % sure"],
  ["?", "this help"],
];

export function watchKeys(app) {
  makeHelp();
  $("help").addEventListener("click", () => $("keys").showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || $("keys").open || !app.current?.view) return;
    const { target } = event;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) && target.type !== "checkbox") return;
    if ((event.key === " " || event.key === "Enter") && /^(BUTTON|SUMMARY|INPUT)$/.test(target.tagName)) return;
    const act = actions(app, event);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function actions(app, event) {
  const { current, state } = app;
  const steps = current.shown;
  const move = (by) => () => app.moveTo(state.at + (event.shiftKey ? 10 * by : by));
  const common = {
    ArrowLeft: move(-1),
    ArrowRight: move(1),
    Home: () => app.moveTo(0),
    End: () => app.moveTo(steps - 1),
    Escape: () => app.set(state.pinned ? { pinned: false } : { mark: "" }),
    " ": () => app.play(),
    "?": () => $("keys").showModal(),
  };
  if (event.key in common) return common[event.key];
  if (app.task.kind !== "symbols") return null;
  const all = current.view.steps;
  const size = current.window[1] - current.window[0];
  const pan = (by) => () => app.set({ window: panned(current.window, Math.round(by * size), all) });
  const zoom = (factor) => () => app.set({ window: zoomed(current.window, factor, state.at, all) });
  const flip = () => !state.guess && app.flip(state.at);
  return {
    f: flip, Enter: flip,
    n: () => nextArrow(app, current, 1), p: () => nextArrow(app, current, -1),
    "+": zoom(0.6), "=": zoom(0.6), "-": zoom(1 / 0.6), a: () => app.set({ window: null }),
    "[": pan(-0.25), "]": pan(0.25),
    m: () => current.toggleMark(),
    0: () => state.guess && current.say(20), 1: () => state.guess && current.say(80),
    g: () => goTo(app, current, state.at),
  }[event.key];
}

function makeHelp() {
  const rows = HELP.map(([keys, what]) => h("div", {}, h("dt", {}, h("kbd", {}, keys)), h("dd", {}, what)));
  const close = h("button", { type: "button", onclick: () => $("keys").close() }, "Close");
  $("keys").replaceChildren(
    h("h2", { id: "keys-title" }, "Keys"),
    h("dl", {}, ...rows),
    h("p", {}, "Click a bit of the input to flip it, a letter to take the next one, an arrow to go there, any other strip to hold the cursor. Drag over the thin strip on top to zoom; Ctrl and the wheel do so too."),
    close,
  );
}
