// Text: read from a file, and cut into lines or sentences.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "typegrad/data/file.hpp"
#include "typegrad/data/folder.hpp"
#include "typegrad/data/vocabulary.hpp"

namespace tg::data {

// A whole file, inflated when it is gzip. Throws Error when it cannot be read or is larger than a
// gigabyte.
[[gnu::cold]] inline std::string read_text(const std::string& path) {
  const Bytes bytes = read_file(path, std::size_t(1) << 30);
  return {bytes.begin(), bytes.end()};
}

namespace text_parts {

constexpr bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}
constexpr bool ends_sentence(char c) { return c == '.' || c == '!' || c == '?'; }

// Appends the words to `pieces`, in pieces of at most `longest` characters, cut between words where
// that can be.
inline void append_cut(std::vector<std::string>& pieces, std::string_view words,
                       std::size_t longest) {
  while (words.size() > longest) {
    const std::size_t space = words.rfind(' ', longest);
    const bool between = space != std::string_view::npos && space > 0;
    pieces.emplace_back(words.substr(0, between ? space : longest));
    words.remove_prefix(between ? space + 1 : longest);
  }
  if (!words.empty()) pieces.emplace_back(words);
}

}  // namespace text_parts

// The sentences of a text: each up to its '.', '!' or '?' before white space; white space is one
// space between words, none at the ends. What is longer than `longest` is cut, between words where
// that can be. Pre: longest > 0.
inline std::vector<std::string> sentences(
    std::string_view text, std::size_t longest = std::numeric_limits<std::size_t>::max()) {
  std::vector<std::string> result;
  std::string words;  // of the sentence that was begun
  const auto end = [&] {
    text_parts::append_cut(result, words, longest);
    words.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!text_parts::is_space(text[i])) {
      words.push_back(text[i]);
    } else if (!words.empty() && words.back() != ' ') {
      if (text_parts::ends_sentence(words.back()))
        end();
      else
        words.push_back(' ');
    }
  }
  if (!words.empty() && words.back() == ' ') words.pop_back();
  end();
  return result;
}

// The lines of a text that are not empty, without what ends them.
inline std::vector<std::string> lines(std::string_view text) {
  std::vector<std::string> result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (!line.empty()) result.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

}  // namespace tg::data
