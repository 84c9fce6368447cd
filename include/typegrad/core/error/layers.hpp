// Compile-time faults of layers and networks: one struct, one sentence that says what to do.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/error/words.hpp"

namespace tg::error {

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

}  // namespace tg::error
