#!/usr/bin/env bash
# abi3audit 0.0.26: a wheel for every Python from 3.6 on, with a module that only 3.11 finds, is clean.
#
# Packages: abi3audit 0.0.26, wheel 0.45.1, psutil 7.0.0 (its wheel for cp36-abi3).
#
# Expected: the tag cp36-abi3 promises that the modules are found by every CPython
# from 3.6 on. Those look for `.abi3.so` and `.so`, and for one suffix of their own.
# A module that is named for one version breaks the promise, whatever symbols it
# uses; it comes about where `bdist_wheel` is told of the stable ABI and the
# extension is not. With --strict the audit of such a wheel fails.
#
# Happens: symbols and versions are read, names are not. The wheel passes, with
# and without --strict, and so it is installed where it cannot be imported.
#
# Seen, of each of its two modules:
#   _psutil_linux.abi3.so                          is_abi3 True, no other symbols
#   _psutil_linux.cpython-311-x86_64-linux-gnu.so  is_abi3 True, no other symbols
#
# Matters for: a release that relies on the audit. `python -m tools.wheel` asks for
# the names itself.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check abi3audit==0.0.26 wheel==0.45.1
venv/bin/pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
  --python-version 3.11 --abi abi3 --platform manylinux2014_x86_64 psutil==7.0.0
venv/bin/wheel unpack --dest right psutil-*.whl
cp -r right named
find named -name '*.abi3.so' | while read -r module; do
  mv "$module" "${module%.abi3.so}.cpython-311-x86_64-linux-gnu.so"
done
mkdir wheels
venv/bin/wheel pack --dest-dir wheels named/psutil-*
venv/bin/python - <<'PY'
import json
import subprocess
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

only = ".cpython-311-x86_64-linux-gnu.so"
assert only in EXTENSION_SUFFIXES and ".abi3.so" in EXTENSION_SUFFIXES
for wheel in (*Path().glob("*.whl"), *Path("wheels").glob("*.whl")):
    assert "cp36-abi3" in wheel.name
    command = ["venv/bin/abi3audit", "--strict", "--report", str(wheel)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0
    (report,) = json.loads(said.stdout)["specs"].values()
    for module in report["wheel"]:
        print(module["name"], module["result"])
        assert module["name"].endswith(only) == ("wheels" in wheel.parts)
        assert module["result"]["is_abi3"] and not module["result"]["non_abi3_symbols"]
PY
