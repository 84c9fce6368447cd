// A rewrite as a row of a table: its name, the identity, the pattern, what takes the node's place.
// SPDX-License-Identifier: MIT
#pragma once
#include <bit>
#include <string_view>

#include "typegrad/graph/moves.hpp"
#include "typegrad/passes/rewrite.hpp"

namespace tg::passes {

// Rules that belong together; a mode names them so.
enum class Family : std::uint8_t {
  // Of the pass `simplify`.
  fold,        // operations on constants
  arithmetic,  // zeros, ones, signs, constants that meet
  cancel,      // x / x, x - x: the numbers differ where x is 0, infinite or no number, as in Theano
  power,       // powers with constant exponents
  choice,      // select, absolute values, conversions, comparisons
  shape,       // the same numbers in another order or number
  reduction,   // sums and maxima over axes
  product,     // products of matrices and vectors
  across,      // sums across the samples
  // Of the pass `stabilise`.
  logarithm,
  sigmoid,
  softmax,
  erf,
  count
};

inline constexpr std::string_view family_names[] = {
    "fold",    "arithmetic", "cancel",    "power",   "choice",  "shape", "reduction",
    "product", "across",     "logarithm", "sigmoid", "softmax", "erf"};
static_assert(std::size(family_names) == std::size_t(Family::count));

constexpr bool stabilises(Family family) { return family >= Family::logarithm; }

// A set of operations.
struct Ops {
  std::uint64_t bits[2] = {~std::uint64_t(0), ~std::uint64_t(0)};  // all

  constexpr Ops() = default;
  constexpr Ops(Op op) : bits{} { insert(op); }
  constexpr Ops(std::initializer_list<Op> ops) : bits{} {
    for (Op op : ops) insert(op);
  }
  constexpr void insert(Op op) { bits[int(op) / 64] |= std::uint64_t(1) << int(op) % 64; }
  constexpr bool has(Op op) const { return (bits[int(op) / 64] >> int(op) % 64 & 1) != 0; }
  // Calls visit(op) with each, in the order of the table.
  template <class Visit>
  constexpr void each(Visit visit) const {
    for (int word = 0; word < 2; ++word)
      for (std::uint64_t left = bits[word]; left != 0; left &= left - 1)
        if (const int op = 64 * word + std::countr_zero(left); op < op_count) visit(Op(op));
  }
};
static_assert(op_count <= 128);

// The node that a rule looks at, its operands already rewritten.
struct Match {
  ir::Builder* builder;
  const ir::Node* node;
  Var a, b, c;  // its operands; of a sum or a product in the order of the rule's pattern
  const std::int16_t* uses = nullptr;  // how many read each operand; null: unknown
  bool swapped = false;                // a and b are the operands 1 and 0

  constexpr const Shape& shape() const { return node->shape; }
  constexpr int attribute(int which) const { return node->attributes[which]; }
  // Nobody else reads a (0) or b (1), as far as it is known.
  constexpr bool sole_reader(int which) const {
    return uses != nullptr && uses[swapped ? 1 - which : which] == 1;
  }
  constexpr void swap() {
    const Var first = a;
    a = b, b = first;
    swapped = !swapped;
  }
  // The same number in the node's shape.
  constexpr Var number(double value) const {
    return constant(builder, value, node->shape, node->dtype);
  }
  // The node's operation on other operands of the same shape.
  constexpr Var same(const Shape& shape, ir::Operands operands) const {
    return ir::emit(builder, node->op, shape, node->dtype, operands, node->attributes);
  }
};

// Where a rule may be used. `after_gradient`: only where no Op::gradient is left to be expanded.
enum class When : std::uint8_t { always, after_gradient };

// `apply` gets a node whose operation is in `op`, and whose first operands' are in `a` and `b`;
// sums and products are tried in both orders. It answers with what takes the node's place, or
// nothing().
struct Rule {
  std::string_view name, identity;
  Family family;
  Ops op, a, b;
  Var (*apply)(const Match&);
  bool across = false;  // of nodes that are summed across the samples, else of all others
  When when = When::always;
};

namespace rules {

inline constexpr Ops any{};
constexpr Var nothing() { return {}; }

constexpr bool is(Var x, Op op) {
  const ir::Node& node = x.node();
  return node.op == op && !node.across;
}
constexpr bool is_constant(Var x) { return x.node().op == Op::constant; }
constexpr bool is_constant(Var x, double value) {
  return is_constant(x) && x.node().value == value;
}
constexpr double value_of(Var x) { return x.node().value; }
// The same node.
constexpr bool same(Var x, Var y) { return x.id() == y.id(); }

// All operations of a kind.
constexpr Ops of_kind(Kind first, Kind last) {
  Ops ops{};
  ops.bits[0] = ops.bits[1] = 0;
  for (const OpRow& row : op_table)
    if (row.kind >= first && row.kind <= last) ops.insert(row.op);
  return ops;
}
inline constexpr Ops unary = of_kind(Kind::unary, Kind::unary);
inline constexpr Ops binary = of_kind(Kind::binary, Kind::binary);
inline constexpr Ops elementwise = of_kind(Kind::unary, Kind::ternary);
inline constexpr Ops comparisons{Op::less, Op::less_equal, Op::equal, Op::logical_not};
// Never negative, wherever they are numbers.
inline constexpr Ops not_negative{Op::absolute, Op::exp,  Op::sqrt,       Op::sigmoid, Op::softplus,
                                  Op::relu,     Op::less, Op::less_equal, Op::equal,   Op::softmax,
                                  Op::one_hot,  Op::iota, Op::samples,    Op::uniform};

// The part of `x`, whose axes in `mask` repeat one number each, that is left when they go; nothing
// when they do not. x is a broadcast, or a constant.
constexpr Var without_repeated(Var x, int mask) {
  const Shape& shape = x.node().shape;
  Shape kept;
  if (is_constant(x))
    return constant(x.builder(), value_of(x), ir::without_axes(shape, mask), x.dtype());
  if (!is(x, Op::broadcast)) return nothing();
  const Var from = x.operand(0);
  const int missing = shape.rank() - from.shape().rank();
  for (int axis = 0; axis < shape.rank(); ++axis) {
    const int extent = axis < missing ? 1 : from.node().shape[axis - missing];
    if ((mask >> axis & 1) == 0)
      kept.append(extent);
    else if (extent != 1)
      return nothing();
  }
  return broadcast(reshape(from, kept), ir::without_axes(shape, mask));
}

}  // namespace rules
}  // namespace tg::passes
