// A constant array of what somebody tells a visitor, one after the other.
// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <cstddef>

namespace tg {

// All that `each` calls its visitor with, in order. A constant expression; `each` captures nothing.
template <class Element, class Each>
constexpr auto table_of(Each each) {
  constexpr int count = [] {
    int n = 0;
    Each{}([&](const Element&) { ++n; });
    return n;
  }();
  std::array<Element, std::size_t(count)> result{};
  std::size_t next = 0;
  each([&](const Element& element) { result[next++] = element; });
  return result;
}

}  // namespace tg
