#!/usr/bin/env bash
# ncg-optimizer 0.2.2: conjugate directions are weighted by norms where the formulas have squares
# of norms: five of the eight methods, the default among them, are no conjugate gradients, and
# what they do depends on the unit of the loss.
#
# Packages: ncg-optimizer 0.2.2, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `BASIC` has the coefficients that its page lists: FR g'g / g0'g0, PRP g'(g - g0) / |g0|^2,
# CD -g'g / d'g0, DY g'g / d'(g - g0), HS, LS, HZ and the hybrid HS-DY. On a quadratic function
# with exact line search (`line_search='None'`) all of them are the method of conjugate
# gradients: n steps solve n equations. A loss a hundred times as large has the same path.
#
# Happens: `torch.norm` stands where its square should: FR is |g| / |g0|, PRP g'(g - g0) / |g0|,
# CD and DY have |g| in the place of g'g. Only FR keeps a number without a unit, and it is the
# root of the right one; the others grow or shrink with the scale of the loss. (HZ has the same
# slip in a term that an exact search makes 0.)
#
# Seen, six equations with eigenvalues of 1 to 20; distance from the solution, relative to its
# length, after six steps from 0; by the formulas 1e-15 everywhere:
#   loss times  FR      PRP     CD      DY      HS-DY   HS, LS, HZ
#   0.01        0.15    0.49    0.86    0.86    1e-15   1e-14 or less
#   1           0.15    0.14    0.007   0.007   0.006   1e-15
#   100         0.15    0.86    0.50    0.50    0.50    1e-15
#
# Matters for: comparisons of these methods; `PRP` is the default. HS and LS are what they say.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps ncg-optimizer==0.2.2
venv/bin/python -W ignore - <<'PY'
import ncg_optimizer
import torch

SIZE = 6
torch.set_default_dtype(torch.float64)
torch.manual_seed(0)
basis = torch.linalg.qr(torch.randn(SIZE, SIZE))[0]
matrix, target = basis @ torch.diag(torch.linspace(1, 20, SIZE)) @ basis.T, torch.randn(SIZE)
solution = torch.linalg.solve(matrix, target)

FORMULAS = {  # of the gradient, the one before, and the direction before
    "FR": lambda g, g0, d: g @ g / (g0 @ g0),
    "PRP": lambda g, g0, d: g @ (g - g0) / (g0 @ g0),
    "HS": lambda g, g0, d: g @ (g - g0) / (d @ (g - g0)),
    "CD": lambda g, g0, d: -g @ g / (d @ g0),
    "DY": lambda g, g0, d: g @ g / (d @ (g - g0)),
    "LS": lambda g, g0, d: -g @ (g - g0) / (d @ g0),
    "HZ": lambda g, g0, d: ((g - g0) - 2 * d * ((g - g0) @ (g - g0)) / (d @ (g - g0))) @ g / (d @ (g - g0)),
}
FORMULAS["HS-DY"] = lambda g, g0, d: max(0, min(FORMULAS["HS"](g, g0, d), FORMULAS["DY"](g, g0, d)))


def far(x):
    return float((x - solution).norm() / solution.norm())


def right(method, scale):
    x, before, direction = torch.zeros(SIZE), None, None
    for _ in range(SIZE):
        gradient = scale * (matrix @ x - target)
        direction = -gradient if before is None else -gradient + FORMULAS[method](gradient, before, direction) * direction
        x = x - (direction @ gradient) / (direction @ (scale * matrix @ direction)) * direction
        before = gradient
    return far(x)


def given(method, scale):
    x = torch.nn.Parameter(torch.zeros(SIZE))
    optimizer = ncg_optimizer.BASIC([x], method=method, line_search="None", eps=1e-14)

    def closure():
        optimizer.zero_grad()
        loss = scale * (x @ matrix @ x / 2 - target @ x)
        loss.backward(create_graph=True)
        return loss

    coefficients = []
    for step in range(SIZE):
        before = optimizer.state[x]["g"].clone() if step else None
        optimizer.step(closure)
        if step == 1:
            coefficients = [float(optimizer.state[x]["beta"]), float(optimizer.state[x]["g"].norm() / before.norm())]
    return far(x.detach()), coefficients


for scale in (0.01, 1.0, 100.0):
    for method in FORMULAS:
        (found, (beta, ratio)), exact = given(method, scale), right(method, scale)
        print(f"loss times {scale:6}  {method:6} found {found:.1e}, by its formula {exact:.1e}")
        assert exact < 1e-12
        if method in ("HS", "LS", "HZ"):
            assert found < 1e-12
        elif method != "HS-DY" or scale >= 1:
            assert found > 1e-3
        if method == "FR":
            assert abs(beta - ratio) < 1e-9 < abs(beta - ratio**2)
assert given("PRP", 100.0)[0] > 5 * given("PRP", 1.0)[0]
PY
