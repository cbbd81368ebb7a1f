// The strips: input and predictions under each other, red arrows where a model departs from the
// optimum, the recurrences of a marked context.

import { inkScale, lineStyle } from "./colours.js";
import { sign } from "./letters.js";
import { arrow, drawTicks, label, outline, place, raster, text } from "./surface.js";

const ROW = 26;
const GAP = 7;
const ARROW_ROOM = 20;
const AXIS = 24;
const HEAD = 14; // room for marks above the input
const LETTER = [9, 3]; // pixels of a letter's row, at most and at least
const TALLEST = 110; // of all letters' rows together, where they can be lower

// Rows from top to bottom: their names, places and values. `said` is what a guessing person said;
// where that is NaN nothing is drawn. `how` is "letters" where each letter has a row within a row.
export function stripRows(view, said, how) {
  const { header, arrays, steps, letters } = view;
  const each = how === "letters" && arrays.distributions;
  const stride = each ? letters : 1;
  const data = each ? arrays.distributions.data : arrays.probabilities.data;
  const input = each ? oneHot(view) : view.greys;
  const rows = [{ name: "input", label: "Input", values: input, arrows: [], room: 0 }];
  if (said) rows.push({ name: "you", label: "You", values: said, arrows: [], room: 0 });
  header.models.forEach((model, i) => {
    const values = data.subarray(i * steps * stride, (i + 1) * steps * stride);
    const room = model.marked ? ARROW_ROOM : 0;
    rows.push({ name: model.name, label: model.label, values, arrows: model.arrows, room, series: i });
  });
  let y = HEAD;
  const lane = Math.max(LETTER[1], Math.min(LETTER[0], TALLEST / letters));
  for (const row of rows) {
    row.stride = stride;
    row.height = each ? Math.max(ROW, Math.round(lane * letters)) : ROW;
    row.top = y;
    y += row.height + GAP + row.room;
  }
  rows.height = y + AXIS;
  rows.letters = letters;
  return rows;
}

// The input as a 1 among zeros.
function oneHot({ symbols, letters, steps }) {
  const values = new Float32Array(steps * letters);
  symbols.forEach((symbol, step) => (values[step * letters + symbol] = 1));
  return values;
}

// Draws the strips up to step `shown` only; returns where arrows stand.
export function drawStrips(surface, rows, axis, theme, { shown, marks, contextLength }) {
  const scale = inkScale(theme);
  const to = Math.min(axis.to, Math.max(axis.from, shown));
  const arrows = [];
  for (const row of rows) {
    drawLabel(surface, row, axis, theme);
    surface.fillStyle = theme.faint;
    surface.fillRect(axis.left, row.top, axis.right - axis.left, row.height);
    if (to > axis.from) drawRow(surface, row, axis, to, scale);
    outline(surface, axis.left, row.top, axis.right - axis.left, row.height, theme.line);
    drawLetters(surface, row, rows.letters, axis, theme);
    for (const step of row.arrows) {
      if (step < axis.from || step >= to) continue;
      const [x, y] = [axis.x(step + 0.5), row.top + row.height + 2];
      arrow(surface, x, y, theme.red);
      arrows.push({ step, x, y, name: row.name, label: row.label });
    }
  }
  if (axis.step >= 6) drawCells(surface, rows, axis, to, theme);
  drawMarks(surface, rows, axis, theme, marks.filter((step) => step < to), contextLength);
  drawTicks(surface, axis, rows.height - AXIS + 1, theme);
  return arrows;
}

function drawLabel(surface, row, axis, theme) {
  const y = row.top + row.height / 2;
  const room = axis.left - 44;
  label(surface, row.label, axis.left - 8, y, axis.left > 90 ? room : axis.left - 14, theme.ink);
  if (row.series === undefined || axis.left < 90) return;
  const { colour, dash } = lineStyle(theme, row.series);
  surface.strokeStyle = colour;
  surface.lineWidth = 2;
  surface.setLineDash(dash);
  surface.beginPath();
  surface.moveTo(12, y);
  surface.lineTo(32, y);
  surface.stroke();
  surface.setLineDash([]);
}

function drawRow(surface, row, axis, to, scale) {
  const width = axis.x(to) - axis.left;
  const ratio = window.devicePixelRatio || 1;
  const source = { data: row.values, stride: row.stride, offsets: Array.from({ length: row.stride }, (_, i) => i) };
  place(surface, raster(source, [axis.from, to], width * ratio, scale), axis.left, row.top, width, row.height);
}

// Which letter each row within a row is of, where there is room for that.
function drawLetters(surface, { top, height, stride }, letters, axis, theme) {
  const lane = height / stride;
  if (stride < 2 || lane < 8) return;
  for (let i = 0; i < stride; i++) {
    text(surface, sign(i, letters), axis.right + 4, top + (i + 0.5) * lane, { size: 9, colour: theme.quiet });
  }
}

// Borders between steps, and the letters where they fit.
function drawCells(surface, rows, axis, to, theme) {
  surface.fillStyle = theme.line;
  for (const row of rows) {
    for (let t = axis.from + 1; t < to; t++) surface.fillRect(axis.x(t) - 0.25, row.top, 0.5, row.height);
  }
  if (axis.step < 9) return;
  const { values, top, stride } = rows[0];
  if (stride > 1) return;
  for (let t = axis.from; t < to; t++) {
    const colour = values[t] > 0.5 ? theme.paper : theme.ink;
    const words = sign(Math.round(values[t] * (rows.letters - 1)), rows.letters);
    text(surface, words, axis.x(t + 0.5), top + ROW / 2, { size: 11, colour, align: "center" });
  }
}

// A marked context: a bar over its letters, and a dashed line through all rows at the step it predicts.
function drawMarks(surface, rows, axis, theme, marks, contextLength) {
  surface.fillStyle = theme.mark;
  surface.strokeStyle = theme.mark;
  surface.lineWidth = 1;
  const bottom = rows.height - AXIS;
  for (const step of marks) {
    if (step < axis.from || step >= axis.to) continue;
    const start = Math.max(axis.from, step - contextLength);
    if (axis.step > 2) surface.fillRect(axis.x(start) + 1, HEAD - 5, axis.x(step) - axis.x(start) - 2, 3);
    const x = axis.x(step + 0.5);
    surface.beginPath();
    surface.moveTo(x - 4, 1);
    surface.lineTo(x + 4, 1);
    surface.lineTo(x, HEAD - 5);
    surface.closePath();
    surface.fill();
    surface.setLineDash([3, 3]);
    surface.beginPath();
    surface.moveTo(x, HEAD);
    surface.lineTo(x, bottom);
    surface.stroke();
    surface.setLineDash([]);
  }
}

// What a point of the strips stands for.
export function hit(rows, axis, arrows, x, y) {
  const near = arrows.find((a) => Math.abs(a.x - x) <= 7 && y >= a.y - 2 && y <= a.y + 18);
  if (near) return { kind: "arrow", ...near };
  if (x < axis.left || x > axis.right) return null;
  const row = rows.find(({ top, height }) => y >= top && y < top + height);
  const letter = row?.stride > 1 ? Math.floor(((y - row.top) / row.height) * row.stride) : undefined;
  return { kind: row?.name === "input" ? "input" : "row", step: axis.at(x), letter };
}

// The whole sequence, small, with the window framed.
export function drawOverview(surface, view, axis, window, shown, theme) {
  const to = Math.min(shown, view.steps);
  surface.fillStyle = theme.faint;
  surface.fillRect(axis.left, 3, axis.right - axis.left, 8);
  if (to > 0) {
    const ratio = globalThis.devicePixelRatio || 1;
    const source = { data: view.greys, stride: 1, offsets: [0] };
    const width = axis.x(to) - axis.left;
    place(surface, raster(source, [0, to], width * ratio, inkScale(theme)), axis.left, 3, width, 8);
  }
  const [x, end] = [axis.x(window[0]), axis.x(window[1])];
  outline(surface, x, 1.5, Math.max(2, end - x), 11, theme.mark, 2);
}
