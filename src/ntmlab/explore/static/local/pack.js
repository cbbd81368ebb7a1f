// An answer in one piece, as pack.py makes it and `unpack` reads it.

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
