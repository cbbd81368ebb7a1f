#!/usr/bin/env bash
# markov-solver 1.0.1: symbols are replaced as text, one within another: with p = .9 and p2 = .5, the rate "p2" is
# 0.92.
#
# Packages: markov-solver 1.0.1, sympy 1.13.3, graphviz 0.20.3, PyYAML 6.0.3.
#
# Expected: a chain is given by rates that may hold symbols, whose values stand beside it.
#
# Happens: for each symbol in turn its name is replaced, wherever it stands, by its value in digits. In "p2" that is
# the p: the text becomes "0.92", a number. Two links between the same states with the same rate are besides one
# link, as links are kept in a set: two machines that fail with rate 1 each fail with rate 1.
#
# Seen, a service of three phases in a row with rates a = 1, a2 = 4 and a3 = 2, probability of each phase
#   package                        .34  .33  .33     as with rates 1.0, 1.02 and 1.03
#   with names x, y and z          .57  .14  .29     right
# and two links from on to off with rate f = 1, one back with rate 2: on in .67 of the time, where .5 is right.
#
# Matters for: chains of queues, with names as mu, mu1 and mu2. "lambda1", beside "lambda", likewise.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check sympy==1.13.3 graphviz==0.20.3 PyYAML==6.0.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps markov-solver==1.0.1
venv/bin/python - <<'PY'
from fractions import Fraction
from importlib.metadata import version

import yaml
from markov_solver.core.parser.markov_chain_parser import create_chain_from_file

print("markov-solver", version("markov-solver"), "sympy", version("sympy"))


def package(symbols, links):
    chain = [{"from": a, "to": b, "value": rate} for a, b, rate in links]
    with open("chain.yaml", "w") as file:
        yaml.safe_dump({"symbols": symbols, "chain": chain}, file, sort_keys=False)
    return {state: round(float(share), 4) for state, share in create_chain_from_file("chain.yaml").solve().items()}


def cycle(*rates):
    """Shares of the time in the phases of a cycle: as their mean durations."""
    durations = [1 / Fraction(str(rate)) for rate in rates]
    return [round(float(d / sum(durations)), 4) for d in durations]


def ring(*names):
    return [(f"phase {i + 1}", f"phase {(i + 1) % len(names) + 1}", name) for i, name in enumerate(names)]


right = cycle(1, 4, 2)
plain = package({"x": 1.0, "y": 4.0, "z": 2.0}, ring("x", "y", "z"))
found = package({"a": 1.0, "a2": 4.0, "a3": 2.0}, ring("a", "a2", "a3"))
print("three phases, by their durations", right, "names x, y, z", plain, "names a, a2, a3", found)
assert list(plain[f"phase {i}"] for i in (1, 2, 3)) == right
assert list(found[f"phase {i}"] for i in (1, 2, 3)) == cycle("1.0", "1.02", "1.03") != right

right = cycle(0.9, 0.5)
found = package({"p": 0.9, "p2": 0.5}, ring("p", "p2"))
print("p = .9 and p2 = .5: found", found, "right", right)
assert list(found[f"phase {i}"] for i in (1, 2)) == cycle("0.9", "0.92") != right

right = cycle(1 + 1, 2)
found = package({"f": 1.0}, [("on", "off", "f"), ("on", "off", "f"), ("off", "on", "2*f")])
other = package({"f": 1.0}, [("on", "off", "f"), ("on", "off", "1*f"), ("off", "on", "2*f")])
print("two links of rate 1: found", found, "written in two ways", other, "right", right)
assert [other["on"], other["off"]] == right == [0.5, 0.5] and found["on"] == 0.6667
PY
