// What the page's worker calls. Plain C functions on addresses in the module's memory: numbers of whole
// arrays, which the worker takes and gives back by `take` and `give`.
#pragma once
#include <cstdint>

#define EXPORTED(name) extern "C" __attribute__((export_name(#name), used))
