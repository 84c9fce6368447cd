// NumPy's .npy: one array.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "typegrad/io/file.hpp"
#include "typegrad/io/tensor_checks.hpp"

namespace tg::io {

// A file is a mark, a version, the length of the header, the header (a literal of a Python
// dictionary) up to a multiple of 64 bytes, and the numbers:
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
namespace npy {
inline constexpr std::string_view mark = "\x93NUMPY";
inline constexpr std::size_t alignment = 64, most_header_bytes = 1 << 20;

// The names of the types of Element, in its order; bfloat16 has none.
inline constexpr std::string_view types[element_count] = {
    "|b1", "|u1", "|i1", "<u2", "<i2", "<f2", "", "<u4", "<i4", "<f4", "<u8", "<i8", "<f8"};

struct Header {
  Element element{};
  bool by_columns = false;  // "Fortran order": the first index runs fastest
  std::vector<std::int64_t> shape;
  std::size_t bytes = 0;  // where the numbers begin
};

// Version 1.0, as NumPy itself writes it, room for a longer first extent included.
[[gnu::cold]] inline std::string header_of(const Tensor& tensor, const std::string& path) {
  const std::string_view type = types[int(tensor.element)];
  if (type.empty())
    fail(path, "found %s of type %s, expected a type that NumPy has",
         in_quotes(tensor.name).c_str(), std::string(name_of(tensor.element)).c_str());
  std::string text = "{'descr': '" + std::string(type) + "', 'fortran_order': False, 'shape': (";
  for (std::size_t i = 0; i < tensor.shape.size(); ++i)
    text += (i ? ", " : "") + std::to_string(tensor.shape[i]);
  text += tensor.shape.size() == 1 ? ",), }" : "), }";
  if (!tensor.shape.empty()) text.append(21 - std::to_string(tensor.shape[0]).size(), ' ');
  const std::size_t used = mark.size() + 4 + text.size() + 1;
  text.append((alignment - used % alignment) % alignment, ' ');
  text += '\n';
  if (text.size() > 0xFFFF)
    fail(path, "found %s with %zu extents, expected fewer", in_quotes(tensor.name).c_str(),
         tensor.shape.size());
  std::string result{mark};
  result += {'\1', '\0', char(text.size() & 0xFF), char(text.size() >> 8)};
  return result + text;
}

// Reads the header's text: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }.
class HeaderReader {
 public:
  HeaderReader(std::string_view header, const std::string& where) : text(header), file(where) {}

  [[gnu::cold]] Header read() {
    Header header;
    bool typed = false, ordered = false, shaped = false;
    expect('{');
    while (!take('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr" && !std::exchange(typed, true))
        header.element = element();
      else if (key == "fortran_order" && !std::exchange(ordered, true))
        header.by_columns = truth();
      else if (key == "shape" && !std::exchange(shaped, true))
        header.shape = extents();
      else
        fail(file, "found the key '%s', expected descr, fortran_order and shape, each once",
             key.c_str());
      if (take(',')) continue;
      expect('}');
      break;
    }
    skip_space();
    if (at != text.size()) fault("the end of the header");
    if (!typed || !ordered || !shaped)
      fail(file, "found a header without all its keys, expected descr, fortran_order and shape");
    return header;
  }

 private:
  void skip_space() {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n')) ++at;
  }
  bool take(char c) {
    skip_space();
    if (at == text.size() || text[at] != c) return false;
    ++at;
    return true;
  }
  void expect(char c) {
    const char expected[] = {'\'', c, '\'', '\0'};
    if (!take(c)) fault(expected);
  }
  [[gnu::cold]] std::string quoted() {
    expect('\'');
    const std::size_t length = text.substr(at).find('\'');
    if (length == text.npos) fault("a text in single quotes");
    const std::size_t begin = std::exchange(at, at + length + 1);
    return std::string(text.substr(begin, length));
  }
  [[gnu::cold]] Element element() {
    if (skip_space(); at < text.size() && text[at] == '[')
      fail(file, "found an array of records, expected one of numbers");
    const std::string name = quoted();
    if (!name.empty() && name[0] == '>')
      fail(file, "found big-endian numbers ('%s'), expected little-endian ones", name.c_str());
    for (int i = 0; i < element_count; ++i)
      if (!types[i].empty() && types[i] == name) return Element(i);
    fail(file,
         "found numbers of type '%s', expected |b1, |u1, |i1, <u2, <i2, <f2, <u4, <i4, <f4, <u8, "
         "<i8 or <f8",
         name.c_str());
  }
  [[gnu::cold]] bool truth() {
    skip_space();
    for (std::string_view word : {"True", "False"})
      if (text.substr(at, word.size()) == word) return at += word.size(), word == "True";
    fault("True or False");
  }
  [[gnu::cold]] std::vector<std::int64_t> extents() {
    std::vector<std::int64_t> result;
    expect('(');
    while (!take(')')) {
      result.push_back(integer());
      if (take(',')) continue;
      if (result.size() == 1) fault("',' behind the only extent");
      expect(')');
      break;
    }
    return result;
  }
  [[gnu::cold]] std::int64_t integer() {
    skip_space();
    const std::size_t begin = at;
    std::int64_t value = 0;
    bool fits = true;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
      fits = fits && !__builtin_mul_overflow(value, 10, &value) &&
             !__builtin_add_overflow(value, text[at] - '0', &value);
    if (at == begin || !fits) {
      at = begin;
      fault("a whole number from 0 to 2^63-1");
    }
    return value;
  }
  [[noreturn, gnu::cold]] void fault(const char* expected) const {
    std::string found = "the end";
    if (at < text.size()) {
      found = "";
      for (char c : text.substr(at, 12)) found += c >= 0x20 && c < 0x7F ? c : '?';
      found = in_quotes(found);
    }
    fail(file, "found %s at byte %zu of the header, expected %s", found.c_str(), at, expected);
  }

  std::string_view text;
  const std::string& file;
  std::size_t at = 0;
};

// Throws Error unless `all` is a header and exactly the numbers that it says.
[[gnu::cold]] inline Header read_header(std::span<const std::byte> all, const std::string& where) {
  const std::string_view text(reinterpret_cast<const char*>(all.data()), all.size());
  if (text.substr(0, mark.size()) != mark)
    fail(where, "found a beginning that is not NumPy's, expected \\x93NUMPY");
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? std::size_t(std::uint8_t(text[at])) : 0;
  };
  const std::size_t major = byte(6), minor = byte(7);
  if (text.size() < 8 || (major != 1 && major != 2) || minor != 0)
    fail(where, "found version %zu.%zu, expected 1.0 or 2.0", major, minor);
  const std::size_t begin = major == 1 ? 10 : 12;
  std::size_t length = byte(8) | byte(9) << 8;
  if (major == 2) length |= byte(10) << 16 | byte(11) << 24;
  if (text.size() < begin || length > most_header_bytes || length > text.size() - begin)
    fail(where, "found %zu bytes, expected a header of %zu bytes and numbers", text.size(), length);
  Header header = HeaderReader(text.substr(begin, length), where).read();
  header.bytes = begin + length;
  std::size_t expected = 0;
  const std::string type = type_text(header.element, header.shape);
  if (!bytes_of(header.element, header.shape, expected))
    fail(where, "found %s, expected at most 2^63 bytes", type.c_str());
  if (all.size() - header.bytes != expected)
    fail(where, "found %zu bytes of numbers, expected %zu of %s", all.size() - header.bytes,
         expected, type.c_str());
  return header;
}

// Numbers whose first index runs fastest, as ones whose last does.
[[gnu::cold]] inline void copy_to_rows(std::byte* to, const std::byte* from, std::size_t width,
                                       const std::vector<std::int64_t>& shape, std::size_t count) {
  std::vector<std::int64_t> index(shape.size(), 0);
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t place = 0;
    for (std::size_t axis = shape.size(); axis-- > 0;)
      place = place * std::size_t(shape[axis]) + std::size_t(index[axis]);
    std::memcpy(to + i * width, from + place * width, width);
    for (std::size_t axis = shape.size(); axis-- > 0 && ++index[axis] == shape[axis];)
      index[axis] = 0;
  }
}

// Appends the numbers of a file's bytes; the tensor's `data` is for the caller to set.
[[gnu::cold]] inline Tensor read(std::span<const std::byte> all, std::string name,
                                 std::vector<std::byte>& numbers, const std::string& where) {
  const Header header = read_header(all, where);
  Tensor result = tensor(std::move(name), header.element, header.shape, nullptr);
  const std::size_t begin = numbers.size();
  numbers.insert(numbers.end(), all.begin() + std::ptrdiff_t(header.bytes), all.end());
  if (header.by_columns)
    copy_to_rows(numbers.data() + begin, all.data() + header.bytes, size_of(header.element),
                 header.shape, result.size());
  return result;
}
}  // namespace npy

// Writes a file that numpy.load reads, version 1.0. The file at path is replaced at once or, after
// an Error, stays as it was.
[[gnu::cold]] inline void write_npy(const std::string& path, const Tensor& tensor) {
  check_to_write({tensor}, {}, path);
  const std::string header = npy::header_of(tensor, path);
  OutputFile file(path);
  file.write(header.data(), header.size());
  file.write(tensor.data, tensor.bytes);
  file.commit();
}

// Reads a file of version 1.0 or 2.0 whole: one tensor, without a name, row by row whichever order
// it was saved in. Throws Error for a file that is missing, cut, longer than its header says, or of
// numbers that typegrad has not: big-endian, complex, texts, records.
[[gnu::cold]] inline TensorFile read_npy(const std::string& path) {
  InputFile file(path);
  std::vector<std::byte> all(file.size()), numbers;
  file.read(all.data(), all.size());
  Tensor only = npy::read(all, "", numbers, path);
  only.data = numbers.data();
  return TensorFile(path, std::move(numbers), {std::move(only)}, {});
}

}  // namespace tg::io
