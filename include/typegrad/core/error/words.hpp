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
template <class Backend>
struct backend;
template <FixedString Line>
struct written_at;  // the user's line: written_at<"net.cpp:31">
template <FixedString Op>
struct operation;
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

template <class... Word>
struct words {};

template <class...>
inline constexpr bool never = false;

// clang prints the first 31 characters of a text, nvcc each by itself: there a path is cut in
// front.
#if defined(__clang__) || defined(__CUDACC__)
inline constexpr std::size_t longest_path = 24;
#else
inline constexpr std::size_t longest_path = 4096;
#endif

}  // namespace tg::error
