// Where in the user's code a node was written: a file and a line.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <source_location>
#include <string_view>

#include "typegrad/core/config.hpp"
#include "typegrad/core/fixed_vector.hpp"

namespace tg::ir {

// `file` is spelled as the compiler was given it; it is empty where nobody knows.
struct Place {
  const char* file = "";
  int line = 0;
};

// "…/typegrad/", as the names of the library's own files begin.
inline constexpr std::string_view library_folder = [] {
  constexpr std::string_view own = "graph/place.hpp";
  std::string_view here = std::source_location::current().file_name();
  if (here.ends_with(own)) here.remove_suffix(own.size());
  return here;
}();

// A compiler's own function: it is one step of an evaluation, whatever the length.
constexpr bool begins_with(const char* text, std::string_view begin) {
  return __builtin_strncmp(text, begin.data(), begin.size()) == 0;
}

inline constexpr int max_places = TYPEGRAD_MAX_NODES / 8;

// The lines of the user's that a recording has nodes of. Nodes name them by their indices.
class Places {
 public:
  constexpr int size() const { return lines.size(); }
  constexpr const Place& operator[](int index) const { return lines[index]; }

  // The index of a line from which a function of symbols is called, `current` being that of the
  // line before. What such a function calls itself belongs to who called it. The rest of the
  // library, its layers above all, has no lines that a user would know: -1.
  constexpr std::int16_t index_of(const std::source_location& at, std::int16_t current) {
    const char* file = at.file_name();
    const int line = int(at.line());
    if (begins_with(file, library_folder))
      return makes_symbols(file + library_folder.size()) ? current : std::int16_t(-1);
    if (current >= 0 && is(lines[current], file, line)) return current;
    if (lines.full()) return -1;
    return std::int16_t(lines.push_back({file, line}));
  }

 private:
  static constexpr bool is(const Place& place, const char* file, int line) {
    return place.line == line && __builtin_strcmp(place.file, file) == 0;
  }
  // In the rooms where functions of symbols are: graph/, passes/, views/.
  static constexpr bool makes_symbols(const char* file) {
    return begins_with(file, "graph/") || begins_with(file, "passes/") ||
           begins_with(file, "views/");
  }

  FixedVector<Place, max_places> lines;
};

}  // namespace tg::ir
