// The fields of a task's options, as the server tells of them.

import { $, h } from "./dom.js";

let made = "";

// Puts values into the fields, which are made again when the options are others.
export function fillOptions(app, view) {
  const told = app.options;
  const shapes = told.map(({ value, ...rest }) => [rest, Array.isArray(value) ? value.length : 1]);
  const key = JSON.stringify([app.task.name, shapes]);
  if (key !== made) $("options").replaceChildren(...told.map((option) => field(app, option)));
  made = key;
  const own = app.state.symbols && view ? view.steps : undefined;
  for (const option of told) {
    const text = option.name === "length" && own !== undefined ? String(own) : app.option(option.name);
    const parts = option.kind === "numbers" ? text.split("/") : [text];
    parts.forEach((part, i) => {
      const input = $(idOf(option, i));
      if (input && document.activeElement !== input) input.value = part;
    });
  }
}

const idOf = ({ name, kind }, i) => (kind === "numbers" ? `option-${name}-${i}` : `option-${name}`);

function field(app, option) {
  const words = option.name.replaceAll("_", " ");
  const title = words.length > 1 ? words[0].toUpperCase() + words.slice(1) : words;
  if (option.kind !== "numbers") return h("label", {}, `${title} `, input(app, option, 0, title));
  const [first, ...others] = option.value.map((_, i) => input(app, option, i, `${title} ${i + 1}`));
  return h("span", { className: "group" }, h("label", {}, `${title} `, first), ...others);
}

function input(app, option, i, name) {
  const { kind, least, most } = option;
  const id = idOf(option, i);
  const given = () => optionGiven(app, option, $(id));
  if (kind === "word") {
    return h("select", { id, onchange: given }, ...option.words.map((word) => h("option", { value: word }, word)));
  }
  const made = h("input", { id, type: "number", step: kind === "whole" ? "1" : "any", ariaLabel: name, onchange: given });
  if (least !== undefined) [made.min, made.max] = [least, most];
  if (kind === "numbers") made.dataset.list = "";
  else if (most < 100) made.dataset.small = "";
  return made;
}

function optionGiven(app, { name, kind, value }, field) {
  if (!field.value || !field.reportValidity()) return;
  const text = kind === "numbers" ? value.map((_, i) => $(`option-${name}-${i}`).value).join("/") : field.value;
  const patch = { options: { ...app.state.options, [name]: text }, mark: "" };
  if (name === "length") Object.assign(patch, { symbols: "", window: null, mark: app.state.mark });
  if (app.task.form.includes(name)) {
    // Another alphabet or process: what depends on it stands as it does at first.
    const kept = app.options.filter((one) => ["whole", "word"].includes(one.kind)).map((one) => one.name);
    patch.options = Object.fromEntries(Object.entries(patch.options).filter(([key]) => kept.includes(key)));
    Object.assign(patch, { symbols: "", window: null, changes: [], guess: null });
  }
  app.set(patch);
}
