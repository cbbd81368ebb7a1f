"""What the web site is put together from; `make site` has Sphinx build it without a warning."""

import inspect
from importlib import import_module
from typing import NamedTuple

import pytest

import ntmlab
from tools.docs.live import live, published
from tools.site import api
from tools.site.links import rewritten
from tools.site.pages import front
from tools.site.stale import WHOLE, put, stamp, take
from tools.site.written import Field, fields, signature

REPOSITORY = "https://example.org/blob/main"


@pytest.mark.parametrize(
    ("text", "home", "expected"),
    [
        ("[a](gpu.md#limits)", "docs/x.md", "[a](/gpu.md#limits)"),
        ("[a](docs/gpu.md)", "README.md", "[a](/gpu.md)"),
        ("![a](docs/strips.png)", "README.md", "![a](/strips.png)"),
        ("[a](help.md)", "docs/x.md", "[a](/commands/index.md)"),
        ("[a](../README.md)", "docs/x.md", "[a](/index.md)"),
        ("[a](#there) [b](https://b.org)", "docs/x.md", "[a](#there) [b](https://b.org)"),
        (
            "see docs/log.md, `docs/log.md`",
            "CHANGELOG.md",
            "see [docs/log.md](/log.md), `docs/log.md`",
        ),
        ("[`a`](../tools/ship.py)", "docs/x.md", f"[`a`]({REPOSITORY}/tools/ship.py)"),
        ("[a][live]\n\n[live]: docs/figure.md\n", "README.md", "[a](/figure.md)\n\n\n"),
        ("```\n[a](b.md) docs/log.md\n```", "docs/x.md", "```\n[a](b.md) docs/log.md\n```"),
    ],
)
def test_links_lead_where_they_lead_in_the_repository(text, home, expected):
    assert rewritten(text, home, REPOSITORY) == expected


def test_what_is_not_on_the_site_is_named_without_a_link_where_no_repository_is_known():
    assert rewritten("[`a`](../tools/ship.py)", "docs/x.md", None) == "`a`"


def test_the_reference_has_every_public_name():
    listed = {name for page in api.PAGES.values() for name in page.names.get("ntmlab", ())}
    assert listed == set(ntmlab.__all__)


def test_every_name_of_the_reference_says_what_it_is():
    for page in api.PAGES.values():
        for module, names in page.names.items():
            for name in names:
                assert inspect.getdoc(getattr(import_module(module), name)), name


class Pair(NamedTuple):
    """Two numbers."""

    first: int  # bits
    second: float = 0.5

    def scaled(self, by: "int | None" = None, *, twice: bool = False) -> "Pair":
        """A method."""


def test_signatures_and_fields_are_as_they_are_written():
    assert fields(Pair) == [
        Field("first", "int", None, "bits"),
        Field("second", "float", "0.5", ""),
    ]
    assert signature(Pair) == ("(first: int, second: float = 0.5)", None)
    assert signature(Pair.scaled) == ("(by: 'int | None'=None, *, twice: bool=False)", "'Pair'")
    assert signature(len) is None


def test_the_readme_leads_to_the_site_once_it_is_published_and_the_site_to_its_own_page(tmp_path):
    told = tmp_path / "pyproject.toml"
    told.write_text('[project]\nname = "a"\n')
    assert published(told) is None
    assert "ntmlab explore" in live(None)
    assert "](" not in live(None)
    told.write_text('[project]\nname = "a"\n[project.urls]\nDocumentation = "https://a.org/b"\n')
    sentence = live(published(told))
    assert "(https://a.org/b/explore/)" in sentence
    first = front(f"# a\n<!-- live -->\n{sentence}\n<!-- end of live -->\nb\n\n## Use\n", "# c\n")
    assert "a.org" not in first
    assert "(/figure.md)" in first
    assert "Use" not in first


def test_a_site_is_built_as_a_whole_when_what_every_page_shows_has_changed(tmp_path):
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "conf.py").write_text("a = 1")
    tree = "```{{toctree}}\n\n{}\n```\n"
    texts = {"index.md": f"# A\n{tree.format('b')}", "b.md": "# B\nword\n", "c/d.md": "# D\n"}

    def built(texts):
        now = stamp(texts, programs)
        options = take(tmp_path, now)
        assert take(tmp_path, now) == WHOLE  # had that build failed
        for name in texts:
            path = (tmp_path / name).with_suffix(".html")
            path.parent.mkdir(exist_ok=True)
            path.touch()
        put(tmp_path, now)
        return options

    assert built(texts) == WHOLE
    assert built(texts) == []
    assert built(texts | {"b.md": "# B\nanother word\n"}) == []
    assert built(texts | {"b.md": "# Bee\nword\n"}) == WHOLE
    assert built(texts) == WHOLE
    assert built(texts | {"index.md": f"# A\n{tree.format('c/d')}"}) == WHOLE
    assert built(texts | {"e.md": "# E\n"}) == WHOLE
    assert (tmp_path / "e.html").exists()
    del texts["c/d.md"]
    assert built(texts) == WHOLE
    assert not (tmp_path / "e.html").exists()
    assert not (tmp_path / "c/d.html").exists()
    assert (tmp_path / "b.html").exists()
    assert built(texts) == []
    (programs / "conf.py").write_text("a = 2")
    assert built(texts) == WHOLE


def test_words_are_counted_in_the_section_they_stand_in():
    pytest.importorskip("sphinx", reason="make site installs it")
    from docutils.core import publish_doctree

    from tools.site.counts import counted, sections

    text = "Tapes\n=====\n\nA head writes.\n\nHeads\n-----\n\nHeads, heads and a tape.\n"

    def read(text):
        return publish_doctree(text, settings_overrides={"doctitle_xform": False})

    first, second = sections(read(text))
    assert (first.anchor, first.title, first.words["head"], first.words["tape"]) == (
        "",
        "Tapes",
        1,
        1,
    )
    assert (second.anchor, second.heading, second.words["head"]) == ("heads", {"head"}, 3)
    assert "and" not in second.words
    told = counted({"a": [first], "b": [second]})
    assert told["words"]["head"] == [0, 1, 1, 3]
    assert told["headings"] == {"tape": [0], "head": [1]}
    assert told["sections"][1][:3] == ["b", "heads", "Heads"]
    text = "Own\n===\n\n**Bold** words of learning_rate, LearningRate and LSTM\n"
    (alone,) = sections(read(text), "c/own-model")
    assert alone.heading == {"own", "model"}
    assert (alone.words["own"], alone.words["bold"], alone.words["word"]) == (1, 3, 1)
    assert [alone.words[stem] for stem in ("rate", "learning_r", "learningr", "lstm")] == [
        2,
        1,
        1,
        1,
    ]
