// Work that moves out of loops: products of whole sequences, and what only they need.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/loop.hpp"
#include "typegrad/graph/products.hpp"
#include "typegrad/graph/range.hpp"
#include "typegrad/passes/rewrite.hpp"

namespace tg::passes {

// In a body, x_t is row t of a sequence x, h_t a value that the loop carries; W is from outside.
//   W x_t               -> row t of x W'            one product for all steps
//   collect(f(x_t))     -> f(x)                     no loop
//   collect(W h_t)      -> collect(h_t) W'
//   sum_t a_t b_t'      -> collect(a_t)' collect(b_t)
//   the last row of collect(h_t) -> the state after the last step, of which two are kept
//   sum_t h_t           -> carried from step to step, when nobody else collects h_t
// What does not depend on the loop at all is outside of it already.
class Hoisting {
 public:
  constexpr explicit Hoisting(const ir::Graph& the_graph)
      : graph(the_graph), uses(count_uses(the_graph)) {
    carries.resize(graph.regions + 1);
    recomputed.resize(graph.regions + 1);
    for (const ir::Node& node : graph.nodes) {
      const int index = node.op == Op::carry ? ir::CarryRow::of(node.attributes).index : -1;
      if (carries[node.region] <= index) carries[node.region] = index + 1;
      if (index >= 0 && ir::CarryRow::of(node.attributes).recomputed)
        recomputed[node.region] = true;
    }
  }

  // What takes the node's place.
  constexpr int operator()(ir::Builder& builder, const ir::Node& node, int id) {
    Var better;
    if (node.op == Op::element)
      better = row(builder, node);
    else if (node.op == Op::matmul && is_liftable(builder, node))
      better = row_of_product(builder, node);
    else if (node.op == Op::collect)
      better = collected(builder, node, graph[id].operand[0]);
    else if (node.op == Op::slice && builder.graph[node.operand[0]].op == Op::collect)
      better = last_row(builder, node);
    else if (node.op == Op::sum && !node.across && node.attributes[0] == 1)
      better = total(builder, node, graph[id].operand[0]);
    const int result = better.id() >= 0 ? better.id() : builder.append(node);
    note(builder, result);
    return result;
  }

 private:
  static constexpr Var nothing() { return {}; }
  static constexpr Shape rows(int steps, const Shape& row) { return ir::rows_shape(steps, row); }

  // A row of what is the same in all rows, and of a part of a sequence.
  static constexpr Var row(ir::Builder& builder, const ir::Node& node) {
    const Var x{&builder, node.operand[0]};
    const ir::Node sequence = x.node();
    if (sequence.op == Op::constant)
      return constant(&builder, sequence.value, node.shape, node.dtype);
    if (sequence.op == Op::broadcast) {
      const Var from = x.operand(0);
      const int missing = sequence.shape.rank() - from.shape().rank();
      if (missing > 0) return broadcast(from, node.shape);
      if (from.shape()[0] == 1)
        return broadcast(reshape(from, ir::row_shape(from.shape())), node.shape);
    }
    if (sequence.op == Op::slice) {
      const AxisRange part = AxisRange::of(sequence.attributes);
      auto range = ir::RowRange::of(node.attributes);
      range.begin += part.begin;
      if (part.axis == 0 && part.step == 1) return ir::element(node.region, x.operand(0), range);
    }
    return nothing();
  }

  // ---- Values that depend on sequences alone, all steps at once.

  // 1, or 2 when the rows are visited backwards, for values that can be computed so; 0 else.
  constexpr int order_of(const ir::Builder& builder, int id) const {
    return builder.graph[id].region == 0 ? 0 : order[id];
  }
  constexpr void note(const ir::Builder& builder, int id) {
    const ir::Node& node = builder.graph[id];
    if (node.region == 0 || order[id] != 0) return;
    if (node.op == Op::element)
      order[id] = ir::RowRange::of(node.attributes).reversed ? 2 : 1;
    else if (is_liftable(builder, node))
      order[id] = std::int8_t(common_order(builder, node));
  }
  // Of the operands from inside of the loop; -1 when they disagree or one has none.
  constexpr int common_order(const ir::Builder& builder, const ir::Node& node) const {
    int common = 0;
    for (int i = 0, count = node.operands(); i < count; ++i) {
      const int id = node.operand[i];
      if (builder.graph[id].region == 0) continue;
      const int mine = order_of(builder, id);
      if (mine == 0 || (common != 0 && mine != common)) return -1;
      common = mine;
    }
    return common;
  }
  constexpr bool is_liftable(const ir::Builder& builder, const ir::Node& node) const {
    if (node.across || node.shape.rank() >= Shape::max_rank || common_order(builder, node) <= 0)
      return false;
    const ir::Node &a = builder.graph[node.operand[0]],
                   &b = builder.graph[node.operands() > 1 ? node.operand[1] : node.operand[0]];
    if (a.shape.rank() >= Shape::max_rank) return false;
    if (node.op == Op::matmul)
      return b.shape.rank() == 1 ? a.region == 0
                                 : b.region == 0 && b.shape.rank() == 2 && node.attributes[0] == 0;
    return is_elementwise(node.op) || node.op == Op::reshape || node.op == Op::broadcast;
  }

  // (steps, …): the value of node `id` in all steps, by rows.
  constexpr Var lifted(ir::Builder& builder, int id, int steps) {
    const ir::Node node = builder.graph[id];
    const Shape shape = rows(steps, node.shape);
    if (node.region == 0) return broadcast(Var{&builder, id}, shape);
    if (lift[id] != 0) return {&builder, lift[id] - 1};
    Var result;
    if (node.op == Op::element) {
      const Var x{&builder, node.operand[0]};
      result = slice_rows(x, ir::RowRange::of(node.attributes));
    } else if (node.op == Op::matmul) {
      result = product_of_rows(builder, node, steps);
    } else if (node.op == Op::reshape) {
      result = reshape(lifted(builder, node.operand[0], steps), shape);
    } else if (node.op == Op::broadcast) {
      const Var x = lifted(builder, node.operand[0], steps);
      Shape row;
      while (row.rank() + x.shape().rank() - 1 < node.shape.rank()) row.append(1);
      for (int axis = 1; axis < x.shape().rank(); ++axis) row.append(x.shape()[axis]);
      result = broadcast(reshape(x, rows(steps, row)), shape);
    } else {
      ir::Operands operands{-1, -1, -1};
      for (int i = 0, count = node.operands(); i < count; ++i)
        operands[i] = std::int16_t(lifted(builder, node.operand[i], steps).id());
      result = ir::emit(&builder, node.op, shape, node.dtype, operands, node.attributes);
    }
    lift[id] = std::int16_t(result.id() + 1);
    return result;
  }
  static constexpr Var slice_rows(Var x, const ir::RowRange& range) {
    if (range.begin == 0 && range.steps == x.shape()[0]) return x;
    Shape shape = x.shape();
    shape.set(0, range.steps);
    return ir::emit(x.builder(), Op::slice, shape, x.dtype(), ir::operands(x),
                    AxisRange{0, range.begin, 1}.attributes());
  }

  // W x_t -> x W'; A_t W -> the rows of all A_t, one below the other, times W
  constexpr Var product_of_rows(ir::Builder& builder, const ir::Node& node, int steps) {
    const Var a{&builder, node.operand[0]}, b{&builder, node.operand[1]};
    const bool swapped_a = node.attributes[0] != 0, swapped_b = node.attributes[1] != 0;
    if (b.shape().rank() == 1)
      return ir::matmul(lifted(builder, b.id(), steps), a, false, !swapped_a);
    const Var x = lifted(builder, a.id(), steps);
    const Var all = reshape(x, {x.shape()[0] * x.shape()[1], x.shape()[2]});
    return reshape(ir::matmul(all, b, false, swapped_b), rows(steps, node.shape));
  }
  // The product of all rows, once, and the one that belongs to the step.
  constexpr Var row_of_product(ir::Builder& builder, const ir::Node& node) {
    const int inside = builder.graph[node.operand[0]].region != 0 ? 0 : 1;
    const int region = builder.graph[node.operand[inside]].region, steps = steps_of(builder, node);
    const Var all = product_of_rows(builder, node, steps);
    return ir::element(region, all, {steps, 0, common_order(builder, node) == 2});
  }
  // Of the loop that a value depends on, by an element that it is computed from.
  static constexpr int steps_of(const ir::Builder& builder, const ir::Node& node) {
    const ir::Node* at = &node;
    while (at->op != Op::element)
      for (int i = 0; i < at->operands(); ++i)
        if (const ir::Node& from = builder.graph[at->operand[i]]; from.region != 0) {
          at = &from;
          break;
        }
    return ir::steps_of(*at);
  }

  // ---- What a loop leaves.

  // (steps, …), without a loop where the value needs none.
  constexpr Var all_rows(ir::Builder& builder, Var value, const ir::RowRange& range) {
    return order_of(builder, value.id()) == (range.reversed ? 2 : 1)
               ? lifted(builder, value.id(), range.steps)
               : ir::collect(value, range.steps, range.reversed);
  }

  constexpr Var collected(ir::Builder& builder, const ir::Node& node, int old_value) {
    const Var value{&builder, node.operand[0]};
    const auto range = ir::RowRange::of(node.attributes);
    if (value.node().op == Op::matmul && !value.node().across && uses[old_value] == 1 &&
        order_of(builder, value.id()) <= 0) {
      const Var a = value.operand(0), b = value.operand(1);
      if (a.node().region == 0 && b.shape().rank() == 1)
        return ir::matmul(all_rows(builder, b, range), a, false, value.node().attributes[0] == 0);
    }
    return all_rows(builder, value, range);
  }

  // The last row of a state is what it is behind the loop.
  static constexpr Var last_row(ir::Builder& builder, const ir::Node& node) {
    const AxisRange part = AxisRange::of(node.attributes);
    const ir::Node& collect = builder.graph[node.operand[0]];
    const auto range = ir::RowRange::of(collect.attributes);
    if (part.axis != 0 || node.shape[0] != 1 || part.begin != range.row(range.steps - 1))
      return nothing();
    for (int id = 0; id < builder.graph.size(); ++id) {
      const ir::Node& next = builder.graph[id];
      if (next.op == Op::next && next.operand[1] == collect.operand[0])
        return reshape(ir::last({&builder, id}), node.shape);
    }
    return nothing();
  }

  // The sum over all steps of what was collected.
  constexpr Var total(ir::Builder& builder, const ir::Node& node, int old_rows) {
    const ir::Node collect = builder.graph[node.operand[0]];
    if (collect.op != Op::collect || !is_floating(node.dtype)) return nothing();
    const Var value{&builder, collect.operand[0]};
    const auto range = ir::RowRange::of(collect.attributes);
    const int products = products_in(value);
    if (products == 0 ? uses[old_rows] > 1 : !is_better_carried(value, range, products))
      return products == 0 ? nothing() : total_of(builder, value, range);
    return carried(value, range);
  }
  // Products whose sum over the steps is a product of collected values: how many are added.
  static constexpr int products_in(Var value) {
    const ir::Node& node = value.node();
    if (node.op == Op::add) {
      const int a = products_in(value.operand(0)), b = products_in(value.operand(1));
      return a == 0 || b == 0 ? 0 : a + b;
    }
    const bool of_columns = node.op == Op::matmul && value.operand(1).shape().rank() == 2 &&
                            value.operand(0).shape().rank() == 2 && node.attributes[0] != 0 &&
                            node.attributes[1] == 0;
    return node.op == Op::outer || of_columns ? 1 : 0;
  }
  // Where memory counts more than time: the sum may be smaller than the factors of all steps.
  constexpr bool is_better_carried(Var value, const ir::RowRange& range, int products) const {
    const Shape shape = value.shape();
    return recomputed[value.node().region] &&
           2 * shape.size() < range.steps * products * (shape[0] + shape[1]);
  }
  constexpr Var total_of(ir::Builder& builder, Var value, const ir::RowRange& range) {
    const Var a = value.operand(0), b = value.operand(1);
    if (value.node().op == Op::add)
      return total_of(builder, a, range) + total_of(builder, b, range);
    const Var all_a = all_rows(builder, a, range), all_b = all_rows(builder, b, range);
    return value.node().op == Op::outer
               ? ir::matmul(all_a, all_b, true, false)
               : ir::matmul(below_each_other(all_a), below_each_other(all_b), true, false);
  }
  constexpr Var carried(Var value, const ir::RowRange& range) {
    const ir::Node node = value.node();
    const Var sum = ir::carry(node.region, constant(value.builder(), 0, node.shape, node.dtype),
                              node.space, {range.steps, carries[node.region]++});
    return ir::last(ir::next(sum, sum + value));
  }
  static constexpr Var below_each_other(Var x) {
    return reshape(x, {x.shape()[0] * x.shape()[1], x.shape()[2]});
  }

  const ir::Graph& graph;
  const PerNode<std::int16_t> uses;         // in the old graph
  FixedVector<bool, max_nodes> recomputed;  // loops whose gradient saves memory
  FixedVector<int, max_nodes> carries;      // of each loop: the first index that is free
  PerNode<std::int8_t> order{};             // in the new graph: see order_of
  PerNode<std::int16_t> lift{};             // + 1
};

constexpr ir::Graph hoist(const ir::Graph& graph) {
  if (graph.regions == 0) return graph;
  Hoisting hoisting(graph);
  return rewrite(graph, [&](ir::Builder& builder, const ir::Node& node, int id) {
    return hoisting(builder, node, id);
  });
}

}  // namespace tg::passes
