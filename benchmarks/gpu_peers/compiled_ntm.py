"""The readable NTM with its step compiled by `torch.compile`: plainly, and as a CUDA graph.

``python benchmarks/gpu_peers/compiled_ntm.py 64`` prints sequences a second at that batch, forward,
backward and weight gradients over 200 steps, as the last line: a JSON object. To compile the whole
scan takes minutes, so one step is. ``ntmlab bench --device cuda`` runs it with a time limit.
"""

import json
import sys
from collections.abc import Callable

import torch

from ntmlab.bench.gpu.passes import batches, launched, recorded
from ntmlab.bench.gpu.rates import exact_products, median_seconds
from ntmlab.kernels.ntm_scan import reference
from ntmlab.models import NTM

TIMES = 3


def main() -> None:
    """Times both."""
    exact_products()
    torch.manual_seed(0)
    batch, device = int(sys.argv[1]), torch.device("cuda")
    reference.scan_step = torch.compile(reference.scan_step, dynamic=False)
    model, drawn = NTM(1, 1, backend="reference").to(device), batches(batch, device)
    found = {"torch.compile of the step": rate(launched(model, drawn), batch)}
    try:
        found["torch.compile of the step, graph"] = rate(recorded(model, drawn), batch)
    except RuntimeError as error:
        print(str(error).splitlines()[0], file=sys.stderr)
    print(json.dumps(found))


def rate(action: Callable[[], object], batch: int) -> float:
    """Sequences a second of an action."""
    return batch / median_seconds(action, TIMES)


if __name__ == "__main__":
    main()
