// One sample's evaluation of one node, for every op: plain loops over its scalar meaning.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/reference/custom.hpp"
#include "typegrad/backends/reference/elementwise.hpp"
#include "typegrad/backends/reference/indices.hpp"
#include "typegrad/backends/reference/pools.hpp"
#include "typegrad/backends/reference/products.hpp"
#include "typegrad/backends/reference/shapes.hpp"
#include "typegrad/passes/rewrite.hpp"

namespace tg::reference {

// Ops that compute nothing from operands: leaves are given, sinks name what is there, `gradient` is
// expanded by its pass, who evaluates a graph runs its loops.
constexpr bool computes(Op op) {
  return !is_leaf(op) && kind_of(op) != Kind::loop && !is_sink(op) && op != Op::gradient &&
         op != Op::result;
}

template <class T>
constexpr Row<T> reference_row(Op op) {
  if (is_elementwise(op)) return op == Op::cast ? cast<T> : elementwise<T>;
  switch (op) {
    case Op::identity:
    case Op::stop_gradient:
    case Op::custom_gradient:
    case Op::reshape:
      return copy<T>;
    case Op::broadcast:
      return broadcast<T>;
    case Op::transpose:
      return transpose<T>;
    case Op::slice:
      return slice<T>;
    case Op::pad:
      return pad<T>;
    case Op::concatenate:
      return concatenate<T>;
    case Op::sum:
      return sum<T>;
    case Op::max:
      return max<T>;
    case Op::argmax:
      return argmax<T>;
    case Op::softmax:
      return softmax<T, false>;
    case Op::log_softmax:
      return softmax<T, true>;
    case Op::custom:
      return custom<T>;
    case Op::iota:
      return iota<T>;
    case Op::pick:
      return pick<T>;
    case Op::one_hot:
      return one_hot<T>;
    case Op::gather:
      return gather<T>;
    case Op::scatter:
      return scatter<T>;
    case Op::matmul:
      return matmul<T>;
    case Op::outer:
      return outer<T>;
    case Op::orthogonal:
      return orthogonal<T>;
    case Op::convolution:
      return convolution<T>;
    case Op::convolution_input_gradient:
      return convolution_input_gradient<T>;
    case Op::convolution_weight_gradient:
      return convolution_weight_gradient<T>;
    case Op::max_pool:
      return max_pool<T>;
    case Op::max_pool_gradient:
      return max_pool_gradient<T>;
    case Op::max_pool_tangent:
      return max_pool_tangent<T>;
    case Op::average_pool:
      return average_pool<T>;
    case Op::average_pool_gradient:
      return average_pool_gradient<T>;
    default:
      return {};
  }
}

// The first op whose row is missing, Op::count when none is.
constexpr Op missing_reference_row() {
  for (int i = 0; i < op_count; ++i)
    if (computes(Op(i)) != reference_row<float>(Op(i)).exists) return Op(i);
  return Op::count;
}
template <Op Missing>
struct every_op_has_a_reference_row {
  static_assert(Missing == Op::count, "backends/reference/compute.hpp lacks the row of this op");
};
template struct every_op_has_a_reference_row<missing_reference_row()>;

// One row per op; none where the op computes nothing.
template <class T>
using Rows = std::array<Row<T>, op_count>;

template <class T>
constexpr Rows<T> all_rows() {
  Rows<T> rows{};
  for (int i = 0; i < op_count; ++i) rows[i] = reference_row<T>(Op(i));
  return rows;
}
template <class T>
inline constexpr Rows<T> reference_rows = all_rows<T>();

// Only the rows that a graph needs: as a constexpr table, it spares the compiler the code of all
// others.
template <class T>
constexpr Rows<T> rows_of(const ir::Graph& graph) {
  Rows<T> rows{};
  for (const ir::Node& node : graph.nodes) rows[int(node.op)] = reference_row<T>(node.op);
  return rows;
}

// Leaves that nobody needs to give: constants, the number of samples, random numbers.
constexpr bool has_own_value(Op op) {
  return op == Op::constant || op == Op::samples || op == Op::uniform || op == Op::normal;
}

// The same where nobody gives the leaves' values: the rows of what does not depend on them.
template <class T>
constexpr Rows<T> rows_without_given(const ir::Graph& graph) {
  Rows<T> rows{};
  passes::PerNode<bool> known{};
  for (int id = 0; id < graph.size(); ++id) {
    const ir::Node& node = graph[id];
    known[id] = !is_leaf(node.op) || has_own_value(node.op);
    for (int i = 0; i < node.operands(); ++i) known[id] = known[id] && known[node.operand[i]];
    if (known[id]) rows[int(node.op)] = reference_row<T>(node.op);
  }
  return rows;
}

// Post: out is the node's value, of one sample, from its operands' values. `across` is not looked
// at: who calls sums. Pre: computes(node.op); out overlaps no operand. T holds every dtype.
template <class T>
constexpr void compute(const ir::Node& node, const ir::Node* const operands[ir::max_operands],
                       const View<const T> in[ir::max_operands], View<T> out) {
  reference_rows<T>[int(node.op)]({node, operands, in, out});
}

}  // namespace tg::reference
