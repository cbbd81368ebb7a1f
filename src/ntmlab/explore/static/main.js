// The page: state, predictors and views put together.

import { Answers } from "./answers.js";
import { problem } from "./asker.js";
import { colours, themeName } from "./colours.js";
import { fillControls, watchControls } from "./controls.js";
import { $, h } from "./dom.js";
import { startGuess } from "./guess.js";
import { watchKeys } from "./keys.js";
import { MachinePanel } from "./machinepanel.js";
import { Ngrams } from "./ngrams.js";
import { nextArrow, watchMachine, watchOverview, watchStrips, watchTime } from "./pointer.js";
import { SavedPredictors, ServerPredictors } from "./predictors.js";
import { save } from "./save.js";
import { format, parse } from "./state.js";
import { forgetWidths } from "./surface.js";
import { following, zoomed } from "./window.js";

const URL_DELAY = 250; // ms; browsers bear only so many changes of the URL
const NGRAMS = "dynamic-ngrams";

// A line under the head of the page; none for no words.
function note(words) {
  $("note").textContent = words;
  $("note").hidden = !words;
}

class App {
  constructor(saved) {
    this.predictors = saved ? new SavedPredictors(saved) : new ServerPredictors();
    this.state = parse(location.hash.length > 1 || !saved ? location.hash : saved.hash);
    document.body.dataset.live = String(this.predictors.live);
    for (const set of document.querySelectorAll("fieldset[data-live]")) set.disabled = !this.predictors.live;
    if (saved) note("A saved view: the sequence, the predictors and the memory cannot be changed here.");
    this.theme();
  }

  async start() {
    try {
      this.catalog = await this.predictors.catalog();
    } catch (error) {
      problem(error.message);
      return;
    }
    problem("");
    this.machine = new MachinePanel(this);
    this.ngrams = new Ngrams(this, this.machine);
    this.answers = new Answers(this, this.machine);
    this.watch();
    this.show();
  }

  get current() {
    return this.state.task === NGRAMS ? this.ngrams : this.answers;
  }

  // Changes the state; the page, the URL and, where needed, the predictions follow.
  set(patch) {
    Object.assign(this.state, patch);
    this.remember();
    if (Object.keys(patch).every((name) => name === "at")) return this.current.moveSoon();
    this.fill();
    this.current.ask();
  }

  // Shows the state as it is, after a link was opened or the task was changed.
  show() {
    this.tidy();
    if (!location.hash.includes("models=")) this.state.models.push(...this.givenModels());
    const ngrams = this.state.task === NGRAMS;
    $("ngrams").hidden = !ngrams;
    $("answers").hidden = ngrams;
    for (const element of document.querySelectorAll("[data-ngrams]")) element.hidden = !ngrams;
    $(ngrams ? "ngrams-machine-place" : "answers-machine-place").append($("machine-panel"));
    $(ngrams ? "side" : "answer-side").append($("memory-panel"));
    for (const button of $("tasks").children) {
      button.setAttribute("aria-current", String(button.dataset.task === this.state.task));
    }
    this.machine.take(null);
    forgetWidths();
    this.theme();
    this.fill();
    this.current.ask({ again: true });
  }

  // Leaves out what this server does not have.
  tidy() {
    const { state, catalog } = this;
    if (!(state.task in catalog.tasks)) state.task = NGRAMS;
    const known = new Map(catalog.models.map((model) => [model.name, model]));
    const missing = [...state.models, state.model, state.machine].filter((name) => name && !known.has(name));
    if (this.predictors.live) {
      note(missing.length ? `This link names ${[...new Set(missing)].join(", ")}; ntmlab explore was started without.` : "");
    }
    state.models = state.models.filter((name) => known.get(name)?.task === NGRAMS);
    if (!state.models.length) state.models = ["optimal"];
    if (known.get(state.machine)?.kind !== "ntm") state.machine = "";
    for (const [name, number] of Object.entries(state.snapshots)) {
      if (!known.get(name)?.snapshots.includes(number)) delete state.snapshots[name];
    }
  }

  // Models named on the command line are shown unless the URL says otherwise.
  givenModels() {
    const { models } = this.state;
    const given = this.catalog.models.filter(({ given, task, name }) => given && task === NGRAMS && !models.includes(name));
    return this.predictors.live ? given.map(({ name }) => name) : [];
  }

  fill() {
    if (this.state.task === NGRAMS) fillControls(this, this.ngrams.view);
  }

  // An answer has come.
  taken() {
    this.fill();
  }

  remember() {
    clearTimeout(this.remembering);
    this.remembering = setTimeout(() => history.replaceState(null, "", format(this.state)), URL_DELAY);
  }

  theme() {
    document.documentElement.dataset.theme = themeName(this.state);
    const words = { "": "auto", light: "light", dark: "dark" }[this.state.theme];
    $("theme").textContent = `Theme: ${words}`;
    document.documentElement.style.setProperty("--red", colours(this.state).red);
  }

  flip(step) {
    const bits = this.state.bits || this.ngrams.view?.header.bits;
    if (!bits || !this.predictors.live || step >= bits.length) return;
    const flipped = bits[step] === "1" ? "0" : "1";
    this.set({ bits: bits.slice(0, step) + flipped + bits.slice(step + 1), at: step });
  }

  moveTo(step) {
    const at = Math.min(Math.max(0, step), Math.max(0, this.current.shown - 1));
    const { window } = this.state;
    const steps = this.current.view.header.bits?.length;
    const moved = steps && window ? following(window, at, steps) : window;
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
    const { ngrams } = this;
    const axisOf = () => this.current.axis;
    watchControls(this);
    watchStrips(this, ngrams);
    watchOverview(this, ngrams);
    watchMachine(this, axisOf);
    watchKeys(this);
    for (const id of ["strips-panel", "answer-panel", "machine-panel"]) watchTime(this, $(id), axisOf);
    this.watchButtons();
    for (const [task, about] of Object.entries(this.catalog.tasks)) {
      const name = task.replaceAll("-", " ").replace("ngrams", "N-grams");
      const words = name[0].toUpperCase() + name.slice(1);
      $("tasks").append(h("button", { type: "button", title: about, onclick: () => this.open(task) }, words));
      $("tasks").lastChild.dataset.task = task;
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

  open(task) {
    this.state.task = task;
    Object.assign(this.state, { at: 0, pinned: false, guess: null });
    this.remember();
    this.show();
  }

  watchButtons() {
    const { ngrams } = this;
    const click = (id, act) => $(id).addEventListener("click", act);
    const zoom = (factor) => () => {
      const steps = ngrams.view.header.bits.length;
      this.set({ window: zoomed(ngrams.window, factor, this.state.at, steps) });
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
    click("next-arrow", () => nextArrow(this, ngrams, 1));
    click("previous-arrow", () => nextArrow(this, ngrams, -1));
    click("flip", () => !this.state.guess && this.flip(this.state.at));
    click("mark", () => ngrams.toggleMark());
    click("guess-start", () => startGuess(this));
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
