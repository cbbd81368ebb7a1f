"""Speed: the kernels beside their references and PyTorch's own, in one run, after a check."""

from ntmlab.bench.cases import Case, cases
from ntmlab.bench.measure import CheckError, Measurement, measure, peak_flops

__all__ = ["Case", "CheckError", "Measurement", "cases", "measure", "peak_flops"]
