#!/usr/bin/env bash
# InfoPaths 0.1: the destination of a transfer of entropy is embedded in as many dimensions as its delay says: a
# noisy echo of a series tells .57 nats of its future, and the series drives itself.
#
# Packages: InfoPaths 0.1, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0.
#
# Expected: `delays` and `embeds` give "the Takens' embedding time-delays" and "the Takens' embedding dimension to
# use for each feature". The transfer to a destination is what a source adds to that much of its own past.
#
# Happens: the destination's dimension is read from `delays`. With a delay of 1, the usual one, only the present is
# its past, and a source that remembers the step before is credited with it. What passes the threshold is then
# conditioned on the other sources, which have their right dimensions: the destination itself is one of them, and is
# what is left.
#
# Seen, x_t = .9 x_(t-2) + noise, y_t = x_(t-1) + noise of variance 1, 2,000 steps; delays 1 1, embeddings 2 2
#                       package    its own function, one and two steps of x      exact, one and two steps
#   from y to x         .569       .569   -.035                                  .571   0
#   from x to x         .861       .861   -.008
#   drivers of x        x          none is above the threshold of .1
#
# Matters for: pairwise transfers and networks of causes with more than one step of memory.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation InfoPaths==0.1
cat > transfers.py <<'PY'
from importlib.metadata import version

import numpy as np
from InfoPaths.infopaths import InfoPaths
from InfoPaths.utilities import transfer_entropy

STEPS, A = 2000, 0.9


def exact(own):
    """The transfer from y to x with this many steps of x's own past, from covariances of the stationary process."""
    # x_(t+1), x_t, x_(t-1), y_t, y_(t-1); odd and even steps of x are independent.
    variance = 1 / (1 - A**2)
    lag = lambda k: variance * A ** (k // 2) if k % 2 == 0 else 0.0
    at = [1, 0, -1, -1, -2]  # the time of x in each
    cov = np.array([[lag(abs(a - b)) for b in at] for a in at]) + np.diag([0, 0, 0, 1, 1])
    past, source = list(range(1, 1 + own)), [3, 4]
    left = lambda given: cov[0, 0] - cov[0, given] @ np.linalg.solve(cov[np.ix_(given, given)], cov[given, 0])
    return 0.5 * np.log(left(past) / left(past + source))


def main():
    print("InfoPaths", version("InfoPaths"), "numpy", np.__version__)
    rng = np.random.default_rng(0)
    x = np.zeros(STEPS + 100)
    for t in range(2, len(x)):
        x[t] = A * x[t - 2] + rng.normal()
    y = np.r_[0, x[:-1]] + rng.normal(size=len(x))
    data = np.column_stack([x, y])[100:]
    delays, embeds = np.array([1, 1]), np.array([2, 2])
    adjacency, transfers = InfoPaths(data.copy()).analyze_destination(0, delays, embeds, threshold=0.1, return_te=True)
    own = {n: transfer_entropy(data[:, 1], data[:, 0], 1, 1, 1, 2, n, 4, None) for n in (1, 2)}
    self_own = {n: transfer_entropy(data[:, 0], data[:, 0], 1, 1, 1, 2, n, 4, None) for n in (1, 2)}
    print(f"x to x: package {transfers[0]:.3f}, its own function with one step of x {self_own[1]:.3f}, with two {self_own[2]:.3f}")
    print(f"y to x: package {transfers[1]:.3f}, its own function with one step of x {own[1]:.3f}, with two {own[2]:.3f}; exact {exact(1):.3f} and {exact(2):.3f}")
    print("found to drive x: x, y", adjacency)
    assert np.isclose(transfers[1], own[1]) and abs(own[1] - exact(1)) < 0.06
    assert abs(own[2]) < 0.05 and abs(exact(2)) < 1e-9
    assert np.isclose(transfers[0], self_own[1]) and self_own[2] < 0.1 < transfers[0] and list(adjacency) == [1, 0]


if __name__ == "__main__":
    main()
PY
venv/bin/python -W ignore transfers.py
