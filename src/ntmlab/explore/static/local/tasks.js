// Tasks as the page asks for them by specification, and what it is told of them; as tasks.py in ntmlab.explore.

import { joined, split } from "../specification.js";
import { InputError } from "./errors.js";
import { makeSource, parseValue, SOURCES } from "./sources.js";
import { unknown } from "./checks.js";

const LARGEST = 1e6; // number that a page may set an option to
const FIELDS = 4; // numbers of a list that get a field each
const USUAL = { length: [1, 10000], letters: [2, 256] };
const REAL = ["prior", "hazard", "split", "x", "a", "biases", "weights"]; // numbers that Python keeps as floats
const RANGES = { "dynamic-ngrams": { order: [1, 17] } };

// The source of a specification from a page; throws InputError for what it may not ask.
export function askedSource(text, catalog, c) {
  const found = split(text, catalog.tasks);
  if (!found || !(found.name in SOURCES)) {
    const known = catalog.tasks.map(({ name }) => name);
    if (found) throw new InputError(`task ${found.name} asks for answers; there is no next symbol to predict`);
    throw unknown("task", text.split(":")[0], known);
  }
  if (found.wrong) throw new InputError(found.wrong);
  const opened = catalog.opened[found.name] ?? {};
  const options = Object.fromEntries(Object.entries(found.options).map(([key, value]) => [key, parseValue(value)]));
  for (const [key, value] of Object.entries(options)) {
    if (JSON.stringify(value) !== JSON.stringify(opened[key])) checkOption(found.name, key, value, c);
  }
  return makeSource(found.name, options, c);
}

function rangeOf(name, option) {
  return RANGES[name]?.[option] ?? USUAL[option];
}

function checkOption(name, option, value, c) {
  if (name === "hmm" && option === "process") {
    if (!c.words.includes(value)) throw unknown(option, value, c.words);
    return;
  }
  const numbers = [value].flat();
  if (!numbers.every((number) => typeof number === "number" && Math.abs(number) <= LARGEST)) {
    throw new InputError(`${option} must be a number of at most 1e+06 here`);
  }
  const [least, most] = rangeOf(name, option) ?? [-Infinity, Infinity];
  if (!(least <= numbers[0] && numbers[0] <= most)) throw new InputError(`${option} must be from ${least} to ${most}`);
}

export function checkSteps(steps, letters, { longest, most }) {
  const bound = Math.min(longest, Math.floor(most / letters));
  if (steps > bound) throw new InputError(`at most ${bound} steps of ${letters} letters are shown, not ${steps}`);
}

// What the page is told of a source in the form that it has now.
export function describe(source, catalog, c) {
  const told = catalog.tasks.find(({ name }) => name === source.name);
  const { defaults } = SOURCES[source.name];
  const plain = (key, value) => key === told.variant && value && !value.includes("=");
  const usual = (key, value) => JSON.stringify(value) === JSON.stringify(usualValue(source, key, defaults));
  const changed = Object.entries(source.options).filter(([key, value]) => plain(key, value) || !usual(key, value));
  const texts = changed.sort((a, b) => Number(b[0] === told.variant) - Number(a[0] === told.variant)).map(([key, value]) => [key, written(key, value)]);
  const named = (plain(told.variant, source.options[told.variant]) ? told : { name: told.name });
  return {
    name: source.name, title: told.title, about: told.about, specification: joined(named, Object.fromEntries(texts)),
    letters: source.letters, variant: told.variant, form: told.form, kind: "symbols",
    options: optionsOf(source, c), contexts: source.context !== undefined,
  };
}

function usualValue(source, key, defaults) {
  if (key === "process") return "mess3";
  return key === "prior" && source.name === "dynamic-ngrams" && source.letters > 2 ? Array(source.letters).fill(0.5) : defaults[key];
}

function written(key, value) {
  if (Array.isArray(value)) return value.map((one) => written(key, one)).join("/");
  return REAL.includes(key) && Number.isInteger(value) ? value.toFixed(1) : String(value);
}

// The options that can be chosen, with their values; the length first.
function optionsOf(source, c) {
  const sizes = source.name === "dynamic-ngrams" ? ["length", "order", "prior", "letters"] : ["length"];
  const hidden = (key) => source.name === "dynamic-ngrams" && key === "letters" && source.letters === 2;
  const keys = [...new Set([...sizes, ...Object.keys(source.options).filter((key) => !hidden(key))])];
  const told = keys.map((key) => option(source.name, key, source.options[key], c)).filter(Boolean);
  return told.sort((a, b) => Number(b.name === "length") - Number(a.name === "length"));
}

function option(name, key, value, c) {
  if (name === "hmm" && key === "process") return { name: key, kind: "word", value, words: c.words };
  if (Array.isArray(value)) {
    if (value.length <= FIELDS) return { name: key, kind: "numbers", value };
    return new Set(value).size === 1 ? option(name, key, value[0], c) : null;
  }
  if (typeof value !== "number") return null;
  const kind = Number.isInteger(value) && !REAL.includes(key) ? "whole" : "number";
  const range = rangeOf(name, key);
  return { name: key, kind, value, ...(range ? { least: range[0], most: range[1] } : {}) };
}
