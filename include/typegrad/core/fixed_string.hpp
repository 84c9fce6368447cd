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

// A text that is put together while compiling: Pieces{}(put) calls put(std::string_view) for each
// piece of it.
template <class Pieces>
consteval auto fixed_text(Pieces) {
  constexpr std::size_t length = [] {
    std::size_t sum = 0;
    Pieces{}([&](std::string_view piece) { sum += piece.size(); });
    return sum;
  }();
  char text[length + 1]{};
  char* to = text;
  Pieces{}([&](std::string_view piece) {
    for (char c : piece) *to++ = c;
  });
  return FixedString<length + 1>(text);
}

}  // namespace tg
