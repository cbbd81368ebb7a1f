// The models that the page can ask for: exact ones, those beside the page, fetched when first asked, and the user's
// own. As catalog.py.

import { unknown } from "./checks.js";
import { checkCard, modelOf, optionsOf } from "./cards.js";
import { InputError } from "./errors.js";
import { namedFilter } from "./named.js";
import { Runner } from "./runner.js";
import { askedSource } from "./tasks.js";

export const KNOWING = ["oracle", "entropy"]; // the drawn parameters

export class Models {
  // `beside` is a second worker, where there is one.
  constructor(kernels, catalog, base, beside) {
    Object.assign(this, { catalog, base, beside, kept: new Map(), runners: new Map(), own: new Map() });
    this.c = { kernels, processes: catalog.processes, words: catalog.words };
  }

  entry(name) {
    const [base, at] = name.split("@");
    const found = this.catalog.models.find((entry) => entry.name === base);
    if (!found) throw unknown("model", name, this.catalog.models.map((entry) => entry.name));
    if (at === undefined) return found;
    if (!found.snapshots.includes(Number(at))) throw unknown(`snapshot of ${base}`, at, found.snapshots);
    return { ...found, name, label: `${found.label} after ${Number(at).toLocaleString("en")}` };
  }

  source(text) {
    const { tasks, start } = this.catalog;
    return askedSource(text ?? tasks.find(({ name }) => name === start).specification, this.catalog, this.c);
  }

  // The exact predictor of a name for a source.
  exact(name, source) {
    return name === "optimal" ? source.filter() : namedFilter(this.c.kernels, name, source.letters, source.context);
  }

  // Why a model cannot be shown on a source, or null.
  whyNot(name, source) {
    const entry = this.entry(name);
    if (entry.kind === "exact") return this.#whyNotExact(name, source);
    if (entry.task !== source.name) return `model ${name} is for task ${entry.task}, not ${source.name}`;
    const channels = source.letters === 2 ? 1 : source.letters;
    const [inputs, outputs] = entry.sizes;
    if (inputs === channels && outputs === channels) return null;
    return `model ${name} has ${inputs} inputs and ${outputs} outputs, but here are ${channels} and ${channels}`;
  }

  #whyNotExact(name, source) {
    try {
      if (!["optimal", ...KNOWING].includes(name)) this.exact(name, source);
      return null;
    } catch (error) {
      if (error instanceof InputError) return error.message;
      throw error;
    }
  }

  fitting(source) {
    return this.catalog.models.map(({ name }) => name).filter((name) => !this.whyNot(name, source));
  }

  // A model, its weights fetched when it is asked for the first time.
  async loaded(name) {
    if (!this.kept.has(name)) this.kept.set(name, this.#load(name).catch((error) => (this.kept.delete(name), Promise.reject(error))));
    return { model: await this.kept.get(name) };
  }

  async runner(name, changed = false) {
    const { model } = await this.loaded(name);
    const key = `${name} ${changed}`;
    if (!this.runners.has(key)) this.runners.set(key, new Runner(model));
    return this.runners.get(key);
  }

  // What a second worker is to say of some models, {logits} by name; null of one that it cannot.
  elsewhere(names, inputs, steps) {
    const shared = names.filter((name) => this.beside && !this.own.has(name));
    return new Map(shared.map((name) => [name, this.beside.run(name, inputs, steps)]));
  }

  async #load(name) {
    this.entry(name);
    const given = this.own.get(name);
    if (given) return given;
    const file = `models/${encodeURIComponent(name)}`;
    const [card, weights] = await Promise.all([this.#fetch(`${file}.json`), this.#fetch(`${file}.safetensors`)]);
    const told = checkCard(await card.json(), name);
    return modelOf(this.c.kernels, told, await weights.arrayBuffer(), `the weights file of ${name}`);
  }

  async #fetch(path) {
    const response = await fetch(new URL(path, this.base)).catch(() => null);
    if (response?.ok) return response;
    throw new Error(`${path} could not be fetched${response ? ` (${response.status})` : ""}. Is this page still served?`);
  }

  // Takes in a user's own weights file and its card; returns the model's name.
  take({ name: file, card: text, weights }) {
    let card;
    try {
      card = JSON.parse(text);
    } catch {
      throw new InputError(`the card of ${file} is no JSON`);
    }
    checkCard(card, `the card of ${file}`);
    const told = this.catalog.tasks.find((task) => task.name === card.task);
    if (!told) throw new InputError(`the card of ${file} names the task ${card.task}, which this page does not know`);
    const model = modelOf(this.c.kernels, card, weights, file);
    const name = this.#free(file.replace(/\.safetensors$/, "").replace(/[@,\s]/g, "-"));
    const { slots, slot_width: width } = optionsOf(card);
    const about = `${card.model}, ${(card.sequences ?? 0).toLocaleString("en")} sequences, seed ${card.seed ?? "?"}`;
    this.catalog.models.push({
      name, label: name, kind: card.model, task: card.task, about, given: true, snapshots: [], trained: card.task_options ?? {},
      sizes: [model.inputs, model.outputs], ...(card.model === "ntm" ? { slots, width } : {}),
    });
    told.models.push(name);
    this.own.set(name, model);
    return name;
  }

  #free(name) {
    const taken = new Set(this.catalog.models.map((entry) => entry.name));
    for (let number = 2, wanted = name; ; number++) {
      if (!taken.has(wanted)) return wanted;
      wanted = `${name}-${number}`;
    }
  }
}
