// The one interface between the page and whatever computes predictions.
//
//   catalog()                 {tasks, models, start, arrows, longest}
//   view(question, signal)    {header, arrays} of a sequence of letters
//   answer(question, signal)  {header, arrays} of a task with answers
//   live                      whether questions other than the saved one can be answered
//   take(files)               {names, catalog} with the user's own weights, where it can take them
//
// A question is a plain object; an array is {data: Float32Array, shape}. Errors are thrown with a
// message for people. The third class, without a server, is in local.js.

import { unpack } from "./pack.js";

export class ServerPredictors {
  live = true;
  missing = { models: "ntmlab explore was started without", task: "ntmlab explore was started without" };

  async catalog() {
    return (await this.#fetch("api/catalog")).json();
  }

  view(question, signal) {
    return this.#ask("packed/view", question, signal);
  }

  answer(question, signal) {
    return this.#ask("packed/answer", question, signal);
  }

  async page() {
    return (await this.#fetch("saved.html")).text();
  }

  async #ask(path, question, signal) {
    const response = await this.#fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(question),
      signal,
    });
    return unpack(await response.arrayBuffer());
  }

  async #fetch(path, options) {
    let response;
    try {
      response = await fetch(path, options);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Error("The server does not answer. Is ntmlab explore still running?");
    }
    if (response.ok) return response;
    const told = await response.json().catch(() => ({}));
    throw new Error(told.error ?? `The server answered ${response.status}.`);
  }
}

export class SavedPredictors {
  live = false;

  constructor(saved) {
    this.saved = saved;
    this.answered = saved.answered.map((text) => unpack(decoded(text)));
  }

  async catalog() {
    return this.saved.catalog;
  }

  async view() {
    return this.#kept("probabilities");
  }

  async answer() {
    return this.#kept("outputs");
  }

  #kept(name) {
    const found = this.answered.find(({ arrays }) => name in arrays);
    if (found) return found;
    throw new Error("This view was not saved.");
  }
}

export function encoded(buffer) {
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(text);
}

function decoded(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
}
