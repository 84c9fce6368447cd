// The op table: every primitive operation, how many operands it takes, its kind.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <string_view>

namespace tg {

// clang-format off
// A new primitive is a line here and a line in `op_table`; `shape_rules`, `meaning`, `passes/gradient_rules` and each
// backend then name the row that is missing.
enum class Op : std::uint8_t {
  // Leaves.
  constant, input, label, parameter, state, argument, setting, samples, uniform, normal,
  // Element by element.
  negate, absolute, sign, exp, log, log1p, expm1, sqrt, tanh, sigmoid, softplus, relu, erf, erfc, erfcx, cosine, sine, arctangent, floor, logical_not, cast,
  add, subtract, multiply, divide, power, modulo, maximum, minimum, less, less_equal, equal,
  select,
  // The same numbers in another order or number.
  identity, stop_gradient, custom_gradient, reshape, broadcast, transpose, slice, pad, concatenate,
  // Within one sample, over axes.
  sum, max, argmax, softmax, log_softmax,
  // Indices.
  iota, pick, one_hot, gather, scatter,
  // Products.
  matmul, outer, orthogonal,
  // Windows.
  convolution, convolution_input_gradient, convolution_weight_gradient,
  max_pool, max_pool_gradient, max_pool_tangent, average_pool, average_pool_gradient,
  // Loops: see graph/loop.hpp.
  element, carry, next, collect, last,
  // A user's operation (its row says everything), and one of several results of a node.
  custom, result,
  // What a graph is for.
  gradient, output, update, train,
  count
};
// clang-format on

// What may be done with an op without knowing which it is.
enum class Kind : std::uint8_t {
  leaf,
  unary,
  binary,
  ternary,
  shape,
  reduction,
  row,
  index,
  product,
  window,
  loop,
  custom,
  gradient,
  sink
};

struct OpRow {
  Op op;
  std::string_view name;
  int operands;
  Kind kind;
};

inline constexpr int op_count = int(Op::count);

// One row per op, in the order of the enumeration.
// clang-format off
inline constexpr OpRow op_table[op_count] = {
    {Op::constant, "constant", 0, Kind::leaf},       // the same number everywhere
    {Op::input, "input", 0, Kind::leaf},             // per sample, given by the caller
    {Op::label, "label", 0, Kind::leaf},             // per sample, an integer
    {Op::parameter, "parameter", 0, Kind::leaf},     // shared, trained
    {Op::state, "state", 0, Kind::leaf},             // shared, kept between calls, not trained
    {Op::argument, "argument", 0, Kind::leaf},       // shared, given by the caller
    {Op::setting, "setting", 0, Kind::leaf},         // a number of an aggregate, read at each call
    {Op::samples, "samples", 0, Kind::leaf},         // how many samples this call has
    {Op::uniform, "uniform", 0, Kind::leaf},         // random in [0, 1), keyed by name, sample and element
    {Op::normal, "normal", 0, Kind::leaf},           // random, mean 0, variance 1
    {Op::negate, "negate", 1, Kind::unary},          // -x
    {Op::absolute, "absolute", 1, Kind::unary},      // |x|
    {Op::sign, "sign", 1, Kind::unary},              // -1, 0, 1
    {Op::exp, "exp", 1, Kind::unary},
    {Op::log, "log", 1, Kind::unary},
    {Op::log1p, "log1p", 1, Kind::unary},            // log(1 + x)
    {Op::expm1, "expm1", 1, Kind::unary},            // exp(x) - 1
    {Op::sqrt, "sqrt", 1, Kind::unary},
    {Op::tanh, "tanh", 1, Kind::unary},
    {Op::sigmoid, "sigmoid", 1, Kind::unary},        // 1 / (1 + exp(-x))
    {Op::softplus, "softplus", 1, Kind::unary},      // log(1 + exp(x))
    {Op::relu, "relu", 1, Kind::unary},              // max(x, 0)
    {Op::erf, "erf", 1, Kind::unary},
    {Op::erfc, "erfc", 1, Kind::unary},              // 1 - erf(x)
    {Op::erfcx, "erfcx", 1, Kind::unary},            // exp(x^2) erfc(x)
    {Op::cosine, "cosine", 1, Kind::unary},
    {Op::sine, "sine", 1, Kind::unary},
    {Op::arctangent, "arctangent", 1, Kind::unary},
    {Op::floor, "floor", 1, Kind::unary},            // the largest whole number that is not larger
    {Op::logical_not, "logical_not", 1, Kind::unary},  // 1 where x is 0, else 0
    {Op::cast, "cast", 1, Kind::unary},              // to the node's dtype
    {Op::add, "add", 2, Kind::binary},
    {Op::subtract, "subtract", 2, Kind::binary},
    {Op::multiply, "multiply", 2, Kind::binary},
    {Op::divide, "divide", 2, Kind::binary},
    {Op::power, "power", 2, Kind::binary},
    {Op::modulo, "modulo", 2, Kind::binary},         // a - b floor(a / b), with b's sign
    {Op::maximum, "maximum", 2, Kind::binary},       // a where a >= b
    {Op::minimum, "minimum", 2, Kind::binary},       // a where a <= b
    {Op::less, "less", 2, Kind::binary},             // 1 where a < b, else 0
    {Op::less_equal, "less_equal", 2, Kind::binary},
    {Op::equal, "equal", 2, Kind::binary},
    {Op::select, "select", 3, Kind::ternary},        // b where a is not 0, else c
    {Op::identity, "identity", 1, Kind::shape},      // x: what `across` sums when nothing is computed first
    {Op::stop_gradient, "stop_gradient", 1, Kind::shape},  // x, through which no gradient flows
    {Op::custom_gradient, "custom_gradient", -1, Kind::shape},  // a, whose gradient goes to b and c as its row says
    {Op::reshape, "reshape", 1, Kind::shape},
    {Op::broadcast, "broadcast", 1, Kind::shape},    // extents of 1, or missing in front, are repeated
    {Op::transpose, "transpose", 1, Kind::shape},    // axis i of the result is axis attributes[i] of x
    {Op::slice, "slice", 1, Kind::shape},            // a part along one axis: see graph/range.hpp
    {Op::pad, "pad", 1, Kind::shape},                // the adjoint of slice: zeros where nothing was cut out
    {Op::concatenate, "concatenate", -1, Kind::shape},  // two or three, along axis attributes[0]
    {Op::sum, "sum", 1, Kind::reduction},            // over the axes whose bit is set in attributes[0]
    {Op::max, "max", 1, Kind::reduction},
    {Op::argmax, "argmax", 1, Kind::reduction},      // over axis attributes[0]: the first of equals
    {Op::softmax, "softmax", 1, Kind::row},          // along axis attributes[0]
    {Op::log_softmax, "log_softmax", 1, Kind::row},
    {Op::iota, "iota", 0, Kind::index},              // 0, 1, …: shared
    {Op::pick, "pick", 2, Kind::index},              // x[…, label]: along the last axis, a label for each place before it
    {Op::one_hot, "one_hot", 1, Kind::index},        // 1 at the label, 0 elsewhere, along a new last axis
    {Op::gather, "gather", 2, Kind::index},          // rows of the matrix b, chosen by the integers a
    {Op::scatter, "scatter", 2, Kind::index},        // its gradient: rows of b, added where the integers a say
    {Op::matmul, "matmul", 2, Kind::product},        // attributes: are the last two axes of a, of b swapped
    {Op::outer, "outer", 2, Kind::product},          // a[i] * b[j]
    {Op::orthogonal, "orthogonal", 1, Kind::product},  // a matrix with orthonormal rows (or columns) from a random one
    {Op::convolution, "convolution", 2, Kind::window},  // attributes: see graph/window.hpp
    {Op::convolution_input_gradient, "convolution_input_gradient", 2, Kind::window},    // of (dy, w)
    {Op::convolution_weight_gradient, "convolution_weight_gradient", 2, Kind::window},  // of (x, dy)
    {Op::max_pool, "max_pool", 1, Kind::window},
    {Op::max_pool_gradient, "max_pool_gradient", 2, Kind::window},  // of (x, dy): to the first of equals
    {Op::max_pool_tangent, "max_pool_tangent", 2, Kind::window},    // of (x, t): t where x is largest, the first of equals
    {Op::average_pool, "average_pool", 1, Kind::window},
    {Op::average_pool_gradient, "average_pool_gradient", 1, Kind::window},
    {Op::element, "element", 1, Kind::loop},         // the row of a sequence that this step of a loop reads
    {Op::carry, "carry", 1, Kind::loop},             // what a loop carries from step to step: first the operand
    {Op::next, "next", 2, Kind::loop},               // in the next step, the carry a is b
    {Op::collect, "collect", 1, Kind::loop},         // what a value of a loop's body was in each step
    {Op::last, "last", 1, Kind::loop},               // what the carry of the `next` a is after the last step
    {Op::custom, "custom", -1, Kind::custom},
    {Op::result, "result", 1, Kind::shape},          // result attributes[0] of a node with several
    {Op::gradient, "gradient", -1, Kind::gradient},  // of a with respect to b, a's adjoint being c, or 1: until passes/gradient expands it
    {Op::output, "output", 1, Kind::sink},           // attributes[0]: which
    {Op::update, "update", 2, Kind::sink},           // the variable a becomes b, after everything was computed
    {Op::train, "train", 2, Kind::sink},             // the solver's gradient of the parameter a is b
};
// clang-format on

constexpr bool op_table_in_order() {
  for (int i = 0; i < op_count; ++i)
    if (op_table[i].op != Op(i)) return false;
  return true;
}
static_assert(op_table_in_order(), "op_table has one row per op, in the order of tg::Op");

constexpr const OpRow& row_of(Op op) { return op_table[int(op)]; }
constexpr std::string_view name_of(Op op) { return row_of(op).name; }
// Each of these reads the table itself: passes ask them at every node, and what constant evaluation
// costs is calls.
constexpr Kind kind_of(Op op) { return op_table[int(op)].kind; }
constexpr bool is_leaf(Op op) { return op_table[int(op)].kind == Kind::leaf; }
constexpr bool is_sink(Op op) { return op_table[int(op)].kind == Kind::sink; }
constexpr bool is_elementwise(Op op) {
  const Kind kind = op_table[int(op)].kind;
  return kind == Kind::unary || kind == Kind::binary || kind == Kind::ternary;
}
// Ops that begin the body of a loop: the region of such a node is its own to say.
constexpr bool enters_loop(Op op) { return op == Op::element || op == Op::carry; }
// Ops that read the body from outside, once the loop has ended.
constexpr bool leaves_loop(Op op) { return op == Op::collect || op == Op::last; }
// a op b == b op a, to the bit.
constexpr bool is_commutative(Op op) {
  return op == Op::add || op == Op::multiply || op == Op::equal;
}
// The result says whether something holds: its dtype is boolean.
constexpr bool is_comparison(Op op) {
  return op == Op::less || op == Op::less_equal || op == Op::equal || op == Op::logical_not;
}
// Element-wise ops that whole numbers have, too; all others give real numbers, and take only these.
constexpr bool keeps_whole_numbers(Op op) {
  switch (op) {
    case Op::negate:
    case Op::absolute:
    case Op::sign:
    case Op::relu:
    case Op::floor:
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::modulo:
    case Op::maximum:
    case Op::minimum:
      return true;
    default:
      return false;
  }
}
// Two nodes of such an op with equal operands are still two nodes.
constexpr bool is_unique(Op op) {
  return op_table[int(op)].kind == Kind::leaf && op != Op::constant && op != Op::samples;
}

}  // namespace tg
