// Saving: the picture (PNG, SVG), the data (JSON), the whole view as one HTML file.

import { answerPanels, drawAnswer } from "./answers.js";
import { drawLines, gapLines } from "./charts.js";
import { colours, themeName } from "./colours.js";
import { $ } from "./dom.js";
import { nextGuess } from "./guess.js";
import { drawMachine, machinePanels, shownSlots } from "./machine.js";
import { pack } from "./pack.js";
import { encoded } from "./predictors.js";
import { drawStrips } from "./strips.js";
import { text } from "./surface.js";
import { SvgSurface } from "./svg.js";

const CHART = 90;
const SHARP = 2; // pixels of a PNG to one of the page

export async function save(app, kind) {
  $("save-menu").open = false;
  if (!app.current.asker.settled) throw new Error("What is shown is not yet what was asked for: save once it is.");
  const name = `ntmlab-${app.state.task.replace(/[^\w-]+/g, "-")}`;
  if (kind === "json") return offer(JSON.stringify(data(app), null, 1), "application/json", `${name}.json`);
  if (kind === "html") return offer(await wholePage(app), "text/html", `${name}.html`);
  const { height, draw } = picture(app);
  const { width } = app.current.axis;
  if (kind === "svg") {
    const surface = new SvgSurface(width, height, colours(app.state).paper);
    draw(surface, (y) => surface.shift(y));
    return offer(surface.toString(), "image/svg+xml", `${name}.svg`);
  }
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * SHARP, height * SHARP];
  const surface = canvas.getContext("2d");
  surface.scale(SHARP, SHARP);
  surface.fillStyle = colours(app.state).paper;
  surface.fillRect(0, 0, width, height);
  draw(surface, (y) => surface.translate(0, y));
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  return offer(blob, "image/png", `${name}.png`);
}

// What the page shows of time, one panel under the other; `draw` gets a surface and a way down.
function picture(app) {
  const { state, current } = app;
  const { view, axis } = current;
  const theme = colours(state);
  const parts = app.task.kind === "symbols" ? stripParts(app, view, axis, theme) : answerParts(app, view, axis, theme);
  const height = parts.reduce((sum, part) => sum + part.height, 0) + 24;
  const draw = (surface, down) => {
    for (const part of parts) {
      part.draw(surface);
      down(part.height);
    }
    const link = `ntmlab explore ${app.link()}`;
    text(surface, link.length > 150 ? `${link.slice(0, 149)}…` : link, axis.left, 10, { size: 10, colour: theme.quiet });
  };
  return { height, draw };
}

function stripParts(app, view, axis, theme) {
  const { current } = app;
  const options = { ...current.drawing, lag: current.machine.options?.lag };
  const lines = current.lines;
  const chart = (some, title) => ({
    height: CHART + 28,
    draw: (surface) => drawLines(surface, some, axis, theme, options.shown, 20, CHART, title, text),
  });
  const gaps = gapLines(lines, view.header.reference);
  return [
    { height: current.rows.height + 6, draw: (surface) => drawStrips(surface, current.rows, axis, theme, options) },
    chart(lines, "Cost so far, bits"),
    ...(gaps.length ? [chart(gaps, "Gap to the optimum so far, bits")] : []),
    ...machineParts(app, view, axis, theme, options),
  ];
}

function answerParts(app, view, axis, theme) {
  const panels = answerPanels(view, theme);
  const options = { shown: view.header.steps, marks: [], changes: [] };
  return [
    { height: panels.height + 6, draw: (surface) => drawAnswer(surface, panels, view, axis, theme) },
    ...machineParts(app, view, axis, theme, options),
  ];
}

function machineParts(app, view, axis, theme, options) {
  if (!view.header.machine) return [];
  const panels = machinePanels(view.arrays, shownSlots(view.arrays, app.state.slots, options.shown), theme, app.state.head);
  return [{ height: panels.height, draw: (surface) => drawMachine(surface, panels, view.arrays, axis, theme, options) }];
}

// The numbers behind the view; arrays as nested lists, what a game hides left out.
function data(app) {
  const { state, current } = app;
  const { header, arrays, symbols } = current.view;
  const steps = symbols?.length ?? header.steps;
  const shown = symbols ? nextGuess(state, steps) : steps;
  const lists = {};
  for (const [name, { data, shape }] of Object.entries(arrays)) lists[name] = nested(data, shape);
  const whole = { url: app.link(), cursor: state.at, ...header, arrays: lists };
  if (header.letters === 2) whole.bits = header.symbols;
  if (arrays.memory) whole.memory_at_cursor = nested(current.machine.replay.at(state.at), arrays.memory.shape.slice(1));
  return shown < steps ? { url: "", note: "a game is under way", guess: state.guess } : whole;
}

function nested(data, shape) {
  if (shape.length === 1) return Array.from(data, (x) => (Number.isFinite(x) ? x : null));
  const size = data.length / shape[0];
  return Array.from({ length: shape[0] }, (_, i) => nested(data.subarray(i * size, (i + 1) * size), shape.slice(1)));
}

async function wholePage(app) {
  const page = await app.predictors.page();
  const saved = {
    hash: app.link({ ...app.state, theme: themeName(app.state) }),
    catalog: app.catalog,
    answered: [encoded(pack(app.current.view.header, app.current.view.arrays))],
  };
  const json = JSON.stringify(saved).replaceAll("<", "\\u003c");
  return page.replace("<!-- saved data -->", () => `<script type="application/json" id="saved">${json}</script>`);
}

function offer(content, type, name) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
