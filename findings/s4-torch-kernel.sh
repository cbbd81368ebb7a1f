#!/usr/bin/env bash
# s4-torch 0.0.1: the kernel of the convolution is one number over and over: convolving is
# not the recurrence that it stands for.
#
# Packages: s4-torch 0.0.1, jax 0.10.2, jaxlib 0.10.2, flax 0.12.8, numpy 2.4.6.
#
# Expected: a state space x[t] = A x[t-1] + B u[t], y[t] = C x[t] is the causal convolution
# of u with the kernel C B, C A B, C A^2 B, ..., as in the S4 paper. The package has both
# ways, and a function that asserts that they agree.
#
# Happens: the list of powers runs over i and raises A to the length l instead. All entries
# of the kernel are C A^l B, and the convolution is a running sum of the inputs. Its own
# `test_cnn_is_rnn` fails, for every state space that is not the identity.
#
# Seen, its random state space of 4, 16 steps of 1/16:
#   kernel    right .021 .025 .029 ... .161   s4-torch .180 .180 .180 ... .180
#   outputs   right .009 .022 .035 ... .694   recurrence the same
#                                             convolution .079 .175 .256 ... 1.790
#
# Matters for: S4 written or taught from these functions: a model that is trained by
# convolution is another one than the one that is run step by step.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 flax==0.12.8 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps s4-torch==0.0.1
venv/bin/python -W ignore - <<'PY'
import jax
import numpy as np
from s4_torch.main import causal_convolution, discretize, k_conv, random_ssm, run_ssm, test_cnn_is_rnn

SIZE, STEPS = 4, 16
a, b, c = random_ssm(jax.random.PRNGKey(0), SIZE)
inputs = np.asarray(jax.random.uniform(jax.random.PRNGKey(1), (STEPS,)))
step = 1 / STEPS
left = np.eye(SIZE) - step / 2 * np.asarray(a, float)
bar_a = np.linalg.solve(left, np.eye(SIZE) + step / 2 * np.asarray(a, float))
bar_b = np.linalg.solve(left, step * np.asarray(b, float))
state, outputs, kernel = np.zeros((SIZE, 1)), [], []
for t, u in enumerate(inputs):
    state = bar_a @ state + bar_b * u
    outputs.append((np.asarray(c) @ state).item())
    kernel.append((np.asarray(c) @ np.linalg.matrix_power(bar_a, t) @ bar_b).item())
assert np.allclose([sum(kernel[t - s] * inputs[s] for s in range(t + 1)) for t in range(STEPS)], outputs), "the kernel is right"
recurrent = np.asarray(run_ssm(a, b, c, jax.numpy.asarray(inputs))).ravel()
found = np.asarray(k_conv(*discretize(a, b, c, step), STEPS)).ravel()
convolved = np.asarray(causal_convolution(jax.numpy.asarray(inputs), jax.numpy.asarray(found)))


def told(numbers):
    return " ".join(f"{x:.3f}" for x in (*numbers[:3], numbers[-1]))


print("entries 1, 2, 3 and 16")
print("kernel    right", told(kernel), "  s4-torch", told(found))
print("outputs   right", told(outputs), "  recurrence", told(recurrent), "  convolution", told(convolved))
assert np.allclose(recurrent, outputs, rtol=1e-3)
last = (np.asarray(c) @ np.linalg.matrix_power(bar_a, STEPS) @ bar_b).item()
assert np.allclose(found, last, rtol=1e-3) and np.allclose(convolved, last * inputs.cumsum(), rtol=1e-2)
assert convolved[0] > 1.5 * outputs[0]
try:
    test_cnn_is_rnn(rng=jax.random.PRNGKey(0))
except AssertionError:
    print("its own comparison of the two fails")
else:
    raise SystemExit("its own comparison passes")
PY
