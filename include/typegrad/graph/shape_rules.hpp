// One row per op: when a node's shape, dtype and space fit its operands. The verifier's table.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/custom.hpp"
#include "typegrad/graph/loop.hpp"
#include "typegrad/graph/products.hpp"
#include "typegrad/graph/range.hpp"
#include "typegrad/graph/window.hpp"

namespace tg::ir {

// A node as a rule sees it.
struct NodeView {
  const Graph& graph;
  const Node& node;

  constexpr const Node& operand(int which) const { return graph[node.operand.elements[which]]; }
  constexpr const Shape& shape(int which) const {
    return graph[node.operand.elements[which]].shape;
  }
};

using ShapeRule = bool (*)(const NodeView&);

namespace rules {

constexpr bool leaf(const NodeView&) { return true; }
constexpr bool is_like(const Node& node, const Shape& shape, DType dtype) {
  return node.dtype == dtype && node.shape == shape;
}
constexpr bool same_shape(const NodeView& v) {
  for (int i = 0, count = v.node.operands(); i < count; ++i)
    if (!is_like(v.operand(i), v.node.shape, v.node.dtype)) return false;
  return true;
}
// Operands of one dtype, which is the result's, or boolean where the result says whether something
// holds.
constexpr bool elementwise(const NodeView& v) {
  const Op op = v.node.op;
  const DType of = v.operand(0).dtype;
  for (int i = 0, count = v.node.operands(); i < count; ++i)
    if (!is_like(v.operand(i), v.node.shape, of)) return false;
  return v.node.dtype == (is_comparison(op) ? DType::boolean : of);
}
// Any condition; the two that it chooses from are of one dtype.
constexpr bool select(const NodeView& v) {
  for (int i = 0; i < 3; ++i)
    if (v.shape(i) != v.node.shape || (i > 0 && v.operand(i).dtype != v.node.dtype)) return false;
  return true;
}
// The value, and one or two symbols that its gradient goes to.
constexpr bool custom_gradient(const NodeView& v) {
  return v.shape(0) == v.node.shape && v.operand(0).dtype == v.node.dtype && v.node.operands() >= 2;
}
constexpr bool cast(const NodeView& v) { return v.shape(0) == v.node.shape; }
constexpr bool reshape(const NodeView& v) { return v.shape(0).size() == v.node.shape.size(); }
constexpr bool broadcast(const NodeView& v) {
  Shape common;
  return broadcast_shape(v.shape(0), v.node.shape, common) && common == v.node.shape;
}
constexpr bool transpose(const NodeView& v) {
  if (v.shape(0).rank() != v.node.shape.rank()) return false;
  for (int axis = 0; axis < v.node.shape.rank(); ++axis)
    if (v.node.shape[axis] != v.shape(0)[v.node.attributes[axis]]) return false;
  return true;
}
// `part` lies in `whole` as the node's range says.
constexpr bool lies_in(const Node& node, const Shape& part, Shape whole) {
  const AxisRange range = AxisRange::of(node.attributes);
  if (range.axis >= part.rank() || part.rank() != whole.rank()) return false;
  const int count = part[range.axis];
  if (!range.lies_within(whole[range.axis], count)) return false;
  whole.set(range.axis, count);
  return part == whole;
}
constexpr bool slice(const NodeView& v) { return lies_in(v.node, v.node.shape, v.shape(0)); }
constexpr bool pad(const NodeView& v) { return lies_in(v.node, v.shape(0), v.node.shape); }
constexpr bool concatenate(const NodeView& v) {
  const int axis = v.node.attributes[0];
  int extent = 0;
  for (int i = 0, count = v.node.operands(); i < count; ++i) {
    Shape part = v.shape(i);
    if (part.rank() != v.node.shape.rank() || axis >= part.rank()) return false;
    extent += part[axis];
    part.set(axis, v.node.shape[axis]);
    if (part != v.node.shape || v.operand(i).dtype != v.node.dtype) return false;
  }
  return v.node.operands() >= 2 && extent == v.node.shape[axis];
}
constexpr bool reduction(const NodeView& v) {
  return without_axes(v.shape(0), v.node.attributes[0]) == v.node.shape;
}
constexpr bool row(const NodeView& v) {
  return v.shape(0) == v.node.shape && v.node.attributes[0] < v.node.shape.rank();
}
constexpr bool iota(const NodeView& v) { return v.node.shape.rank() == 1; }
// x is `integers` with one axis more.
constexpr bool has_an_axis_more(const Shape& x, const Shape& integers) {
  Shape before = integers;
  if (x.rank() != integers.rank() + 1) return false;
  before.append(x[integers.rank()]);
  return x == before;
}
constexpr bool pick(const NodeView& v) {
  return v.node.shape == v.shape(1) && has_an_axis_more(v.shape(0), v.shape(1)) &&
         is_integer(v.operand(1).dtype);
}
constexpr bool one_hot(const NodeView& v) { return has_an_axis_more(v.node.shape, v.shape(0)); }
// indices (…), table (rows, width), what is chosen (…, width).
constexpr bool chooses_rows(const Node& indices, const Shape& table, Shape chosen) {
  if (!is_integer(indices.dtype) || table.rank() != 2) return false;
  Shape expected = indices.shape;
  expected.append(table[1]);
  return chosen == expected;
}
constexpr bool gather(const NodeView& v) {
  return chooses_rows(v.operand(0), v.shape(1), v.node.shape);
}
constexpr bool scatter(const NodeView& v) {
  return chooses_rows(v.operand(0), v.node.shape, v.shape(1));
}
constexpr bool matmul(const NodeView& v) {
  const ProductExtents e = ProductExtents::of(v.shape(0), v.shape(1), v.node.attributes);
  return e.fits && v.node.shape == e.result(v.shape(0), v.shape(1));
}
constexpr bool outer(const NodeView& v) {
  return v.node.shape == Shape{v.shape(0)[0], v.shape(1)[0]};
}
constexpr bool orthogonal(const NodeView& v) {
  return v.node.shape == v.shape(0) && v.node.shape.rank() == 2;
}
// x, w -> y, whichever two of them are the operands.
constexpr bool convolves(const Shape& x, const Shape& w, const Shape& y, const Node& node) {
  const ConvolutionWindow window = ConvolutionWindow::of(node.attributes);
  return x.rank() == 3 && w.rank() == 4 && window.output(x, w) == y && w[1] * window.groups == x[0];
}
constexpr bool convolution(const NodeView& v) {
  return convolves(v.shape(0), v.shape(1), v.node.shape, v.node);
}
constexpr bool convolution_input(const NodeView& v) {
  return convolves(v.node.shape, v.shape(1), v.shape(0), v.node);
}
constexpr bool convolution_weight(const NodeView& v) {
  return convolves(v.shape(0), v.node.shape, v.shape(1), v.node);
}
constexpr bool pool(const NodeView& v) {
  return PoolWindow::of(v.node.attributes).output(v.shape(0)) == v.node.shape;
}
constexpr bool max_pool_gradient(const NodeView& v) {
  return v.node.shape == v.shape(0) &&
         PoolWindow::of(v.node.attributes).output(v.shape(0)) == v.shape(1);
}
constexpr bool max_pool_tangent(const NodeView& v) { return v.shape(0) == v.shape(1) && pool(v); }
constexpr bool average_pool_gradient(const NodeView& v) {
  return PoolWindow::of(v.node.attributes).output(v.node.shape) == v.shape(0);
}
constexpr bool element(const NodeView& v) {
  const RowRange range = RowRange::of(v.node.attributes);
  return v.shape(0).rank() > 0 && row_shape(v.shape(0)) == v.node.shape && range.steps > 0 &&
         range.begin >= 0 && range.begin + range.steps <= v.shape(0)[0];
}
constexpr bool collect(const NodeView& v) {
  return v.node.shape == rows_shape(steps_of(v.node), v.shape(0));
}
constexpr bool next(const NodeView& v) {
  return v.operand(0).op == Op::carry && v.operand(0).space == v.node.space && same_shape(v);
}
constexpr bool last(const NodeView& v) { return v.operand(0).op == Op::next && same_shape(v); }
constexpr bool custom(const NodeView& v) {
  Shape shapes[max_operands];
  for (int i = 0, count = v.node.operands(); i < count; ++i) shapes[i] = v.shape(i);
  return v.node.row->shape(shapes) == v.node.shape;
}
constexpr bool result(const NodeView& v) { return v.operand(0).op == Op::custom; }
constexpr bool gradient(const NodeView& v) {
  const bool one_number = v.node.operands() == 2 && v.shape(0) == Shape{};
  const bool with_adjoint = v.node.operands() == 3 && v.shape(2) == v.shape(0);
  return v.shape(1) == v.node.shape && (one_number || with_adjoint);
}
constexpr bool output(const NodeView& v) { return v.shape(0) == v.node.shape; }
constexpr bool update(const NodeView& v) {
  return (v.operand(0).op == Op::state || v.operand(0).op == Op::parameter) && same_shape(v);
}

}  // namespace rules

// A row of the table. (Whether it exists is said beside it: sanitized builds cannot compare
// functions with null while they compile.)
struct ShapeRow {
  ShapeRule fits = nullptr;
  bool exists = false;

  constexpr ShapeRow() = default;
  constexpr ShapeRow(ShapeRule rule) : fits(rule), exists(true) {}
};

constexpr ShapeRow shape_rule(Op op) {
  switch (kind_of(op)) {
    case Kind::leaf:
      return rules::leaf;
    case Kind::unary:
    case Kind::binary:
    case Kind::ternary:
      return op == Op::cast ? rules::cast : op == Op::select ? rules::select : rules::elementwise;
    default:
      break;
  }
  switch (op) {
    case Op::identity:
    case Op::stop_gradient:
      return rules::same_shape;
    case Op::custom_gradient:
      return rules::custom_gradient;
    case Op::reshape:
      return rules::reshape;
    case Op::broadcast:
      return rules::broadcast;
    case Op::transpose:
      return rules::transpose;
    case Op::slice:
      return rules::slice;
    case Op::pad:
      return rules::pad;
    case Op::concatenate:
      return rules::concatenate;
    case Op::sum:
    case Op::max:
    case Op::argmax:
      return rules::reduction;
    case Op::softmax:
    case Op::log_softmax:
      return rules::row;
    case Op::iota:
      return rules::iota;
    case Op::pick:
      return rules::pick;
    case Op::one_hot:
      return rules::one_hot;
    case Op::gather:
      return rules::gather;
    case Op::scatter:
      return rules::scatter;
    case Op::matmul:
      return rules::matmul;
    case Op::outer:
      return rules::outer;
    case Op::orthogonal:
      return rules::orthogonal;
    case Op::convolution:
      return rules::convolution;
    case Op::convolution_input_gradient:
      return rules::convolution_input;
    case Op::convolution_weight_gradient:
      return rules::convolution_weight;
    case Op::max_pool:
    case Op::average_pool:
      return rules::pool;
    case Op::max_pool_gradient:
      return rules::max_pool_gradient;
    case Op::max_pool_tangent:
      return rules::max_pool_tangent;
    case Op::average_pool_gradient:
      return rules::average_pool_gradient;
    case Op::element:
      return rules::element;
    case Op::carry:
      return rules::same_shape;
    case Op::next:
      return rules::next;
    case Op::collect:
      return rules::collect;
    case Op::last:
      return rules::last;
    case Op::custom:
      return rules::custom;
    case Op::result:
      return rules::result;
    case Op::output:
      return rules::output;
    case Op::gradient:
      return rules::gradient;
    case Op::update:
    case Op::train:
      return rules::update;
    default:
      return {};
  }
}

// The first op whose row is missing from a table, Op::count when none is.
template <class Table>
constexpr Op missing_row(Table table) {
  for (int i = 0; i < op_count; ++i)
    if (!table(Op(i)).exists) return Op(i);
  return Op::count;
}
template <Op Missing>
struct every_op_has_a_shape_rule {
  static_assert(Missing == Op::count, "graph/shape_rules.hpp lacks the row of this op");
};
template struct every_op_has_a_shape_rule<missing_row(shape_rule)>;

}  // namespace tg::ir
