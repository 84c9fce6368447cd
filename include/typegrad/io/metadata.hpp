// Notes of a file's writer as JSON: {"name":"text"}.
// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <utility>

#include "typegrad/io/json.hpp"
#include "typegrad/io/tensor_file.hpp"

namespace tg::io {

[[gnu::cold]] inline std::string json_of(const Metadata& metadata) {
  std::string json = "{";
  for (const auto& [name, text] : metadata) {
    if (json.size() > 1) json += ',';
    append_quoted(json, name);
    json += ':';
    append_quoted(json, text);
  }
  json += '}';
  return json;
}

[[gnu::cold]] inline void read_metadata(JsonReader& json, Metadata& metadata) {
  json.expect('{');
  if (json.take('}')) return;
  do {
    std::string key = json.string();
    json.expect(':');
    metadata.emplace_back(std::move(key), json.string());
  } while (json.take(','));
  json.expect('}');
}

}  // namespace tg::io
