// What the library throws at its edges: files, data, devices. Never inside a step.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdarg>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace tg {

// what() says what was found, what was expected, and where.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws Error: where, and the words as printf makes them. Out of line, so that checks cost their
// callers little code.
[[noreturn, gnu::cold, gnu::noinline, gnu::format(printf, 2, 3)]] inline void fail(
    const std::string& where, const char* words, ...) {
  char text[1024];
  std::va_list arguments;
  va_start(arguments, words);
  std::vsnprintf(text, sizeof(text), words, arguments);
  va_end(arguments);
  throw Error(where + ": " + text);
}

}  // namespace tg
