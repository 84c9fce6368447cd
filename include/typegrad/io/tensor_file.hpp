// A file of named tensors in memory: what a reader returns.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "typegrad/io/file.hpp"
#include "typegrad/io/json.hpp"
#include "typegrad/io/tensor.hpp"

namespace tg::io {

// Notes of the writer: name and text.
using Metadata = std::vector<std::pair<std::string, std::string>>;

[[gnu::cold]] inline std::string in_quotes(std::string_view name) {
  std::string text;
  append_quoted(text, name);
  return text;
}

// Owns its numbers; the tensors point to them, also after a move.
class TensorFile {
 public:
  // Pre: the tensors' data lie in `content`, and no two have one name.
  TensorFile(std::string path, std::vector<std::byte> content, std::vector<Tensor> tensors,
             Metadata metadata)
      : name(std::move(path)),
        numbers(std::move(content)),
        all(std::move(tensors)),
        notes(std::move(metadata)) {}
  TensorFile(TensorFile&&) = default;
  TensorFile& operator=(TensorFile&&) = default;

  const std::string& path() const { return name; }
  const std::vector<Tensor>& tensors() const { return all; }  // as in the header
  const Metadata& metadata() const { return notes; }

  // Null if there is none of that name.
  const Tensor* find(std::string_view wanted) const {
    for (const Tensor& tensor : all)
      if (tensor.name == wanted) return &tensor;
    return nullptr;
  }
  // Throws Error if there is none of that name, and says which there are.
  [[gnu::cold]] const Tensor& at(std::string_view wanted) const {
    if (const Tensor* found = find(wanted)) return *found;
    std::string names = all.empty() ? "" : ":";
    for (std::size_t i = 0; i < all.size() && i < 8; ++i) {
      names += ' ';
      append_quoted(names, all[i].name);
    }
    fail(name, "found %zu tensors%s%s, expected %s", all.size(), names.c_str(),
         all.size() > 8 ? " and others" : "", in_quotes(wanted).c_str());
  }
  // Throws Error unless it has this type and shape, too.
  [[gnu::cold]] const Tensor& at(std::string_view wanted, Element element,
                                 const std::vector<std::int64_t>& shape) const {
    const Tensor& found = at(wanted);
    if (found.element != element || found.shape != shape)
      fail(name, "found %s of %s, expected %s", in_quotes(wanted).c_str(),
           type_text(found.element, found.shape).c_str(), type_text(element, shape).c_str());
    return found;
  }
  // Throws Error if any number is infinite or NaN.
  [[gnu::cold]] void check_finite() const {
    for (const Tensor& tensor : all)
      if (const std::size_t place = tensor.first_not_finite(); place < tensor.size())
        fail(name, "found infinity or NaN in %s at place %zu, expected finite numbers",
             in_quotes(tensor.name).c_str(), place);
  }

 private:
  std::string name;
  std::vector<std::byte> numbers;
  std::vector<Tensor> all;
  Metadata notes;
};

}  // namespace tg::io
