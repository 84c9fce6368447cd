// Views of samples in contiguous memory: how data enter and leave.
// SPDX-License-Identifier: MIT
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "typegrad/core/shape.hpp"

namespace tg {

// `count` samples of `shape` each, one after the other in memory, not owned.
template <class T>
class Samples {
 public:
  constexpr Samples() = default;
  constexpr Samples(T* data, std::int64_t count, const Shape& shape)
      : first(data), samples(count), extents(shape) {}
  template <class U>
  requires(std::is_const_v<T>&& std::is_same_v<const U, T>) constexpr Samples(
      const Samples<U>& other)
      : Samples(other.data(), other.count(), other.shape()) {}

  constexpr T* data() const { return first; }
  constexpr std::int64_t count() const { return samples; }
  constexpr const Shape& shape() const { return extents; }
  // Numbers in the whole view: count() * shape().size().
  constexpr std::size_t size() const { return std::size_t(samples) * std::size_t(extents.size()); }
  constexpr T* begin() const { return first; }
  constexpr T* end() const { return first + size(); }

  // Pre: i < count().
  constexpr T* operator[](std::int64_t i) const { return first + i * extents.size(); }
  // Samples [begin, begin + length). Pre: they exist.
  constexpr Samples slice(std::int64_t begin, std::int64_t length) const {
    return {first + begin * extents.size(), length, extents};
  }

 private:
  T* first = nullptr;
  std::int64_t samples = 0;
  Shape extents{};
};

// Anything that has data() and size() over T: vectors, arrays, spans, Eigen row-major maps,
// Samples.
template <class Range, class T>
concept ContiguousOf = requires(const Range& range) {
  { range.data() } -> std::convertible_to<const T*>;
  { range.size() } -> std::convertible_to<std::size_t>;
};

}  // namespace tg
