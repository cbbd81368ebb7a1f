#!/usr/bin/env bash
# arpa 0.1.0b4: a back-off weight written with an exponent is read without it.
#
# Packages: arpa 0.1.0b4.
#
# Expected: numbers of an ARPA file are decimal logarithms, and small ones are written with an
# exponent (SRILM prints seven digits, so that all below 0.0001 have one). -2e-05 is a weight of 0.99995.
#
# Happens: an exponent of a probability counts, that of a back-off weight is matched and left out:
# -2e-05 is read as -2, a weight of 0.01. A file that is written again has the wrong number.
#
# Seen, a model of a and b in which "a a" has a quarter and "b" after a backs off to 3/4:
#   weight -0.00002:  P(b | a) = 0.75,   sum over what follows a: 1
#   weight -2e-05:    P(b | a) = 0.0075, sum over what follows a: 0.26
#
# Matters for: scoring with other people's models; what is hit is what hardly ever backs off.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check arpa==0.1.0b4
venv/bin/python - <<'PY'
import io
from math import log10

import arpa

TEXT = """
\\data\\
ngram 1=2
ngram 2=1

\\1-grams:
{a}\ta\t{weight}
{b}\tb

\\2-grams:
{a}\ta a

\\end\\
"""

a, b = log10(1 / 4), log10(3 / 4)
for weight, right in (("-0.00002", True), ("-2e-05", False)):
    text = TEXT.format(a=a, b=b, weight=weight)
    (model,) = arpa.loads(text)
    after = [model.p(f"a {word}") for word in "ab"]
    print(f"weight {weight}: P(b | a) = {after[1]:.3g}, sum over what follows a: {sum(after):.3g}")
    exact = 10 ** float(weight) * 3 / 4
    assert abs(after[0] - 1 / 4) < 1e-9
    assert abs(after[1] - (exact if right else 10**-2 * 3 / 4)) < 1e-9
    written = arpa.dumps(model)
    assert f"a\t{float(weight) if right else -2}" in written

(model,) = arpa.loads(TEXT.format(a="-2e-05", b=b, weight="-0.5"))  # of a probability it counts
assert abs(model.log_p("a") + 2e-05) < 1e-12
PY
