// Parameters and states to and from files: safetensors, and NumPy's .npz.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "typegrad/core/heap_array.hpp"
#include "typegrad/core/joined.hpp"
#include "typegrad/core/printed.hpp"
#include "typegrad/io/formats.hpp"
#include "typegrad/runtime/variables.hpp"

namespace tg {

// How Model::load and Shared::load read: model.load("lenet.safetensors", {.reject_nan = true}).
struct LoadOptions {
  bool reject_nan = false;        // numbers that are not finite are an Error
  bool any_architecture = false;  // tensors that fit are enough, whatever network saved them
};

namespace runtime {

// The name of the architecture's hash in a file's metadata; its text is 16 hexadecimal digits.
inline constexpr std::string_view architecture_note = "typegrad.architecture";

[[gnu::cold]] inline std::string spell_architecture(std::uint64_t hash) {
  return printed("%016llx", (unsigned long long)hash);
}

inline std::vector<std::int64_t> extents_of(const Shape& shape) {
  std::vector<std::int64_t> extents;
  for (int axis = 0; axis < shape.rank(); ++axis) extents.push_back(shape[axis]);
  return extents;
}

// A counter (num_batches_tracked) is an integer in a file, and a number in memory.
template <class T, class Kept>
io::Element element_in_file(const Variable& v) {
  if (v.dtype == DType::i64 && v.shape.rank() == 0) return io::Element::i64;
  if (v.op == Op::parameter && std::is_same_v<Kept, bfloat16>) return io::Element::bf16;
  if (v.op == Op::parameter && std::is_same_v<Kept, float16>) return io::Element::f16;
  return sizeof(T) == 8 ? io::Element::f64 : io::Element::f32;
}

template <class T, class Kept, class Memory>
[[gnu::cold]] void save_variables(const std::string& path,
                                  const Variables<T, Kept, Memory>& variables,
                                  const io::Metadata& notes) {
  std::vector<io::Tensor> tensors;
  HeapArray<std::int64_t> integers(variables.list().size());
  for (std::size_t i = 0; i < variables.list().size(); ++i) {
    const Variable& v = variables.list()[i];
    const io::Element element = element_in_file<T, Kept>(v);
    const void* data = variables.read(v);
    if (element == io::Element::i64) {
      variables.inspect(v, [&](const auto* number) { integers[i] = std::int64_t(*number); });
      data = &integers[i];
    }
    tensors.push_back(io::tensor(std::string(v.name), element, extents_of(v.shape), data));
  }
  io::write_tensors(path, tensors, notes);
}

template <class T, class Kept, class Memory>
[[gnu::cold]] void save_model(const std::string& path, const Variables<T, Kept, Memory>& variables,
                              std::uint64_t architecture) {
  save_variables(path, variables,
                 {{std::string(architecture_note), spell_architecture(architecture)}});
}

// Numbers of one floating type are read as those of another, rounded to nearest, ties to even (f64
// to a half by way of f32); integers are no weights.
constexpr bool can_be_read_as(io::Element found, io::Element expected) {
  const auto floating = [](io::Element e) { return io::row_of(e).infinity != 0; };
  return found == expected || (floating(found) && floating(expected));
}

// All that keeps a file from being these variables', in words; empty if nothing does.
template <class T, class Kept>
[[gnu::cold]] std::string mismatches_of(const io::TensorFile& file,
                                        std::span<const Variable> variables, bool reject_nan) {
  std::string missing, extra, different;
  const auto list = [](std::string& all, const std::string& what) {
    all += all.empty() ? "" : "; ";
    all += what;
  };
  for (const Variable& v : variables) {
    const io::Element element = element_in_file<T, Kept>(v);
    const std::string name = io::in_quotes(v.name);
    const std::string expected = io::type_text(element, extents_of(v.shape));
    const io::Tensor* tensor = file.find(v.name);
    if (tensor == nullptr)
      list(missing, joined("missing ", name, " of ", expected));
    else if (tensor->shape != extents_of(v.shape) || !can_be_read_as(tensor->element, element))
      list(different, joined("found ", name, " of ", io::type_text(tensor->element, tensor->shape),
                             ", expected ", expected));
    else if (reject_nan && tensor->first_not_finite() < tensor->size())
      list(different, printed("found infinity or NaN in %s at place %zu", name.c_str(),
                              tensor->first_not_finite()));
  }
  for (const io::Tensor& tensor : file.tensors()) {
    const auto is_it = [&](const Variable& v) { return v.name == tensor.name; };
    if (std::none_of(variables.begin(), variables.end(), is_it))
      list(extra, joined("unknown ", io::in_quotes(tensor.name), " of ",
                         io::type_text(tensor.element, tensor.shape)));
  }
  for (const std::string& more : {extra, different})
    if (!more.empty()) list(missing, more);
  return missing;
}

// Throws Error if a network of other layers saved the file. Others than typegrad do not say.
[[gnu::cold]] inline void check_architecture(const io::TensorFile& file,
                                             std::uint64_t architecture) {
  const std::string expected = spell_architecture(architecture);
  for (const auto& [note, found] : file.metadata())
    if (note == architecture_note && found != expected)
      fail(file.path(),
           "saved by a network of other layers (architecture %s, expected %s), though its tensors "
           "fit; .any_architecture = true loads them",
           found.c_str(), expected.c_str());
}

// The file, of which everything is read and checked. Throws Error unless it is these variables'.
template <class T, class Kept, class Memory>
[[gnu::cold]] io::TensorFile read_variables(const std::string& path,
                                            const Variables<T, Kept, Memory>& variables,
                                            bool reject_nan) {
  auto file = io::read_tensors(path);
  const std::string wrong = mismatches_of<T, Kept>(file, variables.list(), reject_nan);
  if (!wrong.empty()) throw Error(joined(path, ": ", wrong));
  return file;
}

template <class T, class Kept, class Memory>
[[gnu::cold]] void take_variables(const io::TensorFile& file,
                                  const Variables<T, Kept, Memory>& variables) {
  for (const Variable& v : variables.list())
    variables.visit(v, [&](auto* to) { file.find(v.name)->copy_to(to); });
}

// Everything is read and checked before anything changes.
template <class T, class Kept, class Memory>
[[gnu::cold]] void load_model(const std::string& path, const Variables<T, Kept, Memory>& variables,
                              std::uint64_t architecture, const LoadOptions& options) {
  const auto file = read_variables(path, variables, options.reject_nan);
  if (!options.any_architecture) check_architecture(file, architecture);
  take_variables(file, variables);
}

}  // namespace runtime
}  // namespace tg
