"""Speed of codes: beside their readable steps, and packages that are installed."""

import importlib
import importlib.util
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ntmlab.bench.measure import CheckError, Measurement, time_in_turn
from ntmlab.streams.code import find_coder
from ntmlab.streams.own_data import OwnData, bound
from ntmlab.streams.walkers import StepWalker, Walker, walker_of

MANY, FEW = 200_000, 400  # symbols a call; of what is slow

Symbols = NDArray[np.uint8]
Candidates = dict[str, tuple[int, Callable[[], object]]]


COMPILED: Final = ("pyppmd",)  # packages that take as many symbols


class CodeCase(NamedTuple):
    """What codes how many letters, and what other packages do the same."""

    model: str
    letters: int
    others: tuple[str, ...]


CODES: Final[dict[str, CodeCase]] = {
    "KT, 2 bytes of context": CodeCase("kt-2", 256, ("constriction", "arithmetic_compressor")),
    "context trees, 16 bits": CodeCase("ctw-16", 2, ("zctw", "pyaixi")),
    "back-off, 2 bytes": CodeCase("ppm-2", 256, ("pyppmd", "arithmetic_compressor")),
}


def measure_code(name: str, rounds: int) -> Measurement:
    """Checks a case of `CODES`, then times what codes it, in symbols a second.

    Raises CheckError if what was coded does not come back, or the readable steps code it otherwise.
    """
    case = CODES[name]
    symbols = drawn(case.letters, MANY)
    few, coder = symbols[:FEW], find_coder(case.model, case.letters)
    task = OwnData(case.letters, symbols.tobytes())
    readable = walker_of(bound(case.model, task), task, native=False)
    code = coded(coder, symbols)
    _confirm(name, coder, readable, symbols, code)
    others = {name: symbols if name in COMPILED else few for name in case.others}
    candidates: Candidates = {
        "ntmlab": (MANY, lambda: coded(coder, symbols)),
        "back": (MANY, lambda: decoded(coder, code, MANY)),
        "in Python": (FEW, lambda: coded(readable, few)),
        **{
            other: (len(given), OTHERS[other](given))
            for other, given in others.items()
            if importlib.util.find_spec(other) is not None
        },
    }
    seconds = time_in_turn([action for _, action in candidates.values()], rounds)
    pairs = zip(candidates.items(), seconds, strict=True)
    return Measurement(name, {who: count / s for (who, (count, _)), s in pairs}, None)


def drawn(letters: int, count: int) -> Symbols:
    """Letters of which few are frequent, each after two of its own choice."""
    random = np.random.default_rng(0)
    steps = (random.zipf(1.5, count) - 1) % letters
    return np.asarray(np.cumsum(steps) % letters, dtype=np.uint8)


def coded(walker: Walker, symbols: Symbols) -> bytes:
    """The code of a sequence."""
    walker.restart()
    encoder = walker.encoder()
    walker.encode(encoder, symbols)
    found = encoder.finish()
    return found if isinstance(found, bytes) else np.packbits(np.array(found, np.uint8)).tobytes()


def decoded(walker: Walker, code: bytes, count: int) -> Symbols:
    """The sequence of a code."""
    walker.restart()
    return walker.decode(walker.decoder(code), count)


def _confirm(name: str, coder: Walker, readable: Walker, symbols: Symbols, code: bytes) -> None:
    if not (decoded(coder, code, len(symbols)) == symbols).all():
        raise CheckError(f"{name}: what was coded does not come back")
    few = symbols[:FEW]
    if isinstance(readable, StepWalker) and coded(coder, few) != coded(readable, few):
        raise CheckError(f"{name}: the readable steps code it otherwise")


def _arithmetic_compressor(symbols: Symbols) -> Callable[[], object]:
    """Its PPM of two letters of context."""
    package: Any = importlib.import_module("arithmetic_compressor")
    models: Any = importlib.import_module("arithmetic_compressor.models")
    given = symbols.tolist()
    return lambda: package.AECompressor(models.PPMModel([*range(256)], 2)).compress(given)


def _constriction(symbols: Symbols) -> Callable[[], object]:
    """Its range coder, compiled, driven by counts that NumPy keeps."""
    stream: Any = importlib.import_module("constriction").stream
    given = symbols.astype(np.int32)

    def run() -> None:
        encoder: Any = stream.queue.RangeEncoder()
        counts: dict[bytes, Any] = {}
        for t, symbol in enumerate(given):
            context = given[max(0, t - 2) : t].tobytes()
            own = counts.setdefault(context, np.full(256, 0.5, dtype=np.float32))
            encoder.encode(symbol, stream.model.Categorical(own / own.sum(), perfect=False))
            own[symbol] += 1
        encoder.get_compressed()

    return run


def _pyppmd(symbols: Symbols) -> Callable[[], object]:
    """PPMd of 7-Zip, compiled: order 2, with inherited counts and exclusion."""
    package: Any = importlib.import_module("pyppmd")
    given = symbols.tobytes()
    return lambda: package.compress(given, max_order=2, mem_size=2**24)


def _zctw(symbols: Symbols) -> Callable[[], object]:
    """Its context trees, whose depth is in bytes: two."""
    package: Any = importlib.import_module("zctw")
    given, settings = np.packbits(symbols).tobytes(), package.CTWSettings(treedepth=2)
    return lambda: package.CTWCompressor(settings).encode(given)


def _pyaixi(symbols: Symbols) -> Callable[[], object]:
    """Its context tree, asked for and told every bit; without a coder."""
    trees: Any = importlib.import_module("pyaixi.prediction.ctw_context_tree")

    def run() -> None:
        tree = trees.CTWContextTree(16)
        for bit in symbols.tolist():
            tree.predict(1)
            tree.update(bit)

    return run


OTHERS: Final[dict[str, Callable[[Symbols], Callable[[], object]]]] = {
    "arithmetic_compressor": _arithmetic_compressor,
    "constriction": _constriction,
    "pyppmd": _pyppmd,
    "zctw": _zctw,
    "pyaixi": _pyaixi,
}
