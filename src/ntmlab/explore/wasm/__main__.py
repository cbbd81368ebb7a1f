"""Compiles the page's kernels for the browser: python -m ntmlab.explore.wasm."""

import sys

from ntmlab.errors import InputError
from ntmlab.explore.wasm import BUILT, build

if __name__ == "__main__":
    try:
        build()
    except InputError as error:
        sys.exit(f"ntmlab: {error}")
    print(f"{BUILT}: {BUILT.stat().st_size:,} bytes")
