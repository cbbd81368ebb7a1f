// An answer in one piece, as pack.py makes it: a header in JSON, then arrays of float32.

export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const first = Math.ceil((4 + length) / 4) * 4;
  const arrays = {};
  for (const [name, { shape, offset }] of Object.entries(header.arrays)) {
    const count = shape.reduce((product, size) => product * size, 1);
    arrays[name] = { data: new Float32Array(buffer, first + offset, count), shape };
  }
  delete header.arrays;
  return { header, arrays };
}

export function pack(header, arrays) {
  const places = {};
  let offset = 0;
  for (const [name, { data, shape }] of Object.entries(arrays)) {
    places[name] = { shape, offset };
    offset += 4 * data.length;
  }
  const text = new TextEncoder().encode(JSON.stringify({ ...header, arrays: places }));
  const first = Math.ceil((4 + text.length) / 4) * 4;
  const buffer = new ArrayBuffer(first + offset);
  new DataView(buffer).setUint32(0, text.length, true);
  new Uint8Array(buffer, 4).set(text);
  for (const [name, { data }] of Object.entries(arrays)) {
    new Float32Array(buffer, first + places[name].offset, data.length).set(data);
  }
  return buffer;
}
