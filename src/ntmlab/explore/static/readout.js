// The read-out at the cursor: step, context and its counts, the Beta posterior, each prediction.

import { DASHES } from "./colours.js";
import { contextAt } from "./marks.js";
import { h, number, signed } from "./dom.js";
import { fitted } from "./surface.js";

// A row of facts: a name and a value.
export function facts(entries) {
  const list = h("dl", { className: "facts" });
  for (const [name, value] of entries) list.append(h("div", {}, h("dt", {}, name), h("dd", {}, value)));
  return list;
}

export function readout(place, view, state, sums, theme) {
  const { header, arrays } = view;
  const step = state.at;
  const contextBits = header.order - 1;
  const context = contextAt(header.bits, step, contextBits);
  const [ones, zeros] = [arrays.ones.data[step], arrays.zeros.data[step]];
  const known = step >= contextBits;
  place.replaceChildren(
    h("h2", {}, `Step ${step}`, state.pinned ? h("span", { className: "pin" }, "held; Esc lets go") : null),
    facts([
      ["bit", header.bits[step]],
      ["context", known ? (contextBits ? context : "none needed") : "not yet"],
      ["N₀", known ? String(zeros) : "–"],
      ["N₁", known ? String(ones) : "–"],
    ]),
    table(view, step, sums, theme),
    posterior(view, step, known, theme),
  );
}

// In words, for screen readers.
export function spoken(view, step) {
  const { header, arrays } = view;
  const steps = header.bits.length;
  const said = header.models.map((m, i) => `${m.label} ${number(arrays.probabilities.data[i * steps + step], 2)}`);
  return `Step ${step}, bit ${header.bits[step]}. Probability of 1: ${said.join(", ")}`;
}

export function swatch(theme, series) {
  const canvas = h("canvas", { className: "swatch", width: 44, height: 8, ariaHidden: "true" });
  const context = canvas.getContext("2d");
  context.scale(2, 2);
  context.strokeStyle = theme.series[series % theme.series.length];
  context.lineWidth = 2;
  context.setLineDash(DASHES[series % DASHES.length]);
  context.moveTo(0, 2);
  context.lineTo(22, 2);
  context.stroke();
  return canvas;
}

function table(view, step, sums, theme) {
  const { header, arrays } = view;
  const steps = header.bits.length;
  const best = header.models.findIndex((model) => model.name === header.reference);
  const rows = header.models.map((model, i) => {
    const at = i * steps + step;
    const probability = arrays.probabilities.data[at];
    const bar = h("span", { className: "bar" }, h("span"));
    bar.firstChild.style.width = `${probability * 100}%`;
    const gap = best < 0 || i === best ? "–" : signed(sums[i][step] - sums[best][step]);
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, swatch(theme, i), model.label),
      h("td", { className: "p" }, bar, number(probability)),
      h("td", {}, number(arrays.costs.data[at], 2)),
      h("td", {}, arrays.divergences && i !== best ? number(arrays.divergences.data[at], 2) : "–"),
      h("td", {}, gap),
    );
  });
  const head = [
    ["", ""],
    ["P(1)", "Probability given to a 1"],
    ["cost", "Bits that this bit cost"],
    ["KL", "Divergence from the optimum, KL(optimal ‖ model), in bits"],
    ["gap", "Bits above the optimum up to this step"],
  ];
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, ...head.map(([words, title]) => h("th", { scope: "col", title }, words)))),
    h("tbody", {}, ...rows),
  );
}

// The posterior of P(1) after this context: Beta(a + N1, b + N0), and what each predictor says.
function posterior(view, step, known, theme) {
  const { header, arrays } = view;
  const [a, b] = [header.prior[0] + arrays.ones.data[step], header.prior[1] + arrays.zeros.data[step]];
  const mean = a / (a + b);
  const sd = Math.sqrt((mean * (1 - mean)) / (a + b + 1));
  const words = known
    ? `Posterior of P(1) after this context: Beta(${trimmed(a)}, ${trimmed(b)}), mean ${number(mean)}, s.d. ${number(sd)}.`
    : `The first ${header.order - 1} bits have no context: fair coins.`;
  const figure = h("figure", { className: "posterior" });
  if (known) {
    const canvas = h("canvas", { role: "img", ariaLabel: words });
    figure.append(canvas);
    requestAnimationFrame(() => drawPosterior(canvas, a, b, view, step, theme));
  }
  figure.append(h("figcaption", { className: "quiet" }, words));
  return figure;
}

const trimmed = (value) => String(Number(value.toFixed(3)));

function drawPosterior(canvas, a, b, view, step, theme) {
  const width = canvas.clientWidth || 260;
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
