#include <nanobind/nanobind.h>

namespace ntmlab {

void bind_ntm_scan(nanobind::module_&) {}

}  // namespace ntmlab
