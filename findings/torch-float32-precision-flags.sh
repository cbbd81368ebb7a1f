#!/usr/bin/env bash
# torch 2.13.0: after `torch.backends.fp32_precision = "ieee"` every
# `torch.backends.cudnn.flags(...)` raises, and says what is not so.
#
# Packages: torch 2.13.0.
#
# Expected: the documented switch for whole float32 products, set once at the top of
# a program, and the documented context for cuDNN's switches, used later by some
# library, know of each other: the context sets what it is given and puts back what
# was there. So it is for `torch.set_float32_matmul_precision("highest")`.
#
# Happens: the context reads the older switch `allow_tf32` first, to put it back, and
# that read raises: "cuDNN conv and cuDNN RNN have different TF32 flags". They have
# the same: both say "ieee". The same with `torch.backends.cudnn.fp32_precision`, and
# with `rnn` and `conv` set one by one to the same. It does not depend on what the
# context is asked to set, nor on a GPU: on a machine without CUDA it raises too.
# With "tf32" the two agree with the older switch, which is on by default, and all is
# well, so that only whoever asks for exact products is met.
#
# Seen, the precision of conv and of rnn, and what the context does:
#   nothing set: tf32 tf32 fine
#   fp32_precision = tf32: tf32 tf32 fine
#   fp32_precision = ieee: ieee ieee RuntimeError
#   cudnn.fp32_precision = ieee: ieee ieee RuntimeError
#   rnn and conv = ieee: ieee ieee RuntimeError
#   matmul precision highest: tf32 tf32 fine
#   ieee, and allow_tf32 = False beside it: ieee ieee fine
#
# Matters for: libraries that switch cuDNN off or on around a call with this context:
# their users' programs fail far from the line that caused it. Read and set
# `torch.backends.cudnn.enabled` and `torch.backends.cudnn.rnn.fp32_precision` alone.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0
cat > one.py <<'PY'
import sys
import warnings

warnings.simplefilter("ignore")
import torch

cudnn = torch.backends.cudnn
for setting in sys.argv[1:]:
    exec(setting)
precisions = cudnn.conv.fp32_precision, cudnn.rnn.fp32_precision
try:
    with cudnn.flags(enabled=False):
        pass
    said = "fine"
except RuntimeError as error:
    assert "conv and cuDNN RNN have different TF32 flags" in str(error), error
    said = "RuntimeError"
print(*precisions, said)
PY
expect() {
  found=$(venv/bin/python one.py "${@:3}")
  echo "$1: $found"
  [ "$found" = "$2" ]
}
expect "nothing set" "tf32 tf32 fine"
expect "fp32_precision = tf32" "tf32 tf32 fine" "torch.backends.fp32_precision = 'tf32'"
expect "fp32_precision = ieee" "ieee ieee RuntimeError" "torch.backends.fp32_precision = 'ieee'"
expect "cudnn.fp32_precision = ieee" "ieee ieee RuntimeError" "cudnn.fp32_precision = 'ieee'"
expect "rnn and conv = ieee" "ieee ieee RuntimeError" "cudnn.rnn.fp32_precision = 'ieee'" "cudnn.conv.fp32_precision = 'ieee'"
expect "matmul precision highest" "tf32 tf32 fine" "torch.set_float32_matmul_precision('highest')"
expect "ieee, and allow_tf32 = False beside it" "ieee ieee fine" "torch.backends.fp32_precision = 'ieee'" "cudnn.allow_tf32 = False"
