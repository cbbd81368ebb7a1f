// Weights files: safetensors, as float32.

import { InputError } from "./errors.js";

const MOST_HEADER = 1 << 24; // bytes

// {name: {shape, data}} of a file's bytes; throws InputError for what is no such file.
export function readTensors(buffer, where) {
  const broken = (why) => new InputError(`${where} is not a readable safetensors file: ${why}`);
  if (buffer.byteLength < 8) throw broken("it is too short");
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  if (length > MOST_HEADER || 8 + length > buffer.byteLength) throw broken("its header is too large");
  let header;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(buffer, 8, length)));
  } catch {
    throw broken("its header is no JSON");
  }
  const found = {};
  for (const [name, told] of Object.entries(header)) {
    if (name !== "__metadata__") found[name] = tensor(buffer, 8 + length, told, (why) => broken(`${name} ${why}`));
  }
  return found;
}

const BYTES = { F32: 4, F16: 2 };

function tensor(buffer, first, told, broken) {
  const { dtype, shape, data_offsets: offsets } = told ?? {};
  if (!(dtype in BYTES)) throw broken(`is of type ${dtype}, not F32 or F16`);
  if (![shape, offsets].every((list) => Array.isArray(list) && list.every(Number.isSafeInteger))) throw broken("has no shape");
  const count = shape.reduce((product, size) => product * size, 1);
  const [from, to] = offsets;
  if (from < 0 || to - from !== count * BYTES[dtype] || first + to > buffer.byteLength) throw broken("lies outside of the file");
  const part = buffer.slice(first + from, first + to);
  return { shape, data: dtype === "F32" ? new Float32Array(part) : Float32Array.from(new Uint16Array(part), half) };
}

// A number of half precision.
function half(bits) {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const size = exponent === 0 ? fraction * 2 ** -24 : exponent < 31 ? (1024 + fraction) * 2 ** (exponent - 25) : fraction ? NaN : Infinity;
  return bits & 0x8000 ? -size : size;
}
