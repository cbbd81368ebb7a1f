#!/usr/bin/env bash
# ASR-metrics 1.0.12: the character error rate of a pair alone leaves out all spaces, and that of a list counts them: words run
# together or torn apart are free or not, depending on which function is asked.
#
# Packages: ASR-metrics 1.0.12, Levenshtein 0.27.1.
#
# Expected: `calculate_cer(s1, s2)`, "computes the Character Error Rate, defined as the edit distance", of "space-separated
# sentences", and `calculate_cer_list_pair`, "the CER for the full set": for a set of one pair they agree.
#
# Happens: the first removes the spaces of both sentences before it counts edits and letters; the second counts all characters.
#
# Seen
#   reference        heard            pair      list of that pair    with spaces, by hand
#   ice cream        icecream         0         0.111                1 / 9
#   a nice day       an ice day       0         0.2                  2 / 10
#   no where         now here         0         0.25                 2 / 8
#   i scream         ice cream        0.286     0.375                3 / 8
#
# Matters for: languages and systems whose errors are in the borders of words; numbers of papers that used one or the other.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check Levenshtein==0.27.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps ASR-metrics==1.0.12
venv/bin/python -W ignore - <<'PY'
from ASR_metrics import utils


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row = row, [i]
        for j, y in enumerate(b, 1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (x != y)))
    return row[-1]


for reference, heard in (("ice cream", "icecream"), ("a nice day", "an ice day"), ("no where", "now here"), ("i scream", "ice cream")):
    pair, many = utils.calculate_cer(reference, heard), utils.calculate_cer_list_pair([(reference, heard)])
    whole = distance(reference, heard) / len(reference)
    bare = [text.replace(" ", "") for text in (reference, heard)]
    print(f"{reference!r} heard {heard!r}: pair {pair:.3f}, list of one {many:.3f}; by hand {whole:.3f}, without spaces {distance(*bare) / len(bare[0]):.3f}")
    assert abs(pair - distance(*bare) / len(bare[0])) < 1e-12 and abs(many - whole) < 1e-12 and many - pair > 0.05
PY
