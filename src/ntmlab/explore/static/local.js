// Predictions computed in this browser, by a worker: the page without a server.

export class LocalPredictors {
  live = true;
  missing = {
    models: "drop its weights file and its card on this page",
    task: "this page has its own tasks alone, and ntmlab explore --task takes others",
  };

  constructor() {
    this.waiting = new Map();
    this.number = 0;
    const beside = document.querySelector("script[type=module]").src;
    this.worker = new Worker(new URL("local/worker.js", beside), { type: "module" });
    this.worker.onmessage = ({ data: { id, result, error } }) => {
      const { done, failed } = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) done(result);
      else failed(new Error(error));
    };
    this.worker.onerror = () => {
      for (const { failed } of this.waiting.values()) failed(new Error("This browser cannot run the page's worker: it needs modules and WebAssembly."));
      this.waiting.clear();
    };
  }

  catalog() {
    return this.#ask("catalog");
  }

  view(question) {
    return this.#ask("view", question);
  }

  answer(question) {
    return this.#ask("answer", question);
  }

  async page() {
    const response = await fetch("saved.html").catch(() => null);
    if (!response?.ok) throw new Error("saved.html could not be fetched. Is this page still served?");
    return response.text();
  }

  // Takes in weights files and their cards; returns the names of the models and the catalog with them.
  async take(files) {
    const every = [...files];
    const weights = every.filter(({ name }) => name.endsWith(".safetensors"));
    if (!weights.length) throw new Error("Drop a weights file (.safetensors) and its card (.json) together.");
    const told = { names: [], catalog: null };
    for (const file of weights) {
      const beside = file.name.replace(/safetensors$/, "json");
      const card = every.find(({ name }) => name === beside);
      if (!card) throw new Error(`${file.name} comes without its card: drop ${beside} with it.`);
      const question = { name: file.name, card: await card.text(), weights: await file.arrayBuffer() };
      const { name, catalog } = await this.#ask("take", question);
      told.names.push(name);
      told.catalog = catalog;
    }
    return told;
  }

  #ask(what, question) {
    return new Promise((done, failed) => {
      const id = this.number++;
      this.waiting.set(id, { done, failed });
      this.worker.postMessage({ id, what, question });
    });
  }
}
