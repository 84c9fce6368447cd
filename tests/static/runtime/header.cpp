// What a header for inference is made of: a formula for every element-wise op, and which ops can be
// written.
// SPDX-License-Identifier: MIT
#include "typegrad/runtime/header/contract.hpp"
#include "typegrad/runtime/header/formulas.hpp"

namespace tg::runtime::header {
namespace {

// The first element-wise op of which meaning.hpp has no line.
constexpr Op without_formula() {
  for (int op = 0; op < op_count; ++op)
    if (is_elementwise(Op(op)) && infix_of(Op(op)).empty() && formula_of(Op(op)).empty())
      return Op(op);
  return Op::count;
}
static_assert(without_formula() == Op::count);
static_assert(formula_of(Op::less) == "a < b ? T(1) : T(0)");
static_assert(formula_of(Op::select) == "a != T(0) ? b : c");
static_assert(formula_of(Op::convolution).empty());

constexpr ir::Node node(Op op, ir::Space space, DType dtype = f32) {
  ir::Node result;
  result.op = op;
  result.space = space;
  result.dtype = dtype;
  return result;
}
constexpr auto shared = ir::Space::shared, per_sample = ir::Space::per_sample;
static_assert(is_possible(node(Op::input, per_sample)));
static_assert(!is_possible(node(Op::input, per_sample, i32)));
static_assert(is_possible(node(Op::orthogonal, shared)));
static_assert(!is_possible(node(Op::orthogonal, per_sample)));
static_assert(!is_possible(node(Op::argument, shared)));
static_assert(!is_possible(node(Op::uniform, per_sample)));
static_assert(is_possible(node(Op::cast, per_sample)));
static_assert(!is_possible(node(Op::cast, per_sample, i64)));
static_assert([] {
  ir::Node sum = node(Op::sum, shared);
  sum.across = true;
  return !is_possible(sum);
}());

}  // namespace
}  // namespace tg::runtime::header
