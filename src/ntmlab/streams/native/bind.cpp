// The Python module of the streams: models that predict, cost and code letter after letter.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <stdexcept>

#include "backoff.hpp"
#include "counts.hpp"
#include "orders.hpp"
#include "tree.hpp"

namespace nb = nanobind;

namespace ntmlab::streams {

namespace {

using Symbols = nb::ndarray<const std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Found = nb::ndarray<std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Numbers = nb::ndarray<double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

void check(const Model& model, const Symbols& symbols) {
  std::uint8_t highest = 0;
  for (std::size_t i = 0; i < symbols.size(); ++i) highest = std::max(highest, symbols.data()[i]);
  if (highest >= model.letters()) throw std::invalid_argument("symbols are no letters");
}

double cost(Model& model, const Symbols& symbols) {
  check(model, symbols);
  const nb::gil_scoped_release released;
  double bits = 0;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    bits -= std::log2(model.given(symbols.data()[i]));
    model.update(symbols.data()[i]);
  }
  return bits;
}

void encode(Model& model, Encoder& encoder, const Symbols& symbols) {
  check(model, symbols);
  const nb::gil_scoped_release released;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    encoder.put(model.part(symbols.data()[i]));
    model.update(symbols.data()[i]);
  }
}

nb::bytes finish(Encoder& encoder) {
  const auto& bytes = encoder.finish();
  return nb::bytes(bytes.data(), bytes.size());
}

void decode(Model& model, Decoder& decoder, const Found& out) {
  const nb::gil_scoped_release released;
  for (std::size_t i = 0; i < out.size(); ++i) {
    Part part{};
    const Letter letter = model.find(decoder.place(), part);
    decoder.take(part);
    model.update(letter);
    out.data()[i] = letter;
  }
}

void predict(Model& model, const Numbers& out) {
  if (static_cast<Index>(out.size()) != model.letters())
    throw std::invalid_argument("out has another shape");
  std::copy_n(model.predict(), model.letters(), out.data());
}

}  // namespace

}  // namespace ntmlab::streams

NB_MODULE(_native, module) {
  using namespace ntmlab::streams;
  module.doc() = "Models that predict, cost and code letter after letter; see ntmlab.streams.";
  nb::class_<Encoder>(module, "Encoder").def(nb::init<>()).def("finish", &finish);
  nb::class_<Decoder>(module, "Decoder").def("__init__", [](Decoder* self, const nb::bytes& code) {
    new (self) Decoder(static_cast<const std::uint8_t*>(code.data()), code.size());
  });
  nb::class_<Model>(module, "Model")
      .def("restart", &Model::restart)
      .def("predict", &predict)
      .def("cost", &cost)
      .def("encode", &encode)
      .def("decode", &decode);
  nb::class_<Counts, Model>(module, "Counts").def(nb::init<Index, Index, double, double>());
  nb::class_<Tree<0>, Model>(module, "Tree").def(nb::init<Index, Index, double, double>());
  nb::class_<Tree<2>, Model>(module, "BinaryTree").def(nb::init<Index, Index, double, double>());
  nb::class_<Orders, Model>(module, "Orders").def(nb::init<Index, Index, Index, double, double>());
  nb::class_<BackOff, Model>(module, "BackOff").def(nb::init<Index, Index>());
}
