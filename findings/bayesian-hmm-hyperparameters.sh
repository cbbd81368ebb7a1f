#!/usr/bin/env bash
# bayesian-hmm 0.0.4: the hyperparameters of an infinite hidden Markov model learn nothing from the
# data: what `mcmc` says of them is their prior.
#
# Packages: bayesian-hmm 0.0.4, numpy 2.4.6, scipy 1.17.1, sympy 1.14.0, tqdm 4.70.1, terminaltables 3.1.10.
#
# Expected: `resample_hyperparameters` is a Metropolis step: a value is proposed from its prior, and
# accepted "with probability scaled by the relative probabilities of the model under the current and
# proposed model". The emissions of a state have a Dirichlet prior with the weights alpha_emission *
# beta. States that emit one symbol only speak for a small alpha_emission.
#
# Happens: the density that is compared is not the prior of the probabilities but their posterior, with
# the counts added to the weights. It is p(table | alpha) p(counts | table) / p(counts | alpha): the
# last factor takes away what the data say of alpha. Tables and alpha, drawn in turn, have the
# posterior of a table given alpha, and of alpha the prior.
#
# Seen, three states that emit one of four symbols each, 20 times, alpha_emission 1, 2, .. 10 with equal
#   prior probabilities, 3,000 steps:
#                                           mean     P(1)     P(8, 9 or 10)
#     prior                                 5.50     .100     .300
#     posterior, Dirichlet-multinomial      1.01     .991     .000
#     drawn with the prior of tables        1.03     .974     .000
#     resample_hyperparameters              4.94     .162     .248
#
# Matters for: alpha, gamma, kappa and both of the emissions, which `mcmc` returns with its results; how
# alike states are, and how many there are, hangs on them.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 sympy==1.14.0 tqdm==4.70.1 terminaltables==3.1.10
venv/bin/pip install --quiet --disable-pip-version-check --no-deps bayesian-hmm==0.0.4
PYTHONHASHSEED=0 venv/bin/python -W ignore - <<'PY'
import random

import numpy as np
from bayesian_hmm import HDPHMM
from scipy.special import gammaln
from scipy.stats import dirichlet

VALUES, SYMBOLS, EACH, STEPS = np.arange(1.0, 11.0), 4, 20, 3000
np.random.seed(0)
random.seed(0)


def prior():
    return float(np.random.choice(VALUES))


fixed = {"alpha": lambda: 2.0, "gamma": lambda: 2.0, "gamma_emission": lambda: 2.0}
model = HDPHMM([[0, 1, 2] * EACH], emissions=set(range(SYMBOLS)), sticky=False, priors={**fixed, "alpha_emission": prior})
model.initialise(k=3)
model.chains[0].latent_sequence = list("abc") * EACH  # known states: each emits its own symbol
model._n_update()
model.beta_emission = {symbol: 1 / SYMBOLS for symbol in range(SYMBOLS)}
model.resample_p_initial()
model.resample_p_transition()
counts = [list(model.n_emission[state].values()) for state in "abc"]
assert all(sorted(row) == [0, 0, 0, EACH] for row in counts)


def evidence(alpha):
    """Logarithm of the probability of all emissions, tables integrated out."""
    weight = alpha / SYMBOLS
    return sum(gammaln(alpha) - gammaln(alpha + sum(row)) + sum(gammaln(weight + n) - gammaln(weight) for n in row) for row in counts)


weights = np.exp([evidence(alpha) for alpha in VALUES])
exact = weights / weights.sum()

found = []
for _ in range(STEPS):
    model.resample_hyperparameters()
    model.resample_p_emission()
    found.append(model.hyperparameters["alpha_emission"])

# The same two steps with the prior of the tables.
alpha, drawn = 10.0, []
for _ in range(STEPS):
    tables = [np.maximum(np.random.dirichlet([alpha / SYMBOLS + n for n in row]), 1e-12) for row in counts]
    tables = [table / table.sum() for table in tables]
    other = prior()
    gain = sum(dirichlet.logpdf(table, [other / SYMBOLS] * SYMBOLS) - dirichlet.logpdf(table, [alpha / SYMBOLS] * SYMBOLS) for table in tables)
    alpha = other if np.log(np.random.random()) < gain else alpha
    drawn.append(alpha)


def shares(values):
    return np.array([np.mean(np.array(values) == value) for value in VALUES])


uniform = np.full(len(VALUES), 1 / len(VALUES))
rows = {"prior": uniform, "posterior": exact, "with the prior of tables": shares(drawn), "found": shares(found)}
for name, row in rows.items():
    print(f"{name:25} mean {row @ VALUES:.2f}, P(1) {row[0]:.3f}, P(8, 9, 10) {row[-3:].sum():.3f}")
assert abs(rows["with the prior of tables"] @ VALUES - exact @ VALUES) < 0.3
assert exact @ VALUES < 1.1 and rows["found"] @ VALUES > 4.5 and rows["found"][-3:].sum() > 0.2
PY
