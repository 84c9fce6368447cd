// Options of layers, in any order: tg::Conv<16, 5, tg::padding<2>, tg::no_bias>.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/window.hpp"

namespace tg {

// What an option is about. A layer says which it knows and takes at most one option of each.
enum class Subject {
  kernel,
  padding,
  output_padding,
  stride,
  dilation,
  groups,
  bias,
  truncate,
  interpolation,
  filler,
  bias_filler,
  recurrent_filler,
  forget_bias,
  gates,
  momentum,
  epsilon,
  affine,
  rate,
  mask,
  order,
  activation,
  depth,
  directions,
  result,
  extent,  // a plain number
};

template <int Height, int Width>
struct Kernel {
  static constexpr Subject subject = Subject::kernel;
  static constexpr Extent2 value{Height, Width};
};
template <int Height, int Width>
struct Padding {
  static constexpr Subject subject = Subject::padding;
  static constexpr Extent2 value{Height, Width};
};
template <PaddingByName Name>
struct NamedPadding : Padding<int(Name), int(Name)> {
  constexpr operator Extent2() const { return NamedPadding::value; }
};
template <int Height, int Width>
struct OutputPadding {
  static constexpr Subject subject = Subject::output_padding;
  static constexpr Extent2 value{Height, Width};
};
template <int Height, int Width>
struct Stride {
  static constexpr Subject subject = Subject::stride;
  static constexpr Extent2 value{Height, Width};
};
template <int Height, int Width>
struct Dilation {
  static constexpr Subject subject = Subject::dilation;
  static constexpr Extent2 value{Height, Width};
};
template <int Count>
struct Groups {
  static constexpr Subject subject = Subject::groups;
  static constexpr int value = Count;
};
template <bool Present>
struct Bias {
  static constexpr Subject subject = Subject::bias;
  static constexpr bool value = Present;
};
template <bool Allowed>
struct Truncate {
  static constexpr Subject subject = Subject::truncate;
  static constexpr bool value = Allowed;
};
enum class Between { nearest, bilinear };
template <Between How>
struct Interpolation {
  static constexpr Subject subject = Subject::interpolation;
  static constexpr Between value = How;
};
template <bool Present>
struct Affine {
  static constexpr Subject subject = Subject::affine;
  static constexpr bool value = Present;
};
template <auto Number>
struct Momentum {
  static constexpr Subject subject = Subject::momentum;
  static constexpr double value = double(Number);
};
template <auto Number>
struct Epsilon {
  static constexpr Subject subject = Subject::epsilon;
  static constexpr double value = double(Number);
};
template <class F, auto... Members>
struct Filler {
  static constexpr Subject subject = Subject::filler;
  static constexpr F value{Members...};
};
template <class F, auto... Members>
struct BiasFiller {
  static constexpr Subject subject = Subject::bias_filler;
  static constexpr F value{Members...};
};

// A number is a square: padding<2> is padding<2, 2>.
template <int Height, int Width = Height>
inline constexpr Kernel<Height, Width> kernel{};
template <int Height, int Width = Height>
inline constexpr Padding<Height, Width> padding{};
// Of convolutions: Theano's "half" (PyTorch's "same", where the kernel is odd) and "full".
inline constexpr NamedPadding<PaddingByName::half> half_padding{};
inline constexpr NamedPadding<PaddingByName::full> full_padding{};
// Rows and columns more at the end of what a transposed convolution gives.
template <int Height, int Width = Height>
inline constexpr OutputPadding<Height, Width> output_padding{};
template <int Height, int Width = Height>
inline constexpr Stride<Height, Width> stride{};
template <int Height, int Width = Height>
inline constexpr Dilation<Height, Width> dilation{};
template <int Count>
inline constexpr Groups<Count> groups{};
inline constexpr Bias<false> no_bias{};
// A pool may leave out input elements at the end.
inline constexpr Truncate<true> truncate{};
// Between the pixels of an image that grows.
inline constexpr Interpolation<Between::nearest> nearest{};
inline constexpr Interpolation<Between::bilinear> bilinear{};
// A normalisation without trained weight and bias.
inline constexpr Affine<false> no_affine{};
template <auto Number>
inline constexpr Momentum<Number> momentum{};
template <auto Number>
inline constexpr Epsilon<Number> epsilon{};
// The first value of the weight (of the bias): an aggregate's type and its first members,
// tg::filler<tg::He, tg::Fan::out>.
template <class F, auto... Members>
inline constexpr Filler<F, Members...> filler{};
template <class F, auto... Members>
inline constexpr BiasFiller<F, Members...> bias_filler{};

}  // namespace tg
