// The gradient of every differentiable op against finite differences, per sample and shared.
// SPDX-License-Identifier: MIT
#include <algorithm>

#include "finite_differences.hpp"

namespace tg::test {
namespace {

// Leaves in turn per sample and shared, as `variant` says bit by bit, with numbers from [low,
// high].
struct Leaves {
  Lab<double>& lab;
  int variant;

  Var operator()(const Shape& shape, double low = -1, double high = 1) {
    const bool per_sample = (variant >> lab.leaves.size() & 1) != 0;
    Numbers<double> numbers =
        noise<double>(shape.size() * (per_sample ? lab.samples : 1), lab.leaves.size() + 1);
    for (double& number : numbers) number = low + (high - low) * (number + 1) / 2;
    return per_sample ? lab.input(shape, numbers) : lab.shared(shape, numbers);
  }
};

struct Row {
  Op op;
  int leaves;
  Var (*build)(Leaves& leaf);
};

Var number(Var truth) { return cast(truth, DType::floating); }

// tanh, and a gradient of our own that is no other.
struct OwnTanh {
  static constexpr Var value(Var x, Var y) { return tanh(x) * y; }
  static constexpr std::array<Var, 2> gradient(Var x, Var y, Var, Var dz) {
    return {dz * y * (1 - square(tanh(x))), dz * tanh(x)};
  }
};

Var average(Op op, Var dy, const Shape& shape, const PoolWindow& window) {
  return ir::emit(dy.builder(), op, shape, dy.dtype(), ir::operands(dy), window.attributes());
}

constexpr ConvolutionWindow slanted{
    .stride = {2, 1}, .padding = {1, 2}, .dilation = {1, 2}, .groups = 2};
constexpr PoolWindow overlapping{.kernel = {3, 2}, .stride = {1, 2}, .padding = {1, 0}};

// Numbers stay away from kinks and jumps by more than the differences' step: noise never comes so
// near to 0 or a tie.
const Row rows[] = {
    {Op::negate, 1, [](Leaves& leaf) { return -leaf({3}); }},
    {Op::absolute, 1, [](Leaves& leaf) { return abs(leaf({5})); }},
    {Op::sign, 1, [](Leaves& leaf) { return sign(leaf({5})); }},
    {Op::exp, 1, [](Leaves& leaf) { return exp(leaf({5})); }},
    {Op::log, 1, [](Leaves& leaf) { return log(leaf({5}, 0.5, 3)); }},
    {Op::log1p, 1, [](Leaves& leaf) { return log1p(leaf({5}, -0.5, 3)); }},
    {Op::expm1, 1, [](Leaves& leaf) { return expm1(leaf({5})); }},
    {Op::sqrt, 1, [](Leaves& leaf) { return sqrt(leaf({5}, 0.5, 3)); }},
    {Op::tanh, 1, [](Leaves& leaf) { return tanh(leaf({5}, -2, 2)); }},
    {Op::sigmoid, 1, [](Leaves& leaf) { return sigmoid(leaf({5}, -3, 3)); }},
    {Op::softplus, 1, [](Leaves& leaf) { return softplus(leaf({5}, -3, 3)); }},
    {Op::relu, 1, [](Leaves& leaf) { return relu(leaf({5})); }},
    {Op::erf, 1, [](Leaves& leaf) { return erf(leaf({5}, -2, 2)); }},
    {Op::erfc, 1, [](Leaves& leaf) { return erfc(leaf({5}, -2, 2)); }},
    {Op::erfcx, 1, [](Leaves& leaf) { return erfcx(leaf({5}, -1, 4)); }},
    {Op::cosine, 1, [](Leaves& leaf) { return cos(leaf({5}, -3, 3)); }},
    {Op::sine, 1, [](Leaves& leaf) { return sin(leaf({5}, -3, 3)); }},
    {Op::arctangent, 1, [](Leaves& leaf) { return atan(leaf({5}, -3, 3)); }},
    {Op::floor, 1, [](Leaves& leaf) { return floor(leaf({5}, -3, 3)); }},
    {Op::logical_not, 1,
     [](Leaves& leaf) { return number(ir::unary(Op::logical_not, leaf({5}))); }},
    {Op::cast, 1, [](Leaves& leaf) { return cast(cast(leaf({5}), f64), f32); }},
    {Op::add, 2,
     [](Leaves& leaf) {
       return leaf({2, 3}) + leaf({3});
     }},
    {Op::subtract, 2,
     [](Leaves& leaf) {
       return leaf({2, 1}) - leaf({3});
     }},
    {Op::multiply, 2,
     [](Leaves& leaf) {
       return leaf({2, 3}) * leaf({2, 1});
     }},
    {Op::divide, 2, [](Leaves& leaf) { return leaf({4}) / leaf({4}, 0.5, 2); }},
    {Op::power, 2, [](Leaves& leaf) { return pow(leaf({4}, 0.5, 2), leaf({4}, -2, 2)); }},
    {Op::modulo, 2, [](Leaves& leaf) { return mod(leaf({6}, -3, 3), leaf({6}, 0.5, 2)); }},
    {Op::maximum, 2, [](Leaves& leaf) { return maximum(leaf({6}), leaf({6})); }},
    {Op::minimum, 2, [](Leaves& leaf) { return minimum(leaf({6}), leaf({6})); }},
    {Op::less, 2, [](Leaves& leaf) { return number(less(leaf({6}), leaf({6}))); }},
    {Op::less_equal, 2, [](Leaves& leaf) { return number(less_equal(leaf({6}), leaf({6}))); }},
    {Op::equal, 2, [](Leaves& leaf) { return number(equal(leaf({6}), leaf({6}))); }},
    {Op::select, 3,
     [](Leaves& leaf) {
       const Var x = leaf({6}), a = leaf({6}), b = leaf({6});
       return select(less(x, constant(x.builder(), 0, {6})), a, b);
     }},
    {Op::identity, 2,
     [](Leaves& leaf) {
       const Var x = leaf({3}), y = leaf({3});
       return ir::sum_across(x * y) * x;
     }},
    {Op::custom_gradient, 2,
     [](Leaves& leaf) {
       const Var x = leaf({3}), y = leaf({3});
       return custom_gradient<OwnTanh>(x, y);
     }},
    {Op::reshape, 1,
     [](Leaves& leaf) {
       return reshape(leaf({2, 3}), {6});
     }},
    {Op::broadcast, 1,
     [](Leaves& leaf) {
       return broadcast(leaf({2, 1, 3}), {2, 2, 4, 3});
     }},
    {Op::transpose, 1,
     [](Leaves& leaf) {
       return transpose(leaf({2, 3, 4}), {2, 0, 1});
     }},
    {Op::slice, 1,
     [](Leaves& leaf) {
       return slice(leaf({2, 7, 3}), 1, 1, 3, 2);
     }},
    {Op::slice, 1,
     [](Leaves& leaf) {
       return slice(leaf({2, 7, 3}), 1, 5, 3, -2);
     }},
    {Op::slice, 1,
     [](Leaves& leaf) {
       const Var x = leaf({5, 3});
       return slice(x, 0, 1, 2) * slice(x, 0, 3, 2);
     }},
    {Op::pad, 1,
     [](Leaves& leaf) {
       return ir::pad(leaf({2, 3, 2}), {1, 1, 2}, 7);
     }},
    {Op::concatenate, 2,
     [](Leaves& leaf) {
       return concatenate({leaf({2, 1, 2}), leaf({2, 4, 2})}, 1);
     }},
    {Op::concatenate, 2,
     [](Leaves& leaf) {
       const Var x = leaf({2, 2}), y = leaf({1, 2});
       return concatenate({x, y, x, y, y});
     }},
    {Op::sum, 1,
     [](Leaves& leaf) {
       return sum(leaf({2, 3, 4}), {0, 2});
     }},
    {Op::max, 1,
     [](Leaves& leaf) {
       return max(leaf({2, 5, 3}), 1);
     }},
    {Op::softmax, 1,
     [](Leaves& leaf) {
       return softmax(leaf({3, 4}), 0);
     }},
    {Op::log_softmax, 1,
     [](Leaves& leaf) {
       return log_softmax(leaf({3, 4}), 1);
     }},
    {Op::pick, 1,
     [](Leaves& leaf) {
       const Var x = leaf({3});
       return pick(x, leaf.lab.label({2, 0, 1}));
     }},
    {Op::pick, 1,
     [](Leaves& leaf) {
       const Var x = leaf({2, 3});
       return pick(x, leaf.lab.input({2}, {2, 0, 1, 1, 0, 2}, i32));
     }},
    {Op::gather, 1,
     [](Leaves& leaf) {
       const Var table = leaf({4, 2});
       return gather(table, leaf.lab.input({3}, {3, 0, 3, 1, 1, 1, 0, 2, 3}, i32));
     }},
    {Op::scatter, 1,
     [](Leaves& leaf) {
       const Var rows = leaf({3, 2}), at = leaf.lab.input({3}, {3, 0, 3, 1, 1, 1, 0, 2, 3}, i32);
       return ir::emit(rows.builder(), Op::scatter, {4, 2}, rows.dtype(), ir::operands(at, rows));
     }},
    {Op::matmul, 2,
     [](Leaves& leaf) {
       return matmul(leaf({3, 4}), leaf({4}));
     }},
    {Op::matmul, 2,
     [](Leaves& leaf) {
       return matmul(leaf({3}), leaf({3, 4}));
     }},
    {Op::matmul, 2,
     [](Leaves& leaf) {
       return matmul(leaf({3, 4}), leaf({4, 2}));
     }},
    {Op::matmul, 2,
     [](Leaves& leaf) {
       return ir::matmul(leaf({4, 3}), leaf({4, 2}), true, false);
     }},
    {Op::matmul, 2,
     [](Leaves& leaf) {
       return ir::matmul(leaf({3, 4}), leaf({2, 4}), false, true);
     }},
    {Op::matmul, 2,
     [](Leaves& leaf) {
       return ir::matmul(leaf({4, 3}), leaf({2, 4}), true, true);
     }},
    {Op::matmul, 2,
     [](Leaves& leaf) {
       return matmul(leaf({2, 3, 4}), transpose(leaf({2, 2, 4})));
     }},
    {Op::matmul, 2,
     [](Leaves& leaf) {
       return matmul(transpose(leaf({2, 4, 3})), leaf({4, 2}));
     }},
    {Op::matmul, 2,
     [](Leaves& leaf) {
       return matmul(leaf({3, 4}), leaf({2, 1, 4, 2}));
     }},
    {Op::outer, 2, [](Leaves& leaf) { return outer(leaf({3}), leaf({4})); }},
    {Op::convolution, 2,
     [](Leaves& leaf) {
       return convolution(leaf({2, 4, 5}), leaf({3, 2, 3, 2}));
     }},
    {Op::convolution, 2,
     [](Leaves& leaf) {
       return convolution(leaf({4, 5, 5}), leaf({2, 2, 3, 2}), slanted);
     }},
    {Op::convolution_input_gradient, 2,
     [](Leaves& leaf) {
       const Shape x{4, 5, 5}, w{2, 2, 3, 2};
       return convolution_input_gradient(leaf(slanted.output(x, w)), leaf(w), x, slanted);
     }},
    {Op::convolution_weight_gradient, 2,
     [](Leaves& leaf) {
       const Shape x{4, 5, 5}, w{2, 2, 3, 2};
       return convolution_weight_gradient(leaf(x), leaf(slanted.output(x, w)), w, slanted);
     }},
    {Op::max_pool, 1,
     [](Leaves& leaf) {
       return max_pool(leaf({2, 4, 4}), {{2, 2}, {2, 2}});
     }},
    {Op::max_pool, 1,
     [](Leaves& leaf) {
       return max_pool(leaf({2, 4, 4}), overlapping);
     }},
    {Op::max_pool_gradient, 2,
     [](Leaves& leaf) {
       const Shape x{2, 4, 4};
       const Var at = leaf(x), dy = leaf(overlapping.output(x));
       return ir::emit(at.builder(), Op::max_pool_gradient, x, at.dtype(), ir::operands(at, dy),
                       overlapping.attributes());
     }},
    {Op::max_pool_tangent, 2,
     [](Leaves& leaf) {
       const Var x = leaf({2, 4, 4}), along = leaf({2, 4, 4});
       return max_pool_tangent(x, along, overlapping);
     }},
    {Op::average_pool, 1,
     [](Leaves& leaf) {
       return average_pool(leaf({2, 4, 4}), overlapping);
     }},
    {Op::average_pool_gradient, 1,
     [](Leaves& leaf) {
       const Shape x{2, 4, 4};
       return average(Op::average_pool_gradient, leaf(overlapping.output(x)), x, overlapping);
     }},
};

// These have no gradient, and asking for one is a fault; what compute nothing from operands is not
// asked at all.
constexpr Op without_gradient[] = {Op::argmax, Op::orthogonal};

bool holds(const ir::Graph& graph, Op op) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(),
                     [op](const ir::Node& node) { return node.op == op; });
}

}  // namespace

TEST_CASE("every op is differentiated here, or said to have no gradient", "[gradient]") {
  for (const OpRow& row : op_table) {
    if (!reference::computes(row.op) || row.op == Op::stop_gradient || row.op == Op::iota ||
        row.op == Op::one_hot || row.op == Op::custom)  // whose gradient is the user's
      continue;
    INFO(row.name);
    const bool excluded = std::find(std::begin(without_gradient), std::end(without_gradient),
                                    row.op) != std::end(without_gradient);
    const bool tested =
        std::any_of(std::begin(rows), std::end(rows), [&](const Row& r) { return r.op == row.op; });
    CHECK(tested != excluded);
  }
}

TEST_CASE("gradients are what finite differences say", "[gradient]") {
  int number = 0;
  for (const Row& row : rows) {
    ++number;
    for (int variant = 0; variant < 1 << row.leaves; ++variant) {
      INFO("row " << number << ", " << name_of(row.op) << ", leaves per sample: " << variant);
      Lab<double> lab(3);
      Leaves leaves{lab, variant};
      const Var y = row.build(leaves);
      if (variant + 1 == 1 << row.leaves) REQUIRE(holds(lab.recording->graph(), row.op));
      // Every element of y gets an adjoint of its own, which depends on y.
      const Var weight = lab.shared(y.shape(), noise<double>(y.shape().size(), 99));
      const Var cost = sum(y * (y + weight));
      check_gradients(lab, cost);
    }
  }
}

TEST_CASE("what has no gradient is a fault that names it", "[gradient]") {
  for (Op op : without_gradient) {
    INFO(name_of(op));
    Lab<double> lab;
    const Var x = lab.shared({1, 2, 2}, {1, 2, 3, 4}), a = reshape(x, {2, 2});
    const Var y = op == Op::argmax
                      ? cast(argmax(a, 0), f32)
                      : ir::emit(x.builder(), op, a.shape(), a.dtype(), ir::operands(a));
    grad(sum(y), x);
    const auto graph = std::make_unique<ir::Graph>(passes::gradient(lab.recording->graph()));
    CHECK(graph->fault.kind == FaultKind::not_differentiable);
    CHECK(graph->fault.name == std::string(name_of(op)));
  }
}

}  // namespace tg::test
