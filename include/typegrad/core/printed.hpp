// Texts as printf makes them.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdarg>
#include <cstdio>
#include <string>

namespace tg {

namespace detail {
[[gnu::cold]] inline std::string printed(const char* words, std::va_list arguments) {
  char text[512];
  std::va_list again;
  va_copy(again, arguments);
  const int length = std::vsnprintf(text, sizeof(text), words, arguments);
  std::string result;
  if (length >= int(sizeof(text))) {
    result.resize(std::size_t(length));
    std::vsnprintf(result.data(), result.size() + 1, words, again);
  } else if (length > 0) {
    result.assign(text, std::size_t(length));
  }
  va_end(again);
  return result;
}
}  // namespace detail

// What printf would print, of any length. Not a template, and nothing for its caller to destroy but
// the result: a compiler has a tenth of the work that a sum of strings is.
[[gnu::cold, gnu::noinline, gnu::format(printf, 1, 2)]] inline std::string printed(
    const char* words, ...) {
  std::va_list arguments;
  va_start(arguments, words);
  std::string text = detail::printed(words, arguments);
  va_end(arguments);
  return text;
}

}  // namespace tg
