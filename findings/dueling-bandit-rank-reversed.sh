#!/usr/bin/env bash
# dueling-bandit 0.1.2: rank centrality walks from winners to losers: the item that loses most is recommended.
#
# Packages: dueling-bandit 0.1.2, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, pandas 2.3.3, matplotlib 3.11.2.
#
# Expected: `RankCentrality`, "spectral ranking from pairwise comparisons", walks from each item to one that beats
# it, with the share of duels that this one won: the stationary distribution is largest for the best item, and for
# Bradley-Terry shares it is the items' strengths. PARWiS "recommends the top-ranked item", its argmax.
#
# Happens: the walk goes from i to j with the share that i won against j. Losers collect the mass. PARWiS and its
# contextual and reinforcement variants spend their duels on the worst items and recommend one of them.
#
# Seen, five items of strengths e^2, e, 1, 1/e, 1/e^2 and 1,000 duels of each pair as they should come out
#   package         .05 .10 .20 .32 .33
#   as described    .64 .23 .09 .03 .01     (the strengths, divided by their sum)
#   PARWiS after a knockout and 200 duels of random pairs, 50 runs, recommended
#   package         best item in 0 %, worst in 68 %;    as described   best item in 100 %
#
# Matters for: comparisons of dueling bandits, where PARWiS comes out worse than chance.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 pandas==2.3.3 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps dueling-bandit==0.1.2
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from dueling_bandit.agents import PARWiSAgent
from dueling_bandit.environment import DuelingBanditEnv, RankCentrality

print("dueling-bandit", version("dueling-bandit"), "numpy", np.__version__)
K = 5
STRENGTH = np.exp(np.arange(2.0, -3.0, -1.0))
SHARES = STRENGTH[:, None] / (STRENGTH[:, None] + STRENGTH)  # [i, j]: i beats j


def ranked(wins):
    """Rank centrality: from i to j with the share that j won against i, one step of K."""
    total = wins + wins.T
    walk = np.where(total > 0, wins.T / np.maximum(total, 1), 0) / K
    walk += np.diag(1 - walk.sum(1))
    values, vectors = np.linalg.eig(walk.T)
    pi = np.abs(vectors[:, np.argmax(values.real)].real)
    return pi / pi.sum()


wins = 1000 * SHARES
np.fill_diagonal(wins, 0)
package, right = RankCentrality(K).stationary_distribution(wins, wins.T), ranked(wins)
print("package     ", package.round(3))
print("as described", right.round(3), "strengths", (STRENGTH / STRENGTH.sum()).round(3))
assert np.allclose(right, STRENGTH / STRENGTH.sum())
assert (np.diff(package) > 0).all() and (np.diff(right) < 0).all()

picked = np.zeros((2, K))
for seed in range(50):
    rng = np.random.default_rng(seed)
    environment, agent = DuelingBanditEnv(SHARES, seed=seed), PARWiSAgent(K, seed=seed)
    assert environment.best_arm() == 0
    agent.phase1(environment)
    for _ in range(200):
        a, b = (int(x) for x in rng.choice(K, 2, replace=False))
        agent.update(a, b, environment.duel(a, b)[0])
    picked[0, agent.recommend()] += 1 / 50
    picked[1, ranked(agent.wins).argmax()] += 1 / 50
print("recommended, best to worst item: package", picked[0].round(2), "as described", picked[1].round(2))
assert picked[0, 0] == 0 and picked[0, 3:].sum() > 0.9 and picked[1, 0] > 0.95
PY
