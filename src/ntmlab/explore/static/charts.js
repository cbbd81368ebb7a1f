// Cost and gap so far, drawn by uPlot on the axis of the strips.

import { lineStyle } from "./colours.js";

// Sums of each row of an array (models x steps) up to and including each step, counted from a step.
export function summed(data, rows, steps, from = 0) {
  return Array.from({ length: rows }, (_, row) => {
    const sums = new Float64Array(steps);
    let sum = 0;
    for (let t = from; t < steps; t++) sums[t] = sum += data[row * steps + t];
    return sums;
  });
}

// The lines of both charts: label, series number, sums by step.
export function costLines(view, said, from) {
  const { header, arrays, steps } = view;
  const sums = summed(arrays.costs.data, header.models.length, steps, from);
  const lines = header.models.map((model, i) => ({ label: model.label, name: model.name, series: i, sums: sums[i] }));
  if (said) lines.push({ label: "You", name: "you", series: header.models.length, sums: saidSums(view.symbols, said) });
  return lines;
}

function saidSums(symbols, said) {
  let sum = 0;
  return Float64Array.from(symbols, (symbol, t) => {
    sum += Number.isNaN(said[t]) ? 0 : -Math.log2(symbol ? said[t] : 1 - said[t]);
    return sum;
  });
}

export function gapLines(lines, reference) {
  const best = lines.find((line) => line.name === reference);
  if (!best) return [];
  return lines
    .filter((line) => line !== best)
    .map((line) => ({ ...line, sums: line.sums.map((sum, t) => sum - best.sums[t]) }));
}

// The middle of every step.
function middles(steps) {
  const values = new Float64Array(steps);
  for (let t = 0; t < steps; t++) values[t] = t + 0.5;
  return values;
}

// Sums before step `shown`; null, a gap in the line, for the others and for what is no number.
function upTo(sums, shown) {
  if (shown >= sums.length && Number.isFinite(sums.at(-1))) return sums; // then all before it are finite
  const values = Array(sums.length).fill(null);
  for (let t = 0; t < Math.min(shown, sums.length); t++) if (Number.isFinite(sums[t])) values[t] = sums[t];
  return values;
}

export class Chart {
  constructor(place, title) {
    this.place = place;
    this.title = title;
    this.looks = "";
  }

  // Draws lines on an axis, up to step `shown`.
  draw(lines, axis, theme, shown) {
    const looks = JSON.stringify([axis.left, axis.width, theme.ink, lines.map((l) => [l.label, l.series])]);
    const steps = lines[0]?.sums.length ?? 0;
    const data = [middles(steps), ...lines.map(({ sums }) => upTo(sums, shown))];
    this.axis = axis;
    this.place.hidden = lines.length === 0;
    if (!lines.length) return;
    if (looks !== this.looks) {
      this.plot?.destroy();
      this.place.replaceChildren();
      this.plot = new uPlot(this.#options(lines, axis, theme), data, this.place);
      this.looks = looks;
    } else {
      this.plot.setData(data, false);
    }
    this.plot.setScale("x", { min: axis.from, max: axis.to });
  }

  #options(lines, axis, theme) {
    const font = '11px system-ui, "DejaVu Sans", sans-serif';
    const labelSize = axis.left < 90 ? 18 : 50;
    const grid = { stroke: theme.line, width: 0.5 };
    return {
      width: axis.width,
      height: 118,
      padding: [8, axis.width - axis.right, 8, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false }, y: { range: (plot, low, high) => uPlot.rangeNum(low, high, 0.08, true) } },
      axes: [
        { show: false },
        {
          size: axis.left - labelSize, labelSize, labelGap: 0, labelFont: font, font, label: this.title,
          stroke: theme.quiet, grid, ticks: { ...grid, size: 4 }, space: 24,
        },
      ],
      series: [
        {},
        ...lines.map(({ label, series }) => {
          const { colour, dash } = lineStyle(theme, series);
          return { label, stroke: colour, dash, width: 1.6, points: { show: false } };
        }),
      ],
    };
  }
}

// The same lines for a picture, without uPlot.
export function drawLines(surface, lines, axis, theme, shown, top, height, title, text) {
  const to = Math.min(axis.to, shown);
  let [low, high] = [0, 0];
  for (const { sums } of lines) {
    for (let t = axis.from; t < to; t++) {
      if (!Number.isFinite(sums[t])) continue;
      low = t === axis.from && low === 0 ? sums[t] : Math.min(low, sums[t]);
      high = Math.max(high, sums[t]);
    }
  }
  const y = (value) => top + height - ((value - low) / (high - low || 1)) * height;
  text(surface, title, axis.left, top - 8, { size: 11, colour: theme.quiet });
  for (const value of [low, high]) {
    text(surface, value.toFixed(1), axis.left - 6, y(value), { size: 10, colour: theme.quiet, align: "right" });
  }
  surface.strokeStyle = theme.line;
  surface.lineWidth = 1;
  surface.strokeRect(axis.left, top, axis.right - axis.left, height);
  for (const { sums, series } of lines) {
    const { colour, dash } = lineStyle(theme, series);
    surface.strokeStyle = colour;
    surface.setLineDash(dash);
    surface.lineWidth = 1.5;
    surface.beginPath();
    for (let t = axis.from; t < to; t++) {
      if (t === axis.from) surface.moveTo(axis.x(t + 0.5), y(sums[t]));
      else surface.lineTo(axis.x(t + 0.5), y(sums[t]));
    }
    surface.stroke();
  }
  surface.setLineDash([]);
}
