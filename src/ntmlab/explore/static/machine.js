// The machine over time: adds, erases, write and read weightings on the axis of the strips.

import { inkScale, signedScale, weightScale } from "./colours.js";
import { slotRead } from "./marks.js";
import { drawTicks, label, outline, place, raster, text } from "./surface.js";

const USED = 0.1; // a slot is used where a weighting reaches this
const TITLE = 17;
const AXIS = 24;
const TALLEST = 330; // pixels of a panel of slots

// The slots to be shown, from top to bottom; used ones are those used before step `shown`.
export function shownSlots(arrays, how, shown) {
  const { read_weightings: reads, write_weightings: writes } = arrays;
  const slots = reads.shape[2];
  if (how === "all") return Array.from({ length: slots }, (_, i) => i);
  const found = new Set();
  const steps = Math.min(shown, reads.shape[0]);
  for (let t = 0; t < steps && found.size < slots; t++) {
    for (const { data, shape } of [reads, writes]) {
      const size = shape[1] * slots;
      const first = t * size;
      for (let i = first; i < first + size; i++) if (data[i] >= USED) found.add((i - first) % slots);
    }
  }
  return found.size ? [...found] : [0];
}

// Panels from top to bottom with their places; of one head, counted from 1, or of all, then lower.
export function machinePanels(arrays, slots, theme, chosen = 0) {
  const panels = [];
  const add = (title, key, head, rows, scale, unit, low, high) => {
    const { data, shape } = arrays[key];
    const stride = shape[1] * shape[2];
    const offsets = rows.map((row) => head * shape[2] + row);
    const heads = shape[1] > 1 ? ` ${head + 1}` : "";
    panels.push({ title: `${title}${heads}`, key, head, rows, data, stride, offsets, scale, unit, low, high });
  };
  const each = (key, draw) => {
    const heads = arrays[key].shape[1];
    if (chosen) draw(Math.min(chosen, heads) - 1);
    else for (let head = 0; head < heads; head++) draw(head);
  };
  const parts = Array.from({ length: arrays.adds.shape[2] }, (_, i) => i);
  each("adds", (h) => add("Adds", "adds", h, parts, signedScale(theme), "component", "orange −1", "blue 1"));
  each("erases", (h) => add("Erases", "erases", h, parts, inkScale(theme), "component", "paper 0", "ink 1"));
  const weight = (title, key, head) => (h) =>
    add(title, key, h, slots, weightScale(theme, head), "slot", "paper 0", "full colour 1");
  each("write_weightings", weight("Write weightings", "write_weightings", "write"));
  each("read_weightings", weight("Read weightings", "read_weightings", "read"));
  let y = 4;
  for (const panel of panels) {
    const [tall, least] = panel.unit === "slot" ? [TALLEST, 64] : [84, 30];
    const room = Math.max(least, tall / (chosen ? 1 : headsOf(arrays)));
    panel.row = Math.max(1, Math.min(9, room / panel.rows.length));
    panel.top = y + TITLE;
    panel.height = Math.round(panel.row * panel.rows.length);
    y = panel.top + panel.height + 7;
  }
  panels.height = y + AXIS;
  return panels;
}

// Heads of the kind that has more of them.
export function headsOf(arrays) {
  return Math.max(arrays.read_weightings.shape[1], arrays.write_weightings.shape[1]);
}

export function drawMachine(surface, panels, arrays, axis, theme, { shown, marks, changes, lag = 1 }) {
  const to = Math.min(axis.to, Math.max(axis.from, shown));
  const ratio = window.devicePixelRatio || 1;
  const width = axis.right - axis.left;
  for (const panel of panels) {
    const { title, top, height, low, high } = panel;
    text(surface, title, axis.left, top - 9, { size: 12, colour: theme.ink });
    const from = axis.left + surface.measureText(title).width + 10;
    text(surface, `${low}, ${high}`, from, top - 9, { size: 11, colour: theme.quiet });
    surface.fillStyle = theme.paper;
    surface.fillRect(axis.left, top, width, height);
    if (to > axis.from) {
      const shownWidth = axis.x(to) - axis.left;
      const image = raster(panel, [axis.from, to], shownWidth * ratio, panel.scale, "peak");
      place(surface, image, axis.left, top, shownWidth, height);
    }
    outline(surface, axis.left, top, width, height, theme.line);
    drawRowNumbers(surface, panel, axis, theme);
    drawMarked(surface, panel, arrays, axis, theme, marks.filter((step) => step < to), lag);
  }
  drawChanges(surface, panels, axis, theme, changes);
  drawTicks(surface, axis, panels.height - AXIS + 1, theme);
}

function drawRowNumbers(surface, { rows, top, row, unit }, axis, theme) {
  const every = Math.max(1, Math.ceil(11 / row));
  for (let i = 0; i < rows.length; i += every) {
    text(surface, String(rows[i]), axis.left - 6, top + (i + 0.5) * row, { size: 10, colour: theme.quiet, align: "right" });
  }
  if (axis.left > 90) label(surface, unit, axis.left - 34, top + 7, axis.left - 40, theme.quiet, 10);
}

// At each marked step the slot read is boxed, and the same slot where it is written, `lag` later.
function drawMarked(surface, panel, arrays, axis, theme, marks, lag) {
  if (panel.unit !== "slot") return;
  const late = panel.key === "write_weightings" ? lag : 0;
  for (const mark of marks) {
    const step = mark + late;
    if (step < axis.from || step >= axis.to) continue;
    const row = panel.rows.indexOf(slotRead(arrays.read_weightings, mark));
    if (row < 0) continue;
    const size = Math.max(7, axis.step + 2);
    const x = axis.x(step + 0.5) - size / 2;
    outline(surface, x, panel.top + row * panel.row - 1.5, size, panel.row + 3, theme.mark, 1.5);
  }
}

const SIGNS = { clear: "clear", swap: "swap", freeze: "freeze" };

// A dotted line where the memory was changed.
function drawChanges(surface, panels, axis, theme, changes) {
  for (const { kind, step } of changes) {
    if (step < axis.from || step >= axis.to) continue;
    const x = axis.x(step);
    surface.strokeStyle = theme.red;
    surface.lineWidth = 1.5;
    surface.setLineDash([2, 3]);
    surface.beginPath();
    surface.moveTo(x, panels[0].top);
    surface.lineTo(x, panels.height - AXIS);
    surface.stroke();
    surface.setLineDash([]);
    surface.fillStyle = theme.paper;
    surface.fillRect(x - 20, panels[0].top - 16, 40, 14);
    text(surface, SIGNS[kind], x, panels[0].top - 9, { size: 11, colour: theme.red, align: "center" });
  }
}
