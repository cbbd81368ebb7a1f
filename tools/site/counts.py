"""How often each word stands in each section, by which static/search.js ranks the pages."""

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, Final, NamedTuple

from docutils import nodes
from sphinx.search.en import SearchEnglish

FILE: Final = "_static/counts.js"
UNSEEN: Final = (nodes.raw, nodes.comment)


NAME: Final = re.compile(r"\b[A-Za-z]+(?:_[A-Za-z]+)+\b|\b(?:[A-Z][a-z]+){2,}\b")
BOLD: Final = 3  # what is bold says what its paragraph is about: how often it counts
KEPT: Final = {"own"}  # which Sphinx passes over, and much here is about: search.js knows it too


class Section(NamedTuple):
    """A section of a page and its words; the anchor of what stands under the page's title is ""."""

    anchor: str
    title: str
    words: Counter[str]  # stems, as Sphinx's own index has them
    heading: frozenset[str]  # those of the title


def sections(tree: nodes.document, name: str = "") -> list[Section]:
    """A page's sections in order; the words of a nested one are its own alone.

    What a page is named by, as in a link to it, counts among those of its title.
    """
    language = SearchEnglish({})

    def stems(text: str) -> list[str]:
        found = [language.stem(word).lower() for word in language.split(NAME.sub(with_parts, text))]
        return [stem for stem in found if stem in KEPT or language.word_filter(stem)]

    made = {}
    for i, section in enumerate(tree.findall(nodes.section)):
        title = section.next_node(nodes.title).astext()
        anchor = section["ids"][0] if i else ""
        named = title if i else f"{title} {name.rpartition('/')[2]}"
        made[section] = Section(anchor, title, Counter(), frozenset(stems(named)))
    for text in tree.findall(nodes.Text):
        over: Any = text.parent
        while over is not None and not isinstance(over, (nodes.section, *UNSEEN)):
            over = over.parent
        if over in made:
            times = BOLD if isinstance(text.parent, nodes.strong) else 1
            made[over].words.update(stems(text.astext()) * times)
    return list(made.values())


def with_parts(name: re.Match[str]) -> str:
    """A name of the code and the words that it is made of.

    >>> NAME.sub(with_parts, "learning_rate of DynamicNGrams, LSTM")
    'learning_rate learning rate of DynamicNGrams, LSTM'
    """
    parts = re.findall(r"[A-Z]?[a-z]+", name[0]) if "_" not in name[0] else name[0].split("_")
    return " ".join([name[0], *parts])


def counted(pages: dict[str, list[Section]]) -> dict[str, Any]:
    """What the page of the search reads.

    ``sections`` are [page, anchor, title, number of words]; ``words`` has for each stem, one after
    the other, a section's number and how often it is there; ``headings`` the sections whose titles
    have it.
    """
    listed: list[list[Any]] = []
    words: dict[str, list[int]] = defaultdict(list)
    headings: dict[str, list[int]] = defaultdict(list)
    for page, parts in pages.items():
        for part in parts:
            for stem, times in part.words.items():
                words[stem] += [len(listed), times]
            for stem in sorted(part.heading):
                headings[stem].append(len(listed))
            listed.append([page, part.anchor, part.title, part.words.total()])
    return {"sections": listed, "words": words, "headings": headings}


def write_counts(app: Any, failed: Exception | None) -> None:
    """Writes them beside the built pages, of all pages, also those that were built before."""
    if failed is None and app.builder.name == "html":
        names = sorted(app.env.found_docs)
        found = counted({name: sections(app.env.get_doctree(name), name) for name in names})
        told = json.dumps(found, separators=(",", ":"), ensure_ascii=False)
        (Path(app.outdir) / FILE).write_text(f"const COUNTS = {told};\n", encoding="utf-8")


def on_the_search_page(app: Any, name: str, *given: Any) -> None:
    """Has the page of the search load them."""
    if name == "search":
        app.add_js_file("counts.js")
        app.add_js_file("search.js", loading_method="defer")
