// What is left of a function's graph: each value once, nothing that no output needs, loops fused.
// SPDX-License-Identifier: MIT
#include "typegrad/graph/indexing.hpp"
#include "typegrad/graph/mathematics.hpp"
#include "typegrad/graph/moves.hpp"
#include "typegrad/graph/statistics.hpp"
#include "typegrad/passes/derivatives.hpp"
#include "typegrad/runtime/program.hpp"
#include "typegrad/views/optimisation_report.hpp"

namespace tg::test {
namespace {

template <class F>
inline constexpr const ir::Graph& optimised =
    runtime::Compiled<F, Purpose::inference, f32>::optimised;

template <class F>
constexpr int count(Op op) {
  int result = 0;
  for (const ir::Node& node : optimised<F>.nodes) result += node.op == op;
  return result;
}
// Nodes that read another one.
template <class F>
constexpr int readers(Op op) {
  int result = 0;
  for (const ir::Node& node : optimised<F>.nodes)
    for (int i = 0; i < node.operands(); ++i) result += optimised<F>[node.operand[i]].op == op;
  return result;
}
// Kernels that the CPU runs; a sample's values have one to be read by, and one to be written by.
template <class F>
constexpr int kernels() {
  return runtime::PlanOf<F, Purpose::inference, f32>::L::plan.steps.size();
}

// The tutorial's unit, y = sigmoid(x W + b) and its squared error.
struct Unit {
  Var x, y, W, b, out, C;
  constexpr explicit Unit(Scope& s)
      : x{s.input("x", {4})},
        y{s.input("y", {3})},
        W{s.shared("W", {4, 3})},
        b{s.shared("b", {3})},
        out{sigmoid(dot(x, W) + b)},
        C{sum(square(out - y))} {}
};
struct Predict {
  static constexpr Var define(Scope& s) { return Unit{s}.out; }
};
struct Monitor {
  static constexpr auto define(Scope& s) {
    const Unit u{s};
    return outputs(u.out, u.C, u.out * 2);
  }
};
struct Train {
  static constexpr auto define(Scope& s) {
    const Unit u{s};
    const auto [gW, gb] = grad(u.C, u.W, u.b);
    s.update(u.W, u.W - 0.1 * gW);
    s.update(u.b, u.b - 0.1 * gb);
    return outputs(u.out, u.C);
  }
};

// A function has the nodes that its outputs need: no label, no cost, no gradient.
static_assert(optimised<Predict>.size() == 7);  // x, W, b, dot, add, sigmoid, output
static_assert(count<Predict>(Op::multiply) == 0 && count<Predict>(Op::input) == 1);
static_assert(count<Train>(Op::update) == 2 && count<Train>(Op::input) == 2);

// Several outputs, the gradient too, share one forward pass.
static_assert(count<Monitor>(Op::sigmoid) == 1 && count<Monitor>(Op::matmul) == 1);
static_assert(readers<Monitor>(Op::sigmoid) == 3);
static_assert(count<Train>(Op::sigmoid) == 1 && count<Train>(Op::matmul) == 1);

// Nothing is filled, repeated or moved on the way back. Of the same function of matrices x and y,
// Aesara 2.9.4, Theano's continuation, leaves 11 nodes after fusion, and 13 with the updates.
struct Gradients {
  static constexpr auto define(Scope& s) {
    const Unit u{s};
    const auto [gW, gb] = grad(u.C, u.W, u.b);
    return outputs(gW, gb);
  }
};
template <class F>
constexpr int operations() {
  int result = 0;
  for (const ir::Node& node : optimised<F>.nodes) result += !is_leaf(node.op) && !is_sink(node.op);
  return result;
}
// Kernels that compute: of those that the CPU runs, others load, store and add what threads have
// summed.
template <class F>
constexpr int computing() {
  int result = 0;
  for (const cpu::StepPlan& step : runtime::PlanOf<F, Purpose::inference, f32>::L::plan.steps)
    result += step.kind == cpu::StepKind::group || step.kind == cpu::StepKind::rows;
  return result;
}
static_assert(operations<Gradients>() <= 11 && computing<Gradients>() <= 4);
static_assert(computing<Train>() <= 8);

// A chain of increments is one addition, made where the variable lies, of parts that are padded
// first.
struct Increments {
  static constexpr auto define(Scope& s) {
    const Var x = s.shared("x", {64}), y = s.argument("y", {4});
    const Var once = inc_subtensor(x, y, range(0, 4)), twice = inc_subtensor(once, y, range(8, 12));
    s.update(x, inc_subtensor(twice, y, range(2, 6)));
    return outputs(sum(y, within));
  }
};
static_assert(computing<Increments>() == 5);  // three pads, the addition, the sum
template <class F>
constexpr bool copies() {
  for (const cpu::StepPlan& step : runtime::PlanOf<F, Purpose::inference, f32>::L::plan.steps)
    if (step.kind == cpu::StepKind::copy) return true;
  return false;
}
static_assert(!copies<Increments>());

// Operands come first; a leaf has none.
template <class F>
constexpr bool in_topological_order() {
  for (int id = 0; id < optimised<F>.size(); ++id) {
    const ir::Node& node = optimised<F>[id];
    if (is_leaf(node.op) && node.operands() != 0) return false;
    for (int i = 0; i < node.operands(); ++i)
      if (node.operand[i] >= id) return false;
  }
  return true;
}
static_assert(in_topological_order<Predict>() && in_topological_order<Train>());

// Equal nodes of equal operands are one, in either order; variables of one shape are two.
struct Twice {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {4}), y = s.input("y", {4});
    return outputs((x + y) * 2, (y + x) * 3, sum(x * y * 2, within), sum(y * x * 2, within));
  }
};
static_assert(count<Twice>(Op::add) == 1);
static_assert(count<Twice>(Op::sum) == 1);
struct TwoVariables {
  static constexpr auto define(Scope& s) {
    const Var a = s.shared("a", {4}), b = s.shared("b", {4});
    return outputs(exp(a), exp(b), exp(a));
  }
};
static_assert(count<TwoVariables>(Op::exp) == 2);

// What depends on constants alone is one.
struct Folded {
  static constexpr Var define(Scope& s) {
    return s.input("x", {2}) * (exp(s.constant(0, {2})) + s.constant(2, {2}) * 3);
  }
};
static_assert(optimised<Folded>.size() == 4 && count<Folded>(Op::constant) == 1);
constexpr bool is_folded_to(double value) {
  for (const ir::Node& node : optimised<Folded>.nodes)
    if (node.op == Op::constant) return node.value == value;
  return false;
}
static_assert(is_folded_to(7));

// A shape is asked for without the value.
struct OfShape {
  static constexpr Var define(Scope& s) {
    const Var y = log(s.input("x", {3, 5}));
    return s.input("k", {}) * y.shape()[1];
  }
};
static_assert(count<OfShape>(Op::log) == 0 && count<OfShape>(Op::input) == 1);

// The loss as the tutorial writes it: one log_softmax, forward and backward.
struct Classify {
  static constexpr auto define(Scope& s) {
    const Var W = s.shared("W", {3, 4}), p = softmax(matmul(W, s.input("x", {4})));
    const Var cost = -mean(log(pick(p, s.label("y"))));
    s.update(W, W - 0.1 * grad(cost, W));
    return outputs(cost);
  }
};
static_assert(count<Classify>(Op::log_softmax) == 1 && count<Classify>(Op::pick) == 1);
static_assert(count<Classify>(Op::log) == 0 && count<Classify>(Op::softmax) == 0);
static_assert(times_fired<Classify>("stable_log") == 1);
static_assert(times_fired<Train>("stable_log") == 0 && times_fired<Train>("sum_inside") == 2);

// Chains of element-wise operations are one loop, those of a generated gradient too.
struct Chain {
  static constexpr auto define(Scope& s) {
    const Var x = s.argument("x", {1000}), y = tanh(x * 2 + 1) * exp(-x) + x / (1 + abs(x));
    return outputs(y);
  }
};
static_assert(optimised<Chain>.size() > 10 && kernels<Chain>() == 1);
struct ChainGradient {
  static constexpr Var define(Scope& s) {
    const Var x = s.input("x", {100});
    return grad(sum(tanh(x * 2 + 1) * exp(-x)), x);
  }
};
static_assert(optimised<ChainGradient>.size() > 6);
static_assert(kernels<ChainGradient>() <= 3);
// Product, bias and sigmoid are one kernel.
static_assert(kernels<Predict>() <= 3);

}  // namespace
}  // namespace tg::test
