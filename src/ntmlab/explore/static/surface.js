// Drawing on a canvas or into an SVG by the same calls, and on one axis of time for all panels.

// The axis of time: step t fills x(t) .. x(t + 1).
export function frame(width, [from, to], narrow) {
  const left = narrow ? 74 : 118;
  const right = width - 14;
  return {
    width, left, right, from, to,
    step: (right - left) / (to - from),
    x(t) {
      return left + (t - from) * this.step;
    },
    at(x) {
      return Math.min(to - 1, Math.max(from, Math.floor(from + (x - left) / this.step)));
    },
  };
}

// The width of an element, measured once until the page changes its own: asking lays the page out.
const widths = new Map();

export function widthOf(element) {
  if (!widths.has(element)) widths.set(element, element.clientWidth);
  return widths.get(element);
}

export function forgetWidths() {
  widths.clear();
}

// A canvas of a size in CSS pixels, sharp on any screen; returns its context.
export function fitted(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

// Room for pixels, made once for a size: whoever fills it draws it before the next does.
const rooms = new Map();

function scratch(width, height) {
  const size = `${width} ${height}`;
  if (!rooms.has(size)) {
    if (rooms.size > 16) rooms.clear(); // sizes come and go with the window
    rooms.set(size, new ImageData(width, height));
  }
  return rooms.get(size);
}

// Pixels for steps x rows of an array, steps first: a column a step, or a column a pixel where there
// are more steps than pixels. Then "mean" shows their mean and "peak" the one furthest from 0.
// A step's values begin at step * stride; `offsets` says where each row's value is among them.
export function raster({ data, stride, offsets }, [from, to], columns, scale, fold = "mean") {
  const steps = to - from;
  const width = Math.min(steps, Math.max(1, Math.floor(columns)));
  const rows = offsets.length;
  const image = scratch(width, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const { low, table } = scale;
  const factor = 255 / (scale.high - low);
  const folded = new Float32Array(rows); // of a column; steps after each other, as they lie in memory
  for (let column = 0; column < width; column++) {
    const first = from + Math.floor((column * steps) / width);
    const end = Math.max(first + 1, from + Math.floor(((column + 1) * steps) / width));
    for (let row = 0; row < rows; row++) folded[row] = data[first * stride + offsets[row]];
    for (let t = first + 1; t < end; t++) take(folded, data, t * stride, offsets, fold);
    const part = fold === "mean" ? end - first : 1;
    for (let row = 0; row < rows; row++) {
      const place = (folded[row] / part - low) * factor + 0.5;
      pixels[row * width + column] = Number.isNaN(place) ? 0 : table[place < 0 ? 0 : place > 255 ? 255 : place | 0];
    }
  }
  return image;
}

// Takes a step's values into a column's.
function take(folded, data, first, offsets, fold) {
  const rows = folded.length;
  if (fold === "mean") {
    for (let row = 0; row < rows; row++) folded[row] += data[first + offsets[row]];
    return;
  }
  for (let row = 0; row < rows; row++) {
    const here = data[first + offsets[row]];
    if (Math.abs(here) > Math.abs(folded[row])) folded[row] = here;
  }
}

const stage = () => document.createElement("canvas");
let shared;

// Draws pixels into a rectangle, without smoothing.
export function place(surface, image, x, y, width, height) {
  if (surface.image) {
    const own = stage();
    [own.width, own.height] = [image.width, image.height];
    own.getContext("2d").putImageData(image, 0, 0);
    surface.image(own.toDataURL("image/png"), x, y, width, height);
    return;
  }
  shared ??= stage();
  if (shared.width < image.width) shared.width = image.width;
  if (shared.height < image.height) shared.height = image.height;
  shared.getContext("2d").putImageData(image, 0, 0);
  surface.imageSmoothingEnabled = false;
  surface.drawImage(shared, 0, 0, image.width, image.height, x, y, width, height);
}

export function text(surface, words, x, y, { size = 12, colour, align = "left", weight = "" } = {}) {
  surface.font = `${weight} ${size}px system-ui, "DejaVu Sans", sans-serif`.trim();
  surface.textAlign = align;
  surface.textBaseline = "middle";
  if (colour) surface.fillStyle = colour;
  surface.fillText(words, x, y);
}

// A label that ends at `right`: in two lines where one is too long, and cut where these are.
export function label(surface, words, right, y, room, colour, size = 12) {
  const wide = (part) => surface.measureText(part).width > room;
  surface.font = `${size}px system-ui, "DejaVu Sans", sans-serif`;
  const line = (part, at, small) => {
    let shown = part;
    while (wide(shown) && shown.length > 2) shown = `${shown.slice(0, -2).trimEnd()}…`;
    text(surface, shown, right, at, { size: small, colour, align: "right" });
  };
  const breaks = [...words.matchAll(/[ -]/g)].map(({ index }) => index + 1);
  const cut = wide(words) ? breaks.findLast((place) => !wide(words.slice(0, place))) : undefined;
  if (cut === undefined) return line(words, y, size);
  line(words.slice(0, cut).trimEnd(), y - size * 0.48, size - 1);
  line(words.slice(cut), y + size * 0.52, size - 1);
}

// Whole steps at which an axis has ticks, at least `room` pixels apart.
export function ticks(axis, room = 56) {
  const least = room / axis.step;
  const size = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  const every = Math.max(1, [1, 2, 5, 10].map((f) => f * size).find((n) => n >= least) ?? size * 10);
  const found = [];
  for (let t = Math.ceil(axis.from / every) * every; t < axis.to; t += every) found.push(t);
  return found;
}

export function drawTicks(surface, axis, y, theme) {
  surface.fillStyle = theme.quiet;
  for (const t of ticks(axis)) {
    const x = axis.x(t + 0.5);
    surface.fillRect(x - 0.5, y, 1, 4);
    text(surface, String(t), x, y + 11, { size: 11, colour: theme.quiet, align: "center" });
  }
}

// An arrow that points up, its tip at (x, y).
export function arrow(surface, x, y, colour) {
  surface.fillStyle = colour;
  surface.beginPath();
  for (const [dx, dy] of [[0, 0], [4.5, 8], [1.2, 8], [1.2, 16], [-1.2, 16], [-1.2, 8], [-4.5, 8]]) {
    if (dx === 0 && dy === 0) surface.moveTo(x, y);
    else surface.lineTo(x + dx, y + dy);
  }
  surface.closePath();
  surface.fill();
}

export function outline(surface, x, y, width, height, colour, line = 1) {
  surface.strokeStyle = colour;
  surface.lineWidth = line;
  surface.strokeRect(x, y, width, height);
}
