// Samples and their targets to learn from: views of anybody's numbers, whatever their type.
// SPDX-License-Identifier: MIT
#pragma once
#include <concepts>
#include <cstdint>
#include <type_traits>

#include "typegrad/core/dtype.hpp"
#include "typegrad/data/dataset.hpp"

namespace tg::fitting {

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
  [[gnu::cold]] explicit NumberView(const Range& range)
      : data(range.data()), size(std::int64_t(range.size())) {
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
  [[gnu::cold]] std::int64_t rows(std::int64_t expected, const char* what) const {
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
// Not owned. Samples are float or the model's dtype; targets are labels, or numbers of the samples'
// type.
struct Examples {
  NumberView inputs, targets;

  Examples() = default;
  Examples(const data::Split& split) : Examples(split.images(), split.labels()) {}
  Examples(const data::Split* split) {
    if (split != nullptr) *this = Examples(*split);
  }
  template <Numbers Inputs, Numbers Targets>
  Examples(const Inputs& x, const Targets& y) : inputs(x), targets(y), given(true) {}

  // False for those of no split; true for an empty one.
  explicit operator bool() const { return given; }

 private:
  bool given = false;
};

// Throws Error unless there is a target for each sample, and every label is in 0 … classes-1;
// targets are of the type `expected`.
[[gnu::cold]] inline void check(const Examples& examples, std::int64_t input_width,
                                std::int64_t target_width, int classes, DType expected,
                                const char* what) {
  const std::int64_t samples = examples.inputs.rows(input_width, what);
  const NumberView& targets = examples.targets;
  if (targets.size != samples * target_width)
    data::fail(what, "found %lld targets for %lld samples, expected %lld", (long long)targets.size,
               (long long)samples, (long long)(samples * target_width));
  if (targets.dtype != expected)
    data::fail(what, "found targets of type %s, expected %s", name_of(targets.dtype).data(),
               name_of(expected).data());
  const std::int32_t* labels = static_cast<const std::int32_t*>(targets.data);
  for (std::int64_t i = 0; classes > 0 && i < samples; ++i)
    if (labels[i] < 0 || labels[i] >= classes)
      data::fail(what, "found label %d at sample %lld, expected 0 to %d", labels[i], (long long)i,
                 classes - 1);
}

}  // namespace tg::fitting
