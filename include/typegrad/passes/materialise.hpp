// The graph as kernels can read it: what they would miss in memory is made by copies.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/elementwise.hpp"
#include "typegrad/passes/fuse.hpp"

namespace tg::passes {

// What lies in the rows of a loop, in memory of their own: not made by a kernel for its readers.
constexpr bool lies_in_rows(const ir::Node& node) { return kind_of(node.op) == Kind::loop; }

// Which rows of memory the values of loops have: see LoopPlaces.
struct RowOwners {
  PerNode<bool> carried{}, collected{};
  PerNode<std::int16_t> order{};     // of a carry's rows, or of a value's: 1, or 2 if reversed
  PerNode<std::int16_t> carry_of{};  // of a value: the carry that it is next of, + 1

  // Whether the operand of a `next` or a `collect` needs rows that it can have. If so, they are
  // taken.
  constexpr bool take(const ir::Graph& graph, const ir::Node& node) {
    const bool collects = node.op == Op::collect;
    const int value = node.operand[collects ? 0 : 1];
    const ir::Node& from = graph[value];
    const bool carry = collects && from.op == Op::carry;
    if (!carry &&
        (is_leaf(from.op) || lies_in_rows(from) || from.region == 0 || is_view(graph, from)))
      return false;
    if (!collects) {
      if (carried[value]) return false;
      carried[value] = true;
      carry_of[value] = std::int16_t(node.operand[0] + 1);
      return true;
    }
    if (collected[value]) return false;
    const int rows = carry ? value : carry_of[value] > 0 ? carry_of[value] - 1 : value;
    const std::int16_t wanted = ir::RowRange::of(node.attributes).reversed ? 2 : 1;
    if (order[rows] != 0 && order[rows] != wanted) return false;
    order[rows] = wanted;
    return collected[value] = true;
  }
};

// Kernels other than element-wise ones read memory element by element: what they read through a
// broadcast, what is a constant, and what an update would overwrite before it is read, is made
// first, by a copy. So is what a loop carries or collects and is not made in its body.
constexpr ir::Graph materialise(const ir::Graph& graph) {
  RowOwners owners;
  return rewrite(graph, [&](ir::Builder& builder, ir::Node node, int) -> int {
    const auto copied = [&](int id, ir::Space space) {
      const ir::Node& from = builder.graph[id];
      ir::Node copy{.op = Op::cast,
                    .dtype = from.dtype,
                    .space = space,
                    .scope = node.scope,
                    .shape = from.shape};
      copy.operand = {std::int16_t(id), -1, -1};
      return std::int16_t(builder.append(copy));
    };
    if (node.op == Op::next || node.op == Op::collect) {
      std::int16_t& value = node.operand[node.op == Op::next ? 1 : 0];
      while (!owners.take(builder.graph, node)) {
        if (node.op == Op::next && builder.graph[value].region == 0) {
          const Var carry{&builder, node.operand[0]}, same{&builder, value};
          value = std::int16_t(select(carry, same, same).id());
        } else {
          value = copied(value, builder.graph[value].space);
        }
      }
      return builder.append(node);
    }
    const bool reads_memory = !is_elementwise(node.op) && !is_leaf(node.op) &&
                              node.op != Op::last && !is_view(builder.graph, node);
    for (int i = 0; reads_memory && i < node.operands(); ++i) {
      if (is_sink(node.op) && node.op != Op::output && i == 0) continue;  // the variable
      const ir::Node operand = builder.graph[node.operand[i]];
      const Source source = resolve(builder.graph, node.operand[i]);
      const ir::Node& from = builder.graph[source.node];
      const bool overwritten = node.op == Op::update && is_leaf(from.op);
      const bool shared_output = is_sink(node.op) && operand.space == ir::Space::shared;
      const bool by_samples = is_rows(node) && i == 1;
      const int size = operand.shape.size();
      if ((by_samples ? source.full(size) : source.in_order(size)) && from.op != Op::constant &&
          !overwritten && !(shared_output && is_leaf(from.op)) &&
          !(is_rows(node) && lies_in_rows(from)))
        continue;
      node.operand[i] = copied(node.operand[i], operand.space);
    }
    return builder.append(node);
  });
}

}  // namespace tg::passes
