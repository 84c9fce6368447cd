// Compile-time faults about names: of a Graph's nodes, of parameters and layers that are looked up.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/error.hpp"

namespace tg::error {

// The words.
template <FixedString... Name>
struct there_are;  // the names that exist
template <FixedString... Name>
struct around;  // the names on a cycle
template <FixedString Name>
struct read_by;
template <FixedString... Name>
struct takes;  // the arguments of a function
// tg::Graph.
template <class... Words>
struct not_a_node {
  static_assert(never<Words...>,
                "a tg::Graph is made of tg::Node<\"name\", Layer, \"input\"…>, tg::Inputs<…> and "
                "tg::Outputs<…>");
};
template <class... Words>
struct unknown_node {
  static_assert(never<Words...>,
                "no node of the tg::Graph has this name: choose one of those there are");
};
template <class... Words>
struct node_named_twice {
  static_assert(never<Words...>,
                "two nodes or inputs of one tg::Graph have the same name: rename one");
};
template <class... Words>
struct reserved_name {
  static_assert(never<Words...>,
                "an input cannot have this name: \"target\" is what a loss compares with");
};
template <class... Words>
struct cycle {
  static_assert(
      never<Words...>,
      "each of these nodes reads the next one, and the last one the first: let one of them "
      "read something else");
};
template <class... Words>
struct unused_node {
  static_assert(never<Words...>,
                "nobody reads this node: let another one read it, name it in tg::Outputs<…>, or "
                "remove it (without tg::Outputs the last node is the output)");
};

// Lookups by name, and what a trained network keeps.
template <class... Words>
struct no_such_parameter {
  static_assert(
      never<Words...>,
      "the network has no parameter or state of this name: choose one of those there are");
};
template <class... Words>
struct no_such_layer {
  static_assert(never<Words...>,
                "the network has no layer of this name: choose one of those there are");
};
template <class... Words>
struct cannot_be_kept {
  static_assert(
      never<Words...>,
      "the other network has no parameter of this name and shape: keep the layers as they "
      "were, or name the new ones, model.adopt<\"head\">(other)");
};
template <class... Words>
struct cannot_replace_head {
  static_assert(
      never<Words...>,
      "only a tg::Sequence with a layer, or a tg::Graph with one output, has a head to replace");
};

}  // namespace tg::error
