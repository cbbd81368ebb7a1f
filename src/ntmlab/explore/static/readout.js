// The read-out at the cursor: step, context and its counts, the Beta posterior, each prediction.

import { DASHES } from "./colours.js";
import { contextAt } from "./marks.js";
import { h, number, signed } from "./dom.js";
import { fitted, widthOf } from "./surface.js";

// A row of facts: a name and a value.
export function facts(entries) {
  const list = h("dl", { className: "facts" });
  for (const [name, value] of entries) list.append(h("div", {}, h("dt", {}, name), h("dd", {}, value)));
  return list;
}

// The read-out of a sequence of bits. Its elements are made once for a set of models; moving the
// cursor changes texts only.
export class Readout {
  constructor(place) {
    this.place = place;
    this.made = "";
  }

  show(view, state, sums, theme) {
    const { header, arrays } = view;
    const step = state.at;
    const contextBits = header.order - 1;
    const known = step >= contextBits;
    const [ones, zeros] = [arrays.ones.data[step], arrays.zeros.data[step]];
    const made = JSON.stringify([header.models.map((model) => model.label), header.reference, theme.ink]);
    if (made !== this.made) this.#make(view, theme);
    this.made = made;
    this.title.textContent = `Step ${step}`;
    this.pin.hidden = !state.pinned;
    const context = known ? (contextBits ? contextAt(header.bits, step, contextBits) : "none needed") : "not yet";
    const values = [header.bits[step], context, known ? String(zeros) : "–", known ? String(ones) : "–"];
    this.values.forEach((element, i) => (element.textContent = values[i]));
    this.#rows(view, step, sums);
    const [a, b] = [header.prior[0] + ones, header.prior[1] + zeros];
    this.words.textContent = known ? posteriorWords(a, b) : `The first ${contextBits} bits have no context: fair coins.`;
    this.canvas.hidden = !known;
    this.canvas.setAttribute("aria-label", this.words.textContent);
    if (known) drawPosterior(this.canvas, a, b, view, step, theme);
  }

  #make(view, theme) {
    const list = facts(["bit", "context", "N₀", "N₁"].map((name) => [name, ""]));
    this.values = [...list.querySelectorAll("dd")];
    this.pin = h("span", { className: "pin" }, "held; Esc lets go");
    this.title = h("span");
    this.canvas = h("canvas", { role: "img" });
    this.words = h("figcaption", { className: "quiet" });
    this.rows = view.header.models.map((model, i) => tableRow(model.label, swatch(theme, i)));
    this.place.replaceChildren(
      h("h2", {}, this.title, this.pin),
      list,
      h("table", {}, head(), h("tbody", {}, ...this.rows.map(({ row }) => row))),
      h("figure", { className: "posterior" }, this.canvas, this.words),
    );
  }

  #rows(view, step, sums) {
    const { header, arrays } = view;
    const steps = header.bits.length;
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
  const { header, arrays } = view;
  const steps = header.bits.length;
  const said = header.models.map((m, i) => `${m.label} ${number(arrays.probabilities.data[i * steps + step], 2)}`);
  return `Step ${step}, bit ${header.bits[step]}. Probability of 1: ${said.join(", ")}`;
}

const SVG = "http://www.w3.org/2000/svg";

// A sample of a model's line.
export function swatch(theme, series) {
  const picture = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "line");
  const set = (element, values) => Object.entries(values).forEach(([name, value]) => element.setAttribute(name, value));
  set(picture, { class: "swatch", width: 22, height: 4, "aria-hidden": "true" });
  set(line, { x1: 0, x2: 22, y1: 2, y2: 2, stroke: theme.series[series % theme.series.length], "stroke-width": 2,
    "stroke-dasharray": DASHES[series % DASHES.length].join(" ") });
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

function head() {
  const columns = [
    ["", ""],
    ["P(1)", "Probability given to a 1"],
    ["cost", "Bits that this bit cost"],
    ["KL", "Divergence from the optimum, KL(optimal ‖ model), in bits"],
    ["gap", "Bits above the optimum up to this step"],
  ];
  return h("thead", {}, h("tr", {}, ...columns.map(([words, title]) => h("th", { scope: "col", title }, words))));
}

// The posterior of P(1) after this context: Beta(a + N1, b + N0).
function posteriorWords(a, b) {
  const mean = a / (a + b);
  const sd = Math.sqrt((mean * (1 - mean)) / (a + b + 1));
  return `Posterior of P(1) after this context: Beta(${trimmed(a)}, ${trimmed(b)}), mean ${number(mean)}, s.d. ${number(sd)}.`;
}

const trimmed = (value) => String(Number(value.toFixed(3)));

function drawPosterior(canvas, a, b, view, step, theme) {
  const width = widthOf(canvas.closest("section")) - 28;
  const [top, base] = [4, 62];
  const surface = fitted(canvas, width, 92);
  const x = (p) => 4 + p * (width - 8);
  const logs = Array.from({ length: 199 }, (_, i) => {
    const p = (i + 1) / 200;
    return [p, (a - 1) * Math.log(p) + (b - 1) * Math.log(1 - p)];
  });
  const most = Math.max(...logs.map(([, log]) => log));
  surface.fillStyle = theme.faint;
  surface.strokeStyle = theme.ink;
  surface.lineWidth = 1.5;
  surface.beginPath();
  for (const [p, log] of logs) surface.lineTo(x(p), base - Math.exp(log - most) * (base - top));
  surface.stroke();
  surface.lineTo(x(1), base);
  surface.lineTo(x(0), base);
  surface.fill();
  surface.fillStyle = theme.line;
  surface.fillRect(x(0), base, x(1) - x(0), 1);
  const { header, arrays } = view;
  header.models.forEach((model, i) => {
    surface.strokeStyle = theme.series[i % theme.series.length];
    surface.setLineDash(DASHES[i % DASHES.length].map((part) => part / 2));
    surface.lineWidth = 2;
    const at = x(arrays.probabilities.data[i * header.bits.length + step]);
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
