// What a module tells Python of instruction sets: the one in use, and those that could be.
#pragma once
#include <nanobind/nanobind.h>

#include "isa.hpp"

namespace ntmlab {

inline void bind_isa(nanobind::module_& m) {
  m.def("instruction_set", [] { return isa_name(selected_isa()); });
  m.def("instruction_sets", [] {
    nanobind::list names;
    for (const Isa isa : every_isa)
      if (has_isa(isa)) names.append(isa_name(isa));
    return names;
  });
}

}  // namespace ntmlab
