// Runs models for the worker beside which it stands, one after the other.

import { told } from "./errors.js";
import { Kernels } from "./kernels.js";
import { Models } from "./models.js";

let models;
let before = Promise.resolve();

async function answered({ id, name, inputs, steps }) {
  try {
    const { given } = (await (await models).runner(name)).run(inputs, steps);
    const logits = given.logits.slice();
    postMessage({ id, logits }, [logits.buffer]);
  } catch (error) {
    postMessage({ id, error: told(error) });
  }
}

onmessage = ({ data: { code, catalog, base, ...question } }) => {
  if (code) models = Kernels.load(code).then((kernels) => new Models(kernels, catalog, base));
  else before = before.then(() => answered(question));
};
