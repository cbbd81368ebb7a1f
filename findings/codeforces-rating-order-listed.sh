#!/usr/bin/env bash
# codeforces-rating 1.5.1: the same contest listed from the best to the worst costs everyone 9 points more than listed
# by rating.
#
# Packages: codeforces-rating 1.5.1.
#
# Expected: `calculate_rating(contestants)` gives everyone a new rating for their old one and their rank. The order in
# which contestants are listed is no part of a contest. The rule of Codeforces: the 4 sqrt(n) contestants who had the
# highest ratings should not gain together; by their sum everyone is corrected by up to 10 points.
#
# Happens: the first 4 sqrt(n) of the list are taken for those with the highest ratings. It is not sorted, and neither
# is it said that it has to be. Listed by rank, as standings are, these are those who did best, and have gained most.
#
# Seen, 40 contestants, 24 of them count for the correction
#   listed by             rating, falling   rank   rating, rising
#   change of the first       42             33        43
#   sum of all changes       -86           -446       -46
#   sum of the 24 highest     11           -205        35
#
# Matters for: ratings over many contests: up to 10 points less for everyone in each.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation codeforces-rating==1.5.1
venv/bin/python -W ignore - <<'PY'
import random
from importlib.metadata import version

from cf_rating import Contestant, calculate_rating

COUNT, TOP = 40, 24
print("codeforces-rating", version("codeforces-rating"))
random.seed(1)
ratings = [random.randint(800, 2800) for _ in range(COUNT)]
shown = [rating + random.gauss(0, 250) for rating in ratings]
by_rank = sorted(range(COUNT), key=lambda who: -shown[who])
falling = sorted(range(COUNT), key=lambda who: -ratings[who])
assert TOP == 4 * round(COUNT**0.5)


def changes(listed):
    contest = [Contestant(who, ratings[who], by_rank.index(who) + 1) for who in listed]
    return {one.identifier: one.after_rating - one.before_rating for one in calculate_rating(contest)}


results = {}
for name, listed in (("rating, falling", falling), ("rank", by_rank), ("rating, rising", falling[::-1])):
    results[name] = found = changes(listed)
    print(f"listed by {name}: first {found[0]}, all {sum(found.values())}, "
          f"the {TOP} highest {sum(found[who] for who in falling[:TOP])}")
first, second = results["rating, falling"], results["rank"]
less = {first[who] - second[who] for who in range(COUNT)}
print("by rank everyone has less by", less)
assert len(set(ratings)) == COUNT and less == {9} and sum(first.values()) == -86 and sum(second.values()) == -446
assert {results["rating, rising"][who] - first[who] for who in range(COUNT)} == {1}
PY
