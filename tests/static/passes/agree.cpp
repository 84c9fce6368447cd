// Every pass leaves the numbers of small definitions as they were; a wrong rule is found.
// SPDX-License-Identifier: MIT
#include "typegrad/layers/all.hpp"
#include "typegrad/networks/all.hpp"
#include "typegrad/passes/gradient.hpp"
#include "typegrad/passes/rules/approximate.hpp"
#include "typegrad/runtime/check_passes.hpp"
#include "typegrad/views/optimisation_report.hpp"

namespace tg::test {
namespace {

// The tutorial's classifier, written by hand.
struct Logistic {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {6}), y = s.label("y");
    const Var w = s.shared("W", {4, 6}), b = s.shared("b", {4});
    const Var p = softmax(matmul(w, x) + b);
    const Var cost = -mean(log(pick(p, y)));
    const auto [gw, gb] = grad(cost, w, b);
    s.update(w, w - 0.13 * gw);
    s.update(b, b - 0.13 * gb);
    return outputs(cost, argmax(p));
  }
};
static_assert(passes_agree<Logistic, f64>);
static_assert(passes_agree<Logistic, f64, fast_compile>);
static_assert(passes_agree<Logistic, f64, no_optimisation>);
static_assert(times_fired<Logistic>("stable_log") == 1);
static_assert(times_fired<Logistic, exclude<"stabilise">>("stable_log") == 0);
static_assert(times_fired<Logistic, no_optimisation>("sum_inside") == 0);
static_assert(times_fired<Logistic, no_optimisation, include<"sum_inside">>("sum_inside") > 0);

// With convolution, pooling and the library's loss.
using Net = Sequence<Input<1, 6, 6>, Conv<2, 3>, Relu, MaxPool<2>, Flatten, Linear<3>>;
struct Step {
  static constexpr auto define(Scope& s) {
    const Var cost = CrossEntropy::define(s, Net::define(s));
    ir::Builder* builder = cost.builder();
    for (int leaf = 0; leaf < s.recording()->leaves.size(); ++leaf) {
      const Var parameter{builder, s.recording()->leaves[leaf].node};
      if (parameter.node().op != Op::parameter) continue;
      ir::emit(builder, Op::train, parameter.shape(), parameter.dtype(),
               ir::operands(parameter, grad(cost, parameter)));
    }
    return cost;
  }
};
static_assert(passes_agree<Step, f64>);
static_assert(times_fired<Step>("pool_later") == 1);

// exp(x) -> 1 + x is no identity.
struct Wrong {
  static constexpr Var linear(const passes::Match& m) { return 1 + m.a; }
  static constexpr passes::Rule rules[] = {{"exp_linear", "exp(x) -> 1 + x",
                                            passes::Family::arithmetic, Op::exp, passes::rules::any,
                                            passes::rules::any, linear}};
};
struct Exponential {
  static constexpr Var define(Scope& s) { return exp(s.input("x", {3})); }
};
static_assert(passes_agree<Exponential, f64>);
static_assert(times_fired<Exponential, own_rules<Wrong>>("exp_linear") == 1);
struct Caught {
  static constexpr PassCheck check = pass_check<Exponential, f64, own_rules<Wrong>>;
};
static_assert(!Caught::check && Caught::check.pass == "simplify");

// An approximation is there for who asks: forward alone, the gradient being that of the sigmoid.
struct Unit {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2}), y = sigmoid(x);
    return outputs(y, grad(sum(y), x));
  }
};
static_assert(times_fired<Unit, own_rules<HardSigmoids>>("hard_sigmoid") == 1);
static_assert(times_fired<Unit>("hard_sigmoid") == 0);
constexpr bool has(const ir::Graph& graph, Op op) {
  for (const ir::Node& node : graph.nodes)
    if (node.op == op) return true;
  return false;
}
using Hard =
    runtime::Compiled<Unit, Purpose::inference, f32, runtime::mode_option<own_rules<HardSigmoids>>>;
constexpr bool has_after(std::string_view pass, Op op) {
  bool found = false;
  Hard::each_pass([&]<const auto & graph>(std::string_view name) {
    if (name == pass) found = has(graph, op);
  });
  return found;
}
static_assert(has_after("gradient", Op::sigmoid) && !has(Hard::optimised, Op::sigmoid));
static_assert(!pass_check<Unit, f64, own_rules<HardSigmoids>>);

}  // namespace
}  // namespace tg::test
