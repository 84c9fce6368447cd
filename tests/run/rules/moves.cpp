// Rules for powers, choices, shapes, reductions and products: where each fires, and where it must
// not.
// SPDX-License-Identifier: MIT
#include "rule_test.hpp"

namespace tg::test {
namespace {

// clang-format off
constexpr RuleCase power_cases[] = {
    {"power_constant", [](const Symbols& t) { return pow(t.x, 2); }},
    {"power_constant", [](const Symbols& t) { return t.y * pow(t.x, 1); }},
    {"power_constant", [](const Symbols& t) { return t.y + pow(t.x, 0); }},
    {"power_constant", [](const Symbols& t) { return pow(t.x, 0.5); }},
    {"power_constant", [](const Symbols& t) { return pow(t.x, -0.5); }},
    {"power_constant", [](const Symbols& t) { return pow(t.x, -1); }},
    {"power_constant", [](const Symbols& t) { return pow(t.x, -2); }},
    {"power_constant", [](const Symbols& t) { return pow(t.x, 13); }},
    {"power_constant", [](const Symbols& t) { return pow(t.x, 1.7); }, false},
    {"power_constant", [](const Symbols& t) { return pow(t.x, t.y); }, false},
    {"power_of_one", [](const Symbols& t) { return t.y + pow(1, t.x); }},
    {"power_of_one", [](const Symbols& t) { return pow(2, t.x); }, false},
    {"sqrt_square", [](const Symbols& t) { return sqrt((t.x - 1) * (t.x - 1)); }},
    {"sqrt_square", [](const Symbols& t) { return sqrt(t.x * t.y); }, false},
    {"exp_product", [](const Symbols& t) { return exp(t.x) * exp(t.y); }},
    {"exp_product", [](const Symbols& t) { return exp(t.x) * exp(t.y) + exp(t.x); }, false},
};

constexpr RuleCase choice_cases[] = {
    {"absolute_of_positive", [](const Symbols& t) { return abs(exp(t.x)); }},
    {"absolute_of_positive", [](const Symbols& t) { return abs(tanh(t.x)); }, false},
    {"absolute_negated", [](const Symbols& t) { return abs(-t.x); }},
    {"absolute_negated", [](const Symbols& t) { return abs(t.x); }, false},
    {"absolute_square", [](const Symbols& t) { return abs(t.x * t.x); }},
    {"absolute_square", [](const Symbols& t) { return abs(t.x * t.y); }, false},
    {"absolute_product", [](const Symbols& t) { return abs(t.x - 1) * abs(t.y); }},
    {"absolute_product", [](const Symbols& t) { return abs(t.x - 1) * t.y; }, false},
    {"absolute_quotient", [](const Symbols& t) { return abs(t.x - 1) / abs(t.y); }},
    {"absolute_quotient", [](const Symbols& t) { return abs(t.x - 1) / t.y; }, false},
    {"relu_of_positive", [](const Symbols& t) { return relu(relu(t.x - 0.5)); }},
    {"relu_of_positive", [](const Symbols& t) { return relu(t.x - 0.5); }, false},
    {"sign_of_sign", [](const Symbols& t) { return sign(sign(t.x)); }},
    {"sign_of_sign", [](const Symbols& t) { return sign(t.x); }, false},
    {"larger_of_equals", [](const Symbols& t) { return exp(maximum(t.x, t.x)); }},
    {"larger_of_equals", [](const Symbols& t) { return minimum(t.x, t.y); }, false},
    {"not_less", [](const Symbols& t) { return select(less(t.x, t.x), t.y, t.z); }},
    {"not_less", [](const Symbols& t) { return less(t.x, t.y); }, false},
    {"not_not", [](const Symbols& t) { return ir::unary(Op::logical_not, ir::unary(Op::logical_not, less(t.x, t.y))); }},
    {"not_not", [](const Symbols& t) { return ir::unary(Op::logical_not, ir::unary(Op::logical_not, t.x)); }, false},
    {"select_same", [](const Symbols& t) { return exp(select(less(t.x, t.y), t.z, t.z)); }},
    {"select_same", [](const Symbols& t) { return select(less(t.x, t.y), t.z, t.x); }, false},
    {"select_constant", [](const Symbols& t) { return exp(select(t.s.constant(1, {4}), t.x, t.y)); }},
    {"select_constant", [](const Symbols& t) { return select(t.z, t.x, t.y); }, false},
    {"select_not", [](const Symbols& t) { return select(ir::unary(Op::logical_not, less(t.x, t.y)), t.x, t.z); }},
    {"select_not", [](const Symbols& t) { return select(less(t.x, t.y), t.x, t.z); }, false},
    {"select_chosen", [](const Symbols& t) { return select(less(t.x, t.y), select(less(t.x, t.y), t.x, t.v), t.z); }},
    {"select_chosen", [](const Symbols& t) { return select(less(t.x, t.y), select(less(t.x, t.z), t.x, t.v), t.z); }, false},
    {"select_other", [](const Symbols& t) { return select(less(t.x, t.y), t.x, select(less(t.x, t.y), t.v, t.z)); }},
    {"select_other", [](const Symbols& t) { return select(less(t.x, t.y), t.x, select(less(t.x, t.z), t.v, t.z)); }, false},
    {"cast_same", [](const Symbols& t) { return exp(ir::emit(t.x.recording(), Op::cast, t.x.shape(), t.x.dtype(), ir::operands(t.x))); }},
    {"cast_same", [](const Symbols& t) { return cast(t.x, f64); }, false},
    {"cast_cast", [](const Symbols& t) { return exp(cast(cast(t.x, f64), f32)); }},
    {"cast_cast", [](const Symbols& t) { return cast(cast(t.x * 9, i32), f32); }, false},
};

constexpr RuleCase shape_cases[] = {
    {"identity", [](const Symbols& t) { return exp(ir::unary(Op::identity, t.x)); }},
    {"identity", [](const Symbols& t) { return exp(t.x); }, false},
    {"stop_gradient", [](const Symbols& t) { return exp(stop_gradient(t.x)); }},
    {"stop_gradient", [](const Symbols& t) { return exp(t.x); }, false},
    {"reshape_same", [](const Symbols& t) { return exp(ir::emit(t.x.recording(), Op::reshape, t.x.shape(), t.x.dtype(), ir::operands(t.x))); }},
    {"reshape_same", [](const Symbols& t) { return reshape(t.x, {2, 2}); }, false},
    {"reshape_reshape", [](const Symbols& t) { return reshape(reshape(t.matrix, {12}), {6, 2}); }},
    {"reshape_reshape", [](const Symbols& t) { return reshape(exp(reshape(t.matrix, {12})), {6, 2}); }, false},
    {"reshape_number", [](const Symbols& t) { return t.matrix * reshape(broadcast(t.number, {4, 3}), {3, 4}); }},
    {"reshape_number", [](const Symbols& t) { return t.matrix * reshape(broadcast(t.v, {3, 4}), {3, 4}); }, false},
    {"broadcast_same", [](const Symbols& t) { return exp(ir::emit(t.x.recording(), Op::broadcast, t.x.shape(), t.x.dtype(), ir::operands(t.x))); }},
    {"broadcast_same", [](const Symbols& t) { return broadcast(t.x, {2, 4}); }, false},
    {"broadcast_broadcast", [](const Symbols& t) { return broadcast(broadcast(t.x, {3, 4}), {2, 3, 4}); }},
    {"broadcast_broadcast", [](const Symbols& t) { return broadcast(t.x, {2, 3, 4}); }, false},
    {"broadcast_later", [](const Symbols& t) { return t.matrix + exp(broadcast(t.v, {3, 4})); }},
    {"broadcast_later", [](const Symbols& t) { return broadcast(t.v, {3, 4}) * broadcast(t.w, {3, 4}) + t.matrix; }},
    {"broadcast_later", [](const Symbols& t) { return 1 / broadcast(t.v, {3, 4}) + t.matrix; }},
    {"broadcast_later", [](const Symbols& t) { return broadcast(t.v, {3, 4}) - 1; }},
    {"broadcast_later", [](const Symbols& t) { return broadcast(t.v, {3, 4}) * broadcast(t.number, {3, 4}) + t.matrix; }, false},
    {"transpose_useless", [](const Symbols& t) { return exp(transpose(reshape(t.x, {1, 4}))); }},
    {"transpose_useless", [](const Symbols& t) { return transpose(t.matrix); }, false},
    {"transpose_transpose", [](const Symbols& t) { return exp(transpose(transpose(t.matrix))); }},
    {"transpose_transpose", [](const Symbols& t) { return transpose(transpose(t.image, {2, 0, 1}), {2, 0, 1}); }},
    {"transpose_transpose", [](const Symbols& t) { return transpose(exp(transpose(t.matrix))); }, false},
    {"transpose_number", [](const Symbols& t) { return t.matrix * transpose(broadcast(t.number, {4, 3})); }},
    {"transpose_number", [](const Symbols& t) { return t.matrix * transpose(t.other); }, false},
    {"slice_slice", [](const Symbols& t) { return slice(slice(t.image, 1, 1, 3), 1, 1, 2); }},
    {"slice_slice", [](const Symbols& t) { return slice(slice(t.image, 1, 1, 3), 2, 1, 2); }, false},
    {"slice_pad", [](const Symbols& t) { return exp(slice(pad(t.x, 0, 2, 1), 0, 2, 4)); }},
    {"slice_pad", [](const Symbols& t) { return t.v + exp(slice(pad(t.x, 0, 6, 1), 0, 1, 4)); }},
    {"slice_pad", [](const Symbols& t) { return exp(slice(pad(t.x, 0, 2, 1), 0, 1, 4)); }, false},
    {"slice_concatenate", [](const Symbols& t) { return slice(concatenate({t.x, t.y}), 0, 5, 2); }},
    {"slice_concatenate", [](const Symbols& t) { return slice(concatenate({t.x, t.y}), 0, 3, 2); }, false},
    {"slice_number", [](const Symbols& t) { return t.x * slice(broadcast(t.number, {6}), 0, 1, 4); }},
    {"slice_number", [](const Symbols& t) { return t.x * slice(t.x, 0, 1, 1); }, false},
    {"concatenate_slices", [](const Symbols& t) { return exp(concatenate({slice(t.x, 0, 0, 1), slice(t.x, 0, 1, 3)})); }},
    {"concatenate_slices", [](const Symbols& t) { return exp(concatenate({slice(t.x, 0, 1, 3), slice(t.x, 0, 0, 1)})); }, false},
    {"join_pads", [](const Symbols& t) { return pad(t.x, 0, 0, 4) + pad(t.y, 0, 4, 0); }},
    {"join_pads", [](const Symbols& t) { return pad(t.x, 0, 0, 3) + pad(t.y, 0, 3, 0); }, false},
    {"pool_later", [](const Symbols& t) { return max_pool(relu(t.image - 0.5), {{2, 2}, {2, 2}}); }},
    {"pool_later", [](const Symbols& t) { return max_pool(abs(t.image - 0.5), {{2, 2}, {2, 2}}); }, false},
};

constexpr RuleCase reduction_cases[] = {
    {"reduce_one", [](const Symbols& t) { return exp(sum(reshape(t.x, {1, 4}), 0)); }},
    {"reduce_one", [](const Symbols& t) { return sum(t.matrix, 0); }, false},
    {"reduce_reduced", [](const Symbols& t) { return sum(sum(t.image, 1), 0); }},
    {"reduce_reduced", [](const Symbols& t) { return max(max(t.image, 0), 1); }},
    {"reduce_reduced", [](const Symbols& t) { return sum(max(t.image, 0), 1); }, false},
    {"reduce_repeated", [](const Symbols& t) { return sum(broadcast(t.x, {3, 4}), 0); }},
    {"reduce_repeated", [](const Symbols& t) { return sum(broadcast(reshape(t.x, {4, 1}), {2, 4, 3}), {0, 1}); }},
    {"reduce_repeated", [](const Symbols& t) { return max(broadcast(t.x, {3, 4}), 0); }},
    {"reduce_repeated", [](const Symbols& t) { return sum(broadcast(t.x, {3, 4}), 1); }, false},
    {"reduce_moved", [](const Symbols& t) { return sum(reshape(t.matrix, {2, 6}), within); }},
    {"reduce_moved", [](const Symbols& t) { return sum(reshape(t.matrix, {2, 6}), 1); }, false},
    {"sum_negated", [](const Symbols& t) { return sum(-t.matrix, 1); }},
    {"sum_negated", [](const Symbols& t) { return max(-t.matrix, 1); }, false},
    {"sum_multiple", [](const Symbols& t) { return sum(3 * t.matrix, 1); }},
    {"sum_multiple", [](const Symbols& t) { return sum(t.number * t.matrix, 0); }},
    {"sum_multiple", [](const Symbols& t) { return sum(broadcast(t.v, {3, 4}) * t.matrix, 0); }},
    {"sum_multiple", [](const Symbols& t) { return sum(broadcast(t.v, {3, 4}) * t.matrix, 1); }, false},
    {"sum_quotient", [](const Symbols& t) { return sum(t.matrix / 3, 1); }},
    {"sum_quotient", [](const Symbols& t) { return sum(3 / t.matrix, 1); }, false},
    {"sum_shifted", [](const Symbols& t) { return sum(t.matrix + 3, 1); }},
    {"sum_shifted", [](const Symbols& t) { return sum(t.number - t.matrix, 1); }},
    {"sum_shifted", [](const Symbols& t) { return sum(t.matrix - broadcast(t.v, {3, 4}), 0); }},
    {"sum_shifted", [](const Symbols& t) { return sum(t.matrix + broadcast(t.v, {3, 4}), 1); }, false},
    {"sum_pad", [](const Symbols& t) { return sum(pad(t.matrix, 1, 2, 1), 1); }},
    {"sum_pad", [](const Symbols& t) { return sum(pad(t.matrix, 1, 2, 1), 0); }, false},
    {"sum_one_hot", [](const Symbols& t) { return t.x * sum(one_hot(t.label, 4), within); }},
    {"sum_one_hot", [](const Symbols& t) { return t.x * one_hot(t.label, 4); }, false},
    {"sum_softmax", [](const Symbols& t) { return sum(softmax(t.matrix, 1), 1); }},
    {"sum_softmax", [](const Symbols& t) { return sum(softmax(t.matrix, 1), 0); }, false},
    {"sum_chosen", [](const Symbols& t) { return sum(one_hot(t.label, 4) * t.x, within); }},
    {"sum_chosen", [](const Symbols& t) { return sum(t.y * t.x, within); }, false},
    {"pick_repeated", [](const Symbols& t) { return pick(broadcast(sum(t.x, within), {4}), t.label); }},
    {"pick_repeated", [](const Symbols& t) { return pick(t.x, t.label); }, false},
};

constexpr RuleCase product_cases[] = {
    {"matmul_transposed", [](const Symbols& t) { return matmul(transpose(t.matrix), transpose(t.other)); }},
    {"matmul_transposed", [](const Symbols& t) { return matmul(t.matrix, t.other); }, false},
    {"matmul_negated", [](const Symbols& t) { return matmul(-t.matrix, -t.other); }},
    {"matmul_negated", [](const Symbols& t) { return matmul(-t.matrix, t.other); }, false},
    {"scale_after", [](const Symbols& t) { return matmul(2 * t.matrix, t.other); }},
    {"scale_after", [](const Symbols& t) { return matmul(t.matrix, t.number * t.other); }},
    {"scale_after", [](const Symbols& t) { return matmul(t.other, 2 * t.matrix); }, false},
    {"scale_before", [](const Symbols& t) { return 2 * outer(t.x, t.y); }},
    {"scale_before", [](const Symbols& t) { return outer(t.x, t.y) * outer(t.y, t.z); }, false},
    {"sum_inside", [](const Symbols& t) { return batch_sum(outer(t.x, t.y)); }},
    {"sum_inside", [](const Symbols& t) { return batch_sum(sum(t.matrix, 1)); }},
    {"sum_inside", [](const Symbols& t) { return batch_sum(matmul(t.matrix, t.other)); }, false},
    {"sum_inside", [](const Symbols& t) { return batch_sum(sum(t.matrix, 0)); }, false},
    {"reshape_after_sum", [](const Symbols& t) { return batch_sum(reshape(t.matrix, {4, 3})); }},
    {"reshape_after_sum", [](const Symbols& t) { return batch_sum(t.matrix); }, false},
    {"sum_axes_inside", [](const Symbols& t) { return sum(batch_sum(t.matrix), 1); }},
    {"sum_axes_inside", [](const Symbols& t) { return sum(batch_sum(t.matrix), 0); }, false},
};
// clang-format on

}  // namespace

Tables tables_of_moves() {
  return {power_cases, choice_cases, shape_cases, reduction_cases, product_cases};
}

TEST_CASE("powers with constant exponents", "[rules]") {
  for (const RuleCase& test : power_cases) check_rule(test);
}
TEST_CASE("choices, absolute values, conversions", "[rules]") {
  for (const RuleCase& test : choice_cases) check_rule(test);
}
TEST_CASE("the same numbers in another order or number", "[rules]") {
  for (const RuleCase& test : shape_cases) check_rule(test);
}
TEST_CASE("sums and maxima over axes", "[rules]") {
  for (const RuleCase& test : reduction_cases) check_rule(test);
}
TEST_CASE("products and sums across the samples", "[rules]") {
  for (const RuleCase& test : product_cases) check_rule(test);
}

}  // namespace tg::test
