#include <nanobind/nanobind.h>

namespace ntmlab {

void bind_lstm_scan(nanobind::module_&) {}

}  // namespace ntmlab
