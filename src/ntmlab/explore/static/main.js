// The page: state, predictors and views put together.

import { Answers } from "./answers.js";
import { problem } from "./asker.js";
import { colours, themeName } from "./colours.js";
import { fillControls, watchControls } from "./controls.js";
import { $, h, waiting } from "./dom.js";
import { startGuess } from "./guess.js";
import { watchDrops } from "./drops.js";
import { watchKeys } from "./keys.js";
import { read, written } from "./letters.js";
import { LocalPredictors } from "./local.js";
import { MachinePanel } from "./machinepanel.js";
import { nextArrow, watchHold, watchOverview, watchStrips, watchTime } from "./pointer.js";
import { SavedPredictors, ServerPredictors } from "./predictors.js";
import { save } from "./save.js";
import { Source } from "./source.js";
import { parse } from "./state.js";
import { forgetWidths } from "./surface.js";
import { Told } from "./told.js";
import { following, zoomed } from "./window.js";

const REST = 40; // ms that pointer or cursor stay at a letter until its flip is asked ahead
const URL_DELAY = 250; // ms; browsers bear only so many changes of the URL
const KEPT = ["options", "symbols", "models", "machine", "window", "mark", "changes", "model", "sizes"]; // of each task

// Where answers come from: this file, this browser, or the server.
function predictors(saved) {
  if (saved) return new SavedPredictors(saved);
  return document.body.dataset.answers === "local" ? new LocalPredictors() : new ServerPredictors();
}

// A line under the head of the page; none for no words.
function note(words) {
  $("note").textContent = words;
  $("note").hidden = !words;
}

class App extends Told {
  constructor(saved) {
    super();
    this.predictors = predictors(saved);
    this.state = parse(location.hash.length > 1 || !saved ? location.hash : saved.hash);
    document.body.dataset.live = String(this.predictors.live);
    for (const set of document.querySelectorAll("fieldset[data-live]")) set.disabled = !this.predictors.live;
    if (saved) note("A saved view: the sequence, the predictors and the memory cannot be changed here.");
    this.theme();
  }

  async start() {
    waiting("Loading tasks, models and kernels…");
    try {
      this.catalog = await this.predictors.catalog();
    } catch (error) {
      problem(error.message);
      return;
    }
    problem("");
    this.machine = new MachinePanel(this);
    this.source = new Source(this, this.machine);
    this.answers = new Answers(this, this.machine);
    this.watch();
    if (location.hash.length > 1) this.state = parse(location.hash); // it may be another since
    waiting("Loading weights, and computing what each predictor expects…");
    this.show();
  }

  get current() {
    return this.task.kind === "symbols" ? this.source : this.answers;
  }

  // Changes the state; the page, the URL and, where needed, the predictions follow.
  set(patch) {
    Object.assign(this.state, patch);
    this.remember();
    if (Object.keys(patch).every((name) => name === "at")) return this.current.moveSoon();
    // What the form shows follows with the answer: a change of the page now is a frame that it waits for.
    if (!this.current.ask()) this.fill();
  }

  // Shows the state as it is, after a link was opened or the task was changed.
  show() {
    const missing = this.tidy();
    if (this.predictors.live) note(this.lost(missing));
    const { kind, contexts } = this.task;
    const symbols = kind === "symbols";
    $("source").hidden = !symbols;
    $("answers").hidden = symbols;
    const only = (name, shown) => document.querySelectorAll(`[data-${name}]`).forEach((element) => (element.hidden = !shown));
    only("symbols", symbols);
    only("contexts", contexts);
    this.formed();
    $(symbols ? "source-machine-place" : "answers-machine-place").append($("machine-panel"));
    $(symbols ? "side" : "answer-side").append($("memory-panel"));
    for (const button of $("tasks").children) {
      const current = button.dataset.task === this.state.task;
      button.setAttribute("aria-current", String(current));
      if (current) $("tasks").scrollLeft = button.offsetLeft - $("tasks").offsetLeft - 40;
    }
    this.machine.take(null);
    forgetWidths();
    this.theme();
    this.fill();
    this.current.ask({ again: true });
  }

  // What a link names and is not here, in words.
  lost({ models, task, wrong }) {
    const { missing } = this.predictors;
    const words = [task && `the task ${task}; ${missing.task}`, models.length && `${models.join(", ")}; ${missing.models}`];
    return [...words.filter(Boolean).map((what) => `This link names ${what}.`), ...(wrong ? [`This link's ${wrong}.`] : [])].join(" ");
  }

  // What depends on the alphabet.
  formed() {
    const bits = this.letters === 2;
    for (const element of document.querySelectorAll("[data-bits]")) element.hidden = !bits;
    $("rows-label").hidden = !this.letters || bits;
  }

  fill() {
    if (this.task.kind === "symbols") fillControls(this, this.source.shownView);
  }

  // An answer has come.
  taken({ header }) {
    this.formed();
    this.fill();
    const left = Object.entries(header.left_out ?? {}).map(([name, why]) => `${name}: ${why}`);
    if (left.length || this.left) note(left.length ? `Not shown. ${left.join("; ")}.` : "");
    this.left = left.length;
  }

  remember() {
    clearTimeout(this.remembering);
    this.remembering = setTimeout(() => history.replaceState(null, "", this.link()), URL_DELAY);
  }

  theme() {
    document.documentElement.dataset.theme = themeName(this.state);
    const words = { "": "auto", light: "light", dark: "dark" }[this.state.theme];
    $("theme").textContent = `Theme: ${words}`;
    document.documentElement.style.setProperty("--red", colours(this.state).red);
  }

  // Puts another letter at a step: the next one, unless it is said which.
  flip(step, letter) {
    clearTimeout(this.resting);
    const symbols = this.#flipped(step, letter);
    if (!symbols) return;
    this.set({ symbols, at: step });
    if (letter === undefined) this.mayFlip(step); // and back
  }

  // A flip may come, since pointer or cursor is there (or at no letter now): if it stays for `rest` ms, what the flip
  // will ask is asked ahead, once nothing else is under way.
  mayFlip(step, letter, rest = REST) {
    clearTimeout(this.resting);
    if (step === undefined || this.playing || this.state.guess) return;
    this.resting = setTimeout(() => {
      if (this.current !== this.source) return;
      if (this.source.working) return this.mayFlip(step, letter);
      const symbols = this.#flipped(step, letter);
      if (symbols) this.source.foresee(symbols);
    }, rest);
  }

  // The letters with another one at a step; nothing where none can be put. They are those that were asked for last, so
  // that a flip is not lost whose answer has not come.
  #flipped(step, letter) {
    const view = this.source.shownView;
    if (!view || !this.predictors.live) return "";
    const asked = read(this.state.symbols, view.letters).symbols;
    const symbols = asked.length ? asked : Array.from(view.symbols);
    if (step >= symbols.length) return "";
    symbols[step] = letter ?? (symbols[step] + 1) % view.letters;
    return written(symbols, view.letters);
  }

  moveTo(step) {
    const at = Math.min(Math.max(0, step), Math.max(0, this.current.shown - 1));
    const { window } = this.state;
    const { steps } = this.current.view;
    const moved = steps && window ? following(window, at, steps) : window;
    if (this.current === this.source) this.mayFlip(at);
    this.set(moved === window && this.state.pinned ? { at } : { at, window: moved, pinned: true });
  }

  play() {
    const stop = () => {
      clearTimeout(this.playing);
      this.playing = undefined;
      $("play").textContent = "Play";
      $("play").setAttribute("aria-pressed", "false");
    };
    if (this.playing) return stop();
    const tick = () => {
      if (this.state.at >= this.current.shown - 1) return stop();
      this.moveTo(this.state.at + 1);
      this.playing = setTimeout(tick, 1000 / this.state.speed);
    };
    if (this.state.at >= this.current.shown - 1) this.moveTo(0);
    $("play").textContent = "Stop";
    $("play").setAttribute("aria-pressed", "true");
    this.playing = setTimeout(tick, 1000 / this.state.speed);
  }

  watch() {
    const { source } = this;
    const axisOf = () => this.current.axis;
    watchControls(this);
    watchStrips(this, source);
    watchOverview(this, source);
    watchKeys(this);
    for (const id of ["strips-panel", "answer-panel", "machine-panel"]) watchTime(this, $(id), axisOf);
    for (const id of ["machine", "answer"]) watchHold(this, $(id), axisOf);
    this.watchButtons();
    if (this.predictors.take) watchDrops(this);
    for (const { name, title, about } of this.catalog.tasks) {
      $("tasks").append(h("button", { type: "button", title: about, onclick: () => this.open(name) }, title));
      $("tasks").lastChild.dataset.task = name;
    }
    addEventListener("hashchange", () => {
      this.state = parse(location.hash);
      this.show();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.set({ theme: this.state.theme }));
    let width = 0;
    new ResizeObserver(([{ contentRect }]) => {
      if (contentRect.width === width) return;
      forgetWidths();
      this.current.drawSoon();
      width = contentRect.width;
    }).observe(document.querySelector("main"));
  }

  // Another task, as it was left.
  open(task) {
    const { state } = this;
    this.kept ??= {};
    this.kept[state.task] = Object.fromEntries(KEPT.map((name) => [name, state[name]]));
    const fresh = parse("");
    const { specification } = this.catalog.tasks.find(({ name }) => name === task);
    Object.assign(state, Object.fromEntries(KEPT.map((name) => [name, fresh[name]])), this.kept[task], {
      task: this.kept[task] ? task : specification, at: 0, pinned: false, guess: null,
    });
    this.show();
    this.remember();
  }

  watchButtons() {
    const { source } = this;
    const click = (id, act) => $(id).addEventListener("click", act);
    const zoom = (factor) => () => {
      this.set({ window: zoomed(source.window, factor, this.state.at, source.view.steps) });
    };
    for (const button of document.querySelectorAll("[data-move]")) {
      button.addEventListener("click", () => this.moveTo(this.state.at + Number(button.dataset.move)));
    }
    for (const button of document.querySelectorAll("[data-save]")) {
      button.addEventListener("click", () => save(this, button.dataset.save).catch((error) => problem(error.message)));
    }
    click("play", () => this.play());
    click("zoom-in", zoom(0.6));
    click("zoom-out", zoom(1 / 0.6));
    click("zoom-all", () => this.set({ window: null }));
    click("next-arrow", () => nextArrow(this, source, 1));
    click("previous-arrow", () => nextArrow(this, source, -1));
    click("flip", () => !this.state.guess && this.flip(this.state.at));
    click("mark", () => source.toggleMark());
    click("guess-start", () => source.shownView && startGuess(this));
    click("retry", () => (this.catalog ? this.current.ask({ again: true }) : this.start()));
    click("theme", () => {
      this.set({ theme: { "": "light", light: "dark", dark: "" }[this.state.theme] });
      this.theme();
    });
    $("speed").addEventListener("change", () => this.set({ speed: Number($("speed").value) }));
  }
}

const saved = $("saved");
new App(saved ? JSON.parse(saved.textContent) : null).start();
