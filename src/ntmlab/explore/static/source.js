// The view of a next-symbol task: strips, charts, machine and read-out for the state of the page.

import { Asker } from "./asker.js";
import { colours, themeName } from "./colours.js";
import { Chart, costLines, gapLines } from "./charts.js";
import { $, announce, drawn, eachFrame, number, signed } from "./dom.js";
import { drawGuess, nextGuess, saidValues } from "./guess.js";
import { read, unit } from "./letters.js";
import { contextAt, recurrences } from "./marks.js";
import { Readout, spoken } from "./readout.js";
import { drawOverview, drawStrips, stripRows } from "./strips.js";
import { fitted, frame, widthOf } from "./surface.js";

const NARROW = 620; // CSS pixels

export class Source {
  constructor(app, machine) {
    this.app = app;
    this.machine = machine;
    this.asker = new Asker((question) => app.predictors.view(question), (view) => this.take(view), () => app.fill());
    this.cost = new Chart($("cost-chart"), "cost, bits");
    this.gap = new Chart($("gap-chart"), "gap, bits");
    this.readout = new Readout($("readout"));
    this.drawSoon = eachFrame(() => this.draw());
    this.moveSoon = eachFrame(() => this.drawAt());
  }

  // What the state asks of the predictors, or would with other letters.
  question(symbols = this.app.state.symbols) {
    const { state, machineName: machine } = this.app;
    const named = (name) => (name in state.snapshots ? `${name}@${state.snapshots[name]}` : name);
    const steps = symbols ? read(symbols, this.app.letters).symbols.length : Number(this.app.option("length"));
    const question = {
      task: this.app.specification,
      models: state.models.map(named),
      arrows: state.arrows,
      window: state.window,
      machine: machine ? named(machine) : null,
      changes: machine ? state.changes.filter(({ step }) => step < steps) : [],
    };
    if (symbols) question.symbols = symbols;
    else question.seed = state.seed;
    return question;
  }

  // Asks if there is something new to ask, else draws what is there; whether an answer will come.
  ask(options) {
    const asked = this.asker.want(this.question(), options);
    if (!asked) this.drawSoon();
    return asked;
  }

  // Whether a question is under way.
  get working() {
    return this.asker.working;
  }

  // Asks ahead what other letters would ask.
  foresee(symbols) {
    this.asker.foresee(this.question(symbols));
  }

  // The answer at hand, unless it is of another task than the one that is shown.
  get shownView() {
    return this.view?.header.task.name === this.app.state.task ? this.view : undefined;
  }

  take(view) {
    if (view.header.task.name !== this.app.state.task) return;
    const { letters } = view.header;
    const symbols = view.arrays.symbols.data;
    const steps = symbols.length;
    $("strips-panel").inert = false; // until now there was nothing to move in
    this.view = { ...view, symbols, steps, letters, greys: symbols.map((symbol) => symbol / (letters - 1)) };
    const { state } = this.app;
    if (state.at >= steps) state.at = steps - 1;
    this.machine.take(view);
    this.app.taken(view);
    this.draw();
    drawn();
  }

  get window() {
    const { steps } = this.view;
    const { window } = this.app.state;
    return window && window[0] < steps ? [window[0], Math.min(window[1], steps)] : [0, steps];
  }

  get shown() {
    return nextGuess(this.app.state, this.view.steps);
  }

  get marks() {
    return recurrences(this.view, this.app.state.mark);
  }

  // What the strips and the machine show beside the answer, on the page and where it is saved.
  get drawing() {
    const { mark, changes } = this.app.state;
    const contextLength = read(mark, this.view.letters).symbols.length;
    return { shown: this.shown, marks: this.marks, changes, contextLength };
  }

  // Draws everything from the answer at hand.
  draw() {
    if (!this.view) return;
    const { state } = this.app;
    const theme = colours(state);
    const { header, steps } = this.view;
    const width = widthOf($("strips-panel"));
    const axis = (this.axis = frame(width, this.window, width < NARROW));
    const said = saidValues(state, steps);
    const options = this.drawing;
    this.rows = stripRows(this.view, said, state.rows);
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
      : caption(this.view, this.app, themeName(state) === "dark");
    $("window-text").textContent = `steps ${this.window[0]}–${this.window[1] - 1} of ${steps}`;
    $("mark").setAttribute("aria-pressed", String(Boolean(state.mark)));
    this.drawAt();
    $("guess").hidden = !state.guess;
    this.#drawGuess(theme);
  }

  // The game's panel, made again only when the game has gone on: a slider in hand keeps its place.
  #drawGuess(theme) {
    const { state } = this.app;
    const { symbols, models } = this.view.header;
    const game = state.guess && JSON.stringify([state.guess, symbols, models.map(({ label }) => label), theme.ink]);
    if (game && game !== this.game) this.say = drawGuess($("guess"), this.app, this.view, theme);
    this.game = game;
  }

  // Draws what follows the cursor.
  drawAt() {
    if (!this.view || !this.axis) return;
    const { state } = this.app;
    const theme = colours(state);
    const shown = this.shown;
    if (shown < this.view.steps) state.at = Math.max(0, Math.min(state.at, shown - 1));
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
    const context = contextAt(this.view, state.at);
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

// What grey means, the rule of the arrows, and what the sequence cost.
function caption(view, { state, catalog, predictors }, dark) {
  const { header, letters } = view;
  const { live } = predictors;
  const what = { 2: "of a 1", came: "of the letter that came", letters: "of the row's letter" }[letters === 2 ? 2 : state.rows];
  const next = letters === 2 ? "flip it" : "take the next letter";
  const click = live ? `Click a ${unit(letters)} of the input to ${next}. ` : "";
  const scale = `${click}The ${dark ? "lighter" : "darker"} a strip, the higher the probability ${what}.`;
  const rule = header.reference
    ? `Red arrows: the ${state.arrows} steps a model ${catalog.arrows.replace("shown", live ? "shown" : "saved")}.`
    : "No arrows: the optimum is not among the predictors.";
  const costs = header.models.map(({ label, bits, gap, name }) => {
    const above = gap === undefined || gap === null || name === header.reference ? "" : ` (${signed(gap)})`;
    return `${label} ${bits === null ? "∞" : number(bits, 2)}${above}`;
  });
  return `${scale} ${rule} Cost of the whole sequence in bits: ${costs.join(" · ")}.`;
}
