// Questions to the predictors: one under way at a time, the newest waits, older ones are dropped.

import { $, waiting } from "./dom.js";

const SLOW = 150; // ms until progress is shown

export class Asker {
  // `ask(question)` gives a promise, `answered(answer)` is called with the newest answer, `late()` where
  // one takes its time, fails, or waits for the one before it.
  constructor(ask, answered, late = () => {}) {
    this.ask = ask;
    this.answered = answered;
    this.late = late;
    this.last = "";
    this.next = null;
    this.busy = false;
  }

  // Asks unless the question is the one asked last; returns whether an answer will come.
  want(question, { again = false } = {}) {
    const text = JSON.stringify(question);
    if (text === this.last && !again) return false;
    this.last = text;
    this.next = question;
    if (this.busy) this.late();
    else this.#run();
    return true;
  }

  async #run() {
    this.busy = true;
    const slow = setTimeout(() => {
      $("progress").hidden = false;
      this.late();
    }, SLOW);
    while (this.next !== null) {
      const question = this.next;
      this.next = null;
      try {
        const answer = await this.ask(question);
        if (this.next !== null) continue;
        problem("");
        this.answered(answer);
      } catch (error) {
        if (this.next !== null) continue;
        problem(error.message);
        this.late();
        this.last = "";
        if (!(error instanceof Error) || error.name === "TypeError") console.error(error);
      }
    }
    clearTimeout(slow);
    $("progress").hidden = true;
    this.busy = false;
  }
}

export function problem(words) {
  if (!words && $("problem").hidden) return;
  if (words) waiting("");
  $("problem").hidden = !words;
  $("problem").firstElementChild.textContent = words;
}
