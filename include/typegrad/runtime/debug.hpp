// Debug mode: every pass and every kernel of a function against the reference, in each call.
// SPDX-License-Identifier: MIT
#pragma once
#include <cmath>
#include <cstdio>

#include "typegrad/core/joined.hpp"
#include "typegrad/passes/loops.hpp"
#include "typegrad/runtime/function.hpp"
#include "typegrad/runtime/interpret.hpp"

namespace tg {

// An option of tg::Function, of <typegrad/runtime/debug.hpp>. Each call evaluates, by the reference
// and with the numbers that it is given,
//   the definition as it was written, its gradients expanded and nothing else done;
//   what each pass makes of it;
//   every value that a kernel writes, behind the kernel (in a loop behind its last round);
// and looks at its outputs, its updates, and at what may not have changed. Error names the first
// pass, kernel, output or variable that is wrong, and an element of it. Slow, and all of it is
// absent from functions without the option.
// Source of the idea: Theano's DebugMode.
inline constexpr DebugMode debug_mode{};

namespace runtime {

constexpr ir::Graph expand_gradients(const ir::Graph& graph) {
  return passes::gather_loops(passes::gradient(graph));
}
// The nodes of a graph without unexpanded gradients, as an exact-sized constant.
template <const auto& graph>
struct ExpandedNodes {
  static constexpr int room = ir::room_after(expand_gradients, graph);
  static constexpr ir::GraphOf<room> expanded =
      ir::keep<ir::GraphOf<room>>(expand_gradients, graph);
  static constexpr auto table = ir::exact_nodes<expanded.size()>(expanded);
};

// Two values of one thing: equal up to the rounding that another order of operations brings.
// -1, or the first element that differs. With `rewritten`, anything may stand where `a` is no
// finite number: rules make log(softmax(x)) finite, and x / x one.
[[gnu::cold]] inline std::int64_t first_difference(std::span<const double> a,
                                                   std::span<const double> b, bool single,
                                                   bool rewritten = false) {
  double largest = 0;
  for (double x : a)
    if (std::isfinite(x)) largest = std::max(largest, std::abs(x));
  const double tolerance = (single ? 2e-4 : 1e-9) * largest + (single ? 1e-6 : 1e-12);
  if (a.size() != b.size()) return 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (rewritten && !std::isfinite(a[i])) continue;
    const bool same = a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])) ||
                      std::abs(a[i] - b[i]) <= tolerance;
    if (!same) return std::int64_t(i);
  }
  return -1;
}

template <class Program>
class DebugCheck final : public Observer {
  using C = typename Program::Plan::C;
  using L = typename Program::Plan::L;
  using T = typename Program::Element;
  using Function = Callable<typename Program::Program>;
  using Values = HeapArray<HeapArray<double>>;
  static constexpr bool single = sizeof(T) == 4;

 public:
  DebugCheck() {
    stages.push_back({"recording", ExpandedNodes<C::recording.builder.graph>::table});
    C::each_pass([&]<const auto & graph>(std::string_view pass) {
      stages.push_back({pass, ExpandedNodes<graph>::table});
    });
    stages.push_back({"the lowering for the CPU", Program::program().nodes});
  }

  // Before the call: is the program that runs the one that was written?
  void before_call(const Function& function, std::int64_t samples, std::uint64_t seed,
                   std::uint64_t call) {
    leaves = function.leaves();
    count = samples;
    given = leaf_values(function);
    const HeapArray<std::uint64_t> hashes = hashes_of(function.leaves());
    for (const Stage& stage : stages) {
      Values found = interpret({.nodes = stage.nodes,
                                .name_hashes = hashes,
                                .rows = &reference::reference_rows<double>,
                                .leaf_values = given,
                                .samples = samples,
                                .seed = seed,
                                .call = call,
                                .single = single});
      if (&stage == &stages.front())
        expected = std::move(found);
      else
        compare_sinks(stage, found);
      if (&stage == &stages.back()) lowered = std::move(found);
    }
  }

  // Behind a kernel: is what it wrote right?
  void after(const ObservedStep& step) override {
    if (step.time + 1 < step.times) return;  // of a loop's values the last are known
    for (const ObservedValue& value : step.values) {
      const HeapArray<double>& right = lowered[std::size_t(value.number())];
      if (right.empty()) continue;
      const int size = value.shape().size();
      const int copies = value.per_sample() ? step.samples : 1;
      std::vector<double> seen;
      for (int sample = 0; sample < copies; ++sample)
        for (int e = 0; e < size; ++e) seen.push_back(value.at(e, sample));
      const double* first = right.data() + (value.per_sample() ? step.first_sample * size : 0);
      const std::span<const double> here(first, seen.size());
      if (const std::int64_t at = first_difference(here, seen, single); at >= 0)
        report(joined("the kernel '", step.what, "'", layer(step.where)),
               joined(value.name(), ir::at_line(value.line())), here, seen, at);
    }
  }

  // After the call: are outputs and variables what they should be, and all else as it was?
  void after_call(const Function& function) const {
    const std::span<const ir::Node> nodes = stages.back().nodes;
    for (const ir::Node& node : nodes)
      if (node.op == Op::output) {
        const HeapArray<double>& right = lowered[std::size_t(node.operand[0])];
        const T* found = function.output(node.attributes[0]);
        check_memory(joined("output ", std::to_string(node.attributes[0])), right, found);
      }
    for (std::size_t leaf = 0; leaf < given.size(); ++leaf) {
      const HeapArray<double>* right = &given[leaf];
      for (const ir::Node& node : nodes)
        if (node.op == Op::update &&
            std::size_t(nodes[std::size_t(node.operand[0])].attributes[0]) == leaf)
          right = &lowered[std::size_t(node.operand[1])];
      if (right->empty()) continue;
      const std::string what = joined(name_of(function.leaves().infos[leaf].op), " '",
                                      function.leaves().name(leaf), "'");
      if (holds_integers(function, leaf))
        check_memory(what, *right, static_cast<const std::int32_t*>(function.bound(leaf)));
      else
        check_memory(what, *right, static_cast<const T*>(function.bound(leaf)));
    }
  }

 private:
  struct Stage {
    std::string_view name;
    std::span<const ir::Node> nodes;
  };

  static constexpr auto places = place_table<C>();

  static std::string layer(std::string_view where) {
    return where.empty() ? std::string() : joined(" in layer ", where);
  }
  // Per-sample integers come as such; all other numbers are T.
  static bool holds_integers(const Function& function, std::size_t leaf) {
    const LeafInfo& info = function.leaves().infos[leaf];
    return (info.op == Op::input || info.op == Op::label) && !is_floating(info.dtype);
  }
  // What each leaf holds now; nothing where it is not bound.
  Values leaf_values(const Function& function) const {
    const Leaves& leaves = function.leaves();
    Values values(leaves.infos.size());
    for (std::size_t leaf = 0; leaf < values.size(); ++leaf) {
      const LeafInfo& info = leaves.infos[leaf];
      const void* memory = function.bound(leaf);
      if (memory == nullptr) continue;
      const bool per_sample = info.op == Op::input || info.op == Op::label;
      values[leaf] = HeapArray<double>(std::size_t(info.shape.size() * (per_sample ? count : 1)));
      for (std::size_t i = 0; i < values[leaf].size(); ++i)
        values[leaf][i] = holds_integers(function, leaf)
                              ? double(static_cast<const std::int32_t*>(memory)[i])
                              : double(static_cast<const T*>(memory)[i]);
    }
    return values;
  }

  std::string sink_name(std::span<const ir::Node> nodes, const ir::Node& sink) const {
    const std::string line = ir::at_line(ir::text_of(places, sink.place));
    if (sink.op == Op::output) return joined("output ", std::to_string(sink.attributes[0]), line);
    const ir::Node& variable = nodes[std::size_t(sink.operand[0])];
    return joined("the update of '", leaves.name(std::size_t(variable.attributes[0])), "'", line);
  }
  // The outputs and updates of a stage beside those of the recording.
  void compare_sinks(const Stage& stage, const Values& found) const {
    const std::span<const ir::Node> first = stages.front().nodes;
    for (const ir::Node& mine : stage.nodes) {
      if (mine.op != Op::output && mine.op != Op::update) continue;
      const bool output = mine.op == Op::output;
      for (const ir::Node& other : first) {
        if (other.op != mine.op) continue;
        const auto key = [&](std::span<const ir::Node> nodes, const ir::Node& node) {
          return output ? node.attributes[0] : nodes[std::size_t(node.operand[0])].attributes[0];
        };
        if (key(first, other) != key(stage.nodes, mine)) continue;
        const HeapArray<double>& right = expected[std::size_t(other.operand[output ? 0 : 1])];
        const HeapArray<double>& here = found[std::size_t(mine.operand[output ? 0 : 1])];
        const std::span<const double> a(right.data(), right.size()), b(here.data(), here.size());
        if (const std::int64_t at = first_difference(a, b, single, true); at >= 0)
          report(joined("the pass '", stage.name, "'"), sink_name(stage.nodes, mine), a, b, at);
      }
    }
  }

  template <class Number>
  void check_memory(const std::string& what, const HeapArray<double>& right,
                    const Number* found) const {
    std::vector<double> seen(found, found + right.size());
    const std::span<const double> a(right.data(), right.size());
    if (const std::int64_t at = first_difference(a, seen, single); at >= 0)
      report("the program", what, a, seen, at);
  }

  [[noreturn]] static void report(const std::string& who, std::string_view what,
                                  std::span<const double> right, std::span<const double> found,
                                  std::int64_t at) {
    char numbers[96];
    std::snprintf(numbers, sizeof numbers, "element %lld is %.9g, expected %.9g", (long long)at,
                  found.size() == right.size() ? found[std::size_t(at)] : std::nan(""),
                  right[std::size_t(at)]);
    throw Error(joined("debug mode: ", who, " changes ", what, ": ", numbers));
  }

  std::vector<Stage> stages;
  Leaves leaves;
  Values given, expected, lowered;
  std::int64_t count = 1;
};

}  // namespace runtime
}  // namespace tg
