// The words of compile-time errors. They are only ever named.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/dtype.hpp"
#include "typegrad/core/fixed_string.hpp"

namespace tg::error {

template <int... Path>
struct at_layer;  // as nn.Sequential counts: without Input; nested ones as a path
template <FixedString Path>
struct at;  // a path with names in it: at<"branch.1">
template <class Layer>
struct layer;
template <int... Extent>
struct got_shape;
template <int... Extent>
struct wanted_shape;
template <int... Extent>
struct left_shape;
template <int... Extent>
struct right_shape;
template <int... Extent>
struct window;
template <int... Extent>
struct stride;
template <int... Extent>
struct padding;
template <int... Extent>
struct output_padding;
template <int Count>
struct channels;
template <int Count>
struct groups;
template <int Count>
struct width;
template <int Count>
struct heads;
template <int Index>
struct axis;
template <int Begin>
struct begin;
template <int Count>
struct length;
template <int Count>
struct limit;
template <FixedString Text>
struct name;
template <int Count>
struct inputs;
template <int Count>
struct outputs;
template <DType Type>
struct dtype;
template <auto Value>
struct option;

template <class...>
inline constexpr bool never = false;

}  // namespace tg::error
