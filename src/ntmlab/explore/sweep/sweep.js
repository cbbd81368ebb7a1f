// A sweep's runs and their curves, asked for again every two seconds.

const EVERY_MS = 2000;
const COLOURS = ["#0072b2", "#c97f00", "#00805d", "#b0568a", "#3a93c9", "#6a6a6a", "#8a6d3b", "#1b1d21"];
const SPACE = "http://www.w3.org/2000/svg";
const byId = (id) => document.getElementById(id);
let shown = { runs: [] };
let chosen = null;

function made(parent, kind, attributes, words = "") {
  const element = document.createElementNS(SPACE, kind);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = words;
  parent.append(element);
  return element;
}

const number = (value, digits) => (value === null ? "" : value.toLocaleString("en", { maximumFractionDigits: digits }));

function duration(seconds) {
  if (seconds === null) return "";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function row(run, place) {
  const line = document.createElement("tr");
  line.className = run.state;
  const cells = [run.name, run.state, `${number(run.sequences, 0)} of ${number(run.of, 0)}`, number(run.speed, 0), number(run.bits, 3), number(run.kl, 3), duration(run.left_s), run.attempts || ""];
  for (const words of cells) line.insertCell().textContent = words;
  const mark = made(line.cells[0], "svg", { viewBox: "0 0 12 10", "aria-hidden": "true" });
  made(mark, "path", { d: "M0 5H12", stroke: COLOURS[place % COLOURS.length], "stroke-width": 3 });
  line.cells[0].prepend(mark);
  line.title = run.why;
  line.addEventListener("pointerenter", () => choose(run.name));
  line.addEventListener("pointerleave", () => choose(null));
  return line;
}

function choose(name) {
  chosen = name;
  for (const line of byId("curves").querySelectorAll(".curve")) line.classList.toggle("chosen", line.dataset.name === chosen);
}

// Numbers for an axis: about four, round ones, up to the largest.
function ticks(low, high) {
  const rough = (high - low) / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough);
  const found = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step / 1e6; at += step) found.push(at);
  return found;
}

function drawCurves() {
  const picture = byId("curves");
  const column = Number(byId("cost").value);
  const { width, height } = picture.getBoundingClientRect();
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  picture.replaceChildren();
  const curves = shown.runs.map((run) => run.curve.filter((point) => point[column] !== null));
  const points = curves.flat();
  if (!points.length) {
    made(picture, "text", { x: width / 2, y: height / 2, "text-anchor": "middle" }, "No run has been validated yet");
    return;
  }
  const most = Math.max(...points.map((point) => point[0]));
  const low = Math.min(0, ...points.map((point) => point[column]));
  const high = Math.max(...points.map((point) => point[column]));
  const [left, top, right, bottom] = [48, 8, width - 30, height - 22];
  const x = (sequences) => left + ((right - left) * sequences) / most;
  const y = (cost) => bottom - ((bottom - top) * (cost - low)) / (high - low || 1);
  for (const at of ticks(low, high)) {
    made(picture, "path", { class: "rule", d: `M${left} ${y(at)}H${right}` });
    made(picture, "text", { x: left - 6, y: y(at) + 4, "text-anchor": "end" }, number(at, 3));
  }
  for (const at of ticks(0, most).filter((each, place) => width > 600 || place % 2 === 0)) {
    made(picture, "text", { x: x(at), y: height - 4, "text-anchor": "middle" }, number(at, 0));
  }
  curves.forEach((curve, place) => {
    if (!curve.length) return;
    const d = `M${curve.map((point) => `${x(point[0]).toFixed(1)} ${y(point[column]).toFixed(1)}`).join("L")}`;
    const line = made(picture, "path", { class: "curve", d, stroke: COLOURS[place % COLOURS.length] });
    line.dataset.name = shown.runs[place].name;
    made(line, "title", {}, shown.runs[place].name);
  });
  choose(chosen);
}

function summary(runs) {
  const count = (state) => runs.filter((run) => run.state === state).length;
  const words = [`${count("finished")} of ${runs.length} finished`, `${count("under way")} under way`];
  if (count("failed")) words.push(`${count("failed")} failed`);
  return words.join(", ");
}

function draw() {
  byId("name").textContent = `sweep ${shown.sweep}`;
  byId("summary").textContent = summary(shown.runs);
  byId("runs").replaceChildren(...shown.runs.map(row));
  drawCurves();
  document.body.dataset.drawn = String(Number(document.body.dataset.drawn || 0) + 1);
}

function complain(words) {
  byId("problem").hidden = !words;
  byId("problem").textContent = words;
}

async function ask() {
  try {
    const answer = await fetch("api/sweep");
    const told = await answer.json();
    if (answer.ok) {
      const fresh = JSON.stringify(told) !== JSON.stringify(shown);
      shown = told;
      if (fresh) draw();
    }
    complain(answer.ok ? "" : told.error);
  } catch {
    complain("The server does not answer; what stands here is old.");
  }
  setTimeout(ask, EVERY_MS);
}

byId("cost").addEventListener("change", drawCurves);
addEventListener("resize", drawCurves);
ask();
