// The state of the page, and the URL that says it. A link is a reproduction.

const DEFAULTS = {
  task: "", // a specification as the URL has it, then its name; empty: what the server opens on
  options: {}, // of the task, as texts
  theme: "",
  symbols: "", // empty: drawn from the seed
  seed: 14,
  models: [], // none: those that the server shows first
  snapshots: {}, // run -> sequences
  machine: null, // the task's own; "" for none
  rows: "came", // or "letters": a row for each letter
  slots: "used",
  head: 0, // the one shown, from 1; 0 for all
  arrows: 2,
  window: null, // [from, to)
  at: 0,
  pinned: false,
  mark: "", // a context
  slot: 0,
  changes: [],
  guess: null, // {from, said: [percent, ...]}
  speed: 8,
  model: "", // of the task with answers
  sizes: {},
};

export function defaults() {
  return structuredClone(DEFAULTS);
}

// Each field's text in the URL, and back. A text that makes no sense gives undefined.
const whole = (least, most) => ({
  write: String,
  read: (text) => {
    const number = Number(text);
    return /^\d+$/.test(text) && number >= least && number <= most ? number : undefined;
  },
});
const word = (pattern) => ({ write: String, read: (text) => (pattern.test(text) ? text : undefined) });
// A name between commas; it may have some of its own, as a model with options has.
const listed = (name) => name.replace(/[%,]/g, encodeURIComponent);
const named = (text) => text.replace(/%2[5C]/g, decodeURIComponent);
const pairs = {
  write: (map) => Object.entries(map).map(([key, value]) => `${listed(key)}:${value}`).join(","),
  read: (text) => {
    const parts = text.split(",").map((part) => /^(.+):(\d+)$/.exec(part));
    return parts.every(Boolean) ? Object.fromEntries(parts.map((p) => [named(p[1]), Number(p[2])])) : undefined;
  },
};

const FIELDS = {
  task: word(/^[\w.:=,/+-]{1,1000}$/),
  theme: word(/^(light|dark)?$/),
  symbols: word(/^[0-9a-z,]{1,40000}$/),
  seed: whole(0, Number.MAX_SAFE_INTEGER),
  models: {
    write: (names) => names.map(listed).join(","),
    read: (text) => [...new Set(text.split(",").filter(Boolean).map(named))],
  },
  snapshots: pairs,
  machine: word(/^.{0,200}$/),
  rows: word(/^(came|letters)$/),
  slots: word(/^(used|all)$/),
  head: whole(0, 1000),
  arrows: whole(0, 20),
  window: {
    write: (window) => window.join(":"),
    read: (text) => {
      const match = /^(\d{1,5}):(\d{1,5})$/.exec(text);
      return match && Number(match[1]) < Number(match[2]) ? [Number(match[1]), Number(match[2])] : undefined;
    },
  },
  at: whole(0, 9999),
  pinned: { write: () => "1", read: (text) => text === "1" },
  mark: word(/^.{1,80}$/),
  slot: whole(0, 1e6),
  changes: {
    write: (changes) => changes.map(({ kind, step, slots }) => [kind, ...slots].join(".") + `@${step}`).join(","),
    read: (text) => {
      const parts = text.split(",").map((part) => /^(clear|swap|freeze)((?:\.\d+)*)@(\d{1,4})$/.exec(part));
      if (!parts.every(Boolean)) return undefined;
      return parts.map(([, kind, slots, step]) => ({
        kind, step: Number(step), slots: slots.split(".").slice(1).map(Number),
      }));
    },
  },
  guess: {
    write: ({ from, said }) => `${from}.${said.map((percent) => String(percent).padStart(2, "0")).join("")}`,
    read: (text) => {
      const match = /^(\d{1,4})\.((?:\d\d)*)$/.exec(text);
      if (!match) return undefined;
      const said = (match[2].match(/\d\d/g) ?? []).map(Number).map((p) => Math.min(99, Math.max(1, p)));
      return { from: Number(match[1]), said };
    },
  },
  speed: { write: String, read: (text) => [2, 8, 25].find((speed) => String(speed) === text) }, // those of the form
  model: word(/^.{1,200}$/),
  sizes: pairs,
};

// Older links have these options beside the task, and call the sequence bits.
const OLDER = { length: /^\d+$/, order: /^\d+$/, prior: /^[\d.e-]+,[\d.e-]+$/ };

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export function parse(hash) {
  const state = defaults();
  for (const [given, text] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (OLDER[given]?.test(text)) state.options[given] = text.replace(",", "/");
    const name = given === "bits" ? "symbols" : given;
    const value = FIELDS[name]?.read(text);
    if (value !== undefined) state[name] = value;
  }
  return state;
}

// `task` is the specification of the state's task; which models are shown at first is up to the
// server, so that they are always named.
export function format(state, task) {
  const parts = new URLSearchParams();
  for (const [name, field] of Object.entries(FIELDS)) {
    const value = name === "task" ? task : state[name];
    const shown = name === "symbols" && /^[01]+$/.test(value) ? "bits" : name;
    if (name === "models" || !same(value, DEFAULTS[name])) parts.set(shown, field.write(value));
  }
  if (state.symbols) parts.delete("seed");
  const plain = { "%2C": ",", "%3A": ":", "%40": "@", "%3D": "=", "%2F": "/" };
  return "#" + parts.toString().replace(/%(2C|3A|40|3D|2F)/g, (code) => plain[code]);
}
