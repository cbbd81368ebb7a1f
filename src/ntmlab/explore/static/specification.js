// A task with options in one text, name:key=value,key=value, as the command line takes it. Values
// stay texts; the server says what they may be.

// The task's name, one of the known ones, and its options; a word without a key is its variant.
export function split(text, known) {
  const name = known.find(({ name }) => text === name || text.startsWith(`${name}:`));
  if (!name) return null;
  const options = {};
  for (const part of text.slice(name.name.length + 1).split(",").filter(Boolean)) {
    const [, key, value] = /^(?:(\w+)=)?(.+)$/.exec(part) ?? [];
    if (key || name.variant) options[key ?? name.variant] = value;
  }
  return { name: name.name, options };
}

export function joined({ name, variant }, options) {
  const parts = Object.entries(options).map(([key, value]) => (key === variant ? value : `${key}=${value}`));
  return parts.length ? `${name}:${parts.join(",")}` : name;
}
