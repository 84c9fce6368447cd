// Parameters and states to and from safetensors files.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/io/safetensors.hpp"
#include "typegrad/runtime/variables.hpp"

namespace tg::runtime {

inline std::string spell(const Shape& shape) {
  std::string text = "(";
  for (int axis = 0; axis < shape.rank(); ++axis)
    text += (axis == 0 ? "" : ", ") + std::to_string(shape[axis]);
  return text + ")";
}

inline bool same_extents(const std::vector<std::int64_t>& extents, const Shape& shape) {
  if (int(extents.size()) != shape.rank()) return false;
  for (int axis = 0; axis < shape.rank(); ++axis)
    if (extents[std::size_t(axis)] != shape[axis]) return false;
  return true;
}

template <class T>
[[gnu::cold]] void save_model(const std::string& path, const Variables<T>& variables) {
  std::vector<io::Tensor> tensors;
  std::vector<std::int64_t> integers(variables.list().size());
  for (std::size_t i = 0; i < variables.list().size(); ++i) {
    const Variable& v = variables.list()[i];
    io::Tensor tensor;
    tensor.name = v.name;
    for (int axis = 0; axis < v.shape.rank(); ++axis) tensor.shape.push_back(v.shape[axis]);
    const T* data = variables.data(v);
    if (v.dtype == DType::i64 && v.shape.rank() == 0) {  // a counter: num_batches_tracked
      integers[i] = std::int64_t(*data);
      tensor.element = io::Element::i64;
      tensor.data = reinterpret_cast<const std::byte*>(&integers[i]);
      tensor.bytes = sizeof(std::int64_t);
    } else {
      tensor.element = sizeof(T) == 8 ? io::Element::f64 : io::Element::f32;
      tensor.data = reinterpret_cast<const std::byte*>(data);
      tensor.bytes = sizeof(T) * std::size_t(v.shape.size());
    }
    tensors.push_back(std::move(tensor));
  }
  io::write_safetensors(path, tensors, {});
}

// Everything is read and checked before anything changes.
template <class T>
[[gnu::cold]] void load_model(const std::string& path, const Variables<T>& variables,
                              bool reject_nan) {
  const auto file = io::read_safetensors(path);
  std::string wrong;
  const auto complain = [&](const std::string& what) {
    wrong += (wrong.empty() ? "" : "; ") + what;
  };
  for (const Variable& v : variables.list()) {
    const io::Tensor* tensor = file.find(std::string(v.name));
    if (tensor == nullptr) {
      complain("no tensor '" + std::string(v.name) + "', expected shape " + spell(v.shape));
    } else if (!same_extents(tensor->shape, v.shape)) {
      std::string got = "(";
      for (std::size_t i = 0; i < tensor->shape.size(); ++i)
        got += (i == 0 ? "" : ", ") + std::to_string(tensor->shape[i]);
      complain("'" + std::string(v.name) + "' of shape " + got + "), expected " + spell(v.shape));
    } else if ((v.dtype == DType::i64) != (tensor->element == io::Element::i64)) {
      complain("'" + std::string(v.name) + "' of another type, expected " +
               std::string(name_of(v.dtype)));
    } else if (reject_nan && tensor->first_not_finite() < tensor->size()) {
      complain("'" + std::string(v.name) + "' has a number that is not finite at element " +
               std::to_string(tensor->first_not_finite()));
    }
  }
  for (const io::Tensor& tensor : file.tensors()) {
    bool known = false;
    for (const Variable& v : variables.list()) known = known || v.name == tensor.name;
    if (!known) complain("tensor '" + tensor.name + "', which the network does not have");
  }
  if (!wrong.empty()) throw Error(path + ": " + wrong);
  for (const Variable& v : variables.list())
    file.find(std::string(v.name))->copy_to(variables.data(v));
}

}  // namespace tg::runtime
