// A second worker, in which models run while the first is at its own: what it is asked, and whether there is one.

export class Beside {
  // `start` is what the second worker needs: the compiled kernels, the catalog, and where weights are.
  constructor(start) {
    Object.assign(this, { start, waiting: new Map(), number: 0 });
    this.possible = typeof Worker === "function" && navigator.hardwareConcurrency > 1;
  }

  // The logits of a model on inputs (T, I); null where there is no second worker.
  run(name, inputs, steps) {
    if (!this.possible) return null;
    this.worker ??= this.#started();
    const answer = new Promise((done, failed) => this.waiting.set(this.number, { done, failed }));
    this.worker.postMessage({ id: this.number++, name, inputs, steps });
    answer.catch(() => {}); // heard by whoever awaits it, which nobody does where another model fails first
    return answer;
  }

  #started() {
    const worker = new Worker(new URL("second.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data: { id, logits, error } }) => {
      const { done, failed } = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) done({ logits });
      else failed(new Error(error));
    };
    worker.onerror = () => {
      this.possible = false; // the first worker goes on alone
      for (const { done } of this.waiting.values()) done(null);
      this.waiting.clear();
    };
    worker.postMessage(this.start);
    return worker;
  }
}
