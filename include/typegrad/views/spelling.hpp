// A layer's type as its user wrote it: "Conv<6, 5, padding<2>>".
// SPDX-License-Identifier: MIT
#pragma once
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "typegrad/graph/recording.hpp"

namespace tg::views {

// The type in ir::type_text: "… [with Type = tg::Relu; …]" or "… [Type = tg::Relu]".
constexpr std::string_view raw_spelling(std::string_view text) {
  const std::size_t begin = text.find("Type = ") + 7;
  const std::size_t end = text.find(';', begin);
  return text.substr(begin, (end == text.npos ? text.rfind(']') : end) - begin);
}

// Rewrites a compiler's spelling into the user's.
class Speller {
 public:
  explicit Speller(std::string_view raw) : text(raw) {}

  [[gnu::cold]] std::string result() {
    remove("tg::");
    remove("{anonymous}::");
    remove("(anonymous namespace)::");
    unwrap_names();
    for (std::size_t at; (at = text.find("> >")) != text.npos;) text.erase(at + 1, 1);
    shorten_numbers();
    for (std::size_t end; (end = option_end()) != text.npos;) respell_option(end);
    return text;
  }

 private:
  void remove(std::string_view what) {
    for (std::size_t at = 0; (at = text.find(what, at)) != text.npos;) {
      const bool whole =
          at == 0 || (std::isalnum((unsigned char)text[at - 1]) == 0 && text[at - 1] != '_');
      if (whole)
        text.erase(at, what.size());
      else
        ++at;
    }
  }

  // FixedString<2>{"w"} and FixedString<2>{{"w"}} are "w".
  void unwrap_names() {
    for (std::size_t at = 0; (at = text.find("FixedString<", at)) != text.npos;) {
      const std::size_t quote = text.find('"', at), end = text.find('}', quote);
      if (end == text.npos) return;
      std::size_t last = end;
      while (last + 1 < text.size() && text[last + 1] == '}') ++last;
      text.erase(end, last + 1 - end);
      text.erase(at, quote - at);
    }
  }

  // 5.0e-1 and 5.000000e-01 are 0.5.
  void shorten_numbers() {
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (std::isdigit((unsigned char)text[at]) == 0) continue;
      if (at > 0 && (std::isalnum((unsigned char)text[at - 1]) != 0 || text[at - 1] == '_'))
        continue;
      char* end = nullptr;
      const double value = std::strtod(text.c_str() + at, &end);
      const std::size_t length = std::size_t(end - (text.c_str() + at));
      char written[32];
      std::snprintf(written, sizeof written, "%g", value);
      if (text.substr(at, length).find('.') != text.npos) text.replace(at, length, written);
      while (at < text.size() && (std::isalnum((unsigned char)text[at]) != 0 || text[at] == '.'))
        ++at;
    }
  }

  // The place of the first "()" or "{}", behind the type of an option.
  std::size_t option_end() const {
    const std::size_t round = text.find("()"), curly = text.find("{}");
    return round < curly ? round : curly;
  }
  // Padding<2, 2>() is padding<2>, Bias<false>() is no_bias, Truncate<true>() is truncate.
  void respell_option(std::size_t end) {
    text.erase(end, 2);
    std::size_t open = end;
    if (end > 0 && text[end - 1] == '>') {
      int depth = 0;
      do {
        --open;
        depth += text[open] == '>' ? 1 : text[open] == '<' ? -1 : 0;
      } while (depth > 0 && open > 0);
    }
    std::size_t begin = open;
    while (begin > 0 &&
           (std::isalnum((unsigned char)text[begin - 1]) != 0 || text[begin - 1] == '_'))
      --begin;
    std::string name;
    for (std::size_t i = begin; i < open; ++i) {
      if (std::isupper((unsigned char)text[i]) != 0 && i > begin) name += '_';
      name += char(std::tolower((unsigned char)text[i]));
    }
    std::string arguments = text.substr(open, end - open);
    if (arguments == "<false>")
      name = "no_" + name, arguments.clear();
    else if (arguments == "<true>")
      arguments.clear();
    else if (const std::size_t comma = arguments.find(", ");
             comma != text.npos && arguments.substr(1, comma - 1) ==
                                       arguments.substr(comma + 2, arguments.size() - comma - 3))
      arguments.erase(comma, arguments.size() - comma - 1);
    text.replace(begin, end - begin, name + arguments);
  }

  std::string text;
};

template <class Type>
std::string spelling() {
  return Speller(raw_spelling(ir::type_text<Type>())).result();
}

}  // namespace tg::views
