// Where in a kernel's source something was done.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <cstring>
#include <source_location>
#include <string>
#include <type_traits>

#include "typegrad/core/joined.hpp"

namespace tg::emulator {

class Place {
 public:
  constexpr Place() = default;
  static constexpr Place of(const std::source_location& at) { return Place(at); }

  // The same words of the source.
  bool operator==(const Place& other) const {
    return at.line() == other.at.line() && at.column() == other.at.column() &&
           (at.file_name() == other.at.file_name() ||
            std::strcmp(at.file_name(), other.at.file_name()) == 0);
  }
  // And in the same function: one of a template for each of its arguments.
  bool is(const Place& other) const {
    return *this == other && (at.function_name() == other.at.function_name() ||
                              std::strcmp(at.function_name(), other.at.function_name()) == 0);
  }
  std::string text() const { return joined(at.file_name(), ":", std::to_string(at.line())); }
  std::string words() const { return joined(text(), ":", std::to_string(at.column())); }
  const char* function() const { return at.function_name(); }

 private:
  constexpr explicit Place(const std::source_location& the_location) : at(the_location) {}

  std::source_location at{};
};

// An index, and where it was written: `x[i]` in a kernel makes one.
struct Index {
  std::int64_t value;
  Place place{};
  template <class I>
  requires std::is_integral_v<I>
  constexpr Index(I i, const std::source_location& at = std::source_location::current())
      : value(std::int64_t(i)), place(Place::of(at)) {}
  constexpr Index(std::int64_t i, const Place& at) : value(i), place(at) {}
};

}  // namespace tg::emulator
