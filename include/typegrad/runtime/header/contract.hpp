// Which networks can be written as a header: the check, and its one error in words.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/reference/compute.hpp"
#include "typegrad/core/error/headers.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/runtime/compiled.hpp"
#include "typegrad/runtime/header/loops.hpp"

namespace tg::runtime::header {

// Per-sample ops that a header can have.
constexpr bool is_written(Op op) {
  switch (op) {
    case Op::input:
    case Op::output:
    case Op::identity:
    case Op::stop_gradient:
    case Op::custom_gradient:
    case Op::reshape:
      return true;
    default:
      return is_elementwise(op) || loops_of(op).exist;
  }
}

// What the samples share is computed when the header is written, from these leaves.
constexpr bool is_known(Op op) {
  switch (op) {
    case Op::constant:
    case Op::parameter:
    case Op::state:
    case Op::samples:
      return true;
    default:
      return reference::computes(op);
  }
}

constexpr bool is_possible(const ir::Node& node) {
  if (node.across) return false;
  if (node.space == ir::Space::shared && node.op != Op::output) return is_known(node.op);
  const bool makes_integers = node.op == Op::input || node.op == Op::cast;
  return is_written(node.op) && (!makes_integers || is_floating(node.dtype));
}

// The first node that stands in the way, an operation rather than a leaf; or -1.
constexpr int first_impossible(const ir::Graph& graph) {
  for (bool leaves : {false, true})
    for (int id = 0; id < graph.size(); ++id)
      if (is_leaf(graph[id].op) == leaves && !is_possible(graph[id])) return id;
  return -1;
}

template <class C, int Node>
struct Blamed {
  static constexpr ir::Recording recording = [] {
    ir::Recording result = C::recording;
    result.builder.graph.fault = {.kind = FaultKind::already_raised,
                                  .scope = C::optimised[Node].scope};
    return result;
  }();
};

// True when every operation of the network's inference can be written. Error: not_in_a_header.
template <class Net, class C>
constexpr bool is_writable() {
  constexpr int node = first_impossible(C::optimised);
  if constexpr (node < 0) {
    return true;
  } else {
    using Report = networks::Report<Net, Blamed<C, node>>;
    constexpr auto op = fixed_text([](auto put) { put(name_of(C::optimised[node].op)); });
    error::raise<
        error::not_in_a_header<typename Report::At, typename Report::Layer, error::name<op>>>();
    return false;
  }
}

}  // namespace tg::runtime::header
