// Letters of an alphabet as text, as the command line writes them: 0 to 9, then a to z; beyond 36,
// numbers between commas.

const SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz";

const plain = (letters) => letters <= SIGNS.length;

// One letter, or many in a row.
export function sign(symbol, letters) {
  return plain(letters) ? SIGNS[symbol] : String(symbol);
}

export function written(symbols, letters) {
  return Array.from(symbols, (symbol) => sign(symbol, letters)).join(plain(letters) ? "" : ",");
}

// The letters of a text, or what is wrong with it; spaces and line breaks do not count.
export function read(text, letters) {
  const parts = plain(letters) ? [...text.replace(/[\s,;_]+/g, "").toLowerCase()] : text.split(/[\s,;_]+/).filter(Boolean);
  const number = (part) => (plain(letters) ? SIGNS.indexOf(part) : /^\d{1,3}$/.test(part) ? Number(part) : -1);
  const symbols = parts.map(number);
  const wrong = symbols.findIndex((symbol) => symbol < 0 || symbol >= letters);
  if (wrong < 0) return { symbols, problem: symbols.length ? "" : `Give at least one ${unit(letters)}.` };
  const words = letters === 2 ? "is neither 0 nor 1" : `is none of the letters 0 to ${sign(letters - 1, letters)}`;
  return { symbols: [], problem: `“${parts[wrong]}” ${words}.` };
}

// What a symbol is called.
export function unit(letters) {
  return letters === 2 ? "bit" : "letter";
}
