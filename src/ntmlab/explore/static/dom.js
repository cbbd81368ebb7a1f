// Small helpers for elements.

export const $ = (id) => document.getElementById(id);

// An element with properties and children; texts are never read as HTML.
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// A number with a fixed number of digits; a true minus sign, and words for what is no number.
export function number(value, digits = 3) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return "∞";
  return value.toFixed(digits).replace("-", "−");
}

export function signed(value, digits = 2) {
  if (!Number.isFinite(value)) return number(value);
  return (value >= 0 ? "+" : "") + number(value, digits);
}

// Calls a function at the next frame, once however often it is asked for.
export function eachFrame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

// Lets a person hear of something without seeing it, when it has stood still for a moment.
let pending;
export function announce(words) {
  clearTimeout(pending);
  pending = setTimeout(() => ($("live").textContent = words), 400);
}

// What the page is waiting for until it has something to show; hidden for no words.
export function waiting(words) {
  $("waiting").textContent = words;
  $("waiting").hidden = !words;
}

// Tells, in the page itself, how many answers have been drawn.
export function drawn() {
  waiting("");
  const { dataset } = document.body;
  dataset.drawn = Number(dataset.drawn ?? 0) + 1;
  document.dispatchEvent(new CustomEvent("drawn"));
}
