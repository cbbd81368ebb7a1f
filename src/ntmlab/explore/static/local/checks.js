// Checks of options: one clear line for a wrong one, in the words of the command line.

import { InputError } from "./errors.js";

export const said = (value) => (typeof value === "string" ? `'${value}'` : Array.isArray(value) ? `[${value.map(said).join(", ")}]` : String(value));
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

export function checkWhole(name, value, least, most) {
  if (Number.isInteger(value) && value >= least && (most === undefined || value <= most)) return value;
  const bound = most === undefined ? `at least ${least}` : `from ${least} to ${most}`;
  throw new InputError(`${name} must be a whole number ${bound}, not ${said(value)}`);
}

export function checkProbability(name, value) {
  if (isNumber(value) && value >= 0 && value <= 1) return value;
  throw new InputError(`${name} must be a probability, between 0 and 1, not ${said(value)}`);
}

// A Dirichlet prior with a number a letter.
export function checkPrior(prior, letters) {
  const list = Array.isArray(prior) ? prior : Array(letters).fill(prior);
  if (!list.every(isNumber)) throw new InputError(`a prior is a number, or one a letter, not ${said(prior)}`);
  if (list.length !== letters) throw new InputError(`a prior has one number, or one for each of ${letters} letters`);
  if (list.every((a) => a >= 1e-300 && a <= 1e300)) return list;
  throw new InputError(`a prior's numbers must be positive and finite (1e-300 to 1e+300), not ${said(prior)}`);
}

const MOST_NUMBERS = 2 ** 17; // in the tables of a sequence

export function checkTable(letters, context, name) {
  if (letters ** (context + 1) <= MOST_NUMBERS) return;
  let most = 0;
  while (letters ** (most + 2) <= MOST_NUMBERS) most++;
  throw new InputError(`${name} must be at most ${most} for ${letters} letters, not ${context}`);
}

export function unknown(what, name, known) {
  return new InputError(`unknown ${what} ${said(name)} (known: ${[...known].sort().join(", ")})`);
}
