// A named tensor as it lies in a file or is about to be written to one.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "typegrad/core/printed.hpp"
#include "typegrad/io/element.hpp"

namespace tg::io {

// The numbers are not owned: row-major, little-endian and, when they come from a file, perhaps
// unaligned.
struct Tensor {
  std::string name;
  Element element = Element::f32;
  std::vector<std::int64_t> shape;  // {} is one number
  const std::byte* data = nullptr;
  std::size_t bytes = 0;

  std::size_t size() const { return bytes / size_of(element); }

  // Every number as a T. Pre: to has room for size() numbers.
  template <class T>
  void copy_to(T* to) const {
    with_element(element, [&](auto stored) {
      using Stored = decltype(stored);
      if constexpr (std::is_same_v<Stored, T>) {
        if (bytes > 0) std::memcpy(to, data, bytes);
      } else {
        for (std::size_t i = 0; i < size(); ++i) {
          std::memcpy(&stored, data + i * sizeof(Stored), sizeof(Stored));
          to[i] = T(stored);
        }
      }
    });
  }

  // The place of the first infinity or NaN; size() if there is none.
  std::size_t first_not_finite() const {
    const std::uint64_t infinity = row_of(element).infinity;
    const std::size_t width = size_of(element);
    std::size_t i = infinity == 0 ? size() : 0;
    for (; i < size(); ++i) {
      std::uint64_t bits = 0;
      std::memcpy(&bits, data + i * width, width);
      if ((bits & infinity) == infinity) break;
    }
    return i;
  }
};

// Bytes that numbers of `element` in `shape` need. False if an extent is negative or the product
// exceeds 2^63.
inline bool bytes_of(Element element, const std::vector<std::int64_t>& shape, std::size_t& bytes) {
  std::int64_t product = std::int64_t(size_of(element));
  bool fits = true, empty = false;
  for (std::int64_t extent : shape) {
    fits = fits && extent >= 0;
    empty = empty || extent == 0;
    fits = fits && (empty || !__builtin_mul_overflow(product, extent, &product));
  }
  bytes = empty ? 0 : std::size_t(product);
  return fits;
}

// A view of numbers in memory, to be written. Pre: data holds the product of the extents.
inline Tensor tensor(std::string name, Element element, std::vector<std::int64_t> shape,
                     const void* data) {
  Tensor result{std::move(name), element, std::move(shape), static_cast<const std::byte*>(data), 0};
  bytes_of(element, result.shape, result.bytes);
  return result;
}

// F32 [6, 1, 5, 5]
[[gnu::cold]] inline std::string type_text(Element element,
                                           const std::vector<std::int64_t>& shape) {
  std::string text(name_of(element));
  text += " [";
  for (std::size_t i = 0; i < shape.size(); ++i)
    text += printed(i ? ", %lld" : "%lld", (long long)shape[i]);
  text += ']';
  return text;
}

}  // namespace tg::io
