// The view of dynamic N-grams: strips, charts, machine and read-out for the state of the page.

import { Asker } from "./asker.js";
import { colours, themeName } from "./colours.js";
import { Chart, costLines, gapLines } from "./charts.js";
import { $, announce, drawn, eachFrame, number, signed } from "./dom.js";
import { drawGuess, nextGuess, saidValues } from "./guess.js";
import { contextAt, recurrences } from "./marks.js";
import { Readout, spoken } from "./readout.js";
import { drawOverview, drawStrips, stripRows } from "./strips.js";
import { fitted, frame, widthOf } from "./surface.js";

const NARROW = 620; // CSS pixels

export class Ngrams {
  constructor(app, machine) {
    this.app = app;
    this.machine = machine;
    this.asker = new Asker((question) => app.predictors.view(question), (view) => this.take(view));
    this.cost = new Chart($("cost-chart"), "cost, bits");
    this.gap = new Chart($("gap-chart"), "gap, bits");
    this.readout = new Readout($("readout"));
    this.drawSoon = eachFrame(() => this.draw());
    this.moveSoon = eachFrame(() => this.drawAt());
  }

  // What the state asks of the predictors.
  question() {
    const { state, catalog } = this.app;
    const named = (name) => (name in state.snapshots ? `${name}@${state.snapshots[name]}` : name);
    const steps = state.bits ? state.bits.length : state.length;
    const question = {
      order: state.order,
      prior: state.prior,
      models: state.models.map(named),
      arrows: state.arrows,
      window: state.window,
      machine: state.machine ? named(state.machine) : null,
      changes: state.machine ? state.changes.filter(({ step }) => step < steps) : [],
    };
    if (state.bits) question.bits = state.bits;
    else question.draw = { seed: state.seed, length: state.length };
    return catalog ? question : null;
  }

  // Asks if there is something new to ask, else draws what is there.
  ask(options) {
    if (!this.asker.want(this.question(), options)) this.drawSoon();
  }

  take(view) {
    this.view = { ...view, bits: Float32Array.from(view.header.bits, Number) };
    const steps = view.header.bits.length;
    const { state } = this.app;
    if (state.at >= steps) state.at = steps - 1;
    this.machine.take(view);
    this.app.taken(view);
    this.draw();
    drawn();
  }

  get window() {
    const steps = this.view.header.bits.length;
    const { window } = this.app.state;
    return window && window[0] < steps ? [window[0], Math.min(window[1], steps)] : [0, steps];
  }

  get shown() {
    return nextGuess(this.app.state, this.view.header.bits.length);
  }

  get marks() {
    return recurrences(this.view.header.bits, this.app.state.mark);
  }

  // Draws everything from the answer at hand.
  draw() {
    if (!this.view) return;
    const { state } = this.app;
    const theme = colours(state);
    const { header } = this.view;
    const steps = header.bits.length;
    const width = widthOf($("strips-panel"));
    const axis = (this.axis = frame(width, this.window, width < NARROW));
    const said = saidValues(state, steps);
    const options = { shown: this.shown, marks: this.marks, changes: state.changes, contextBits: state.mark.length };
    this.rows = stripRows(this.view, said);
    const surface = fitted($("strips"), width, this.rows.height);
    this.arrows = drawStrips(surface, this.rows, axis, theme, options);
    const whole = frame(width, [0, steps], width < NARROW);
    drawOverview(fitted($("overview"), width, 15), this.view, whole, this.window, options.shown, theme);
    const lines = (this.lines = costLines(this.view, said, state.guess?.from));
    this.cost.draw(lines, axis, theme, options.shown);
    this.gap.draw(gapLines(lines, header.reference), axis, theme, options.shown);
    this.machine.draw(axis, theme, options);
    $("caption").textContent = state.guess
      ? "What comes after the bits you have seen is hidden until you have said what you expect."
      : caption(this.view, state.arrows, this.app.predictors.live, themeName(state) === "dark");
    $("window-text").textContent = `steps ${this.window[0]}–${this.window[1] - 1} of ${steps}`;
    $("mark").setAttribute("aria-pressed", String(Boolean(state.mark)));
    this.drawAt();
    $("guess").hidden = !state.guess;
    this.#drawGuess(theme);
  }

  // The game's panel, made again only when the game has gone on: a slider in hand keeps its place.
  #drawGuess(theme) {
    const { state } = this.app;
    const { bits, models } = this.view.header;
    const game = state.guess && JSON.stringify([state.guess, bits, models.map(({ label }) => label), theme.ink]);
    if (game && game !== this.game) this.say = drawGuess($("guess"), this.app, this.view, theme);
    this.game = game;
  }

  // Draws what follows the cursor.
  drawAt() {
    if (!this.view || !this.axis) return;
    const { state } = this.app;
    const theme = colours(state);
    const shown = this.shown;
    if (shown < this.view.header.bits.length) state.at = Math.max(0, Math.min(state.at, shown - 1));
    placeCursor(this.axis, state.at);
    const strips = $("strips");
    strips.setAttribute("aria-valuemin", 0);
    strips.setAttribute("aria-valuemax", Math.max(0, shown - 1));
    strips.setAttribute("aria-valuenow", state.at);
    if (shown > 0) {
      this.readout.show(this.view, state, this.lines.map((line) => line.sums), theme);
      const words = spoken(this.view, state.at);
      strips.setAttribute("aria-valuetext", words);
      if (document.activeElement !== strips) announce(words);
    }
    this.machine.drawAt(state.at, theme);
  }

  // Marks the context under the cursor everywhere, or takes the marks away.
  toggleMark() {
    const { state } = this.app;
    const context = contextAt(this.view.header.bits, state.at, state.order - 1);
    this.app.set({ mark: state.mark === context ? "" : context });
  }
}

// The bar over all panels of time at the step under the cursor.
export function placeCursor(axis, step) {
  const inside = step >= axis.from && step < axis.to;
  for (const cursor of document.querySelectorAll(".cursor")) {
    cursor.hidden = !inside;
    cursor.style.left = `${axis.x(step)}px`;
    cursor.style.width = `${Math.max(1, axis.step)}px`;
  }
}

// The rule of the arrows, and what the sequence cost.
function caption(view, arrows, live, dark) {
  const { header } = view;
  const click = live ? "Click a bit of the input to flip it. " : "";
  const scale = `${click}The ${dark ? "lighter" : "darker"} a strip, the higher the probability of a 1.`;
  const rule = header.reference
    ? `Red arrows: the ${arrows} steps a model where it departs most from the optimum, by KL(optimal ‖ model), at least a twentieth of the steps ${live ? "shown" : "saved"} apart.`
    : "No arrows: the optimum is not among the predictors.";
  const costs = header.models.map(({ label, bits, gap, name }) => {
    const above = gap === undefined || gap === null || name === header.reference ? "" : ` (${signed(gap)})`;
    return `${label} ${bits === null ? "∞" : number(bits, 2)}${above}`;
  });
  return `${scale} ${rule} Cost of the whole sequence in bits: ${costs.join(" · ")}.`;
}
