// What the server told of its tasks and models, seen from the state of the page.

import { joined, split } from "./specification.js";
import { format } from "./state.js";

export class Told {
  // What the server told of the task shown, and of its form as it is now.
  get task() {
    return this.catalog.tasks.find(({ name }) => name === this.state.task);
  }

  get now() {
    return this.source.shownView?.header.task ?? this.task;
  }

  get options() {
    return this.now.options ?? [];
  }

  get letters() {
    return this.now.letters;
  }

  // The models of the task, and those that fit its form.
  get models() {
    return this.task.models.map((wanted) => this.catalog.models.find(({ name }) => name === wanted));
  }

  get fitting() {
    return this.now.fitting ?? this.task.models;
  }

  get machines() {
    return this.models.filter(({ slots }) => slots !== undefined);
  }

  get machineName() {
    return this.state.machine ?? this.task.machine;
  }

  get specification() {
    return joined(this.task, this.state.options);
  }

  // The value of an option as text: what was chosen, else what the task has.
  option(name) {
    const value = this.state.options[name] ?? this.options.find((option) => option.name === name)?.value;
    return Array.isArray(value) ? value.join("/") : String(value ?? "");
  }

  link(state = this.state) {
    const { length, ...others } = state.options;
    return format(state, joined(this.task, state.symbols ? others : state.options));
  }

  // Leaves out of the state what this server does not have, and fills in what the link does not say;
  // returns the models and the task that the link names and that are not here, and what is wrong with the task.
  tidy() {
    const { state, catalog } = this;
    // A link that names no task means the one that the page opens on, with its options.
    const asked = state.task || catalog.tasks.find(({ name }) => name === catalog.start).specification;
    const found = split(asked, catalog.tasks) ?? { name: catalog.start, options: {} };
    state.task = found.name;
    state.options = this.task.options ? { ...found.options, ...state.options } : {};
    const { models, first } = this.task;
    const known = new Map(catalog.models.map((model) => [model.name, model]));
    const missing = [...state.models, state.model, state.machine].filter((name) => name && !known.has(name));
    state.models = state.models.filter((name) => models.includes(name));
    if (!state.models.length) state.models = this.task.kind === "symbols" ? [...first] : [];
    if (state.machine && !this.machines.some(({ name }) => name === state.machine)) state.machine = "";
    for (const [name, number] of Object.entries(state.snapshots)) {
      if (!known.get(name)?.snapshots.includes(number)) delete state.snapshots[name];
    }
    return { models: [...new Set(missing)], task: asked.startsWith(found.name) ? "" : asked, wrong: found.wrong };
  }
}
