// Answers the page's questions away from it, so that it never freezes: one after the other, in their order.

import { answer } from "./answers.js";
import { InputError } from "./errors.js";
import { Kernels } from "./kernels.js";
import { Models } from "./models.js";
import { view } from "./view.js";

const base = new URL("../../", import.meta.url);

async function fetched(path) {
  const response = await fetch(new URL(path, base)).catch(() => null);
  if (response?.ok) return response;
  throw new Error(`${path} could not be fetched. Is this page still served?`);
}

async function start() {
  const [code, catalog] = await Promise.all([fetched("kernels.wasm"), fetched("catalog.json")]);
  return new Models(await Kernels.load(await code.arrayBuffer()), await catalog.json(), base);
}

const WAYS = {
  catalog: async (models) => models.catalog,
  view,
  answer,
  take: async (models, files) => ({ name: models.take(files), catalog: models.catalog }),
};

let models;
let before = Promise.resolve();

async function answered({ id, what, question }) {
  try {
    models ??= start();
    const ready = await models.catch((error) => ((models = undefined), Promise.reject(error)));
    const result = await WAYS[what](ready, question);
    postMessage({ id, result }, result instanceof ArrayBuffer ? [result] : []);
  } catch (error) {
    const inside = !(error instanceof InputError) && error.constructor !== Error;
    postMessage({ id, error: inside ? `failed inside: ${error.name}: ${error.message}` : error.message });
  }
}

onmessage = ({ data }) => (before = before.then(() => answered(data)));
