// What every writer and reader of tensors checks.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdlib>
#include <string>
#include <vector>

#include "typegrad/core/heap_array.hpp"
#include "typegrad/io/tensor_file.hpp"

namespace tg::io {

// Throws Error unless every name is there once.
[[gnu::cold]] inline void check_once(HeapArray<const std::string*> names, const std::string& path) {
  std::qsort(names.data(), names.size(), sizeof(const std::string*),
             [](const void* a, const void* b) {
               return (*static_cast<const std::string* const*>(a))
                   ->compare(**static_cast<const std::string* const*>(b));
             });
  for (std::size_t i = 1; i < names.size(); ++i)
    if (*names[i] == *names[i - 1])
      fail(path, "found %s twice, expected every name once", in_quotes(*names[i]).c_str());
}

// Every name once, among the tensors and among the notes.
[[gnu::cold]] inline void check_names(const std::vector<Tensor>& tensors, const Metadata& metadata,
                                      const std::string& path) {
  HeapArray<const std::string*> names(tensors.size()), notes(metadata.size());
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = &tensors[i].name;
  for (std::size_t i = 0; i < notes.size(); ++i) notes[i] = &metadata[i].first;
  check_once(std::move(names), path);
  check_once(std::move(notes), path);
}

// Throws Error unless they can be written: names and notes in UTF-8 and each once, sizes that fit.
[[gnu::cold]] inline void check_to_write(const std::vector<Tensor>& tensors,
                                         const Metadata& metadata, const std::string& path) {
  for (const auto& [key, value] : metadata)
    if (!is_utf8(key) || !is_utf8(value))
      fail(path, "found metadata that are not UTF-8, expected UTF-8");
  for (const Tensor& tensor : tensors) {
    if (!is_utf8(tensor.name)) fail(path, "found a name that is not UTF-8, expected UTF-8");
    std::size_t bytes = 0;
    const std::string type = type_text(tensor.element, tensor.shape);
    if (!bytes_of(tensor.element, tensor.shape, bytes))
      fail(path, "found %s of %s, expected extents of at least 0 and at most 2^63 bytes",
           in_quotes(tensor.name).c_str(), type.c_str());
    if (bytes != tensor.bytes || (bytes > 0 && !tensor.data))
      fail(path, "found %s of %s in %zu bytes, expected %zu bytes", in_quotes(tensor.name).c_str(),
           type.c_str(), tensor.data ? tensor.bytes : 0, bytes);
  }
  check_names(tensors, metadata, path);
}

}  // namespace tg::io
