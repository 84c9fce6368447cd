// Is a definition's gradient right? tg::verify_gradient compares it with differences.
// SPDX-License-Identifier: MIT
#pragma once
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "typegrad/backends/reference/evaluation.hpp"
#include "typegrad/core/joined.hpp"
#include "typegrad/graph/indices.hpp"
#include "typegrad/passes/fence.hpp"
#include "typegrad/passes/gradient.hpp"
#include "typegrad/passes/prune.hpp"
#include "typegrad/passes/simplify.hpp"
#include "typegrad/passes/stabilise.hpp"

namespace tg {

// An input of what is checked: its numbers are random, from `low` to `high`; integers are those
// that the definition can choose with, or less than `below`.
struct CheckedInput {
  Shape shape{};
  DType dtype = DType::floating;
  double low = -1, high = 1;
  int below = 3;

  constexpr CheckedInput(const Shape& extents, DType type = DType::floating, double from = -1,
                         double to = 1, int integers_below = 3)
      : shape(extents), dtype(type), low(from), high(to), below(integers_below) {}
};

struct GradientCheckOptions {
  int samples = 3;
  std::uint64_t seed = 1;
  double step = 1e-5;       // x is moved so far to both sides
  double tolerance = 1e-6;  // of the difference, in units of the tensor's largest (or of 1)
  bool training = true;     // what Scope::training says
};

// What was found. `worst` is the largest difference, at the number called `where`.
struct GradientReport {
  double worst = 0, tolerance = 0;
  std::string where;  // "x[4]", "weight[0]": in the order of samples and elements
  double gradient = 0, difference = 0;
  int checked = 0;  // numbers

  explicit operator bool() const { return worst <= tolerance; }
  std::string text() const {
    return joined(*this ? "right: " : "wrong: ", std::to_string(checked), " numbers, the worst is ",
                  where, ", gradient ", spell(gradient), ", difference ", spell(difference),
                  ", relative error ", spell(worst));
  }

 private:
  static std::string spell(double number) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.9g", number);
    return digits;
  }
};

namespace runtime {

// A recorded definition, its random projection to one number, and that number's gradients.
class GradientCheck {
 public:
  explicit GradientCheck(const GradientCheckOptions& some)
      : options(some), recording(std::make_unique<ir::Recording>()) {
    recording->builder.graph.floating = f64;
  }

  Scope scope() { return {*recording, options.training ? Purpose::training : Purpose::inference}; }

  Var input(const CheckedInput& given, std::size_t which) {
    const std::string name = joined("x", std::to_string(which));
    names.push_back(std::make_unique<std::string>(which == 0 ? "x" : name));
    ranges.push_back(given);
    return scope().input(names.back()->c_str(), given.shape, given.dtype);
  }

  // y times random numbers is added to what is differentiated.
  [[gnu::cold]] void project(Var y) {
    if (!is_floating(y.dtype())) return;
    Scope s = scope();
    names.push_back(
        std::make_unique<std::string>(joined("projection ", std::to_string(names.size()))));
    const Var part = sum(y * s.normal(names.back()->c_str(), y.shape()));
    cost = cost.id() < 0 ? part : cost + part;
  }

  [[gnu::cold]] GradientReport run() {
    if (recording->fault())
      throw Error(joined("verify_gradient: the definition has the fault ",
                         std::to_string(int(recording->fault().kind)),
                         " of tg::FaultKind for these inputs"));
    if (cost.id() < 0) throw Error("verify_gradient: the definition gives no real numbers");
    const int leaves = recording->leaves.size();
    for (int leaf = 0; leaf < leaves; ++leaf) mark_gradient(leaf);
    differentiate();
    fill();
    GradientReport report;
    report.tolerance = options.tolerance;
    for (const auto& [leaf, gradient] : wanted) compare(leaf, gradient, report);
    return report;
  }

 private:
  const ir::Node& node_of(int leaf) const {
    return recording->graph()[recording->leaves[leaf].node];
  }
  std::size_t size_of(const ir::Node& node) const {
    return std::size_t(node.shape.size()) *
           (node.space == ir::Space::per_sample ? std::size_t(options.samples) : 1);
  }

  void mark_gradient(int leaf) {
    const ir::Node& node = node_of(leaf);
    const bool given = node.op == Op::input || node.op == Op::argument || node.op == Op::parameter;
    if (!given || !is_floating(node.dtype)) return;
    const Var x{&recording->builder, recording->leaves[leaf].node};
    const Var slope = grad(cost, x, zero_if_disconnected);
    const int output = int(wanted.size());
    ir::emit(x.builder(), Op::output, x.shape(), x.dtype(), ir::operands(slope),
             {std::int16_t(output)});
    wanted.push_back({leaf, output});
  }

  // As a program does it. The differences are those of what was recorded, untouched.
  void differentiate() {
    *graph = passes::fence(recording->graph());
    for (const auto pass : {passes::simplify, passes::stabilise, passes::gradient, passes::prune,
                            passes::simplify, passes::prune})
      *graph = pass(*graph);
    if (graph->fault)
      throw Error(std::string("verify_gradient: no gradient flows through ") + graph->fault.name);
  }

  void fill() {
    values.resize(std::size_t(recording->leaves.size()));
    for (int leaf = 0; leaf < recording->leaves.size(); ++leaf) {
      const ir::Node& node = node_of(leaf);
      const std::size_t which = std::size_t(leaf);
      const CheckedInput range = which < ranges.size()  ? ranges[which]
                                 : is_positive(node.op) ? CheckedInput({}, f64, 0.5, 1)
                                                        : CheckedInput({});
      const int choices = ir::choices_of(recording->graph(), recording->leaves[leaf].node);
      const int below = choices == std::numeric_limits<int>::max() ? range.below : choices;
      Random random(options.seed, which);
      for (std::size_t i = 0; i < size_of(node); ++i)
        values[which].push_back(is_floating(node.dtype)
                                    ? random.between(range.low, range.high)
                                    : double(random.below(std::uint32_t(below))));
    }
  }
  // Variances and rates are.
  static bool is_positive(Op op) { return op == Op::state || op == Op::setting; }

  reference::Bindings<double> bindings() const {
    reference::Bindings<double> result(*recording, options.seed);
    for (int leaf = 0; leaf < recording->leaves.size(); ++leaf)
      result.set(leaf, values[std::size_t(leaf)].data());
    return result;
  }
  double value_of_cost() const {
    const auto bound = std::make_unique<reference::Bindings<double>>(bindings());
    return reference::Evaluation<double>(*bound, options.samples).value(cost)[0];
  }
  std::vector<double> gradient_of(int output, std::size_t size) const {
    const auto bound = std::make_unique<reference::Bindings<double>>(bindings());
    reference::Evaluation<double> evaluation(*graph, *bound, options.samples);
    const double* numbers = evaluation.output(output);
    return {numbers, numbers + size};
  }

  void compare(int leaf, int output, GradientReport& report) {
    std::vector<double>& numbers = values[std::size_t(leaf)];
    const std::vector<double> gradient = gradient_of(output, numbers.size());
    std::vector<double> differences;
    double largest = 1;
    for (double& x : numbers) {
      const double before = x;
      x = before + options.step;
      const double above = value_of_cost();
      x = before - options.step;
      differences.push_back((above - value_of_cost()) / (2 * options.step));
      x = before;
      largest = std::fmax(largest, std::fabs(differences.back()));
    }
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      const double error = std::fabs(gradient[i] - differences[i]) / largest;
      ++report.checked;
      if (error <= report.worst && !report.where.empty()) continue;
      report.worst = error == error ? error : std::numeric_limits<double>::infinity();
      report.where.clear();
      ir::spell_name(*recording, leaf, [&](std::string_view piece) { report.where += piece; });
      report.where += joined("[", std::to_string(i), "]");
      report.gradient = gradient[i], report.difference = differences[i];
      if (error != error) return;
    }
  }

  struct Wanted {
    int leaf, output;
  };

  GradientCheckOptions options;
  std::unique_ptr<ir::Recording> recording;
  std::unique_ptr<ir::Graph> graph = std::make_unique<ir::Graph>();
  std::vector<std::unique_ptr<std::string>> names;
  std::vector<CheckedInput> ranges;  // of the first leaves
  Var cost;
  std::vector<Wanted> wanted;
  std::vector<std::vector<double>> values;  // of each leaf
};

}  // namespace runtime

// For tests of one's own layers and functions: Definition::define(scope, x…), with a symbol for
// each of `inputs`, or define(scope), is recorded in double; the sum of its results times random
// numbers is differentiated with respect to every input, argument and parameter, all of random
// numbers, and compared with central differences, number by number, by the reference.
//   CHECK(tg::verify_gradient<Swiglu<5>>(tg::Shape{6}));
// A kink within `step` of a number shows as an error. Throws Error when the definition is wrong for
// these inputs, or an operation has no gradient.
template <class Definition, std::convertible_to<CheckedInput>... Inputs>
GradientReport verify_gradient(const GradientCheckOptions& options, const Inputs&... inputs) {
  runtime::GradientCheck check(options);
  Scope scope = check.scope();
  [[maybe_unused]] std::size_t which = 0;
  const std::array<Var, sizeof...(Inputs)> x{check.input(CheckedInput(inputs), which++)...};
  const auto results = [&]<std::size_t... I>(std::index_sequence<I...>) {
    return Definition::define(scope, x[I]...);
  }
  (std::index_sequence_for<Inputs...>{});
  if constexpr (requires { results.id(); })
    check.project(results);
  else
    for (Var result : results) check.project(result);
  return check.run();
}
template <class Definition, std::convertible_to<CheckedInput>... Inputs>
GradientReport verify_gradient(const Inputs&... inputs) {
  return verify_gradient<Definition>(GradientCheckOptions{}, inputs...);
}

}  // namespace tg
