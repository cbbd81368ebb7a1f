// The user's own weights: dropped on the page, or chosen; a file and its card together.

import { problem } from "./asker.js";
import { $ } from "./dom.js";

export function watchDrops(app) {
  $("own-weights").hidden = false;
  $("own-choose").addEventListener("click", () => $("own-files").click());
  $("own-files").addEventListener("change", () => take(app, $("own-files").files));
  const over = (taking) => document.body.classList.toggle("taking", taking);
  addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  addEventListener("dragleave", (event) => event.relatedTarget || over(false));
  addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    take(app, event.dataTransfer.files);
  });
}

// Shows the models of some files on their task.
async function take(app, files) {
  try {
    const { names, catalog } = await app.predictors.take(files);
    app.catalog = catalog;
    problem("");
    const { task } = catalog.models.find(({ name }) => name === names.at(-1));
    if (task !== app.state.task) app.open(task);
    const { kind } = app.task;
    const shown = app.state.models.filter((name) => !names.includes(name));
    app.set(kind === "symbols" ? { models: [...shown, ...names] } : { model: names.at(-1) });
  } catch (error) {
    problem(error.message);
  }
}
