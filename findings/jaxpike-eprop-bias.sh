#!/usr/bin/env bash
# jaxpike 0.1.4: online gradients that are exact for weights take a bias as if the membrane had no memory: 20 times too
# large after one step, 2.5 times after 20.
#
# Packages: jaxpike 0.1.4, jax 0.9.0, equinox 0.13.8, optax 0.2.8, jaxtyping 0.3.11, numpy 2.4.6.
#
# Expected: "without reset the membrane filter is the only route through time and the gradient is exact to float
# precision" (the documentation of `eprop_grads`): for one connection and a neuron without reset it is that of
# backpropagation through time. A bias is a weight from an input of 1.
#
# Happens: inputs go through the membrane's filter before they meet the error signal, and the 1 of a bias does not: each
# step counts in full what is there only to 1 - alpha^t.
#
# Seen, 3 inputs, 2 leaky integrators of time constant 20, 4 rows, squared error to 0.7 summed over steps; both
# against differentiating the unrolled recurrence
#   steps    weights (largest error)    bias found           bias right
#   1        3e-8                       -5.495, -5.622       -0.268, -0.274
#   5        7e-8                       -28.39, -28.01       -3.949, -3.832
#   20       9e-8                       -126.3, -109.7       -49.71, -41.86
#   200      1e-7                       -1119, -1126         -998.6, -1018
#   the bias as weight from an input of 1: right each time
#
# Matters for: short sequences and long time constants, and for comparing online learning with backpropagation
# by the angle between their gradients.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax==0.9.0 equinox==0.13.8 optax==0.2.8 jaxtyping==0.3.11 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps jaxpike==0.1.4
venv/bin/python -W ignore - <<'PY'
import equinox as eqx
import jax
import jax.numpy as jnp
import jaxpike
import numpy as np
from jaxpike.online import eprop_grads

jax.config.update("jax_enable_x64", True)
TAU, ROWS, INPUTS, UNITS = 20.0, 4, 3, 2


def loss(out):
    return jnp.sum((out - 0.7) ** 2)


def right(weight, bias, xs):
    """Gradients of the recurrence v = alpha v + (1 - alpha) (W x + b), written out by hand: dv / db is 1 - alpha^t."""
    alpha = np.exp(-1 / TAU)
    v, trace = np.zeros((ROWS, UNITS)), np.zeros((ROWS, INPUTS))
    of_weight, of_bias = np.zeros_like(weight), np.zeros_like(bias)
    for t, x in enumerate(xs, 1):
        v = alpha * v + (1 - alpha) * (x @ weight.T + bias)
        trace = alpha * trace + (1 - alpha) * x
        error = 2 * (v - 0.7)
        of_weight += error.T @ trace
        of_bias += error.sum(0) * (1 - alpha**t)
    return of_weight, of_bias


for steps in (1, 5, 20, 200):
    net = jaxpike.Sequential(jaxpike.Dense(INPUTS, UNITS, key=jax.random.PRNGKey(0)), jaxpike.LeakyIntegrator(TAU))
    xs = jax.random.normal(jax.random.PRNGKey(1), (steps, ROWS, INPUTS))
    found = eprop_grads(net, xs, loss)[0].layers[0]

    def unrolled(net):
        state, total = net.init_state(xs.shape[1:]), 0.0
        for x in xs:
            state, out = net(state, x)
            total = total + loss(out)
        return total

    through_time = eqx.filter_grad(unrolled)(net).layers[0]
    of_weight, of_bias = right(np.array(net.layers[0].weight), np.array(net.layers[0].bias), np.array(xs))
    assert np.allclose(through_time.weight, of_weight, rtol=1e-4) and np.allclose(through_time.bias, of_bias, rtol=1e-4)

    # the same bias as a weight from an input of 1
    one = jaxpike.Sequential(jaxpike.Dense(INPUTS + 1, UNITS, key=jax.random.PRNGKey(0), use_bias=False), jaxpike.LeakyIntegrator(TAU))
    joined = jnp.concatenate([net.layers[0].weight, net.layers[0].bias[:, None]], 1)
    one = eqx.tree_at(lambda n: n.layers[0].weight, one, joined)
    widened = eprop_grads(one, jnp.concatenate([xs, jnp.ones((steps, ROWS, 1))], 2), loss)[0].layers[0]

    off = float(np.abs(found.weight - of_weight).max() / np.abs(of_weight).max())
    print(f"{steps} steps: weights off by {off:.1g}, bias found {np.array(found.bias).round(3)}, right {of_bias.round(3)}")
    assert off < 1e-5 and np.allclose(widened.weight[:, -1], of_bias, rtol=1e-4)
    assert np.all(np.array(found.bias) / of_bias > 1.05)
    if steps == 1:
        assert np.allclose(np.array(found.bias) / of_bias, 1 / (1 - np.exp(-1 / TAU)), rtol=1e-4)
PY
