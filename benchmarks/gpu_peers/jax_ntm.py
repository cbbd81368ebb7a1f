"""A Neural Turing Machine of the paper's size in JAX: `lax.scan` under `jit`.

``python benchmarks/gpu_peers/jax_ntm.py 64`` prints sequences a second at that batch, forward +
backward + weight gradients over 200 steps, as the last line: a JSON object. ``ntmlab bench --device
cuda`` runs it where JAX is installed.

Legend: B batch, T time, N slots, W slot width, C units, P parameters of a head.
"""

import importlib
import json
import statistics
import sys
import time
from typing import Any

import numpy as np

T, N, W, C, SHIFTS = 200, 128, 20, 100, 3
READ = W + 1 + 1 + SHIFTS + 1  # key, strength, gate, shift, sharpening
RAW = 2 * READ + 2 * W  # a reading head, and a writing one with erase and add
BATCHES, TIMES = 4, 7

jax: Any = importlib.import_module("jax")
jnp: Any = importlib.import_module("jax.numpy")


def weights() -> dict[str, Any]:
    """Small random weights, and a start that is learned."""
    generator = np.random.default_rng(0)
    shapes = {
        "inputs": (C, 1),
        "reads": (C, W),
        "bias": (C,),
        "heads": (RAW, C),
        "heads_bias": (RAW,),
        "outputs": (1, C),
        "outputs_bias": (1,),
        "memory": (N, W),
        "read": (W,),
        "read_logits": (N,),
        "write_logits": (N,),
    }
    return {
        name: jnp.asarray(0.1 * generator.normal(size=s), "float32") for name, s in shapes.items()
    }


def address(raw: Any, memory: Any, before: Any) -> Any:
    """The next weightings (B, N) of a head from its parameters (B, P): Eq. 5 to 9."""
    key, shift = jnp.tanh(raw[:, :W]), jax.nn.softmax(raw[:, W + 2 : W + 2 + SHIFTS])
    strength, sharpening = jax.nn.softplus(raw[:, W]), 1 + jax.nn.softplus(raw[:, -1])
    gate = jax.nn.sigmoid(raw[:, W + 1])[:, None]
    products = jnp.einsum("bnw,bw->bn", memory, key)
    sizes = (memory**2).sum(-1) + 1e-4, (key**2).sum(-1)[:, None] + 1e-4
    alike = products * jax.lax.rsqrt(sizes[0]) * jax.lax.rsqrt(sizes[1])
    mixed = gate * jax.nn.softmax(strength[:, None] * alike) + (1 - gate) * before
    moved = sum(shift[:, s, None] * jnp.roll(mixed, s - 1, 1) for s in range(SHIFTS))
    return jax.nn.softmax(sharpening[:, None] * jnp.log(moved + 1e-30))


def loss(parts: dict[str, Any], inputs: Any, targets: Any) -> Any:
    """Mean cross-entropy of bits (B, T)."""
    rows = len(inputs)

    def step(state: Any, seen: Any) -> tuple[Any, Any]:
        memory, read, reading, writing = state
        unit = jnp.tanh(seen[:, None] @ parts["inputs"].T + read @ parts["reads"].T + parts["bias"])
        raw = unit @ parts["heads"].T + parts["heads_bias"]
        reading = address(raw[:, :READ], memory, reading)
        writing = address(raw[:, READ : 2 * READ], memory, writing)
        read = jnp.einsum("bn,bnw->bw", reading, memory)
        erase, add = jax.nn.sigmoid(raw[:, -2 * W : -W]), jnp.tanh(raw[:, -W:])
        memory = (
            memory * (1 - writing[..., None] * erase[:, None]) + writing[..., None] * add[:, None]
        )
        return (memory, read, reading, writing), unit @ parts["outputs"].T + parts["outputs_bias"]

    start = (
        jnp.broadcast_to(parts["memory"], (rows, N, W)),
        jnp.broadcast_to(parts["read"], (rows, W)),
        jnp.broadcast_to(jax.nn.softmax(parts["read_logits"]), (rows, N)),
        jnp.broadcast_to(jax.nn.softmax(parts["write_logits"]), (rows, N)),
    )
    logits = jax.lax.scan(step, start, inputs.T)[1][..., 0].T
    return (jax.nn.softplus(logits) - targets * logits).mean()


def main() -> None:
    """Times it."""
    batch = int(sys.argv[1])
    run, parts = jax.jit(jax.value_and_grad(loss)), weights()
    generator = np.random.default_rng(1)
    drawn = [
        jnp.asarray(generator.integers(2, size=(batch, T + 1)), "float32") for _ in range(BATCHES)
    ]
    taken = []
    with jax.default_matmul_precision("float32"):
        for number in range(TIMES + 2):
            bits = drawn[number % BATCHES]
            start = time.perf_counter()
            jax.block_until_ready(run(parts, bits[:, :-1], bits[:, 1:]))
            taken.append(time.perf_counter() - start)
    name = f"JAX {jax.__version__} scan"
    print(json.dumps({name: batch / statistics.median(taken[2:])}))


if __name__ == "__main__":
    main()
