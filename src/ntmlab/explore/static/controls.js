// The form of the sequence and the predictors, and the changes to the memory.

import { $, h } from "./dom.js";
import { read, unit, written } from "./letters.js";
import { fillOptions } from "./options.js";
import { fillSnapshot, snapshotSlider } from "./snapshots.js";

export function watchControls(app) {
  const symbols = $("symbols");
  symbols.addEventListener("input", () => typed(app, symbols.value));
  for (const id of ["seed", "arrows"]) $(id).addEventListener("change", () => numberGiven(app, $(id), id));
  const drawn = { symbols: "", window: null };
  $("draw").addEventListener("click", () => app.set(drawn));
  $("draw-next").addEventListener("click", () => app.set({ ...drawn, seed: app.state.seed + 1 }));
  $("context").addEventListener("input", () => {
    if ($("context").checkValidity() && !app.state.guess) app.set({ mark: $("context").value });
  });
  $("rows").addEventListener("change", () => app.set({ rows: $("rows").value }));
  $("machine-name").addEventListener("change", () => app.set({ machine: $("machine-name").value, changes: [] }));
  $("slot").addEventListener("change", () => app.set({ slot: slotGiven("slot") ?? app.state.slot }));
  $("clear-slot").addEventListener("click", () => change(app, "clear", [slotGiven("slot")]));
  $("swap-slots").addEventListener("click", () => change(app, "swap", [slotGiven("slot"), slotGiven("other-slot")]));
  $("freeze").addEventListener("click", () => change(app, "freeze", []));
}

function numberGiven(app, input, field) {
  if (!input.reportValidity() || input.value === "") return;
  const patch = { [field]: Number(input.value) };
  app.set(field === "seed" ? { ...patch, symbols: "", window: null } : patch);
}

// Typed or pasted text replaces the sequence; spaces, commas and line breaks do not count.
function typed(app, text) {
  const { letters } = app;
  const given = read(text, letters);
  const most = Math.min(app.catalog.longest, Math.floor(app.catalog.most / letters));
  let { problem } = given;
  if (given.symbols.length > most) problem = `At most ${most} ${unit(letters)}s; these are ${given.symbols.length}.`;
  $("symbols-problem").textContent = problem;
  $("symbols").setAttribute("aria-invalid", String(Boolean(problem)));
  if (!problem) app.set({ symbols: written(given.symbols, letters), window: null, guess: null });
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

// Puts state and catalog into the form; all but the letters only when something of it has changed.
let filled = "";

export function fillControls(app, view) {
  const { state } = app;
  const symbols = $("symbols");
  if (document.activeElement !== symbols) {
    symbols.value = state.guess ? "" : (state.symbols || view?.header.symbols) ?? "";
    $("symbols-problem").textContent = "";
  }
  $("arrows").disabled = !app.predictors.live;
  symbols.disabled = Boolean(state.guess) || !app.predictors.live;
  const { at, pinned, window, symbols: own, guess, ...rest } = state;
  const key = JSON.stringify([rest, own.length, view?.header.task]);
  if (key === filled) return;
  filled = key;
  $("unit").textContent = app.letters === 2 ? "Bits" : "Letters";
  $("flip").textContent = app.letters === 2 ? "Flip bit" : "Next letter";
  const values = { seed: state.seed, arrows: state.arrows, slot: state.slot, context: state.mark, rows: state.rows, speed: state.speed };
  for (const [id, value] of Object.entries(values)) {
    if (document.activeElement !== $(id)) $(id).value = value;
  }
  fillOptions(app, view);
  fillModels(app);
  fillMachines(app);
  fillChanges(app);
}

// A box for each model of the task, made again only when these are others.
let boxes = "";

function fillModels(app) {
  const { state, fitting, predictors } = app;
  const names = app.models.map(({ name }) => name);
  const key = JSON.stringify([app.task.name, names]);
  if (key !== boxes) makeModels(app);
  boxes = key;
  for (const { name, snapshots } of app.models) {
    const box = $(`model-${name}`);
    box.checked = state.models.includes(name);
    box.disabled = !predictors.live || !(fitting.includes(name) || box.checked);
    box.parentElement.classList.toggle("apart", !fitting.includes(name));
    fillSnapshot(app, { name, snapshots });
  }
}

function makeModels(app) {
  const made = app.models.map(({ name, label, about }) => {
    const box = h("input", { type: "checkbox", id: `model-${name}` });
    box.addEventListener("change", () => chooseModel(app, name, box));
    return h("label", { title: about }, box, ` ${label}`);
  });
  $("models").replaceChildren(...made);
  const runs = app.models.filter((model) => model.snapshots.length);
  $("snapshots").replaceChildren(...runs.map((model) => snapshotSlider(app, model)));
}

function chooseModel(app, name, box) {
  const { models } = app.state;
  const order = app.models.map((model) => model.name);
  const chosen = box.checked ? [...models, name] : models.filter((other) => other !== name);
  if (chosen.length) app.set({ models: chosen.sort((a, b) => order.indexOf(a) - order.indexOf(b)) });
  else box.checked = true;
}

function fillMachines(app) {
  const machines = app.machines.filter(({ name }) => app.fitting.includes(name));
  const select = $("machine-name");
  const options = [h("option", { value: "" }, "none"), ...machines.map(({ name, label }) => h("option", { value: name }, label))];
  const same = [...select.options].map(({ value }) => value).join() === options.map(({ value }) => value).join();
  if (!same) select.replaceChildren(...options);
  select.value = app.machineName;
  select.disabled = !app.predictors.live;
  const machine = machines.find(({ name }) => name === app.machineName);
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
