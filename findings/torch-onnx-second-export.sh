#!/usr/bin/env bash
# torch 2.13.0: the second recurrent model that a program exports to ONNX has its
# length frozen.
#
# Packages: torch 2.13.0, onnx 1.23.2, onnxscript 0.7.2, onnxruntime 1.31.1,
# numpy 2.4.6.
#
# Expected: `torch.onnx.export` with a named dynamic time axis gives a model for any
# length, or an error. What it gives does not depend on what the program exported
# before. (`torch.export.export` alone refuses this axis for a GRU with an error.)
#
# Happens: the first export in a process has the time axis, and is right at other
# lengths. The second export of the same kind of layer, of a fresh module with the
# same arguments, has the example's length built in, and no warning says that the
# axis was dropped. The batch axis stays dynamic in both. Another kind of layer
# counts for itself, and `torch._dynamo.reset()` does not bring the first
# behaviour back.
#
# Seen (example of 7 steps, run at 11):
#   GRU export 1: input b x t x 4, runs at 11 steps, off by less than 1e-5
#   GRU export 2: input b x 7 x 4, refused at 11 steps
#   LSTM export 1: input b x t x 4, runs at 11 steps, off by less than 1e-5
#   LSTM export 2: input b x 7 x 4, refused at 11 steps
#
# Matters for: scripts that export several models or several checkpoints: the first
# file passes the check and the others fail in use. Export each model in a process
# of its own, and look at the input's shape in every file.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0
venv/bin/pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.31.1 onnxscript==0.7.2 numpy==2.4.6
venv/bin/python -W ignore - <<'PY'
import onnxruntime
import torch
from torch.export import Dim

onnxruntime.set_default_logger_severity(4)
torch.manual_seed(0)


def exported(kind, number):
    """The input's shape, and what the file does at another length than the example's."""
    model = getattr(torch.nn, kind)(4, 6, batch_first=True).eval()
    axes = ({0: Dim("b"), 1: Dim("t")},)
    name = f"{kind}{number}.onnx"
    torch.onnx.export(model, (torch.randn(3, 7, 4),), name, input_names=["x"], dynamo=True, dynamic_shapes=axes, verbose=False)
    session = onnxruntime.InferenceSession(name, providers=["CPUExecutionProvider"])
    x = torch.randn(2, 11, 4)
    try:
        with torch.no_grad():
            off = abs(session.run(None, {"x": x.numpy()})[0] - model(x)[0].numpy()).max()
    except Exception as error:
        assert "Got: 11 Expected: 7" in str(error)
        off = None
    return session.get_inputs()[0].shape, off


for kind in ("GRU", "LSTM"):
    for number, shape in ((1, ["b", "t", 4]), (2, ["b", 7, 4])):
        found, off = exported(kind, number)
        says = "refused at 11 steps" if off is None else "runs at 11 steps, off by less than 1e-5"
        print(f"{kind} export {number}: input", " x ".join(map(str, found)) + ",", says)
        assert found == shape
        assert (off is None) == (number == 2) and (off is None or off < 1e-5)
PY
