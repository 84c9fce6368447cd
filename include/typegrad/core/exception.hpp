// What the library throws at its edges: files, data, devices. Never inside a step.
// SPDX-License-Identifier: MIT
#pragma once
#include <stdexcept>

#include "typegrad/core/printed.hpp"

namespace tg {

// what() says what was found, what was expected, and where.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws Error: where, and the words as printf makes them. Out of line, and with a plain pointer
// where there is one, so that checks cost their callers little code.
[[noreturn, gnu::cold, gnu::noinline, gnu::format(printf, 2, 3)]] inline void fail(
    const char* where, const char* words, ...) {
  std::va_list arguments;
  va_start(arguments, words);
  const std::string text = detail::printed(words, arguments);
  va_end(arguments);
  throw Error(printed("%s: %s", where, text.c_str()));
}
[[noreturn, gnu::cold, gnu::noinline, gnu::format(printf, 2, 3)]] inline void fail(
    const std::string& where, const char* words, ...) {
  std::va_list arguments;
  va_start(arguments, words);
  const std::string text = detail::printed(words, arguments);
  va_end(arguments);
  throw Error(printed("%s: %s", where.c_str(), text.c_str()));
}

}  // namespace tg
