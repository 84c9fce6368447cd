// Compile-time faults of symbols and definitions: one struct, one sentence that says what to do.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/error/words.hpp"

namespace tg::error {

template <class... Words>
struct reshape_changes_size {
  static_assert(never<Words...>,
                "a Reshape keeps the number of elements: make the extents' products equal");
};
template <class... Words>
struct extent_not_positive {
  static_assert(never<Words...>, "an extent, a width, a kernel or a stride must be at least 1");
};
template <class... Words>
struct name_used_twice {
  static_assert(never<Words...>,
                "two parameters or inputs of one definition have the same name: rename one");
};
template <class... Words>
struct gradient_of_non_scalar {
  static_assert(
      never<Words...>,
      "tg::grad differentiates one number for the whole batch: reduce it first, with mean or sum");
};
template <class... Words>
struct not_differentiable {
  static_assert(
      never<Words...>,
      "the gradient would flow through an operation that has none: leave it out of the cost, or "
      "wrap it in tg::stop_gradient");
};
template <class... Words>
struct shapes_do_not_match {
  static_assert(
      never<Words...>,
      "the shapes cannot be broadcast to each other: extents must be equal or 1, counted from "
      "the last axis");
};
template <class... Words>
struct dtypes_do_not_match {
  static_assert(never<Words...>, "two symbols of different dtypes meet: convert one with tg::cast");
};
template <class... Words>
struct needs_numbers {
  static_assert(never<Words...>,
                "arithmetic takes floating-point numbers or i32: truth values and bytes are "
                "converted first, with tg::cast");
};
template <class... Words>
struct needs_floating {
  static_assert(never<Words...>,
                "this operation gives real numbers, which integers cannot hold: convert with "
                "tg::cast, or divide whole numbers with tg::floor_divide");
};
template <class... Words>
struct no_half_form {
  static_assert(never<Words...>,
                "this operation cannot read or write numbers that are stored in half precision: "
                "leave the layer out, or give the Model no tg::bf16 or tg::f16 (docs/half.md lists "
                "the operations that can)");
};
template <class... Words>
struct no_kernel {
  static_assert(never<Words...>,
                "this operation of one's own has no kernel for the backend: give its type one "
                "(docs/extending.md shows how), or use another backend");
};
template <class... Words>
struct half_in_a_definition {
  static_assert(never<Words...>,
                "numbers of a definition are tg::f32 or tg::f64: half precision is how they are "
                "stored, an option of tg::Model and tg::Function");
};
template <class... Words>
struct stored_in_half {
  static_assert(never<Words...>,
                "this looks at memory as f32 or f64, but the numbers are stored in half precision: "
                "do it in a Model or Function without tg::bf16 and tg::f16");
};
template <class... Words>
struct parts_do_not_divide {
  static_assert(never<Words...>,
                "the axis cannot be cut into so many equal parts: choose a divisor of its extent");
};
template <class... Words>
struct disconnected_gradient {
  static_assert(never<Words...>,
                "the cost does not depend on this symbol, or only through tg::stop_gradient: "
                "leave it out, or ask with tg::zero_if_disconnected");
};
template <class... Words>
struct gradient_does_not_fit {
  static_assert(never<Words...>,
                "the gradient of a tg::custom_gradient has the shape and dtype of the symbol that "
                "it belongs to");
};
template <class... Words>
struct extents_do_not_chain {
  static_assert(
      never<Words...>,
      "a product needs the last extent of its left factor to equal the first of its right one");
};
template <class... Words>
struct axis_out_of_range {
  static_assert(never<Words...>,
                "there is no such axis: axes are numbered from 0 and without the samples; negative "
                "ones count from the end");
};
template <class... Words>
struct slice_out_of_range {
  static_assert(
      never<Words...>,
      "what is taken lies within its axis: begin, begin + step, … are from 0 to the extent - 1, "
      "and there is at least one");
};
template <class... Words>
struct parts_do_not_join {
  static_assert(
      never<Words...>,
      "the parts of a concatenation have equal extents along every axis but the one along "
      "which they are joined");
};
template <class... Words>
struct rank_too_large {
  static_assert(never<Words...>,
                "a tensor has at most tg::Shape::max_rank axes beside the samples");
};
template <class... Words>
struct too_many_nodes {
  static_assert(never<Words...>,
                "the graph has more nodes than fit: define TYPEGRAD_MAX_NODES larger before "
                "including typegrad");
};
template <class... Words>
struct index_is_not_exact {
  static_assert(never<Words...>,
                "one of more than 2^24 is chosen or found, and such a number is not exact in f32: "
                "compute it in f64, tg::Function<F, tg::Cpu, tg::f64>");
};
template <class... Words>
struct needs_batch_capacity {
  static_assert(never<Words...>,
                "a value made across the samples is used per sample again (BatchNorm in training "
                "does): say how "
                "many samples a call has at most, with tg::batch<N>");
};
template <class... Words>
struct update_does_not_fit {
  static_assert(never<Words...>,
                "an update keeps the shape and the dtype of the variable, and is shared by the "
                "samples: reduce "
                "it with batch_mean or batch_sum");
};
template <class... Words>
struct updated_twice {
  static_assert(never<Words...>,
                "one shared variable has two updates: updates are simultaneous, so combine them");
};

template <class... Words>
struct given_does_not_fit {
  static_assert(never<Words...>,
                "s.given(name, symbol) gives the input of that name another shape or dtype, or a "
                "value that samples share where each has its own");
};
template <class... Words>
struct substitute_does_not_fit {
  static_assert(never<Words...>,
                "tg::substitute puts a symbol in the place of one of another shape or dtype, or a "
                "value that samples share where each has its own");
};

}  // namespace tg::error
