// Products of matrices and vectors, and sums across the samples: where numbers and sums go.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/products.hpp"
#include "typegrad/passes/rules/rule.hpp"

namespace tg::passes {

namespace rules {

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

// A number that multiplies a product's operand, which has more elements than the result, multiplies
// the result instead.
constexpr Var scale_later(const Match& m) {
  for (int i = 0; i < 2; ++i) {
    const Var scaled{m.builder, m.node->operand[i]};
    if (!is(scaled, Op::multiply) || !m.sole_reader(i) || scaled.shape().size() <= m.shape().size())
      continue;
    for (int k = 0; k < 2; ++k) {
      const Var number = without_repeated(scaled.operand(k), ir::all_axes(scaled.shape()));
      if (number.id() < 0) continue;
      ir::Operands operands = m.node->operand;
      operands[i] = std::int16_t(scaled.operand(1 - k).id());
      return broadcast(number, m.shape()) * m.same(m.shape(), operands);
    }
  }
  return nothing();
}

// True when a reduction is over the last axes of its operand, whatever their number.
constexpr bool over_last_axes(const ir::Node& node, const Shape& operand) {
  const int mask = node.attributes[0], kept = node.shape.rank();
  return mask == (ir::all_axes(operand) & ~((1 << kept) - 1));
}

// sum_s f(x_s) -> f across samples. Such nodes have kernels of their own (products and convolutions
// of gradients), or sum fewer elements (the axes first).
constexpr Var sum_inside(const Match& m) {
  const Var x = m.a;
  if (!x.per_sample()) return nothing();
  const bool fits = x.node().op == Op::sum ? over_last_axes(x.node(), x.operand(0).shape())
                                           : x.operand(0).per_sample() && x.operand(1).per_sample();
  if (!fits) return nothing();
  ir::Node summed = x.node();
  summed.across = true;
  summed.space = ir::Space::shared;
  return {m.builder, m.builder->append(summed)};
}

// sum_s reshape(x_s) -> reshape(sum_s x_s)
constexpr Var reshape_after_sum(const Match& m) {
  const Var x = m.a.operand(0);
  if (!x.per_sample()) return nothing();
  ir::Node inner = *m.node;
  inner.operand = ir::operands(x);
  inner.shape = x.shape();
  Match deeper = m;
  deeper.a = x;
  const bool summable =
      Ops{Op::matmul, Op::outer, Op::scatter, Op::convolution_weight_gradient, Op::sum}.has(
          x.node().op) &&
      !x.node().across;
  const Var inside = summable ? sum_inside(deeper) : nothing();
  return reshape(inside.id() >= 0 ? inside : Var{m.builder, m.builder->append(inner)}, m.shape());
}

// sum over axes of a sum across samples -> both at once
constexpr Var sum_axes_inside(const Match& m) {
  if (m.a.node().op != Op::identity || !m.a.node().across || !over_last_axes(*m.node, m.a.shape()))
    return nothing();
  ir::Node summed = *m.node;
  summed.operand = m.a.node().operand;
  summed.across = true;
  return {m.builder, m.builder->append(summed)};
}

inline constexpr Ops summable{Op::matmul, Op::outer, Op::scatter, Op::convolution_weight_gradient,
                              Op::sum};

}  // namespace rules

// clang-format off
inline constexpr Rule product_rules[] = {
    {"matmul_transposed", "A' B -> the product that reads A the other way: no copy", Family::product, Op::matmul, Op::transpose, rules::any,
     [](const Match& m) {
       return rules::swaps_last_axes(m.a) ? ir::matmul(m.a.operand(0), m.b, m.attribute(0) == 0, m.attribute(1) != 0) : rules::nothing();
     }},
    {"matmul_transposed", "A B' -> the product that reads B the other way: no copy", Family::product, Op::matmul, rules::any, Op::transpose,
     [](const Match& m) {
       return rules::swaps_last_axes(m.b) ? ir::matmul(m.a, m.b.operand(0), m.attribute(0) != 0, m.attribute(1) == 0) : rules::nothing();
     }},
    {"matmul_negated", "(-A) (-B) -> A B", Family::product, {Op::matmul, Op::outer}, Op::negate, Op::negate,
     [](const Match& m) { return m.same(m.shape(), ir::operands(m.a.operand(0), m.b.operand(0))); }},
    {"scale_after", "(c A) B -> c (A B) where that is less to multiply", Family::product, Op::matmul, Op::multiply, rules::any, rules::scale_later},
    {"scale_after", "A (c B) -> c (A B) where that is less to multiply", Family::product, Op::matmul, rules::any, Op::multiply, rules::scale_later},
    {"scale_before", "c (a b') -> (c a) b'", Family::product, Op::multiply, Op::outer, rules::any,
     [](const Match& m) {
       const Var number = m.sole_reader(0) || m.sole_reader(1) ? rules::without_repeated(m.b, ir::all_axes(m.shape())) : rules::nothing();
       return number.id() < 0 ? number : outer(broadcast(number, m.a.operand(0).shape()) * m.a.operand(0), m.a.operand(1));
     }},
};

inline constexpr Rule across_rules[] = {
    {"sum_inside", "sum_s f(x_s) -> f across samples", Family::across, Op::identity, rules::summable, rules::any, rules::sum_inside, true},
    {"reshape_after_sum", "sum_s reshape(x_s) -> reshape(sum_s x_s)", Family::across, Op::identity, Op::reshape, rules::any, rules::reshape_after_sum, true},
    {"sum_axes_inside", "sum(sum_s x_s) -> sum across samples", Family::across, Op::sum, rules::any, rules::any, rules::sum_axes_inside},
};
// clang-format on

}  // namespace tg::passes
