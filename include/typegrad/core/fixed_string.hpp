// A string literal as a template argument: tg::Node<"stem", …>, get<"W">().
// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <string_view>

namespace tg {

template <std::size_t N>
struct FixedString {
  char text[N]{};

  constexpr FixedString(const char (&literal)[N]) {
    for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
  }
  constexpr std::string_view view() const { return {text, N - 1}; }
};

}  // namespace tg
