// IDX, the format of MNIST: one array of numbers behind a header of four bytes and its extents.
// SPDX-License-Identifier: MIT
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "typegrad/core/printed.hpp"
#include "typegrad/data/file.hpp"

namespace tg::data {

// The third byte of the file (Y. LeCun's description of the MNIST files). Numbers are big-endian.
enum class IdxType : std::uint8_t {
  u8 = 0x08,
  i8 = 0x09,
  i16 = 0x0B,
  i32 = 0x0C,
  f32 = 0x0D,
  f64 = 0x0E
};

// 0 for a byte that is no IDX type.
constexpr std::size_t size_of(IdxType type) {
  switch (type) {
    case IdxType::u8:
    case IdxType::i8:
      return 1;
    case IdxType::i16:
      return 2;
    case IdxType::i32:
    case IdxType::f32:
      return 4;
    case IdxType::f64:
      return 8;
  }
  return 0;
}

// One IDX file, checked. The first extent counts the samples.
class Idx {
 public:
  // Post: file.size() == offset + size() * size_of(type). Only read_idx makes one.
  Idx(IdxType type, std::vector<std::int64_t> extents, std::size_t offset, Bytes file)
      : element(type), axes(std::move(extents)), start(offset), content(std::move(file)) {}

  IdxType type() const { return element; }
  const std::vector<std::int64_t>& extents() const { return axes; }
  std::size_t size() const { return (content.size() - start) / size_of(element); }

  // Every number as a T.
  template <class T>
  std::vector<T> values() const {
    std::vector<T> result(size());
    const unsigned char* const bytes = content.data() + start;
    for (std::size_t i = 0; i < result.size(); ++i)  // most files are of bytes
      result[i] = element == IdxType::u8 ? T(bytes[i]) : T(number_at(i));
    return result;
  }

 private:
  // A double holds every number of every type.
  [[gnu::cold]] double number_at(std::size_t i) const {
    const std::size_t width = size_of(element);
    const unsigned char* const byte = content.data() + start + i * width;
    std::uint64_t bits = 0;
    for (std::size_t k = 0; k < width; ++k) bits = bits << 8 | byte[k];
    switch (element) {
      case IdxType::u8:
        return double(bits);
      case IdxType::i8:
        return std::int8_t(bits);
      case IdxType::i16:
        return std::int16_t(bits);
      case IdxType::i32:
        return std::int32_t(bits);
      case IdxType::f32:
        return std::bit_cast<float>(std::uint32_t(bits));
      case IdxType::f64:
        return std::bit_cast<double>(bits);
    }
    return 0;
  }

  IdxType element;
  std::vector<std::int64_t> axes;
  std::size_t start;
  Bytes content;
};

[[gnu::cold]] inline std::string extents_text(const std::vector<std::int64_t>& extents) {
  std::string text;
  for (std::int64_t extent : extents)
    text += printed(text.empty() ? "%lld" : " x %lld", (long long)extent);
  return text;
}

// Reads path, raw or gzip, whole and checks it before anything is returned.
// Throws Error for a file that is missing, not IDX, truncated, longer than its header says, or
// above `limit` bytes.
[[gnu::cold]] inline Idx read_idx(const std::string& path, std::size_t limit = std::size_t(1)
                                                                               << 32) {
  Bytes file = read_file(path, limit);
  if (file.size() < 4)
    fail(path, "found %zu bytes, expected an IDX file, which begins with 4 bytes", file.size());
  const IdxType type{file[2]};
  if (file[0] != 0 || file[1] != 0 || size_of(type) == 0 || file[3] == 0)
    fail(path,
         "found first bytes %d %d %d %d, expected 0 0, an IDX type (8, 9, 11, 12, 13 or 14) and a "
         "number "
         "of axes of at least 1",
         file[0], file[1], file[2], file[3]);

  const std::size_t rank = file[3], offset = 4 + 4 * rank;
  if (file.size() < offset)
    fail(path, "found %zu bytes, expected %zu bytes of header for %zu axes", file.size(), offset,
         rank);
  std::vector<std::int64_t> extents;
  std::size_t needed = size_of(type);
  bool fits = true;
  for (std::size_t at = 4; at < offset; at += 4) {
    const std::uint32_t extent = std::uint32_t(file[at]) << 24 | std::uint32_t(file[at + 1]) << 16 |
                                 std::uint32_t(file[at + 2]) << 8 | std::uint32_t(file[at + 3]);
    extents.push_back(extent);
    fits = fits && !__builtin_mul_overflow(needed, std::size_t(extent), &needed);
  }
  const std::size_t found = file.size() - offset;
  if (!fits)
    fail(path, "found %zu bytes of numbers, expected more than 2^64 bytes for extents %s", found,
         extents_text(extents).c_str());
  if (needed != found)
    fail(path, "found %zu bytes of numbers, expected %zu bytes for extents %s", found, needed,
         extents_text(extents).c_str());
  return Idx(type, std::move(extents), offset, std::move(file));
}

}  // namespace tg::data
