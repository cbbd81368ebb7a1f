// Questions to the predictors: one under way at a time, the newest waits, older ones are dropped.

import { $, waiting } from "./dom.js";

const SLOW = 150; // ms until progress is shown
const QUICK = 300; // ms; what takes longer is not asked ahead, as it would be in the way of what is asked then
const LOADED = 2000; // ms; as much for the first answer, for which weights are fetched
const NOTHING = { text: "", answer: null };

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
    this.took = Infinity; // ms of the last question that was answered
    this.answers = 0;
    this.ahead = NOTHING;
    this.foreseeing = false;
  }

  // Whether a question is under way.
  get working() {
    return this.busy || this.foreseeing;
  }

  // Whether the answer at hand is that of what was asked last.
  get settled() {
    return !this.busy && this.last !== "";
  }

  // Asks what may well be wanted next, so that its answer is there by then; only where answers come quickly,
  // and one at a time.
  async foresee(question) {
    const text = JSON.stringify(question);
    const slow = this.took > (this.answers > 1 ? QUICK : LOADED);
    if (this.working || slow || text === this.last || text === this.ahead.text) return;
    this.foreseeing = true;
    this.ahead = { text, answer: this.#asked(question) };
    await this.ahead.answer.catch(() => (this.ahead = NOTHING)); // asked anew when it is wanted
    this.foreseeing = false;
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
      const [question, ahead] = [this.next, this.ahead];
      this.next = null;
      this.ahead = NOTHING;
      try {
        const answer = await (ahead.text === this.last ? ahead.answer : this.#asked(question));
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

  async #asked(question) {
    const start = performance.now();
    const answer = await this.ask(question);
    this.took = performance.now() - start;
    this.answers++;
    return answer;
  }
}

export function problem(words) {
  if (!words && $("problem").hidden) return;
  if (words) waiting("");
  $("problem").hidden = !words;
  $("problem").firstElementChild.textContent = words;
}
