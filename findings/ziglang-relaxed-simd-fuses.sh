#!/usr/bin/env bash
# ziglang 0.17.1, wasmtime 50.0.1: a flag that allows relaxed instructions changes plain C.
#
# Packages: ziglang 0.17.1 (Clang for WebAssembly), wasmtime 50.0.1.
#
# Expected: WebAssembly rounds every operation, so `x * y + z` is two roundings on
# every machine. `-mrelaxed-simd` lets code that asks for them use the relaxed
# instructions; code that names none of them, compiled without any flag of fast
# mathematics, stays as it was, and a lane of a vector gives what a single number
# gives.
#
# Happens: every product and sum of vectors becomes `f32x4.relaxed_madd`, whose
# result each host may choose, fused or not. Single numbers, which have no such
# instruction, stay at two roundings: the same expression on the same numbers
# differs within one module. The reason is Clang's usual -ffp-contract=on, which has
# nothing to act upon in WebAssembly without this flag; -ffp-contract=off keeps both
# apart. wasmtime's deterministic mode fuses too.
#
# Seen ((1 + 2^-12)^2 - (1 + 2^-11), which is 2^-24; 0 after two roundings):
#   -msimd128                                    single 0            vector 0
#   -msimd128 -mrelaxed-simd                     single 0            vector 5.96e-08
#   -msimd128 -mrelaxed-simd -ffp-contract=off   single 0            vector 0
#
# Matters for: whoever adds the flag for speed to a module whose numbers are compared,
# with those of another machine or of the scalar rest of a loop.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ziglang==0.17.1 wasmtime==50.0.1
cat > times_plus.c <<'C'
typedef float four __attribute__((vector_size(16)));
static volatile four x, y, z, sums;
static volatile float p, q, s, sum;
__attribute__((export_name("vector"))) float vector(float a, float b, float c) {
  x = (four){a, a, a, a}, y = (four){b, b, b, b}, z = (four){c, c, c, c};
  sums = x * y + z;
  return sums[0];
}
__attribute__((export_name("single"))) float single(float a, float b, float c) {
  p = a, q = b, s = c;
  sum = p * q + s;
  return sum;
}
C
venv/bin/python - <<'PY'
import subprocess
import sys

from wasmtime import Config, Engine, Instance, Module, Store

ONE, REST = 1 + 2**-12, -(1 + 2**-11)
ZIG = [sys.executable, "-m", "ziglang", "cc", "-target", "wasm32-freestanding", "-nostdlib"]
ZIG += ["-Wl,--no-entry", "-O2", "times_plus.c", "-o", "times_plus.wasm"]


def results(*flags, deterministic):
    subprocess.run([*ZIG, *flags], check=True)
    config = Config()
    config.wasm_relaxed_simd = True
    config.wasm_relaxed_simd_deterministic = deterministic
    store = Store(Engine(config))
    called = Instance(store, Module.from_file(store.engine, "times_plus.wasm"), []).exports(store)
    return [called[name](store, ONE, ONE, REST) for name in ("single", "vector")]


PLAIN, RELAXED, APART = ["-msimd128"], ["-mrelaxed-simd"], ["-ffp-contract=off"]
for flags in (PLAIN, PLAIN + RELAXED, PLAIN + RELAXED + APART):
    found = results(*flags, deterministic=True)
    print(f"{' '.join(flags):44} single {found[0]:<12.3g} vector {found[1]:.3g}")
    assert found == [0.0, 2**-24 if flags == PLAIN + RELAXED else 0.0]
PY
