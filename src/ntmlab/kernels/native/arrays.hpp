// Arrays as Python hands them over: a dictionary by name of float32 tensors, contiguous and on the CPU. Each is
// asked for once, with the shape that it must have.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <array>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "isa.hpp"
#include "pool.hpp"

namespace ntmlab {

namespace nb = nanobind;

class Arrays {
 public:
  explicit Arrays(const nb::dict& named) {
    all_.reserve(named.size());
    for (const auto& [name, array] : named)  // never a converted copy
      all_.push_back({nb::cast<const char*>(name), nb::cast<Array>(array, false)});
  }

  // The sizes of an array that must be there, along so many axes.
  template <std::size_t kAxes>
  std::array<Index, kAxes> sizes(const char* name) const {
    const Array& array = need(name).array;
    if (array.ndim() != kAxes)
      throw std::invalid_argument(std::string(name) + " must have " + std::to_string(kAxes) + " dimensions");
    std::array<Index, kAxes> sizes;
    for (std::size_t i = 0; i < kAxes; ++i) sizes[i] = static_cast<Index>(array.shape(i));
    return sizes;
  }

  // The data of an array that must be there, and of one that may be left out (then nullptr).
  float* operator()(const char* name, std::initializer_list<Index> shape) { return need(name).data(shape); }
  float* optional(const char* name, std::initializer_list<Index> shape) {
    const Named* found = find(name);
    return found ? found->data(shape) : nullptr;
  }
  bool has(const char* name) const { return find(name) != nullptr; }

  // To be called at the end: throws for an array that nobody asked for.
  void finish() const {
    for (const Named& one : all_)
      if (!one.taken) throw std::invalid_argument("nothing takes an array named " + std::string(one.name));
  }

 private:
  using Array = nb::ndarray<float, nb::c_contig, nb::device::cpu>;
  struct Named {
    std::string_view name;  // lives as long as the dictionary
    Array array;
    mutable bool taken = false;

    float* data(std::initializer_list<Index> expected) const {
      bool fits = array.ndim() == expected.size();
      for (std::size_t i = 0; fits && i < expected.size(); ++i)
        fits = static_cast<Index>(array.shape(i)) == expected.begin()[i];
      taken = true;
      if (fits) return array.data();
      std::string message = std::string(name) + " must have shape (";
      for (const Index size : expected) message += std::to_string(size) + ", ";
      message += "), not (";
      for (std::size_t i = 0; i < array.ndim(); ++i) message += std::to_string(array.shape(i)) + ", ";
      throw std::invalid_argument(message + ")");
    }
  };
  std::vector<Named> all_;

  const Named* find(std::string_view name) const {
    for (const Named& one : all_)
      if (name == one.name) return &one;
    return nullptr;
  }
  const Named& need(const char* name) const {
    if (const Named* found = find(name)) return *found;
    throw std::invalid_argument(std::string(name) + " is missing");
  }
};

// Throws unless every number is at least 1.
inline void check_positive(std::initializer_list<Index> numbers) {
  for (const Index number : numbers)
    if (number < 1) throw std::invalid_argument("every size and the number of threads must be at least 1");
}

// Uninitialised floats as a tensor of PyTorch, whose end gives them back to the pool.
using Kept = nb::ndarray<nb::pytorch, float, nb::ndim<1>>;
inline Kept new_kept(Index floats) {
  auto* memory = new Memory(floats);
  const nb::capsule owner(memory, [](void* p) noexcept { delete static_cast<Memory*>(p); });
  return Kept(memory->get(), {static_cast<std::size_t>(floats)}, owner);
}

}  // namespace ntmlab
