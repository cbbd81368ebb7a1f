// Guess the next bit: the person's predictions bit by bit, beside the models', costs kept for all.

import { h, number, signed } from "./dom.js";
import { contextless } from "./marks.js";
import { swatch } from "./readout.js";

const SURE = 80; // percent that the quick answers stand for

// The step to be guessed next; all before it are shown.
export function nextGuess(state, steps) {
  return state.guess ? Math.min(steps, state.guess.from + state.guess.said.length) : steps;
}

// What the person said at each step, as probabilities of a 1; NaN where nothing was said.
export function saidValues(state, steps) {
  if (!state.guess) return null;
  const values = new Float32Array(steps).fill(NaN);
  state.guess.said.forEach((percent, i) => {
    if (state.guess.from + i < steps) values[state.guess.from + i] = percent / 100;
  });
  return values;
}

export function drawGuess(place, app, view, theme) {
  const { state } = app;
  const { steps } = view;
  const step = nextGuess(state, steps);
  const over = step >= steps;
  const say = (percent) => {
    if (over) return;
    const guess = { ...state.guess, said: [...state.guess.said, percent] };
    app.set({ guess, at: step, pinned: true });
  };
  const slider = h("input", {
    type: "range", min: 1, max: 99, value: 50, id: "guess-slider", ariaLabel: "Probability that the next bit is 1, percent",
    oninput: () => (told.textContent = `P(1) = ${number(slider.value / 100, 2)}`),
  });
  const told = h("output", { htmlFor: "guess-slider" }, "P(1) = 0.50");
  const buttons = [
    h("button", { type: "button", id: "guess-0", disabled: over, onclick: () => say(100 - SURE) }, `0, ${SURE} % sure`),
    h("button", { type: "button", id: "guess-1", disabled: over, onclick: () => say(SURE) }, `1, ${SURE} % sure`),
    h("button", { type: "button", id: "guess-say", disabled: over, onclick: () => say(Number(slider.value)) }, "Say P(1)"),
  ];
  slider.addEventListener("keydown", (event) => event.key === "Enter" && say(Number(slider.value)));
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  place.replaceChildren(
    h("h2", {}, over ? "All bits are known" : `What is bit ${step}?`),
    h("p", { className: "quiet", ariaLive: "polite" }, lastWords(view, state, step)),
    h("div", { className: "row" }, buttons[0], buttons[1]),
    h("div", { className: "row" }, slider, told, buttons[2]),
    scores(view, state, step, theme),
    h(
      "div",
      { className: "row" },
      h("button", { type: "button", id: "guess-again", onclick: () => startGuess(app) }, "New sequence"),
      h("button", { type: "button", id: "guess-end", onclick: () => app.set({ guess: null }) }, "End the game"),
    ),
  );
  if (focused) document.getElementById(focused)?.focus();
  return say;
}

// A sequence that nobody has seen, its first bits given.
export function startGuess(app) {
  const { view } = app.current;
  const from = Math.min(contextless(view), view.steps - 1);
  const seed = Math.floor(Math.random() * 1e9);
  app.set({ symbols: "", seed, changes: [], window: null, mark: "", at: 0, guess: { from, said: [] } });
}

function lastWords(view, state, step) {
  const { from, said } = state.guess;
  if (!said.length) return `The first ${from} bits are given. You, and the models, pay −log₂ of what you gave to the bit that comes.`;
  const bit = view.symbols[step - 1];
  const percent = said.at(-1);
  const cost = -Math.log2((bit ? percent : 100 - percent) / 100);
  return `It was ${bit}. You paid ${number(cost, 2)} bits.`;
}

function scores(view, state, step, theme) {
  const { header, arrays, steps } = view;
  const { from, said } = state.guess;
  const sum = (cost) => {
    let bits = 0;
    for (let t = from; t < step; t++) bits += cost(t);
    return bits;
  };
  const own = sum((t) => -Math.log2((view.symbols[t] ? said[t - from] : 100 - said[t - from]) / 100));
  const rows = header.models.map((model, i) => [model, i, sum((t) => arrays.costs.data[i * steps + t])]);
  const best = rows.find(([model]) => model.name === header.reference)?.[2];
  const line = (name, series, bits) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, swatch(theme, series), name),
      h("td", {}, number(bits, 2)),
      h("td", {}, best === undefined ? "–" : signed(bits - best)),
    );
  return h(
    "table",
    { id: "guess-scores" },
    h("caption", {}, `${step - from} ${step - from === 1 ? "bit" : "bits"} guessed`),
    h("thead", {}, h("tr", {}, ...["", "cost", "gap"].map((words) => h("th", { scope: "col" }, words)))),
    h(
      "tbody",
      {},
      line("You", header.models.length, own),
      ...rows.map(([model, i, bits]) => line(model.label, i, bits)),
    ),
  );
}
