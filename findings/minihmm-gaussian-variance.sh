#!/usr/bin/env bash
# minihmm 0.3.3: variances of a Gaussian hidden Markov model are estimated around the mean of each
# sequence, not of the state: 1.02 where 4.05 is right, and the likelihood falls.
#
# Packages: minihmm 0.3.3, numpy 2.4.6, scipy 1.17.1, matplotlib 3.11.2, jsonpickle 4.1.4.
#
# Expected: a step of `train_baum_welch` raises the likelihood or leaves it. With one state there is
# nothing hidden: the step is to the mean and the standard deviation of all observations.
#
# Happens: `UnivariateGaussianEmissionEstimator` sums squares around the mean that each sequence has
# for itself, adds these up, and divides by the number of observations less one for every sequence,
# whether it was in that state or not. What differs from sequence to sequence is in no variance.
#
# Seen, one state, 40 sequences of 10 whose means are spread by 5 and whose numbers by 1:
#                           standard deviation      log-likelihood
#   start                        3.000               -1173.4
#   right                        4.047               -1126.8
#   after one step, found        1.020               -3524.5
# Two states that are 10 apart, each sequence of 4 in one of them, 200 sequences:
#   standard deviations: 1.103 and 1.196; of the observations themselves 0.924 and 1.000
#
# Matters for: fits to many recordings: what differs most between them is estimated as surest.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2 jsonpickle==4.1.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps minihmm==0.3.3
venv/bin/python -W ignore - <<'PY'
import numpy as np
import scipy.stats
from minihmm.estimators import UnivariateGaussianEmissionEstimator
from minihmm.factors import ArrayFactor, MatrixFactor, ScipyDistributionFactor
from minihmm.hmm import FirstOrderHMM
from minihmm.training import train_baum_welch


def normal(mean, deviation):
    return ScipyDistributionFactor(scipy.stats.norm, loc=mean, scale=deviation)


def trained(model, sequences):
    """The model after one step, and the log-likelihoods before and after it."""
    found = train_baum_welch(model, sequences, emission_estimator=UnivariateGaussianEmissionEstimator(), processes=1, miniter=0, maxiter=2, learning_threshold=-np.inf)
    return found["final_model"], found["weight_logprobs"]


rng = np.random.default_rng(0)
sequences = [rng.normal(mean, 1, 10) for mean in rng.normal(0, 5, 40)]
every = np.concatenate(sequences)
start = FirstOrderHMM(ArrayFactor([1.0]), [normal(0, 3)], MatrixFactor([[1.0]]))
model, likelihoods = trained(start, sequences)
found = model.emission_probs[0].dist_kwargs
best = scipy.stats.norm.logpdf(every, every.mean(), every.std()).sum()
assert np.isclose(likelihoods[0], scipy.stats.norm.logpdf(every, 0, 3).sum())
assert np.isclose(likelihoods[1], scipy.stats.norm.logpdf(every, found["loc"], found["scale"]).sum())
within = np.sqrt(sum(((x - x.mean()) ** 2).sum() for x in sequences) / (every.size - len(sequences)))
assert np.isclose(found["loc"], every.mean()) and np.isclose(found["scale"], within)
print(f"start: 3, {likelihoods[0]:.1f}; right: {every.std():.3f}, {best:.1f}; found: {found['scale']:.3f}, {likelihoods[1]:.1f}")
assert best > likelihoods[0] > likelihoods[1] + 1000 and found["scale"] < every.std() / 3

sequences = [rng.normal(10 * (i % 2), 1, 4) for i in range(200)]
start = FirstOrderHMM(ArrayFactor([0.5, 0.5]), [normal(0, 1), normal(10, 1)], MatrixFactor([[0.99, 0.01], [0.01, 0.99]]))
model, likelihoods = trained(start, sequences)
deviations = [float(state.dist_kwargs["scale"]) for state in model.emission_probs]
themselves = [float(np.concatenate(sequences[i::2]).std()) for i in range(2)]
print("two states:", np.round(deviations, 3), "of the observations:", np.round(themselves, 3), "log-likelihoods", likelihoods)
assert all(deviation > 1.12 * own for deviation, own in zip(deviations, themselves)) and likelihoods[1] < likelihoods[0]
PY
