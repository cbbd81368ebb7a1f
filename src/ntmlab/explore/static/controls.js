// The form of the sequence and the predictors, and the changes to the memory.

import { $, h } from "./dom.js";
import { fillSnapshot, snapshotSlider } from "./snapshots.js";

const LONGEST = 10000;

export function watchControls(app) {
  makeModels(app);
  const runs = ngramModels(app).filter((model) => model.snapshots.length);
  $("snapshots").replaceChildren(...runs.map((model) => snapshotSlider(app, model)));
  const bits = $("bits");
  bits.addEventListener("input", () => typed(app, bits.value));
  for (const [id, field] of [["seed", "seed"], ["length", "length"], ["order", "order"], ["arrows", "arrows"]]) {
    $(id).addEventListener("change", () => numberGiven(app, $(id), field));
  }
  for (const [id, place] of [["prior-a", 0], ["prior-b", 1]]) {
    $(id).addEventListener("change", () => {
      const value = Number($(id).value);
      if (!$(id).reportValidity() || !value) return;
      app.set({ prior: app.state.prior.map((old, i) => (i === place ? value : old)) });
    });
  }
  $("draw").addEventListener("click", () => app.set({ bits: "", window: null }));
  $("draw-next").addEventListener("click", () => app.set({ bits: "", window: null, seed: app.state.seed + 1 }));
  $("context").addEventListener("input", () => {
    if ($("context").checkValidity() && !app.state.guess) app.set({ mark: $("context").value });
  });
  $("machine-name").addEventListener("change", () => app.set({ machine: $("machine-name").value, changes: [] }));
  $("slot").addEventListener("change", () => app.set({ slot: slotGiven("slot") ?? app.state.slot }));
  $("clear-slot").addEventListener("click", () => change(app, "clear", [slotGiven("slot")]));
  $("swap-slots").addEventListener("click", () => change(app, "swap", [slotGiven("slot"), slotGiven("other-slot")]));
  $("freeze").addEventListener("click", () => change(app, "freeze", []));
}

function numberGiven(app, input, field) {
  if (!input.reportValidity() || input.value === "") return;
  const patch = { [field]: Number(input.value) };
  if (field === "seed" || field === "length") Object.assign(patch, { bits: "", window: null });
  if (field === "order") patch.mark = "";
  app.set(patch);
}

// Typed or pasted text replaces the sequence; spaces, commas and line breaks do not count.
function typed(app, text) {
  const bits = text.replace(/[\s,;_]+/g, "");
  const wrong = /[^01]/.exec(bits);
  let problem = "";
  if (wrong) problem = `“${wrong[0]}” is neither 0 nor 1.`;
  else if (!bits) problem = "Give at least one bit.";
  else if (bits.length > LONGEST) problem = `At most ${LONGEST} bits; these are ${bits.length}.`;
  $("bits-problem").textContent = problem;
  $("bits").setAttribute("aria-invalid", String(Boolean(problem)));
  if (!problem) app.set({ bits, window: null, guess: null });
}

function slotGiven(id) {
  const input = $(id);
  return input.value !== "" && input.reportValidity() ? Number(input.value) : undefined;
}

function change(app, kind, slots) {
  if (slots.includes(undefined)) return;
  const { changes, at } = app.state;
  app.set({ changes: [...changes, { kind, step: at, slots }].slice(-32) });
}

// Puts state and catalog into the form; all but the bits only when something of it has changed.
let filled = "";

export function fillControls(app, view) {
  const { state } = app;
  const bits = $("bits");
  if (document.activeElement !== bits) bits.value = state.guess ? "" : (state.bits || view?.header.bits) ?? "";
  if (document.activeElement !== bits) $("bits-problem").textContent = "";
  $("arrows").disabled = !app.predictors.live;
  bits.disabled = Boolean(state.guess) || !app.predictors.live;
  const { at, pinned, window, bits: own, guess, ...rest } = state;
  const key = JSON.stringify([rest, own.length]);
  if (key === filled) return;
  filled = key;
  const values = { seed: state.seed, length: state.bits ? state.bits.length : state.length, order: state.order,
    arrows: state.arrows, "prior-a": state.prior[0], "prior-b": state.prior[1], slot: state.slot, context: state.mark };
  for (const [id, value] of Object.entries(values)) {
    if (document.activeElement !== $(id)) $(id).value = value;
  }
  fillChoices(app);
  fillMachines(app);
  fillChanges(app);
}

const ngramModels = (app) => app.catalog.models.filter((model) => model.task === "dynamic-ngrams");

function makeModels(app) {
  const boxes = ngramModels(app).map(({ name, label, about }) => {
    const box = h("input", { type: "checkbox", id: `model-${name}` });
    box.addEventListener("change", () => chooseModel(app, name, box));
    return h("label", { title: about }, box, ` ${label}`);
  });
  $("models").replaceChildren(...boxes);
}

function chooseModel(app, name, box) {
  const { models } = app.state;
  const order = ngramModels(app).map((model) => model.name);
  const chosen = box.checked ? [...models, name] : models.filter((other) => other !== name);
  if (chosen.length) app.set({ models: chosen.sort((a, b) => order.indexOf(a) - order.indexOf(b)) });
  else box.checked = true;
}

function fillChoices(app) {
  const { state } = app;
  for (const { name, snapshots } of ngramModels(app)) {
    const box = $(`model-${name}`);
    box.checked = state.models.includes(name);
    box.disabled = !app.predictors.live;
    fillSnapshot(app, { name, snapshots });
  }
}

function fillMachines(app) {
  const machines = ngramModels(app).filter((model) => model.kind === "ntm");
  const select = $("machine-name");
  const options = [h("option", { value: "" }, "none"), ...machines.map(({ name, label }) => h("option", { value: name }, label))];
  if (select.options.length !== options.length) select.replaceChildren(...options);
  select.value = app.state.machine;
  select.disabled = !app.predictors.live;
  const machine = machines.find(({ name }) => name === app.state.machine);
  for (const id of ["slot", "other-slot"]) $(id).max = (machine?.slots ?? 1) - 1;
}

function fillChanges(app) {
  const { state } = app;
  const rows = state.changes.map((change, i) => {
    const words = { clear: "Slot {} cleared", swap: "Slots {} swapped", freeze: "Writes frozen" }[change.kind];
    const text = `${words.replace("{}", change.slots.join(" and "))} at step ${change.step}`;
    const remove = h(
      "button",
      { type: "button", ariaLabel: `Undo: ${text}`, disabled: !app.predictors.live,
        onclick: () => app.set({ changes: state.changes.filter((_, k) => k !== i) }) },
      "×",
    );
    return h("li", {}, text, " ", remove);
  });
  $("changes").replaceChildren(...rows);
}
