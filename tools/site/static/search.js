// Ranks pages by how often they and their sections say what is looked for (BM25), where Sphinx asks for
// every word and gives every page that has them the same; a page's entry leads to the section that says
// most. COUNTS is written by counts.py.

const SATURATION = 1.2; // from how many times on more of a word hardly counts
const LENGTH = 0.5; // how much a long text must say a word more often
const TITLE = 1.5; // what a word in a page's title adds, however often the text says it
const HEADING = 4; // a word in a section's title counts as so many in its text
const TOGETHER = 1; // what the best section counts beside its whole page
const ENOUGH = 0.5; // the part that a page must have of what the fullest one has of the words
const FIRST = 10; // the score of the best page
// Pages that name everything and explain little of it.
const ASIDE = { index: 0.5, genindex: 0.5, "commands/index": 0.8, changelog: 0.4, log: 0.6, trials: 0.8, contributing: 0.8 };
const REFERENCE = 0.7; // and those of api/

// What readers call it where few of these pages do, as stems, and what these pages say for it.
const FEW = 4;
const CALLED = {
  ablat: ["trial", "chang"],
  attent: ["weight", "head"],
  benchmark: ["bench", "fast"],
  crash: ["kill"],
  custom: ["own"],
  dataset: ["data", "file"],
  entropi: ["bit", "cost"],
  epoch: ["sequenc"],
  huggingfac: ["transform"],
  hyperparamet: ["set", "rate"],
  leakag: ["causal", "leak"],
  loss: ["cost", "bit"],
  mac: ["maco"],
  nat: ["bit"],
  plot: ["draw", "pictur", "curv"],
  pretrain: ["ship", "weight"],
  rnn: ["lstm", "gru"],
  wandb: ["tensorboard"],
  zip: ["gzip"],
  visualis: ["draw", "pictur"],
  visual: ["draw", "pictur"],
};

// British here, elsewhere American: color, gray, visualiz.
const SPELLED = [["or", "our"], ["ay", "ey"], ["iz", "is"], ["is", "iz"], ["ens", "enc"]];

// Names of the Python reference: one that is what was typed stands first, one that has it in it later.
Object.assign(Scorer, { objNameMatch: 11, objPartialMatch: 3, objPrio: { 0: 0, 1: 0, 2: 0 } });
stopwords.delete("own"); // counted: see KEPT in counts.py

// The counted words that a word of the query stands for: itself; with it, where it is rare, what it is
// called here or how it is spelled; or, where there is none of them, those that it is a part of.
function meant(word) {
  const known = Object.hasOwn(COUNTS.words, word);
  if (known && COUNTS.words[word].length / 2 >= FEW) return [word];
  const spelled = SPELLED.map(([from, to]) => word.replace(from, to)).filter((one) => one !== word);
  const called = Object.hasOwn(CALLED, word) ? CALLED[word] : [];
  const others = [...called, ...spelled.filter((one) => Object.hasOwn(COUNTS.words, one))];
  if (known || others.length || word.length < 3) return [word, ...others];
  return Object.keys(COUNTS.words).filter((counted) => counted.includes(word));
}

// How often a word stands in each section, headings counted more, by the section's number; and the
// pages that have it in their titles.
function timesOf(word) {
  const [times, titled] = [new Map(), new Set()];
  const add = (section, more) => times.set(section, (times.get(section) ?? 0) + more);
  for (const one of meant(word)) {
    const found = Object.hasOwn(COUNTS.words, one) ? COUNTS.words[one] : [];
    for (let i = 0; i < found.length; i += 2) add(found[i], found[i + 1]);
    for (const section of Object.hasOwn(COUNTS.headings, one) ? COUNTS.headings[one] : []) {
      const [page, anchor] = COUNTS.sections[section];
      add(section, HEADING);
      if (!anchor) titled.add(page);
    }
  }
  return { times, titled };
}

// Sums by page of numbers by section.
function byPage(numbers) {
  const sums = new Map();
  for (const [section, number] of numbers) {
    const [page] = COUNTS.sections[section];
    sums.set(page, (sums.get(page) ?? 0) + number);
  }
  return sums;
}

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

// How much each text says of the words: texts by name, each word's times and rarity.
function scores(lengths, words) {
  const mean = sum([...lengths.values()]) / lengths.size;
  const said = (times, length) =>
    (times * (SATURATION + 1)) / (times + SATURATION * (1 - LENGTH + (LENGTH * length) / mean));
  return new Map(
    [...lengths].map(([name, length]) => [
      name,
      sum(words.map(({ times, rarity }) => (times.has(name) ? rarity * said(times.get(name), length) : 0))),
    ]),
  );
}

// [section, score] of each page that has enough of the words, by their rarity.
function ranked(words) {
  const sections = new Map(COUNTS.sections.map(([, , , length], i) => [i, length]));
  const pages = byPage(sections);
  const told = words.map((word) => {
    const { times, titled } = timesOf(word);
    const having = byPage(times).size;
    const rarity = having && Math.log(1 + (pages.size - having + 0.5) / (having + 0.5));
    return { times, titled, rarity }; // what no page says is not asked of any
  });
  const whole = told.map(({ times, rarity }) => ({ times: byPage(times), rarity }));
  const byWhole = scores(pages, whole);
  const bySection = scores(sections, told);
  const best = new Map();
  for (const [section, score] of bySection) {
    const [page] = COUNTS.sections[section];
    if (score > (bySection.get(best.get(page)) ?? 0)) best.set(page, section);
  }
  const all = sum(told.map(({ rarity }) => rarity));
  const has = (page) => sum(whole.map(({ times, rarity }) => (times.has(page) ? rarity : 0))) / all;
  const score = (page) => {
    const titles = sum(told.map(({ titled, rarity }) => (titled.has(page) ? TITLE * rarity : 0)));
    const aside = page.startsWith("api/") ? REFERENCE : 1;
    const said = titles + byWhole.get(page) + TOGETHER * bySection.get(best.get(page));
    return (ASIDE[page] ?? aside) * has(page) ** 2 * said;
  };
  const fullest = Math.max(...[...best.keys()].map(has));
  const found = [...best.keys()].filter((page) => has(page) >= ENOUGH * fullest);
  return new Map(found.map((page) => [page, { score: score(page), section: best.get(page) }]));
}

Search.performTermsSearch = (wanted, unwanted) => {
  const { docnames, filenames, titles } = Search._index;
  const without = [...unwanted].map((word) => byPage(timesOf(word).times));
  const found = [...ranked([...wanted])].filter(([page]) => !without.some((times) => times.has(page)));
  const most = Math.max(...found.map(([, { score }]) => score));
  return found.map(([page, { score, section }]) => {
    const file = docnames.indexOf(page);
    const [, anchor, title] = COUNTS.sections[section];
    const shown = anchor ? `${titles[file]} > ${title}` : titles[file];
    return [page, shown, anchor && `#${anchor}`, null, (FIRST * score) / most, filenames[file], "text"];
  });
};
