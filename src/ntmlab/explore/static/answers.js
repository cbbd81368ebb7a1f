// The tasks with answers: input, target, output and wrong bits, the machine beneath.

import { Asker } from "./asker.js";
import { colours, inkScale, signedScale } from "./colours.js";
import { $, announce, drawn, eachFrame, h, number, waiting } from "./dom.js";
import { fillSnapshot, snapshotSlider } from "./snapshots.js";
import { facts } from "./readout.js";
import { placeCursor } from "./source.js";
import { drawTicks, fitted, frame, label, outline, place, raster, text, widthOf } from "./surface.js";

const ROW = 9;
const TITLE = 17;
const AXIS = 24;

export class Answers {
  constructor(app, machine) {
    this.app = app;
    this.machine = machine;
    this.asker = new Asker((question) => app.predictors.answer(question), (view) => this.take(view));
    this.drawSoon = eachFrame(() => this.draw());
    this.moveSoon = eachFrame(() => this.drawAt());
  }

  get models() {
    return this.app.models;
  }

  get model() {
    const { state, task } = this.app;
    const called = (wanted) => this.models.find(({ name }) => name === wanted);
    return called(state.model) ?? called(task.first[0]);
  }

  // The sizes of the state, where the task has them, else those shown first.
  get sizes() {
    const { state, task } = this.app;
    const chosen = ({ name, least, first, most }) => [name, Math.min(most, Math.max(least, state.sizes[name] ?? first))];
    return Object.fromEntries(task.sizes.map(chosen));
  }

  ask(options) {
    this.#fill();
    const { state } = this.app;
    if (!this.model) return;
    const named = this.model.name in state.snapshots ? `${this.model.name}@${state.snapshots[this.model.name]}` : this.model.name;
    if (!this.asker.want({ task: this.app.task.name, model: named, seed: state.seed, sizes: this.sizes }, options)) this.drawSoon();
  }

  take(view) {
    this.view = view;
    const { state } = this.app;
    if (view.header.task.name !== state.task) return;
    state.at = Math.min(state.at, view.header.steps - 1);
    this.machine.take(view);
    this.app.taken(view);
    this.draw();
    drawn();
  }

  // The form: a model, a seed, and a slider for each size.
  #fill() {
    const { state, task } = this.app;
    const none = !this.model;
    $("answer-none").hidden = !none;
    $("answer-controls").hidden = $("answer-grid").hidden = none;
    if (none) {
      this.machine.take(null);
      waiting("");
      $("progress").hidden = true;
      $("answer-none").textContent = `No model for ${task.name} is here. Give one: ntmlab explore runs/RUN with the folder of a run, or package.module:factory`;
      return;
    }
    const key = JSON.stringify([state.task, this.model.name]);
    if (this.filled !== key) this.#make(key);
    $("answer-model").value = this.model.name;
    $("answer-seed").value = state.seed;
    fillSnapshot(this.app, this.model);
    for (const size of task.sizes) {
      const slider = $(`size-${size.name}`);
      const value = (slider.value = this.sizes[size.name]);
      const trained = this.model.trained?.[size.trained];
      const words = trained ? `${value}${value > trained ? `, beyond the ${trained} of training` : ` of ${trained} in training`}` : `${value}`;
      slider.setAttribute("aria-valuetext", words);
      slider.nextElementSibling.textContent = words;
    }
  }

  #make(key) {
    const { app } = this;
    const { predictors } = app;
    const options = this.models.map(({ name, label, about }) => h("option", { value: name, title: about }, label));
    const disabled = !predictors.live;
    const model = h("select", { id: "answer-model", disabled, onchange: () => app.set({ model: model.value }) }, ...options);
    const seed = h("input", { id: "answer-seed", type: "number", min: 0, step: 1, disabled });
    seed.addEventListener("change", () => seed.reportValidity() && app.set({ seed: Number(seed.value) }));
    const sliders = app.task.sizes.map(({ name, least, most }) => {
      const slider = h("input", { type: "range", id: `size-${name}`, min: least, max: most, step: 1, disabled });
      slider.addEventListener("input", () => app.set({ sizes: { ...app.state.sizes, [name]: Number(slider.value) } }));
      return h("label", { className: "snapshot" }, name[0].toUpperCase() + name.slice(1), slider, h("output"));
    });
    if (this.model.snapshots.length) sliders.push(snapshotSlider(app, this.model));
    const next = h("button", { type: "button", disabled, onclick: () => app.set({ seed: app.state.seed + 1 }) }, "Next seed");
    $("answer-controls").replaceChildren(h("label", {}, "Model ", model), h("label", {}, "Seed ", seed), next, ...sliders);
    this.filled = key;
  }

  get shown() {
    return this.view?.header.steps ?? 0;
  }

  draw() {
    const { state } = this.app;
    if (!this.view || this.view.header.task.name !== state.task) return;
    const theme = colours(state);
    const width = widthOf($("answer-panel"));
    const axis = (this.axis = frame(width, [0, this.view.header.steps], width < 620));
    const panels = answerPanels(this.view, theme);
    drawAnswer(fitted($("answer"), width, panels.height), panels, this.view, axis, theme);
    this.machine.draw(axis, theme, { shown: this.shown, marks: [], changes: [] });
    $("answer-caption").textContent = summary(this.view.header);
    this.drawAt();
  }

  drawAt() {
    if (!this.view || !this.axis) return;
    const { state } = this.app;
    const { header, arrays } = this.view;
    placeCursor(this.axis, state.at);
    const canvas = $("answer");
    const words = stepWords(this.view, state.at);
    canvas.setAttribute("aria-valuemin", 0);
    canvas.setAttribute("aria-valuemax", header.steps - 1);
    canvas.setAttribute("aria-valuenow", state.at);
    canvas.setAttribute("aria-valuetext", Object.entries(words).flat().join(" "));
    if (document.activeElement !== canvas) announce(Object.entries(words).flat().join(" "));
    $("answer-readout").replaceChildren(h("h2", {}, `Step ${state.at}`, state.pinned ? h("span", { className: "pin" }, "held; Esc lets go") : null), facts(Object.entries(words)));
    if (arrays.memory) this.machine.drawAt(state.at, colours(state));
  }
}

function summary(header) {
  const marks = header.markers ? ` and ${header.wrong_marks} end marks` : "";
  const cost = header.cost === null ? "∞" : header.cost.toFixed(3);
  if (!header.deterministic) return `${header.label}: ${cost} bits of cost; what is asked for does not follow from the input.`;
  return `${header.label}: ${header.wrong} of ${header.bits} bits${marks} wrong, ${cost} bits of cost; the optimum costs 0.`;
}

function stepWords({ arrays, header }, step) {
  const row = ({ data, shape }, digits) =>
    Array.from(data.subarray(step * shape[1], (step + 1) * shape[1]), (x) => number(x, Number.isInteger(x) ? 0 : digits)).join(" ");
  if (!arrays.mask.data[step]) return { input: row(arrays.inputs, 2), answer: "not scored here" };
  const wrong = arrays.wrong_bits.data.subarray(step * arrays.targets.shape[1], (step + 1) * arrays.targets.shape[1]);
  const words = { target: row(arrays.targets, 0), output: row(arrays.outputs, 2) };
  return header.deterministic ? { ...words, wrong: String(wrong.reduce((sum, x) => sum + x, 0)) } : words;
}

// Panels of channels from top to bottom.
export function answerPanels(view, theme) {
  const ink = inkScale(theme);
  const panels = [];
  let y = 2;
  for (const [key, title, scale] of [
    ["inputs", "Input", signedScale(theme, 1)],
    ["targets", "Target", ink],
    ["outputs", "Output, P(1); a red cross marks a wrong bit", ink],
  ]) {
    const { data, shape } = view.arrays[key];
    const plain = key === "inputs" && data.every((x) => x >= 0 && x <= 1);
    const offsets = Array.from({ length: shape[1] }, (_, i) => i);
    const shown = plain || key !== "inputs" ? title : `${title}, orange −1, blue 1`;
    panels.push({ key, title: shown, data, stride: shape[1], offsets, scale: plain ? ink : scale, top: y + TITLE, height: ROW * shape[1] });
    y += TITLE + ROW * shape[1] + 7;
  }
  panels.height = y + AXIS;
  return panels;
}

export function drawAnswer(surface, panels, view, axis, theme) {
  const { mask, wrong_bits: wrong } = view.arrays;
  const steps = view.header.steps;
  const ratio = window.devicePixelRatio || 1;
  for (const panel of panels) {
    const width = axis.right - axis.left;
    text(surface, panel.title, axis.left, panel.top - 9, { size: 12, colour: theme.ink });
    place(surface, raster(panel, [0, steps], width * ratio, panel.scale), axis.left, panel.top, width, panel.height);
    if (panel.key !== "inputs") hideUnscored(surface, panel, mask.data, axis, theme);
    outline(surface, axis.left, panel.top, width, panel.height, theme.line);
    label(surface, `${panel.offsets.length} channels`, axis.left - 8, panel.top + 8, axis.left - 12, theme.quiet, 11);
  }
  const { top } = panels.at(-1);
  const channels = wrong.shape[1];
  surface.strokeStyle = theme.red;
  surface.lineWidth = 1.5;
  for (let i = 0; i < wrong.data.length; i++) {
    if (!wrong.data[i]) continue;
    const [x, y] = [axis.x(Math.floor(i / channels) + 0.5), top + ((i % channels) + 0.5) * ROW];
    const half = Math.min(3.5, Math.max(1.5, axis.step / 2));
    surface.beginPath();
    surface.moveTo(x - half, y - half);
    surface.lineTo(x + half, y + half);
    surface.moveTo(x - half, y + half);
    surface.lineTo(x + half, y - half);
    surface.stroke();
  }
  drawTicks(surface, axis, panels.height - AXIS + 1, theme);
}

// Steps that are not scored are left blank.
function hideUnscored(surface, panel, mask, axis, theme) {
  surface.fillStyle = theme.faint;
  for (let t = 0; t < mask.length; t++) {
    if (!mask[t]) surface.fillRect(axis.x(t), panel.top, axis.step + 0.5, panel.height);
  }
}
