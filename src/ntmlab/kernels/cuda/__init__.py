"""Kernels in CUDA C++, compiled when they are first wanted: no compiler on the user's machine.

NVRTC compiles them and the driver runs them, both through cuda-bindings, which comes with
PyTorch's own wheels for CUDA.
"""

from ntmlab.kernels.cuda.arguments import arguments, structure
from ntmlab.kernels.cuda.compiler import compile_source, read_source, why_not_here
from ntmlab.kernels.cuda.driver import Kernel, load, number_of, processors, shared_limit

__all__ = [
    "Kernel",
    "arguments",
    "compile_source",
    "load",
    "number_of",
    "processors",
    "read_source",
    "shared_limit",
    "structure",
    "why_not_here",
]
