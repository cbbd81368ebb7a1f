// A task with options in one text, name:key=value,key=value, as the command line takes it. Values
// stay texts; the server says what they may be.

// The task's name, one of the known ones, and its options; a word without a key is its variant. Where the text is no
// specification, what is `wrong` with it, as Python says it, and no options.
export function split(text, known) {
  const task = known.find(({ name }) => text === name || text.startsWith(`${name}:`));
  if (!task) return null;
  const { name, variant } = task;
  const options = {};
  const wrong = (why) => ({ name, options: {}, wrong: `task ${why}` });
  const given = text.slice(name.length + 1);
  let word;
  for (const part of given ? given.split(",") : []) {
    const [, key, value] = /^(\w+)=(.+)$/.exec(part) ?? [];
    if (part && !part.includes("=") && word === undefined) word = part;
    else if (!key) return wrong(`${text}: options are key=value between commas, not '${part}'`);
    else if (key in options) return wrong(`${text}: ${key} is given twice`);
    else options[key] = value;
  }
  if (word === undefined) return { name, options };
  if (!variant) return wrong(`${name} has no variants such as '${word}'; give key=value; a file of your own must be called otherwise than ${name}.py`);
  if (variant in options) return wrong(`${text}: ${variant} is given twice`);
  return { name, options: { [variant]: word, ...options } };
}

export function joined({ name, variant }, options) {
  const plain = (key, value) => key === variant && !String(value).includes("=");
  const parts = Object.entries(options).map(([key, value]) => (plain(key, value) ? value : `${key}=${value}`));
  return parts.length ? `${name}:${parts.join(",")}` : name;
}
