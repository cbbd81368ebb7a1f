"""What the page without a server says, asked in its worker, beside what the server's code says."""

import base64

import numpy as np
import pytest

from ntmlab.errors import InputError
from ntmlab.explore.answers import answer
from ntmlab.explore.pack import unpack
from ntmlab.explore.questions import answer_question, view_question
from ntmlab.explore.view import view

# Number by number; in a machine's inside, where a number is further off, as the kernels' own tests
# measure: RMS(difference) / RMS(expected) of an array. Long recurrences in float32 leave single
# weightings 3e-5 apart, 2 of 38,000 in a machine that sorts.
TOLERANCE = 1e-5
EVERY_NUMBER = ("probabilities", "distributions")
ASK = """async ([what, question]) => {
  const { LocalPredictors } = await import(new URL("static/local.js", document.baseURI));
  const { encoded } = await import(new URL("static/predictors.js", document.baseURI));
  const { pack } = await import(new URL("static/pack.js", document.baseURI));
  window.own ??= new LocalPredictors();
  try {
    const { header, arrays } = await own[what](question);
    return { packed: encoded(pack(header, arrays)) };
  } catch (error) {
    return { error: error.message };
  }
}"""


def asked(page, what, question):
    """Header and arrays as the browser computes them; raises InputError where it refuses."""
    found = page.evaluate(ASK, [what, question])
    if "error" in found:
        raise InputError(found["error"])
    return unpack(base64.b64decode(found["packed"]))


def check_alike(own, server):
    """Same words, same shapes, numbers within the tolerance."""
    (header, arrays), (known, expected) = own, server
    check_arrays(arrays, expected)
    check_told(told_of(header, arrays), told_of(known, expected), "header")


def check_arrays(arrays, expected):
    assert set(arrays) == set(expected)
    for name, values in expected.items():
        assert arrays[name].shape == values.shape, name
        check_array(name, arrays[name].astype(float), values.astype(float))


def check_array(name, own, known):
    finite = np.isfinite(known)
    assert (np.isfinite(own) == finite).all(), name
    difference, size = own[finite] - known[finite], known[finite]
    if np.abs(difference).max(initial=0) > TOLERANCE:
        assert name not in EVERY_NUMBER, name
        assert np.sqrt(np.mean(difference**2)) <= TOLERANCE * np.sqrt(np.mean(size**2)), name


def told_of(header, arrays):
    """The header with the divergences at the arrows in place of their steps: some are tied."""
    for i, model in enumerate(header.get("models", [])):
        assert model["arrows"] == sorted(model["arrows"])
        model["arrows"] = sorted(float(arrays["divergences"][i, step]) for step in model["arrows"])
    return header


def check_told(own, known, where):
    if isinstance(known, dict):
        assert set(own) == set(known), where
        for key in known:
            check_told(own[key], known[key], f"{where}.{key}")
    elif isinstance(known, list):
        assert len(own) == len(known), where
        for i, (one, other) in enumerate(zip(own, known, strict=True)):
            check_told(one, other, f"{where}[{i}]")
    elif isinstance(known, float):
        assert own == pytest.approx(known, rel=1e-5, abs=1e-3), where
    else:
        assert own == known, where


def on_view(catalog, page, **question):
    """Both views of a question."""
    both = asked(page, "view", question), unpack(view(catalog, view_question(question)))
    check_alike(*both)
    return both[0]


def refusals(catalog, page, what, question):
    """What the page and the server's code say of a question that both refuse."""
    answers = {"view": (view, view_question), "answer": (answer, answer_question)}
    server, read = answers[what]
    with pytest.raises(InputError) as known:
        server(catalog, read(question))
    with pytest.raises(InputError) as own:
        asked(page, what, question)
    return str(own.value), str(known.value)


def check_refused(catalog, page, what, question):
    """The same words of both for what they refuse."""
    own, known = refusals(catalog, page, what, question)
    assert own == known
