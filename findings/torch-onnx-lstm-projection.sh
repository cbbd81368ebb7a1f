#!/usr/bin/env bash
# torch 2.13.0: an LSTM with a projection is exported to ONNX without the projection.
#
# Packages: torch 2.13.0, onnx 1.23.2, onnxscript 0.7.2, onnxruntime 1.31.1,
# numpy 2.4.6.
#
# Expected: `torch.nn.LSTM(proj_size=3)` multiplies the hidden output by a learned
# matrix at every step. ONNX's LSTM has no such matrix, so the exporter writes
# other operators, or says that it cannot.
#
# Happens: the exporter succeeds and writes one LSTM node with hidden size 6 beside
# a recurrence matrix and an initial state of width 3. The projection's weights are
# in no node. ONNX's own checker and onnxruntime both refuse the file.
#
# Seen:
#   export: succeeds, 1 LSTM node, the projection matrix is not in the file
#   onnx checker: refuses
#   onnxruntime: refuses
#
# Matters for: models with projections (speech, some language models): the export's
# success says nothing; run the file.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0
venv/bin/pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.31.1 onnxscript==0.7.2 numpy==2.4.6
venv/bin/python -W ignore - <<'PY'
import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper

onnxruntime.set_default_logger_severity(4)
torch.manual_seed(0)
model = torch.nn.LSTM(4, 6, proj_size=3, batch_first=True).eval()
x = torch.randn(3, 7, 4)
with torch.no_grad():
    assert model(x)[0].shape == (3, 7, 3)
torch.onnx.export(model, (x,), "projection.onnx", input_names=["x"], dynamo=True, verbose=False)

file = onnx.load("projection.onnx")
projection = model.weight_hr_l0.detach().numpy()
assert projection.shape == (3, 6)
stored = [numpy_helper.to_array(tensor) for tensor in file.graph.initializer]
holds = any(np.isin(projection, array).all() for array in stored)
nodes = sum(node.op_type == "LSTM" for node in file.graph.node)
print(f"export: succeeds, {nodes} LSTM node, the projection matrix is", "in the file" if holds else "not in the file")
assert nodes == 1 and not holds


def refuses(check):
    try:
        check()
    except Exception:
        return True
    return False


checker = refuses(lambda: onnx.checker.check_model(file, full_check=True))
runtime = refuses(lambda: onnxruntime.InferenceSession("projection.onnx", providers=["CPUExecutionProvider"]).run(None, {"x": x.numpy()}))
print("onnx checker:", "refuses" if checker else "accepts")
print("onnxruntime:", "refuses" if runtime else "accepts")
assert checker and runtime
PY
