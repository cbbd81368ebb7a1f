"""Speed: the kernels beside their references and PyTorch's own, in one run, after a check."""

from ntmlab.bench.cases import Case, cases
from ntmlab.bench.code import CODES, measure_code
from ntmlab.bench.measure import CheckError, Measurement, measure, peak_flops
from ntmlab.bench.optimal import CASES, measure_filter

__all__ = [
    "CASES",
    "CODES",
    "Case",
    "CheckError",
    "Measurement",
    "cases",
    "measure",
    "measure_code",
    "measure_filter",
    "peak_flops",
]
