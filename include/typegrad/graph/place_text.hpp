// Lines of the user's code as texts, for who reports at run time.
// SPDX-License-Identifier: MIT
#pragma once
#include <span>

#include "typegrad/core/joined.hpp"
#include "typegrad/graph/place.hpp"

namespace tg::ir {

// "src/net.cpp:31", as editors and terminals open it; empty where nobody knows the line.
[[gnu::cold]] inline std::string text_of(const Place& place) {
  return place.line > 0 ? joined(place.file, ":", std::to_string(place.line)) : std::string();
}
// Of an index, which may be -1.
[[gnu::cold]] inline std::string text_of(std::span<const Place> places, int place) {
  return place < 0 ? std::string() : text_of(places[std::size_t(place)]);
}

// " at src/net.cpp:31", behind what is there; nothing where there is no line.
[[gnu::cold]] inline std::string at_line(std::string_view line) {
  return line.empty() ? std::string() : joined(" at ", line);
}

}  // namespace tg::ir
