// The Python module of native kernels: checks shapes, picks the instruction set, releases the GIL.
#include <nanobind/nanobind.h>

namespace nb = nanobind;

NB_MODULE(_native, m) { m.doc() = "Native kernels of ntmlab"; }
