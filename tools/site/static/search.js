// Ranks pages by how often they say what is looked for (BM25), where Sphinx gives every page that has
// the words the same; a page's entry leads to the section that says most. COUNTS is written by counts.py.

const SATURATION = 1.2; // from how many times on more of a word hardly counts
const LENGTH = 0.5; // how much a long page must say a word more often
const TITLE = 1.5; // what a word in a page's title adds, however often the text says it
const HEADING = 4; // a word in a section's title counts as so many in its text
const FIRST = 10; // the score of the best page
// Pages that name everything and explain little of it.
const ASIDE = { index: 0.5, "commands/index": 0.5, "api/index": 0.5, changelog: 0.4, log: 0.6, trials: 0.8, contributing: 0.6 };

// Names of the Python reference: one that is what was typed stands first, one that has it in it later.
Object.assign(Scorer, { objNameMatch: 11, objPartialMatch: 3, objPrio: { 0: 0, 1: 0, 2: 0 } });

// The counted words that a word of the query stands for: itself, or those that it is a part of.
function meant(word) {
  if (Object.hasOwn(COUNTS.words, word) || word.length < 3) return [word];
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

function bm25(times, length, mean, rarity) {
  return (rarity * times * (SATURATION + 1)) / (times + SATURATION * (1 - LENGTH + (LENGTH * length) / mean));
}

// [section or null, score] of each page that has every word.
function ranked(words) {
  const lengths = byPage(COUNTS.sections.map((section, i) => [i, section[3]]));
  const mean = [...lengths.values()].reduce((a, b) => a + b, 0) / lengths.size;
  const told = words.map(timesOf);
  const found = told.map(({ times }) => times);
  const pages = found.map(byPage);
  const shared = [...lengths.keys()].filter((page) => pages.every((times) => times.has(page)));
  const rarity = pages.map(({ size }) => Math.log(1 + (lengths.size - size + 0.5) / (size + 0.5)));
  const score = (page) => {
    const titles = told.map(({ titled }, i) => (titled.has(page) ? TITLE * rarity[i] : 0));
    const parts = pages.map((times, i) => titles[i] + bm25(times.get(page), lengths.get(page), mean, rarity[i]));
    return (ASIDE[page] ?? 1) * parts.reduce((a, b) => a + b, 0);
  };
  return new Map(shared.map((page) => [page, { score: score(page), section: best(page, found) }]));
}

// The section of a page that has every word, and most of them; the page itself where none has all.
function best(page, found) {
  const numbers = [...COUNTS.sections.keys()].filter((i) => COUNTS.sections[i][0] === page && found.every((times) => times.has(i)));
  const most = (i) => found.reduce((sum, times) => sum + Math.log(1 + times.get(i)), 0);
  return numbers.sort((a, b) => most(b) - most(a))[0];
}

Search.performTermsSearch = (wanted, unwanted) => {
  const { docnames, filenames, titles } = Search._index;
  const without = [...unwanted].map((word) => byPage(timesOf(word).times));
  const found = [...ranked([...wanted])].filter(([page]) => !without.some((times) => times.has(page)));
  const most = Math.max(...found.map(([, { score }]) => score));
  return found.map(([page, { score, section }]) => {
    const file = docnames.indexOf(page);
    const [, anchor, title] = COUNTS.sections[section] ?? [page, "", ""];
    const shown = anchor ? `${titles[file]} > ${title}` : titles[file];
    return [page, shown, anchor && `#${anchor}`, null, (FIRST * score) / most, filenames[file], "text"];
  });
};
