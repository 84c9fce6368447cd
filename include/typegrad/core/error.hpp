// Every compile-time fault, in words: one class template each, asserting in its own body.
// SPDX-License-Identifier: MIT
#pragma once
#include <type_traits>
#include <utility>

#include "typegrad/core/fault.hpp"
#include "typegrad/core/fixed_string.hpp"

namespace tg::error {

// The words. They are only ever named.
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

// The faults: one struct, one sentence that says what to do.
template <class... Words>
struct needs_vector {
  static_assert(never<Words...>, "this layer takes a vector per sample: put tg::Flatten before it");
};
template <class... Words>
struct needs_image {
  static_assert(never<Words...>,
                "this layer takes (channels, height, width) per sample: give the network such an "
                "Input, or put tg::Reshape<channels, height, width> before it");
};
template <class... Words>
struct needs_integers {
  static_assert(never<Words...>,
                "this layer takes integers, which choose rows: begin the network with "
                "tg::Tokens<count>");
};
template <class... Words>
struct needs_tokens {
  static_assert(
      never<Words...>,
      "this layer takes (tokens, features) per sample: give the network such an Input, or "
      "put tg::Reshape<tokens, features> before it");
};
template <class... Words>
struct heads_do_not_divide {
  static_assert(never<Words...>,
                "each head of an attention sees as many features as the others: their number must "
                "divide the width");
};
template <class... Words>
struct groups_do_not_divide {
  static_assert(never<Words...>,
                "the groups must divide the channels that come in and the channels that go out");
};
template <class... Words>
struct window_does_not_fit {
  static_assert(
      never<Words...>,
      "the kernel is larger than its padded input: use a smaller kernel or more tg::padding");
};
template <class... Words>
struct window_does_not_tile {
  static_assert(never<Words...>,
                "some input elements are in no window: choose another window or stride, or say "
                "tg::truncate if leaving them out is meant");
};
template <class... Words>
struct padding_too_large {
  static_assert(
      never<Words...>,
      "a pool's padding is at most half its window, else a window could lie in the padding alone");
};
template <class... Words>
struct output_padding_too_large {
  static_assert(
      never<Words...>,
      "an output_padding says which of the extents that a strided convolution maps to this "
      "one is meant: it is smaller than the stride");
};
template <class... Words>
struct rate_out_of_range {
  static_assert(never<Words...>, "a rate is a number from 0 to 1: tg::Dropout<0.5>");
};
template <class... Words>
struct reshape_changes_size {
  static_assert(never<Words...>,
                "a Reshape keeps the number of elements: make the extents' products equal");
};
template <class... Words>
struct network_without_input {
  static_assert(never<Words...>,
                "a network starts with tg::Input<extents…>, the shape of one sample: put it first");
};
template <class... Words>
struct empty_network {
  static_assert(never<Words...>, "a network needs at least one layer after tg::Input");
};
template <class... Words>
struct target_does_not_fit {
  static_assert(
      never<Words...>,
      "the loss cannot compare this output with its target: CrossEntropy takes a vector with "
      "one number per class; end the network with tg::Linear<classes>");
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
struct extents_do_not_chain {
  static_assert(
      never<Words...>,
      "a product needs the last extent of its left factor to equal the first of its right one");
};
template <class... Words>
struct axis_out_of_range {
  static_assert(never<Words...>,
                "there is no such axis: axes are numbered from 0 and without the samples");
};
template <class... Words>
struct slice_out_of_range {
  static_assert(
      never<Words...>,
      "a slice lies within its axis: begin, begin + step, … are from 0 to the extent - 1, "
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
struct branches_do_not_match {
  static_assert(
      never<Words...>,
      "branches that come together have other shapes: make them equal (along all axes but "
      "the one they are concatenated on), with a stride, a tg::Shortcut or a 1 x 1 tg::Conv");
};
template <class... Words>
struct tied_shapes_differ {
  static_assert(
      never<Words...>,
      "a tied parameter has one shape in all its places: make the layers equally wide, or "
      "give one of them another name");
};

template <class... Words>
struct unknown_option {
  static_assert(
      never<Words...>,
      "the layer has no such option: remove it, or see the layer's header for those it takes");
};
template <class... Words>
struct sides_of_pad {
  static_assert(
      never<Words...>,
      "a Pad has one number for all sides, two (height, width) or four (left, right, top, "
      "bottom)");
};
template <class... Words>
struct option_given_twice {
  static_assert(never<Words...>, "two options of one layer are about the same thing: remove one");
};
template <class... Words>
struct not_a_layer {
  static_assert(never<Words...>,
                "a layer has the function `static constexpr tg::Var define(tg::Scope&, tg::Var)`");
};

template <class... Words>
struct takes_other_inputs {
  static_assert(
      never<Words...>,
      "the layer cannot take this number of inputs: see its define(tg::Scope&, tg::Var…)");
};

template <class... Words>
struct does_not_join {
  static_assert(never<Words...>,
                "tg::Parallel has at least two branches, and its first argument is one of them or "
                "joins that many: tg::Add, tg::Multiply, tg::Concatenate<axis>");
};
template <class... Words>
struct trainer_takes_one {
  static_assert(never<Words...>,
                "a tg::Trainer trains networks of one input and one output: this one has more");
};

template <class... Words>
struct nothing_to_train {
  static_assert(never<Words...>,
                "the network has no parameters, or all of them are in a tg::Frozen: a tg::Trainer "
                "needs one");
};

// window<3> for a square, window<3, 5> else.
template <template <int...> class Word, int Height, int Width>
using extent_word = std::conditional_t<Height == Width, Word<Height>, Word<Height, Width>>;

// Writes a shape as Word<extents…>.
constexpr int kept_rank(const Shape& shape) {
  return shape.rank() < Shape::max_rank ? shape.rank() : Shape::max_rank;
}
template <class Report, template <int...> class Word, bool Wanted>
consteval auto spell_shape() {
  return []<int... Axis>(std::integer_sequence<int, Axis...>) {
    constexpr const Shape& shape = Wanted ? Report::fault.wanted : Report::fault.got;
    return static_cast<Word<shape[Axis]...>*>(nullptr);
  }
  (std::make_integer_sequence<int, kept_rank(Wanted ? Report::fault.wanted : Report::fault.got)>{});
}
template <class Report, template <int...> class Word, bool Wanted = false>
using shape_word = std::remove_pointer_t<decltype(spell_shape<Report, Word, Wanted>())>;

template <class Report>
consteval auto spell_name() {
  constexpr int length = [] {
    int n = 0;
    while (Report::fault.name[n] != 0) ++n;
    return n;
  }();
  char text[length + 1]{};
  for (int i = 0; i < length; ++i) text[i] = Report::fault.name[i];
  return FixedString<length + 1>(text);
}

// Raises a fault by instantiating its class, in a body whose return type is asked for but which is
// never evaluated: for clang, what names a class whose static_assert has failed is wrong too, and
// would be a second error.
template <class Error>
auto instantiate() {
  (void)sizeof(Error);
}
template <class Error>
constexpr void raise() {
  using Raised [[maybe_unused]] = decltype(instantiate<Error>());
}

// A Report has `static constexpr Fault fault`, and the words `At` (at_layer<…>) and `Layer`
// (layer<…>). Raises the class of its fault, which says the rest; true when there is none.
template <class Report>
constexpr bool explain() {
  constexpr FaultKind kind = Report::fault.kind;
  if constexpr (kind == FaultKind::none) {
    return true;
  } else {
    using At = typename Report::At;
    using Layer = typename Report::Layer;
    using Got = shape_word<Report, got_shape>;
    using Wanted = shape_word<Report, wanted_shape, true>;
    using Left = shape_word<Report, left_shape>;
    using Right = shape_word<Report, right_shape, true>;
    constexpr auto n = Report::fault.numbers;
    // clang-format off
    if constexpr (kind == FaultKind::needs_vector) raise<needs_vector<At, Layer, Got>>();
    else if constexpr (kind == FaultKind::needs_image) raise<needs_image<At, Layer, Got>>();
    else if constexpr (kind == FaultKind::needs_integers) raise<needs_integers<At, Layer, Got>>();
    else if constexpr (kind == FaultKind::needs_tokens) raise<needs_tokens<At, Layer, Got>>();
    else if constexpr (kind == FaultKind::heads_do_not_divide) raise<heads_do_not_divide<At, Layer, width<n[0]>, heads<n[1]>>>();
    else if constexpr (kind == FaultKind::groups_do_not_divide) raise<groups_do_not_divide<At, Layer, channels<n[0]>, groups<n[1]>>>();
    else if constexpr (kind == FaultKind::window_does_not_fit) raise<window_does_not_fit<At, Layer, Got, extent_word<window, n[0], n[1]>>>();
    else if constexpr (kind == FaultKind::window_does_not_tile) raise<window_does_not_tile<At, Layer, Got, extent_word<window, n[0], n[1]>, extent_word<stride, n[2], n[3]>>>();
    else if constexpr (kind == FaultKind::padding_too_large) raise<padding_too_large<At, Layer, extent_word<window, n[0], n[1]>, extent_word<padding, n[2], n[3]>>>();
    else if constexpr (kind == FaultKind::output_padding_too_large) raise<output_padding_too_large<At, Layer, extent_word<output_padding, n[0], n[1]>, extent_word<stride, n[2], n[3]>>>();
    else if constexpr (kind == FaultKind::rate_out_of_range) raise<rate_out_of_range<At, Layer>>();
    else if constexpr (kind == FaultKind::reshape_changes_size) raise<reshape_changes_size<At, Layer, Got, Wanted>>();
    else if constexpr (kind == FaultKind::network_without_input) raise<network_without_input<Layer>>();
    else if constexpr (kind == FaultKind::empty_network) raise<empty_network<Layer>>();
    else if constexpr (kind == FaultKind::target_does_not_fit) raise<target_does_not_fit<Layer, Got>>();
    else if constexpr (kind == FaultKind::extent_not_positive) raise<extent_not_positive<At, Layer, Wanted>>();
    else if constexpr (kind == FaultKind::name_used_twice) raise<name_used_twice<At, Layer, name<spell_name<Report>()>>>();
    else if constexpr (kind == FaultKind::gradient_of_non_scalar) raise<gradient_of_non_scalar<Got>>();
    else if constexpr (kind == FaultKind::not_differentiable) raise<not_differentiable<At, Layer, name<spell_name<Report>()>>>();
    else if constexpr (kind == FaultKind::shapes_do_not_match) raise<shapes_do_not_match<At, Layer, Left, Right>>();
    else if constexpr (kind == FaultKind::dtypes_do_not_match) raise<dtypes_do_not_match<At, Layer, dtype<DType(n[0])>, dtype<DType(n[1])>>>();
    else if constexpr (kind == FaultKind::extents_do_not_chain) raise<extents_do_not_chain<At, Layer, Left, Right>>();
    else if constexpr (kind == FaultKind::axis_out_of_range) raise<axis_out_of_range<At, Layer, axis<n[0]>, Got>>();
    else if constexpr (kind == FaultKind::slice_out_of_range) raise<slice_out_of_range<At, Layer, axis<n[0]>, begin<n[1]>, length<n[2]>, Got>>();
    else if constexpr (kind == FaultKind::parts_do_not_join) raise<parts_do_not_join<At, Layer, axis<n[0]>, Left, Right>>();
    else if constexpr (kind == FaultKind::rank_too_large) raise<rank_too_large<At, Layer>>();
    else if constexpr (kind == FaultKind::too_many_nodes) raise<too_many_nodes<limit<n[0]>>>();
    else if constexpr (kind == FaultKind::needs_batch_capacity) raise<needs_batch_capacity<At, Layer>>();
    else if constexpr (kind == FaultKind::update_does_not_fit) raise<update_does_not_fit<At, Layer, Got, Wanted>>();
    else if constexpr (kind == FaultKind::updated_twice) raise<updated_twice<At, Layer, name<spell_name<Report>()>>>();
    else if constexpr (kind == FaultKind::branches_do_not_match) raise<branches_do_not_match<At, Layer, Left, Right>>();
    else if constexpr (kind == FaultKind::tied_shapes_differ) raise<tied_shapes_differ<At, Layer, name<spell_name<Report>()>, Got, Wanted>>();
    // clang-format on
    return false;
  }
}

}  // namespace tg::error
