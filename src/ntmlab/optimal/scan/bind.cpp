// The Python module of the exact predictors' loops: shapes are checked here, and the GIL is released.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <initializer_list>
#include <stdexcept>
#include <string>

#include "bind_isa.hpp"
#include "scans.hpp"

namespace nb = nanobind;

namespace ntmlab::optimal {

namespace {

using Symbols = nb::ndarray<const std::int64_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Input = nb::ndarray<const double, nb::c_contig, nb::device::cpu>;
using Output = nb::ndarray<double, nb::c_contig, nb::device::cpu>;

template <typename Array>
auto checked(const char* name, const Array& array, std::initializer_list<Index> expected) {
  bool fits = array.ndim() == expected.size();
  for (size_t i = 0; fits && i < expected.size(); ++i)
    fits = static_cast<Index>(array.shape(i)) == expected.begin()[i];
  if (!fits) throw std::invalid_argument(std::string(name) + " has another shape than the others say");
  return array.data();
}

Batch batch_of(const Symbols& symbols, const Output& out, Index letters) {
  const Index rows = symbols.shape(0), steps = symbols.shape(1);
  const Letters data = symbols.data();
  for (Index i = 0; i < rows * steps; ++i)
    if (data[i] < 0 || data[i] >= letters) throw std::invalid_argument("symbols are no letters");
  return {data, rows, steps, letters, checked("out", out, {rows, steps + 1, letters})};
}

void counts(const Symbols& symbols, const Output& out, Index context, const Input& prior) {
  const Batch batch = batch_of(symbols, out, prior.size());
  const nb::gil_scoped_release released;
  NTMLAB_DISPATCH(scan_counts(batch, context, prior.data()));
}

void trees(const Symbols& symbols, const Output& out, Index depth, double leaf_odds,
           const Input& prior) {
  const Batch batch = batch_of(symbols, out, prior.size());
  const nb::gil_scoped_release released;
  NTMLAB_DISPATCH(scan_trees(batch, depth, leaf_odds, prior.data()));
}

void changes(const Symbols& symbols, const Output& out, double hazard, const Input& prior) {
  const Batch batch = batch_of(symbols, out, prior.size());
  const nb::gil_scoped_release released;
  NTMLAB_DISPATCH(scan_changes(batch, hazard, prior.data()));
}

void chain(const Symbols& symbols, const Output& out, const Input& matrices, const Input& emission,
           const Input& initial, const Output& least) {
  const Index states = initial.size(), letters = emission.size() / states;
  const Batch batch = batch_of(symbols, out, letters);
  const double* edges = checked("matrices", matrices, {letters, states, states});
  const double* emits = checked("emission", emission, {states, letters});
  double* lowest = checked("least", least, {batch.rows});
  const nb::gil_scoped_release released;
  NTMLAB_DISPATCH(scan_chain(batch, states, edges, emits, initial.data(), lowest));
}

}  // namespace

}  // namespace ntmlab::optimal

NB_MODULE(_native, module) {
  module.doc() = "Exact predictors over whole sequences; see ntmlab.optimal.";
  ntmlab::bind_isa(module);
  module.def("counts", &ntmlab::optimal::counts);
  module.def("trees", &ntmlab::optimal::trees);
  module.def("changes", &ntmlab::optimal::changes);
  module.def("chain", &ntmlab::optimal::chain);
}
