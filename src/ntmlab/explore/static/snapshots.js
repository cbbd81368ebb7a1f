// A slider over the snapshots of a run; its last place is the run as it is now.

import { $, h } from "./dom.js";

export function snapshotSlider(app, { name, label, snapshots }) {
  const slider = h("input", { type: "range", id: `snapshot-${name}`, min: 0, max: snapshots.length, step: 1 });
  slider.addEventListener("input", () => {
    const { [name]: _, ...others } = app.state.snapshots;
    const sequences = snapshots[Number(slider.value)];
    const patch = { snapshots: sequences === undefined ? others : { ...others, [name]: sequences } };
    const { models } = app.state;
    if (app.task.kind === "symbols" && !models.includes(name)) patch.models = [...models, name];
    app.set(patch);
  });
  return h("label", { className: "snapshot" }, `${label} in training`, slider, h("output"));
}

// Puts the state into a run's slider, if it has one.
export function fillSnapshot(app, { name, snapshots }) {
  const slider = $(`snapshot-${name}`);
  if (!slider) return;
  const chosen = app.state.snapshots[name];
  const words = chosen === undefined ? "as it is now" : `after ${chosen.toLocaleString("en")} sequences`;
  slider.value = chosen === undefined ? snapshots.length : snapshots.indexOf(chosen);
  slider.disabled = !app.predictors.live;
  slider.setAttribute("aria-valuetext", words);
  slider.nextElementSibling.textContent = words;
}
