// Colours for the theme in use, and scales from values to pixels. Safe for the colour-blind: greys,
// blue against orange, and one red that never goes without the shape of an arrow or a cross.

const THEMES = {
  light: {
    paper: "#ffffff", ink: "#1b1d21", quiet: "#5c6168", line: "#c9cbc8", faint: "#eceded",
    red: "#c8102e", mark: "#0068a8", read: [0, 92, 160], write: [200, 104, 0],
    series: ["#1b1d21", "#0072b2", "#c97f00", "#00805d", "#b0568a", "#3a93c9", "#6a6a6a", "#8a6d3b"],
  },
  dark: {
    paper: "#15171b", ink: "#e9e7e2", quiet: "#9ba1a9", line: "#41464e", faint: "#23262c",
    red: "#ff5468", mark: "#62b6f0", read: [110, 190, 255], write: [255, 178, 66],
    series: ["#e9e7e2", "#56b4e9", "#e69f00", "#2fc79c", "#e39ac4", "#8fd0f5", "#a0a0a0", "#c9a86a"],
  },
};

const DASHES = [[], [7, 3], [7, 3, 2, 3], [2, 3], [4, 2, 1, 2, 1, 2], [10, 4], [1, 2]];

const dark = matchMedia("(prefers-color-scheme: dark)"); // asked at every drawing, made once

export function themeName(state) {
  if (state.theme) return state.theme;
  return dark.matches ? "dark" : "light";
}

export function colours(state) {
  return THEMES[themeName(state)];
}

// Colour and dashes of the line so many places on, from 0. Colours come again, with other dashes: no
// two of the first 56 are alike.
export function lineStyle(theme, series) {
  const place = series % theme.series.length;
  const turn = Math.floor(series / theme.series.length);
  return { colour: theme.series[place], dash: DASHES[(Math.max(place - 1, 0) + turn) % DASHES.length] };
}

function rgb(colour) {
  const number = parseInt(colour.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

// A scale is a table of 256 colours for the values from low to high, as pixels; made once.
const made = new Map();

function scale(key, low, high, colourOf) {
  const found = made.get(key);
  if (found) return { low, high, table: found };
  const table = new Uint32Array(256);
  const bytes = new Uint8ClampedArray(table.buffer);
  for (let i = 0; i < 256; i++) {
    const [r, g, b] = colourOf(low + ((high - low) * i) / 255);
    bytes.set([r, g, b, 255], i * 4);
  }
  made.set(key, table);
  return { low, high, table };
}

const mixed = (a, b, part) => [0, 1, 2].map((i) => a[i] + (b[i] - a[i]) * part);

// Ink is 1, paper is 0.
export function inkScale(theme) {
  return scale(`ink ${theme.ink}`, 0, 1, (value) => mixed(rgb(theme.paper), rgb(theme.ink), value));
}

// Small weights stay visible: the colour follows the root of the weight.
export function weightScale(theme, head) {
  return scale(`${head} ${theme.ink}`, 0, 1, (value) => mixed(rgb(theme.paper), theme[head], Math.sqrt(value)));
}

// Orange below 0, blue above, paper at 0.
export function signedScale(theme, limit = 1) {
  const paper = rgb(theme.paper);
  return scale(`signed ${theme.ink}`, -limit, limit, (value) =>
    value < 0 ? mixed(paper, theme.write, -value / limit) : mixed(paper, theme.read, value / limit),
  );
}
