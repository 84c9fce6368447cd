// Samples with labels, owned, in a part to learn from and a part to test on.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "typegrad/core/samples.hpp"
#include "typegrad/data/file.hpp"

namespace tg::data {

// Inputs of one shape, each with the number of its class. Made from whatever a user has read.
class Split {
 public:
  Split() = default;
  // images: sample after sample, `shape` each. `where` names the data in an error.
  // Throws Error unless there are as many images as labels and every label is in 0 … classes-1.
  [[gnu::cold]] Split(std::vector<float> images, std::vector<std::int32_t> labels,
                      const Shape& shape, int classes, const std::string& where = "data")
      : pixels(std::move(images)), numbers(std::move(labels)), extents(shape), kinds(classes) {
    if (shape.rank() > Shape::max_rank || !shape.positive())
      fail(where,
           "found a sample of %d axes or without elements, expected at most %d axes, each of at "
           "least 1",
           shape.rank(), Shape::max_rank);
    const std::size_t width = std::size_t(shape.size());
    if (pixels.size() != numbers.size() * width)
      fail(where, "found %zu numbers for %zu labels, expected %zu, %zu for each label",
           pixels.size(), numbers.size(), numbers.size() * width, width);
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (numbers[i] < 0 || numbers[i] >= classes)
        fail(where, "found label %d at sample %zu, expected 0 to %d", numbers[i], i, classes - 1);
  }

  Samples<const float> images() const { return {pixels.data(), count(), extents}; }
  Samples<const std::int32_t> labels() const { return {numbers.data(), count(), Shape{}}; }
  std::int64_t count() const { return std::int64_t(numbers.size()); }
  const Shape& shape() const { return extents; }
  int classes() const { return kinds; }

  // A copy of samples [begin, begin + length): to hold some back for validation. Throws Error
  // unless they exist.
  [[gnu::cold]] Split part(std::int64_t begin, std::int64_t length) const {
    if (begin < 0 || length < 0 || begin > count() || length > count() - begin)
      fail("Split::part", "found begin %lld and length %lld, expected samples among %zu",
           static_cast<long long>(begin), static_cast<long long>(length), numbers.size());
    const auto view = images().slice(begin, length);
    const auto first = numbers.begin() + begin;
    Split result;
    result.pixels.assign(view.begin(), view.end());
    result.numbers.assign(first, first + length);
    result.extents = extents;
    result.kinds = kinds;
    return result;
  }

 private:
  std::vector<float> pixels;
  std::vector<std::int32_t> numbers;
  Shape extents{};
  int kinds = 0;
};

struct Dataset {
  Split train, test;
};

}  // namespace tg::data
