// The part of a canvas context that the page draws with, written as SVG.

const escaped = (words) => words.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const rounded = (value) => String(Math.round(value * 100) / 100);
const BASELINES = { middle: "central", top: "text-before-edge" };
const ANCHORS = { left: "start", center: "middle", right: "end" };

export class SvgSurface {
  constructor(width, height, background) {
    this.head = `<svg xmlns="http://www.w3.org/2000/svg" width="${rounded(width)}" height="${rounded(height)}" viewBox="0 0 ${rounded(width)} ${rounded(height)}">`;
    this.parts = [`<rect width="100%" height="100%" fill="${background}"/>`];
    this.fillStyle = this.strokeStyle = "#000";
    this.lineWidth = 1;
    this.dash = [];
    this.path = "";
    this.measuring = document.createElement("canvas").getContext("2d");
    this.up = 0;
  }

  // Moves all that follows downwards.
  shift(y) {
    this.up += y;
  }

  setLineDash(dash) {
    this.dash = dash;
  }

  measureText(words) {
    this.measuring.font = this.font;
    return this.measuring.measureText(words);
  }

  fillRect(x, y, width, height) {
    this.#add(`<rect ${this.#box(x, y, width, height)} fill="${this.fillStyle}"/>`);
  }

  strokeRect(x, y, width, height) {
    this.#add(`<rect ${this.#box(x, y, width, height)} fill="none" ${this.#line()}/>`);
  }

  fillText(words, x, y) {
    const [, weight, size] = /^(?:(\w+) )?([\d.]+)px/.exec(this.font);
    const bold = weight ? ` font-weight="${weight}"` : "";
    this.#add(
      `<text x="${rounded(x)}" y="${rounded(y + this.up)}" font-family="system-ui, DejaVu Sans, sans-serif" font-size="${size}"${bold}` +
        ` text-anchor="${ANCHORS[this.textAlign] ?? "start"}" dominant-baseline="${BASELINES[this.textBaseline] ?? "auto"}" fill="${this.fillStyle}">${escaped(words)}</text>`,
    );
  }

  beginPath() {
    this.path = "";
  }

  moveTo(x, y) {
    this.path += `M${rounded(x)} ${rounded(y + this.up)}`;
  }

  lineTo(x, y) {
    this.path += `${this.path ? "L" : "M"}${rounded(x)} ${rounded(y + this.up)}`;
  }

  closePath() {
    this.path += "Z";
  }

  stroke() {
    this.#add(`<path d="${this.path}" fill="none" ${this.#line()}/>`);
  }

  fill() {
    this.#add(`<path d="${this.path}" fill="${this.fillStyle}"/>`);
  }

  image(url, x, y, width, height) {
    this.#add(`<image href="${url}" ${this.#box(x, y, width, height)} preserveAspectRatio="none" style="image-rendering:pixelated"/>`);
  }

  toString() {
    return `${this.head}\n${this.parts.join("\n")}\n</svg>\n`;
  }

  #add(part) {
    this.parts.push(part);
  }

  #box(x, y, width, height) {
    return `x="${rounded(x)}" y="${rounded(y + this.up)}" width="${rounded(width)}" height="${rounded(height)}"`;
  }

  #line() {
    const dash = this.dash.length ? ` stroke-dasharray="${this.dash.join(" ")}"` : "";
    return `stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}"${dash}`;
  }
}
