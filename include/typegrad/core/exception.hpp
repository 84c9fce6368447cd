// What the library throws at its edges: files, data, devices. Never inside a step.
// SPDX-License-Identifier: MIT
#pragma once
#include <stdexcept>
#include <string>

namespace tg {

// what() says what was found, what was expected, and where.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace tg
