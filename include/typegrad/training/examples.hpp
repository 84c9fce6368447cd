// Samples and their targets to learn from: views of anybody's numbers, whatever their type.
// SPDX-License-Identifier: MIT
#pragma once
#include <concepts>
#include <cstdint>
#include <type_traits>

#include "typegrad/core/exception.hpp"
#include "typegrad/data/dataset.hpp"

namespace tg::training {

template <class Range>
concept Numbers = requires(const Range& range) {
  range.data();
  { range.size() } -> std::convertible_to<std::size_t>;
};

// Contiguous numbers, not owned; rows of `width`, 0 when they do not say.
struct NumberView {
  const void* data = nullptr;
  std::int64_t size = 0, width = 0;
  DType dtype = f32;

  NumberView() = default;
  template <Numbers Range>
  explicit NumberView(const Range& range) : data(range.data()), size(std::int64_t(range.size())) {
    using Number = std::remove_cvref_t<decltype(*range.data())>;
    static_assert(std::is_same_v<Number, float> || std::is_same_v<Number, double> ||
                      std::is_same_v<Number, std::int32_t>,
                  "samples and targets are float, double or std::int32_t");
    dtype = std::is_same_v<Number, float> ? f32 : std::is_same_v<Number, double> ? f64 : i32;
    if constexpr (requires { range.shape().size(); }) width = range.shape().size();
    if constexpr (requires {
                    range.cols();
                    Range::IsRowMajor;
                  }) {
      static_assert(Range::IsRowMajor || Range::IsVectorAtCompileTime,
                    "a sample is a row: use a row-major Eigen matrix");
      if (range.cols() != 1) width = range.cols();
    }
  }

  // How many rows of `expected` numbers there are. Throws Error unless they are whole and that
  // wide.
  std::int64_t rows(std::int64_t expected, const char* what) const {
    if (width != 0 && width != expected)
      data::fail(what, "found rows of %lld numbers, expected rows of %lld", (long long)width,
                 (long long)expected);
    if (size < 1 || size % expected != 0)
      data::fail(what, "found %lld numbers, expected a positive multiple of %lld", (long long)size,
                 (long long)expected);
    return size / expected;
  }
  template <class T>
  Samples<const T> samples(std::int64_t expected) const {
    return {static_cast<const T*>(data), size / expected, Shape{int(expected)}};
  }
};

// A data::Split, or two ranges: one sample's numbers after the other's, and its target for each.
// Not owned.
struct Examples {
  NumberView inputs, targets;

  Examples() = default;
  Examples(const data::Split& split) : inputs(split.images()), targets(split.labels()) {}
  Examples(const data::Split* split) {
    if (split != nullptr) *this = Examples(*split);
  }
  template <Numbers Inputs, Numbers Targets>
  Examples(const Inputs& x, const Targets& y) : inputs(x), targets(y) {}

  explicit operator bool() const { return inputs.data != nullptr; }
};

}  // namespace tg::training
