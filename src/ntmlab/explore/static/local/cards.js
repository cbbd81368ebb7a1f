// A weights file and its card: is it ours, undamaged, and of the sizes that the card says?

import { InputError } from "./errors.js";
import { LSTM } from "./lstm.js";
import { NTM } from "./ntm.js";
import { sha256 } from "./digest.js";
import { readTensors } from "./tensors.js";

const FORMAT = "ntmlab-weights-1";
const MODELS = { ntm: { Model: NTM, shapes: ntmShapes, defaults: ntmDefaults() }, lstm: { Model: LSTM, shapes: lstmShapes, defaults: { hidden_size: 128, layers: 3 } } };

function ntmDefaults() {
  return {
    controller: "feedforward", controller_size: 100, controller_layers: 1, activation: "tanh", read_heads: 1, write_heads: 1,
    slots: 128, slot_width: 20, shift_range: 1, output_reads: false, memory_start: "random", memory_scale: 0.1,
  };
}

// A card that was read; throws InputError for what is no card of ours.
export function checkCard(card, where) {
  if (card?.format !== FORMAT) throw new InputError(`${where} is not a card of ntmlab weights (format ${FORMAT})`);
  if (!(card.model in MODELS)) throw new InputError(`${where}: a model of kind ${card.model} needs Python; here are ntm and lstm`);
  if (typeof card.options !== "object" || typeof card.task !== "string") throw new InputError(`${where} names no task or no options`);
  return card;
}

// The options of a card with those that it leaves out.
export function optionsOf(card) {
  return { ...MODELS[card.model].defaults, ...card.options };
}

// The model of a weights file; throws InputError where it is damaged, foreign, or not of its card.
export function modelOf(kernels, card, buffer, where) {
  if (card.sha256 && sha256(buffer) !== card.sha256) {
    throw new InputError(`${where} is damaged, or not the file that its card was written for: its digest is another`);
  }
  const tensors = readTensors(buffer, where);
  const { Model, shapes } = MODELS[card.model];
  const options = optionsOf(card);
  const expected = Object.entries(shapes(options)).filter(([, shape]) => shape.every((size) => size !== 0));
  const names = new Set([...Object.keys(tensors), ...expected.map(([name]) => name)]);
  const wanted = Object.fromEntries(expected);
  for (const name of [...names].sort()) {
    if (String(wanted[name]) !== String(tensors[name]?.shape)) throw new InputError(`${where} does not hold the weights its card names; wrong: ${name}`);
  }
  return new Model(kernels, options, Object.fromEntries(expected.map(([name]) => [name, tensors[name].data])));
}

function ntmShapes(o) {
  const lstm = o.controller === "lstm";
  const { controller_size: C, controller_layers: L, slots: N, slot_width: W, read_heads: R, write_heads: V } = o;
  const [G, K] = [lstm ? 4 * C : C, lstm ? L : 0];
  const address = W + 3 + 2 * o.shift_range + 1;
  const P = R * address + V * (address + 2 * W);
  return {
    input_weights: [G, o.input_size], input_bias: [G], read_weights: [G, R * W], recurrent_weights: [K, G, C],
    layer_weights: [L - 1, G, C], layer_bias: [L - 1, G], head_weights: [P, C], head_bias: [P],
    output_weights: [o.output_size, C + (o.output_reads ? R * W : 0)], output_bias: [o.output_size],
    initial_memory: [o.memory_start === "constant" ? 0 : N, W], initial_reads: [R, W],
    initial_read_weightings: [R, N], initial_write_weightings: [V, N], initial_hidden: [K, C], initial_cell: [K, C],
  };
}

function lstmShapes({ input_size: I, output_size: O, hidden_size: C, layers: L }) {
  return {
    input_weights: [L, 4 * C, I], bias: [L, 4 * C], recurrent_weights: [L, 4 * C, C], layer_weights: [L - 1, 4 * C, C],
    output_weights: [O, L * C], output_bias: [O], initial_hidden: [L, C], initial_cell: [L, C],
  };
}
