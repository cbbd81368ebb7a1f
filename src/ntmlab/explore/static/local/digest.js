// SHA-256 (FIPS 180-4). Browsers have it under https and on this machine only; a page may come from elsewhere.

const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
const fraction = (x) => Math.floor((x % 1) * 2 ** 32);
const START = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
const ROUNDS = Uint32Array.from(primes, (p) => fraction(Math.cbrt(p)));
const turn = (x, by) => (x >>> by) | (x << (32 - by));

export function sha256(buffer) {
  const size = buffer.byteLength;
  const bytes = new Uint8Array(Math.ceil((size + 9) / 64) * 64);
  bytes.set(new Uint8Array(buffer));
  bytes[size] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(bytes.length - 8, BigInt(size) * 8n);
  const state = Uint32Array.from(START);
  const w = new Int32Array(64);
  for (let at = 0; at < bytes.length; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + 4 * i);
    block(state, w);
  }
  return [...state].map((word) => word.toString(16).padStart(8, "0")).join("");
}

function block(state, w) {
  for (let i = 16; i < 64; i++) {
    const [x, y] = [w[i - 15], w[i - 2]];
    w[i] = w[i - 16] + w[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i] + w[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] += word));
}
