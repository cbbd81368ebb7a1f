// What a symbol is: from logits to probabilities, cost and divergence, in float64. Legend: T time, O outputs.

// Logits beyond this are cut, so that no bit is certain.
const LIMIT = 36;
const FINITE = 1e300;

// Probabilities (T, O) of logits: of a 1 each, or of each letter where a step is one of several.
export function probabilities(logits, letters) {
  const wrong = logits.findIndex(Number.isNaN);
  if (wrong >= 0) throw new Error("a model returned logits that are not numbers");
  return letters > 2 ? letterwise(logits, letters) : Float64Array.from(logits, (x) => 1 / (1 + Math.exp(-Math.min(LIMIT, Math.max(-LIMIT, x)))));
}

function letterwise(logits, letters) {
  const result = new Float64Array(logits.length);
  for (let at = 0; at < logits.length; at += letters) {
    let [most, sum] = [-Infinity, 0];
    const cut = (i) => Math.min(FINITE, Math.max(-FINITE, logits[at + i]));
    for (let i = 0; i < letters; i++) most = Math.max(most, cut(i));
    for (let i = 0; i < letters; i++) sum += result[at + i] = Math.exp(Math.max(cut(i) - most, -LIMIT));
    for (let i = 0; i < letters; i++) result[at + i] /= sum;
  }
  return result;
}

// Of a step, from P of every letter (T, k): cost in bits of those that came, and KL(optimal || model).
export function costs(distribution, symbols, letters) {
  const bits = new Float64Array(symbols.length);
  for (let t = 0; t < bits.length; t++) bits[t] = -Math.log2(given(distribution, t, symbols[t], letters));
  return bits;
}

// The expected cost of each step in bits.
export function entropies(distribution, steps, letters) {
  const bits = new Float64Array(steps);
  for (let t = 0; t < steps; t++) {
    for (let x = 0; x < letters; x++) {
      const p = given(distribution, t, x, letters);
      if (p > 0) bits[t] -= p * Math.log2(p);
    }
  }
  return bits;
}

// P of a letter; of a 0 what P(1) leaves, as everything else takes it.
function given(distribution, t, symbol, letters) {
  return letters === 2 && symbol === 0 ? 1 - distribution[2 * t + 1] : distribution[letters * t + symbol];
}

export function divergences(optimal, model, steps, letters) {
  const result = new Float64Array(steps);
  for (let t = 0; t < steps; t++) {
    let bits = 0;
    for (let x = 0; x < letters; x++) {
      const p = given(optimal, t, x, letters);
      if (p > 0) bits += p * logOf(p, given(model, t, x, letters));
    }
    result[t] = letters > 2 ? Math.max(bits, 0) : bits;
  }
  return result;
}

// log2(p / q); a quotient that no float holds has a logarithm, that of an impossible q has none.
function logOf(p, q) {
  const bits = Math.log2(p / q);
  return bits === Infinity ? Math.log2(p) - Math.log2(q) : bits;
}
