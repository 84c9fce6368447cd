// Samples of any number type, copied one by one as another.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "typegrad/core/samples.hpp"

namespace tg::data {

// Forgets what numbers it was made from, so that a reader of E needs no second type. Not owned.
template <class E>
class Source {
 public:
  template <class From>
  explicit Source(Samples<const From> samples)
      : data(samples.data()),
        samples_shape(samples.shape()),
        stride(std::int64_t(sizeof(From)) * samples_shape.size()),
        same(std::is_same_v<From, E>),
        copy(&copy_from<From>) {}

  const Shape& shape() const { return samples_shape; }
  // Numbers in one sample.
  std::int64_t width() const { return samples_shape.size(); }
  // Whether the numbers are E as they lie in memory.
  bool direct() const { return same; }

  // Pre: direct(); the samples exist.
  Samples<const E> view(std::int64_t first, std::int64_t length) const {
    return {static_cast<const E*>(data) + first * width(), length, samples_shape};
  }
  // Pre: the sample exists; to has room for width() numbers.
  void read(std::int64_t sample, E* to) const {
    copy(static_cast<const std::byte*>(data) + sample * stride, width(), to);
  }

 private:
  template <class From>
  static void copy_from(const void* from, std::int64_t length, E* to) {
    const From* first = static_cast<const From*>(from);
    std::transform(first, first + length, to, [](From value) { return E(value); });
  }

  const void* data;
  Shape samples_shape;
  std::int64_t stride;  // bytes from one sample to the next
  bool same;
  void (*copy)(const void* from, std::int64_t length, E* to);
};

}  // namespace tg::data
