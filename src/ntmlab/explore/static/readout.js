// The read-out at the cursor: step, context and its counts, each prediction, and beneath them the Beta
// posterior of a bit where the task has contexts, or what each letter was given.

import { lineStyle } from "./colours.js";
import { sign, unit } from "./letters.js";
import { contextAt, contextless } from "./marks.js";
import { h, number, signed } from "./dom.js";
import { fitted, text, widthOf } from "./surface.js";

// A row of facts: a name and a value.
export function facts(entries) {
  const list = h("dl", { className: "facts" });
  for (const [name, value] of entries) list.append(h("div", {}, h("dt", {}, name), h("dd", {}, value)));
  return list;
}

// The read-out of a sequence. Its elements are made once for a set of models; moving the
// cursor changes texts only.
export class Readout {
  constructor(place) {
    this.place = place;
    this.made = "";
  }

  show(view, state, sums, theme) {
    const { header, letters } = view;
    const step = state.at;
    const known = Boolean(header.context_names) && step >= contextless(view);
    const made = JSON.stringify([header.models.map((model) => model.label), header.reference, letters, Boolean(header.context_names), theme.ink]);
    if (made !== this.made) this.#make(view, theme);
    this.made = made;
    this.title.textContent = `Step ${step}`;
    this.pin.hidden = !state.pinned;
    const values = [sign(view.symbols[step], letters), ...(header.context_names ? contextFacts(view, step, known) : [])];
    this.values.forEach((element, i) => (element.textContent = values[i]));
    this.#rows(view, step, sums);
    this.#figure(view, step, known, theme);
  }

  // The posterior of a bit, or what each of several letters was given.
  #figure(view, step, known, theme) {
    const { header, letters } = view;
    this.words.textContent = header.context_names ? posteriorWords(view, step, known) : "";
    const bits = letters === 2;
    this.figure.hidden = bits && !header.context_names;
    this.canvas.hidden = bits && !(known && header.prior);
    this.canvas.setAttribute("aria-label", bits ? this.words.textContent : "Probability of each letter");
    if (this.canvas.hidden || this.figure.hidden) return;
    if (bits) drawPosterior(this.canvas, ...posterior(view, step).toReversed(), view, step, theme);
    else drawLetters(this.canvas, view, step, known, theme);
  }

  #make(view, theme) {
    const { header, letters } = view;
    const counts = letters === 2 ? ["N₀", "N₁"] : ["seen"];
    const names = [unit(letters), ...(header.context_names ? ["context", ...counts] : [])];
    const list = facts(names.map((name) => [name, ""]));
    this.values = [...list.querySelectorAll("dd")];
    this.pin = h("span", { className: "pin" }, "held; Esc lets go");
    this.title = h("span");
    this.canvas = h("canvas", { role: "img" });
    this.words = h("figcaption", { className: "quiet" });
    this.figure = h("figure", { className: "posterior" }, this.canvas, this.words);
    this.rows = header.models.map((model, i) => tableRow(model.label, swatch(theme, i)));
    this.place.replaceChildren(
      h("h2", {}, this.title, this.pin),
      list,
      h("table", {}, head(letters), h("tbody", {}, ...this.rows.map(({ row }) => row))),
      this.figure,
    );
  }

  #rows(view, step, sums) {
    const { header, arrays, steps } = view;
    const best = header.models.findIndex((model) => model.name === header.reference);
    this.rows.forEach(({ bar, cells }, i) => {
      const at = i * steps + step;
      const probability = arrays.probabilities.data[at];
      bar.style.width = `${probability * 100}%`;
      const compared = best >= 0 && i !== best;
      cells[0].textContent = number(probability);
      cells[1].textContent = number(arrays.costs.data[at], 2);
      cells[2].textContent = compared ? number(arrays.divergences.data[at], 2) : "–";
      cells[3].textContent = compared ? signed(sums[i][step] - sums[best][step]) : "–";
    });
  }
}

// In words, for screen readers.
export function spoken(view, step) {
  const { header, arrays, steps, letters } = view;
  const said = header.models.map((m, i) => `${m.label} ${number(arrays.probabilities.data[i * steps + step], 2)}`);
  const came = sign(view.symbols[step], letters);
  return `Step ${step}, ${unit(letters)} ${came}. Probability of ${letters === 2 ? 1 : came}: ${said.join(", ")}`;
}

const SVG = "http://www.w3.org/2000/svg";

// A sample of a model's line.
export function swatch(theme, series) {
  const picture = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "line");
  const set = (element, values) => Object.entries(values).forEach(([name, value]) => element.setAttribute(name, value));
  set(picture, { class: "swatch", width: 22, height: 4, "aria-hidden": "true" });
  const { colour, dash } = lineStyle(theme, series);
  set(line, { x1: 0, x2: 22, y1: 2, y2: 2, stroke: colour, "stroke-width": 2, "stroke-dasharray": dash.join(" ") });
  picture.append(line);
  return picture;
}

function tableRow(label, sample) {
  const bar = h("span");
  const cells = Array.from({ length: 4 }, () => h("span"));
  const first = h("td", { className: "p" }, h("span", { className: "bar" }, bar), cells[0]);
  const row = h("tr", {}, h("th", { scope: "row" }, sample, label), first, ...cells.slice(1).map((cell) => h("td", {}, cell)));
  return { row, bar, cells };
}

function head(letters) {
  const columns = [
    ["", ""],
    letters === 2 ? ["P(1)", "Probability given to a 1"] : ["P", "Probability given to the letter that came"],
    ["cost", `Bits that this ${unit(letters)} cost`],
    ["KL", "Divergence from the optimum, KL(optimal ‖ model), in bits"],
    ["gap", "Bits above the optimum up to this step"],
  ];
  return h("thead", {}, h("tr", {}, ...columns.map(([words, title]) => h("th", { scope: "col", title }, words))));
}

// The context at a step, and how often each bit, or any letter, came after it before.
function contextFacts(view, step, known) {
  const counts = countsAt(view, step);
  const shown = view.letters === 2 ? counts : [counts.reduce((sum, count) => sum + count, 0)];
  const context = known ? contextAt(view, step) || "none needed" : "not yet";
  return [context, ...shown.map((count) => (known ? String(count) : "–"))];
}

function countsAt({ arrays, letters }, step) {
  return Array.from(arrays.counts.data.subarray(step * letters, (step + 1) * letters));
}

// The parameters of the posterior of the letters' probabilities: what the prior has, and the counts.
function posterior(view, step) {
  return countsAt(view, step).map((count, letter) => count + view.header.prior[letter]);
}

// The posterior after this context: of P(1) Beta(a + N1, b + N0).
function posteriorWords(view, step, known) {
  const { header, letters } = view;
  if (!known) {
    const coins = letters === 2 ? "fair coins" : "every letter alike";
    return `The first ${contextless(view)} ${unit(letters)}s have no context: ${coins}.`;
  }
  if (!header.prior) return "";
  const parameters = posterior(view, step);
  if (letters > 2) return letters > 12 ? "" : `Posterior after this context: Dirichlet(${parameters.map(trimmed).join(", ")}).`;
  const [b, a] = parameters;
  const mean = a / (a + b);
  const sd = Math.sqrt((mean * (1 - mean)) / (a + b + 1));
  return `Posterior of P(1) after this context: Beta(${trimmed(a)}, ${trimmed(b)}), mean ${number(mean)}, s.d. ${number(sd)}.`;
}

const trimmed = (value) => String(Number(value.toFixed(3)));

const SHARES = Float64Array.from({ length: 199 }, (_, i) => (i + 1) / 200);
const LOGS = SHARES.map(Math.log);

function drawPosterior(canvas, a, b, view, step, theme) {
  const width = widthOf(canvas.closest("section")) - 28;
  const [top, base] = [4, 62];
  const surface = fitted(canvas, width, 92);
  const x = (p) => 4 + p * (width - 8);
  const logs = SHARES.map((_, i) => (a - 1) * LOGS[i] + (b - 1) * LOGS.at(-1 - i));
  const most = logs.reduce((one, other) => Math.max(one, other));
  surface.fillStyle = theme.faint;
  surface.strokeStyle = theme.ink;
  surface.lineWidth = 1.5;
  surface.beginPath();
  logs.forEach((log, i) => surface.lineTo(x(SHARES[i]), base - Math.exp(log - most) * (base - top)));
  surface.stroke();
  surface.lineTo(x(1), base);
  surface.lineTo(x(0), base);
  surface.fill();
  surface.fillStyle = theme.line;
  surface.fillRect(x(0), base, x(1) - x(0), 1);
  const { header, arrays } = view;
  header.models.forEach((model, i) => {
    const { colour, dash } = lineStyle(theme, i);
    surface.strokeStyle = colour;
    surface.setLineDash(dash.map((part) => part / 2));
    surface.lineWidth = 2;
    const at = x(arrays.probabilities.data[i * view.steps + step]);
    surface.beginPath();
    surface.moveTo(at, base - 8);
    surface.lineTo(at, base + 8);
    surface.stroke();
  });
  surface.setLineDash([]);
  surface.fillStyle = theme.quiet;
  surface.font = "11px system-ui, sans-serif";
  surface.textBaseline = "top";
  for (const [p, align] of [[0, "left"], [0.5, "center"], [1, "right"]]) {
    surface.textAlign = align;
    surface.fillText(String(p), x(p), base + 13);
  }
}

const BAR = 4; // pixels of a model's bar

// What each model gave to each letter: a group of bars a letter, the one that came in bold, with its
// count after this context.
function drawLetters(canvas, view, step, known, theme) {
  const { header, arrays, letters, steps, symbols } = view;
  const width = widthOf(canvas.closest("section")) - 28;
  const group = Math.max(16, header.models.length * (BAR + 1) + 6);
  const surface = fitted(canvas, width, letters * group + 4);
  const counts = known ? countsAt(view, step) : null;
  const [left, right] = [24, counts ? width - 34 : width - 4];
  for (let letter = 0; letter < letters; letter++) {
    const middle = (letter + 0.5) * group + 2;
    const came = symbols[step] === letter;
    text(surface, sign(letter, letters), 14, middle, { size: 12, colour: theme.ink, align: "right", weight: came ? "bold" : "" });
    if (counts) text(surface, `× ${counts[letter]}`, width - 4, middle, { size: 11, colour: theme.quiet, align: "right" });
    surface.fillStyle = came ? theme.line : theme.faint;
    surface.fillRect(left, middle - group / 2 + 1, right - left, group - 2);
    header.models.forEach((_, i) => {
      const p = arrays.distributions.data[(i * steps + step) * letters + letter];
      surface.fillStyle = lineStyle(theme, i).colour;
      const y = middle - (header.models.length * (BAR + 1)) / 2 + i * (BAR + 1);
      surface.fillRect(left, y, Math.max(1, p * (right - left)), BAR);
    });
  }
}
