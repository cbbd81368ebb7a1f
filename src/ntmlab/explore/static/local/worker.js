// Answers the page's questions away from it, so that it never freezes: one after the other, in their order.

import { answer } from "./answers.js";
import { Beside } from "./beside.js";
import { told } from "./errors.js";
import { compiled, Kernels } from "./kernels.js";
import { Models } from "./models.js";
import { view } from "./view.js";

const base = new URL("../../", import.meta.url);

async function fetched(path) {
  const response = await fetch(new URL(path, base)).catch(() => null);
  if (response?.ok) return response;
  throw new Error(`${path} could not be fetched. Is this page still served?`);
}

async function start() {
  const [bytes, listing] = await Promise.all([fetched("kernels.wasm"), fetched("catalog.json")]);
  const [code, catalog] = [await compiled(await bytes.arrayBuffer()), await listing.json()];
  return new Models(await Kernels.load(code), catalog, base.href, new Beside({ code, catalog, base: base.href }));
}

const WAYS = {
  catalog: async (models) => models.catalog,
  view,
  answer,
  take: async (models, files) => ({ name: models.take(files), catalog: models.catalog }),
};

// Makes every array one of float32; returns what is given away and not copied.
function handed(arrays) {
  for (const array of Object.values(arrays)) array.data = array.data instanceof Float32Array ? array.data : Float32Array.from(array.data);
  return Object.values(arrays).map(({ data }) => data.buffer);
}

let models;
let before = Promise.resolve();

async function answered({ id, what, question }) {
  try {
    models ??= start();
    const ready = await models.catch((error) => ((models = undefined), Promise.reject(error)));
    const result = await WAYS[what](ready, question);
    postMessage({ id, result }, handed(result.arrays ?? {}));
  } catch (error) {
    postMessage({ id, error: told(error) });
  }
}

onmessage = ({ data }) => (before = before.then(() => answered(data)));
