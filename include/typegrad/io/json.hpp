// The part of JSON that headers of tensors use: objects, strings, arrays and whole numbers.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "typegrad/io/file.hpp"

namespace tg::io {

// Whether text is UTF-8 without overlong forms and surrogates (RFC 3629).
[[gnu::cold]] constexpr bool is_utf8(std::string_view text) {
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  for (std::size_t i = 0; i < text.size();) {
    const std::uint8_t first = std::uint8_t(text[i]);
    const std::size_t length = first < 0x80           ? 1
                               : (first >> 5) == 0x06 ? 2
                               : (first >> 4) == 0x0E ? 3
                               : (first >> 3) == 0x1E ? 4
                                                      : 0;
    if (length == 0 || length > text.size() - i) return false;
    std::uint32_t code = length == 1 ? first : first & (0x7Fu >> length);
    for (std::size_t j = 1; j < length; ++j) {
      const std::uint8_t next = std::uint8_t(text[i + j]);
      if ((next >> 6) != 0x02) return false;
      code = code << 6 | (next & 0x3F);
    }
    if (code < least[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
    i += length;
  }
  return true;
}

[[gnu::cold]] inline void append_utf8(std::string& text, std::uint32_t code) {
  const auto tail = [&](int shift) { text += char(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) {
    text += char(code);
  } else if (code < 0x800) {
    text += char(0xC0 | code >> 6), tail(0);
  } else if (code < 0x10000) {
    text += char(0xE0 | code >> 12), tail(6), tail(0);
  } else {
    text += char(0xF0 | code >> 18), tail(12), tail(6), tail(0);
  }
}

// Appends text as a JSON string. Pre: is_utf8(text).
[[gnu::cold]] inline void append_quoted(std::string& json, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  json += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    if (std::uint8_t(c) < 0x20) {
      json += "\\u00";
      json += digits[std::uint8_t(c) >> 4];
      json += digits[c & 15];
    } else {
      json += c;
    }
  }
  json += '"';
}

// Reads a text from its beginning to its end; whatever is not as asked for is an Error with the
// place.
class JsonReader {
 public:
  // `where` names the file in an error. Neither is owned.
  JsonReader(std::string_view json, const std::string& where) : text(json), file(where) {}

  // After white space.
  [[gnu::cold]] bool take(char c) {
    skip_space();
    if (at == text.size() || text[at] != c) return false;
    ++at;
    return true;
  }
  [[gnu::cold]] void expect(char c) {
    const char expected[] = {'\'', c, '\'', '\0'};
    if (!take(c)) fault(expected);
  }
  [[gnu::cold]] void expect_end() {
    skip_space();
    if (at != text.size()) fault("the end");
  }

  [[gnu::cold]] std::string string() {
    expect('"');
    const std::size_t begin = at - 1;
    std::string result;
    for (;;) {
      if (at == text.size() || std::uint8_t(text[at]) < 0x20) fault("a string that ends with '\"'");
      const char c = text[at++];
      if (c == '"') break;
      if (c == '\\')
        append_escaped(result);
      else
        result += c;
    }
    if (!is_utf8(result)) {
      at = begin;
      fault("a string in UTF-8");
    }
    return result;
  }

  // 0 … 2^63-1, as JSON writes it: no sign, no leading zero, no fraction.
  [[gnu::cold]] std::int64_t integer() {
    skip_space();
    const std::size_t begin = at;
    std::int64_t value = 0;
    bool fits = true;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
      fits = fits && !__builtin_mul_overflow(value, 10, &value) &&
             !__builtin_add_overflow(value, text[at] - '0', &value);
    const bool plain = at > begin && (text[begin] != '0' || at == begin + 1);
    if (!plain || !fits) {
      at = begin;
      fault("a whole number from 0 to 2^63-1");
    }
    return value;
  }

  // Throws what stands at the reader's place, and what was expected there.
  [[noreturn, gnu::cold, gnu::noinline]] void fault(const char* expected) const {
    std::string found = "the end";
    if (at < text.size()) append_quoted(found = "", printable(text.substr(at, 12)));
    fail(file, "found %s at byte %zu of the header, expected %s", found.c_str(), at, expected);
  }

 private:
  [[gnu::cold]] void skip_space() {
    constexpr std::string_view space = " \n\r\t";
    while (at < text.size() && space.find(text[at]) != space.npos) ++at;
  }

  [[gnu::cold]] static std::string printable(std::string_view part) {
    std::string result;
    for (char c : part) result += c >= 0x20 && c < 0x7F ? c : '?';
    return result;
  }

  [[gnu::cold]] void append_escaped(std::string& result) {
    constexpr std::string_view from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
    const char c = at < text.size() ? text[at] : '\0';
    if (const std::size_t i = from.find(c); c != '\0' && i != from.npos) {
      ++at;
      result += to[i];
      return;
    }
    if (c != 'u') fault("an escape of JSON");
    ++at;
    std::uint32_t code = hexadecimal();
    if (code >= 0xD800 && code <= 0xDBFF && text.substr(at, 2) == "\\u") {
      at += 2;
      const std::uint32_t low = hexadecimal();
      if (low >= 0xDC00 && low <= 0xDFFF) code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(result, code);  // half a pair becomes what is_utf8 refuses
  }

  [[gnu::cold]] std::uint32_t hexadecimal() {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i, ++at) {
      const char c = at < text.size() ? text[at] : ' ';
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) fault("four hexadecimal digits");
      code = code << 4 | std::uint32_t(digit);
    }
    return code;
  }

  std::string_view text;
  const std::string& file;
  std::size_t at = 0;
};

}  // namespace tg::io
