// safetensors: the format in which PyTorch and others exchange named tensors.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "typegrad/core/heap_array.hpp"
#include "typegrad/core/joined.hpp"
#include "typegrad/core/printed.hpp"
#include "typegrad/io/file.hpp"
#include "typegrad/io/json.hpp"
#include "typegrad/io/metadata.hpp"
#include "typegrad/io/tensor.hpp"
#include "typegrad/io/tensor_checks.hpp"
#include "typegrad/io/tensor_file.hpp"

namespace tg::io {

// A file is 8 bytes with the length of the header, the header (JSON), and the numbers without gaps:
// https://github.com/huggingface/safetensors#format
namespace safetensors {
inline constexpr std::string_view metadata_name = "__metadata__";
inline constexpr std::size_t most_header_bytes = 100'000'000;

// Pre: checked. The numbers lie in the order of `tensors`.
[[gnu::cold]] inline std::string header_of(const HeapArray<const Tensor*>& tensors,
                                           const Metadata& metadata) {
  std::string header = "{";
  if (!metadata.empty()) header += joined("\"", metadata_name, "\":", json_of(metadata));
  std::size_t offset = 0;
  for (const Tensor* tensor : tensors) {
    if (header.size() > 1) header += ',';
    append_quoted(header, tensor->name);
    header += ":{\"dtype\":\"";
    header += name_of(tensor->element);
    header += "\",\"shape\":[";
    for (std::size_t i = 0; i < tensor->shape.size(); ++i)
      header += printed(i ? ",%lld" : "%lld", (long long)tensor->shape[i]);
    header += printed("],\"data_offsets\":[%zu,%zu]}", offset, offset + tensor->bytes);
    offset += tensor->bytes;
  }
  header += '}';
  header.append((8 - header.size() % 8) % 8, ' ');  // the numbers begin at a multiple of 8
  return header;
}

// Where a tensor's numbers begin, and which tensor.
struct Place {
  std::size_t begin, end;
  std::size_t tensor;
};

// Reads what stands behind a tensor's name:
// {"dtype":"F32","shape":[6,1,5,5],"data_offsets":[0,600]}.
[[gnu::cold]] inline Place read_entry(JsonReader& json, Tensor& tensor, const std::string& path) {
  Place place{};
  bool typed = false, shaped = false, placed = false;
  const auto key_of = [&](bool& seen) {
    if (std::exchange(seen, true)) json.fault("every key once");
  };
  json.expect('{');
  do {
    const std::string key = json.string();
    json.expect(':');
    if (key == "dtype") {
      key_of(typed);
      const std::string name = json.string();
      int element = 0;
      while (element < element_count && element_table[element].name != name) ++element;
      if (element == element_count)
        fail(path,
             "found %s of type %s, expected BOOL, U8 to U64, I8 to I64, F16, BF16, F32 or F64",
             in_quotes(tensor.name).c_str(), in_quotes(name).c_str());
      tensor.element = Element(element);
    } else if (key == "shape") {
      key_of(shaped);
      json.expect('[');
      if (!json.take(']')) {
        do tensor.shape.push_back(json.integer());
        while (json.take(','));
        json.expect(']');
      }
    } else if (key == "data_offsets") {
      key_of(placed);
      json.expect('[');
      place.begin = std::size_t(json.integer());
      json.expect(',');
      place.end = std::size_t(json.integer());
      json.expect(']');
    } else {
      fail(path, "found key %s in %s, expected dtype, shape and data_offsets",
           in_quotes(key).c_str(), in_quotes(tensor.name).c_str());
    }
  } while (json.take(','));
  json.expect('}');
  if (!typed || !shaped || !placed)
    fail(path, "found %s without all its keys, expected dtype, shape and data_offsets",
         in_quotes(tensor.name).c_str());
  return place;
}

// Each tensor has the bytes that it needs, and together they are all `bytes` that follow the
// header. Post: sets Tensor::bytes.
[[gnu::cold]] inline void check_places(std::vector<Tensor>& tensors, std::vector<Place>& places,
                                       std::size_t bytes, const std::string& path) {
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::size_t next = 0;
  for (const Place& place : places) {
    Tensor& tensor = tensors[place.tensor];
    const std::string found = printed("%s at data_offsets %zu to %zu",
                                      in_quotes(tensor.name).c_str(), place.begin, place.end);
    if (place.begin != next)
      fail(path, "found %s, expected data that begin at %zu, without gap or overlap", found.c_str(),
           next);
    if (place.end < place.begin || place.end > bytes)
      fail(path, "found %s, expected an end within the %zu bytes of data", found.c_str(), bytes);
    if (!bytes_of(tensor.element, tensor.shape, tensor.bytes) ||
        tensor.bytes != place.end - place.begin)
      fail(path, "found %s, expected the size of %s", found.c_str(),
           type_text(tensor.element, tensor.shape).c_str());
    next = place.end;
  }
  if (next != bytes)
    fail(path, "found %zu bytes of data, expected %zu bytes, as the header says", bytes, next);
}
}  // namespace safetensors

// Writes a file that safetensors' own readers accept. The file at path is replaced at once or,
// after an Error, stays as it was. Wider numbers come first, so that all are aligned in the file.
[[gnu::cold]] inline void write_safetensors(const std::string& path,
                                            const std::vector<Tensor>& tensors,
                                            const Metadata& metadata = {}) {
  check_to_write(tensors, metadata, path);
  for (const Tensor& tensor : tensors)
    if (tensor.name == safetensors::metadata_name)
      fail(path, "found a tensor %s, expected another name", in_quotes(tensor.name).c_str());
  HeapArray<const Tensor*> order(tensors.size());
  std::size_t next = 0;
  for (std::size_t width : {8, 4, 2, 1})
    for (const Tensor& tensor : tensors)
      if (size_of(tensor.element) == width) order[next++] = &tensor;
  const std::string header = safetensors::header_of(order, metadata);
  if (header.size() > safetensors::most_header_bytes)
    fail(path, "found a header of %zu bytes, expected at most %zu", header.size(),
         safetensors::most_header_bytes);
  OutputFile file(path);
  const std::size_t length = header.size();
  file.write(&length, sizeof(length));
  file.write(header.data(), header.size());
  for (const Tensor* tensor : order) file.write(tensor->data, tensor->bytes);
  file.commit();
}

// Reads a file whole and checks it before anything is returned. Throws Error for a file that is
// missing, cut, longer than its header says, or whose header is not exactly as the format
// describes.
[[gnu::cold]] inline TensorFile read_safetensors(const std::string& path) {
  InputFile file(path);
  if (file.size() < 8)
    fail(path, "found %zu bytes, expected at least 8, the length of the header", file.size());
  std::size_t length = 0;
  file.read(&length, sizeof(length));
  const std::size_t most = std::min(file.size() - 8, safetensors::most_header_bytes);
  if (length > most)
    fail(path, "found a header of %zu bytes in a file of %zu bytes, expected at most %zu", length,
         file.size(), most);
  std::string header(length, '\0');
  file.read(header.data(), header.size());

  std::vector<Tensor> tensors;
  std::vector<safetensors::Place> places;
  Metadata metadata;
  bool noted = false;
  JsonReader json(header, path);
  if (header.empty() || header[0] != '{') json.fault("'{'");
  json.expect('{');
  if (!json.take('}')) {
    do {
      Tensor tensor{json.string(), {}, {}, nullptr, 0};
      json.expect(':');
      if (tensor.name == safetensors::metadata_name) {
        if (std::exchange(noted, true))
          fail(path, "found %s twice, expected every name once", in_quotes(tensor.name).c_str());
        read_metadata(json, metadata);
        continue;
      }
      auto place = safetensors::read_entry(json, tensor, path);
      place.tensor = tensors.size();
      places.push_back(place);
      tensors.push_back(std::move(tensor));
    } while (json.take(','));
    json.expect('}');
  }
  json.expect_end();
  check_names(tensors, metadata, path);
  const std::size_t bytes = file.size() - 8 - length;
  safetensors::check_places(tensors, places, bytes, path);

  std::vector<std::byte> content(bytes);
  file.read(content.data(), content.size());
  for (const auto& place : places) tensors[place.tensor].data = content.data() + place.begin;
  return TensorFile(path, std::move(content), std::move(tensors), std::move(metadata));
}

}  // namespace tg::io
