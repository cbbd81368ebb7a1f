"""Speed on a GPU: ours beside its reference, PyTorch's own, and JAX where that is installed."""

from ntmlab.bench.gpu.cases import GPU_CASES
from ntmlab.bench.gpu.measure import measure_on_gpu
from ntmlab.bench.gpu.rates import Rates, exact_products, measured_rates

__all__ = ["GPU_CASES", "Rates", "exact_products", "measure_on_gpu", "measured_rates"]
