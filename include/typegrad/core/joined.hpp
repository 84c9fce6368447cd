// Texts from pieces.
// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <string_view>

namespace tg {

// The pieces, one behind the other. (What `"text" + std::string()` gives makes g++ 12 warn of
// overlapping memory, falsely, and a user's -Werror fail.)
template <class... Pieces>
[[gnu::cold]] std::string joined(const Pieces&... pieces) {
  std::string text;
  (text.append(std::string_view(pieces)), ...);
  return text;
}

}  // namespace tg
