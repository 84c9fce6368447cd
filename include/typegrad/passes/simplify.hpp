// Algebraic identities: each a row, the identity beside it.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/images.hpp"
#include "typegrad/graph/meaning.hpp"
#include "typegrad/graph/moves.hpp"
#include "typegrad/graph/products.hpp"
#include "typegrad/passes/rewrite.hpp"

namespace tg::passes {

namespace rules {

constexpr bool is(Var x, Op op) { return x.node().op == op && !x.node().across; }
constexpr bool is_constant(Var x) { return x.node().op == Op::constant; }
constexpr bool is_constant(Var x, double value) {
  return is_constant(x) && x.node().value == value;
}
constexpr Var nothing() { return {}; }

// op(constants) -> constant
constexpr Var fold(ir::Builder& builder, const ir::Node& node) {
  double value[ir::max_operands]{};
  for (int i = 0; i < node.operands(); ++i) {
    const ir::Node& operand = builder.graph[node.operand[i]];
    if (operand.op != Op::constant) return nothing();
    value[i] = operand.value;
  }
  if (node.op == Op::cast && !is_floating(node.dtype)) return nothing();
  const double folded = meaning(node.op, value[0], value[1], value[2]);
  if (folded != folded) return nothing();
  return constant(&builder, folded, node.shape, node.dtype);
}

// pad(x) + pad(y) -> pad(concatenate(x, y)) where y begins when x ends: what flows back to the
// parts of a value becomes one pass.
constexpr Var joined_pads(Var a, Var b) {
  if (!is(a, Op::pad) || !is(b, Op::pad)) return nothing();
  const AxisRange first = AxisRange::of(a.node().attributes),
                  second = AxisRange::of(b.node().attributes);
  const Var x = a.operand(0), y = b.operand(0);
  const int axis = first.axis, length = x.shape()[axis];
  if (second.axis == axis && second.begin < first.begin) return joined_pads(b, a);
  if (second.axis != axis || first.step != 1 || second.step != 1 ||
      second.begin != first.begin + length)
    return nothing();
  return ir::pad(concatenate({x, y}, axis), first, a.shape()[axis]);
}

// clang-format off
constexpr Var arithmetic(Op op, Var a, Var b) {
  switch (op) {
    case Op::add:
      if (is_constant(b, 0)) return a;                                           // x + 0 -> x
      if (is_constant(a, 0)) return b;
      if (is(b, Op::negate)) return a - b.operand(0);                            // x + -y -> x - y
      if (is(a, Op::negate)) return b - a.operand(0);
      return joined_pads(a, b);
    case Op::subtract:
      if (is_constant(b, 0)) return a;                                           // x - 0 -> x
      if (is_constant(a, 0)) return -b;                                          // 0 - x -> -x
      if (is(b, Op::negate)) return a + b.operand(0);                            // x - -y -> x + y
      break;
    case Op::multiply:
      if (is_constant(b)) return arithmetic(op, b, a);                           // constants first
      if (is_constant(a, 1)) return b;                                           // 1 * x -> x
      if (is_constant(a, 0)) return a;                                           // 0 * x -> 0
      if (is_constant(a, -1)) return -b;                                         // -1 * x -> -x
      if (is_constant(a) && is(b, Op::multiply) && is_constant(b.operand(0)))    // c * (d * x) -> (c d) * x
        return constant(a.recording(), a.node().value * b.operand(0).node().value, a.shape(), a.dtype()) * b.operand(1);
      if (is_constant(a) && is(b, Op::negate))                                   // c * -x -> (-c) * x
        return constant(a.recording(), -a.node().value, a.shape(), a.dtype()) * b.operand(0);
      if (is(a, Op::negate) && is(b, Op::negate)) return a.operand(0) * b.operand(0);  // -x * -y -> x * y
      break;
    case Op::divide:
      if (is_constant(b, 1)) return a;                                           // x / 1 -> x
      break;
    default: break;
  }
  return nothing();
}

constexpr Var unary(Op op, Var x) {
  if (op == Op::negate && is(x, Op::negate)) return x.operand(0);                // --x -> x
  if (op == Op::negate && is(x, Op::subtract)) return x.operand(1) - x.operand(0);  // -(x - y) -> y - x
  if (op == Op::relu && is(x, Op::relu)) return x;                               // relu(relu(x)) -> relu(x)
  if (op == Op::absolute && is(x, Op::absolute)) return x;                       // ||x|| -> |x|
  if (op == Op::cast && is(x, Op::cast)) return nothing();
  return nothing();
}

// clang-format on
constexpr bool is_increasing(Op op) {
  return op == Op::relu || op == Op::tanh || op == Op::sigmoid || op == Op::softplus;
}

// clang-format off
constexpr Var shape(const ir::Node& node, Var x) {
  switch (node.op) {
    case Op::identity:
      return x;                                                                  // identity(x) -> x
    case Op::reshape:
      if (x.shape() == node.shape) return x;                                     // reshape(x, same) -> x
      if (is(x, Op::reshape)) return reshape(x.operand(0), node.shape);          // reshape(reshape(x)) -> reshape(x)
      if (is_constant(x)) return constant(x.recording(), x.node().value, node.shape, node.dtype);
      break;
    case Op::broadcast:
      if (x.shape() == node.shape) return x;                                     // broadcast(x, same) -> x
      if (is(x, Op::broadcast)) return broadcast(x.operand(0), node.shape);      // broadcast(broadcast(x)) -> broadcast(x)
      if (is_constant(x)) return constant(x.recording(), x.node().value, node.shape, node.dtype);
      break;
    case Op::slice:
      if (is_constant(x)) return constant(x.recording(), x.node().value, node.shape, node.dtype);
      break;
    case Op::sum:
      if (is_constant(x))                                                        // sum(c) -> n c
        return constant(x.recording(), x.node().value * (x.shape().size() / node.shape.size()), node.shape, node.dtype);
      if (x.shape().size() == node.shape.size()) return reshape(x, node.shape);  // sum over extents of 1 -> reshape
      break;
    case Op::max:
      if (x.shape().size() == node.shape.size()) return reshape(x, node.shape);
      break;
    case Op::log_softmax:
    case Op::softmax: break;
    default: break;
  }
  return nothing();
}

// clang-format on

// True when x is the transpose of a matrix, or of the last two axes of more.
constexpr bool swaps_last_axes(Var x) {
  const int rank = x.shape().rank();
  if (!is(x, Op::transpose) || rank < 2) return false;
  for (int axis = 0; axis < rank; ++axis) {
    const int from = axis < rank - 2 ? axis : 2 * rank - 3 - axis;
    if (x.node().attributes[axis] != from) return false;
  }
  return true;
}

// A' B, A B' -> the same product, which reads A (or B) the other way: no copy.
constexpr Var product(const ir::Node& node, Var a, Var b) {
  const bool ta = node.attributes[0] != 0, tb = node.attributes[1] != 0;
  if (swaps_last_axes(a)) return ir::matmul(a.operand(0), b, !ta, tb);
  if (swaps_last_axes(b)) return ir::matmul(a, b.operand(0), ta, !tb);
  return nothing();
}

// True when a reduction is over the last axes of its operand, whatever their number.
constexpr bool over_last_axes(const ir::Node& node, const Shape& operand) {
  const int mask = node.attributes[0], kept = node.shape.rank();
  return mask == (ir::all_axes(operand) & ~((1 << kept) - 1));
}

// Sums across the samples move into what they sum: sum_s f(x_s) -> f across samples. Such nodes
// have kernels of their own (products and convolutions of gradients), or sum fewer elements (the
// axes first).
constexpr Var across(ir::Builder& builder, const ir::Node& node, Var x) {
  if (x.node().across || x.node().space == ir::Space::shared) return nothing();
  const bool both_per_sample =
      x.node().operands() == 2 && x.operand(0).per_sample() && x.operand(1).per_sample();
  switch (x.node().op) {
    case Op::matmul:
    case Op::outer:
    case Op::scatter:
    case Op::convolution_weight_gradient:
    case Op::sum: {
      if (x.node().op == Op::sum ? !over_last_axes(x.node(), x.operand(0).shape())
                                 : !both_per_sample)
        return nothing();
      ir::Node summed = x.node();
      summed.across = true;
      summed.space = ir::Space::shared;
      return {&builder, builder.append(summed)};
    }
    case Op::reshape: {  // sum_s reshape(x) -> reshape(sum_s x)
      ir::Node inner = node;
      inner.operand = ir::operands(x.operand(0));
      inner.shape = x.operand(0).shape();
      const Var moved = across(builder, inner, x.operand(0));
      const Var summed = moved.id() >= 0 ? moved : Var{&builder, builder.append(inner)};
      return reshape(summed, node.shape);
    }
    default:
      return nothing();
  }
}

// sum over axes of a sum across samples -> both at once
constexpr Var sum_of_across(ir::Builder& builder, const ir::Node& node, Var x) {
  if (x.node().op != Op::identity || !x.node().across || !over_last_axes(node, x.shape()))
    return nothing();
  ir::Node summed = node;
  summed.operand = x.node().operand;
  summed.across = true;
  return {&builder, builder.append(summed)};
}

}  // namespace rules

constexpr ir::Graph simplify(const ir::Graph& graph) {
  const auto uses = count_uses(graph);
  return rewrite(graph, [&](ir::Builder& builder, const ir::Node& node, int id) -> int {
    const auto operand = [&](int which) { return Var{&builder, node.operand[which]}; };
    Var better;
    if (node.op == Op::identity && node.across) {
      better = rules::across(builder, node, operand(0));
    } else if (is_elementwise(node.op)) {
      better = rules::fold(builder, node);
      if (better.id() < 0 && kind_of(node.op) == Kind::binary)
        better = rules::arithmetic(node.op, operand(0), operand(1));
      if (better.id() < 0 && kind_of(node.op) == Kind::unary)
        better = rules::unary(node.op, operand(0));
      if (better.id() < 0 && node.op == Op::select && node.operand[1] == node.operand[2])
        better = operand(1);  // select(c, x, x) -> x
    } else if (node.op == Op::matmul && !node.across) {
      better = rules::product(node, operand(0), operand(1));
    } else if (!node.across &&
               (kind_of(node.op) == Kind::shape || kind_of(node.op) == Kind::reduction)) {
      better = rules::shape(node, operand(0));
      if (better.id() < 0 && node.op == Op::sum)
        better = rules::sum_of_across(builder, node, operand(0));
    } else if (node.op == Op::max_pool && rules::is_increasing(operand(0).node().op) &&
               uses[graph[id].operand[0]] == 1) {
      // max(f(x)) -> f(max(x)) for increasing f: fewer of them, here and in the gradient
      const Var x = operand(0);
      const Var pooled = ir::emit(&builder, Op::max_pool, node.shape, node.dtype,
                                  ir::operands(x.operand(0)), node.attributes);
      better = ir::emit(&builder, x.node().op, node.shape, node.dtype, ir::operands(pooled));
    }
    // A shared value in the place of a per-sample one would leave its readers in the wrong space.
    return better.id() >= 0 && better.node().space == node.space ? better.id()
                                                                 : builder.append(node);
  });
}

}  // namespace tg::passes
