// Evaluates a definition as it was written, and after each pass: the numbers must stay.
// SPDX-License-Identifier: MIT
#pragma once
#include <memory>
#include <vector>

#include "typegrad/backends/reference/evaluation.hpp"
#include "typegrad/graph/indices.hpp"
#include "typegrad/runtime/compiled.hpp"
#include "typegrad/runtime/contracts.hpp"
#include "typegrad/runtime/options.hpp"

namespace tg {

// What the leaves of a check are: so many samples, random numbers between `low` and `high`.
struct CheckOptions {
  int samples = 2;
  std::uint64_t seed = 0;
  double low = -1, high = 1;
};

// The pass after which the numbers differ most, and how much: relative to the larger of 1 and the
// largest number of the output (or update, or gradient); infinite where the pass left no graph.
struct PassCheck {
  std::string_view pass = "";
  double difference = 0;

  constexpr explicit operator bool() const { return difference < 1e-10; }
};

namespace runtime {

// How many numbers all leaves of a recording have, and those numbers, leaf by leaf: they are the
// same for the graph of every pass.
constexpr int leaf_size(const ir::Recording& recording, int leaf, int samples) {
  const ir::Node& node = recording.graph()[recording.leaves[leaf].node];
  return node.shape.size() * (node.space == ir::Space::per_sample ? samples : 1);
}
constexpr int leaf_numbers_count(const ir::Recording& recording, int samples) {
  int count = 0;
  for (int leaf = 0; leaf < recording.leaves.size(); ++leaf)
    count += leaf_size(recording, leaf, samples);
  return count;
}
// Knuth's linear congruential generator: constant expressions have no time for Philox.
struct QuickRandom {
  std::uint64_t state;
  // Uniform in [0, 1).
  constexpr double unit() {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return double(state >> 40) * (1.0 / 16777216.0);
  }
};
constexpr void draw_leaves(const ir::Recording& recording, const CheckOptions& options,
                           double* out) {
  for (int leaf = 0; leaf < recording.leaves.size(); ++leaf) {
    const int id = recording.leaves[leaf].node, size = leaf_size(recording, leaf, options.samples);
    const bool numbers = is_floating(recording.graph()[id].dtype);
    const int among = ir::choices_of(recording.graph(), id);
    const double low = numbers ? options.low : 0,
                 width = numbers ? options.high - low : double(among < 100 ? among : 2);
    QuickRandom random{hash("leaf", options.seed + std::uint64_t(leaf))};
    for (double* const end = out + size; out != end; ++out) {
      *out = low + width * random.unit();
      if (!numbers) *out = double(int(*out));
    }
  }
}

// The values of all sinks of a graph, one after another, each behind its size.
constexpr int sink_count(const ir::Graph& graph, int samples) {
  int count = 0;
  for (const ir::Node& node : graph.nodes)
    if (is_sink(node.op))
      count += 1 + node.shape.size() * (node.space == ir::Space::per_sample ? samples : 1);
  return count;
}
constexpr void sink_values(const ir::Recording& recording, const ir::Graph& graph,
                           const CheckOptions& options, const double* leaves, double* out) {
  reference::Bindings<double> bindings(recording, options.seed);
  for (int leaf = 0; leaf < recording.leaves.size(); ++leaf) {
    bindings.set(leaf, leaves);
    leaves += leaf_size(recording, leaf, options.samples);
  }
  const reference::Rows<double> rows = reference::rows_of<double>(graph);
  reference::Evaluation<double> evaluation(graph, bindings, options.samples, rows);
  for (int id = 0; id < graph.size(); ++id) {
    if (!is_sink(graph[id].op)) continue;
    const double* const values = evaluation.value(id);
    *out++ = double(evaluation.size(id));
    for (std::size_t i = 0; i < evaluation.size(id); ++i) *out++ = values[i];
  }
}

// Where `before` is no number, anything may stand after: x / x is 1.
constexpr double sink_difference(const double* before, const double* after, int count) {
  double worst = 0;
  for (int first = 0; first < count;) {
    const int size = int(before[first++]);
    double largest = 1, difference = 0;
    for (int i = first; i < first + size; ++i) {
      const double b = before[i], a = after[i], d = a < b ? b - a : a - b;
      if (b != b || a == b) continue;
      if ((b < 0 ? -b : b) > largest) largest = b < 0 ? -b : b;
      if (!(d <= difference)) difference = d == d ? d : math::series::infinity;
    }
    if (difference / largest > worst) worst = difference / largest;
    first += size;
  }
  return worst;
}

// Multiply-adds of all samples: what a constant expression may cost on every compiler.
inline constexpr std::int64_t most_constant_work = 20000;

// While compiling: the values of each graph are a constant of their own, as the graph is. One
// sample where more would be too much.
template <class C, CheckOptions given>
struct CheckedPasses {
  static constexpr std::int64_t work_of_sample = flops_of(C::optimised, 0, C::optimised.size()) / 2;
  static constexpr CheckOptions options = [] {
    CheckOptions result = given;
    if (result.samples * work_of_sample > most_constant_work) result.samples = 1;
    return result;
  }();
  static constexpr int count = sink_count(C::recording.graph(), options.samples);
  using Values = Array<double, count>;
  using Leaves = Array<double, leaf_numbers_count(C::recording, options.samples)>;

  static constexpr Leaves leaves = [] {
    Leaves result{};
    draw_leaves(C::recording, options, result.elements);
    return result;
  }();

  template <const auto& graph>
  struct Of {
    static constexpr int room = ir::room_after(passes::gradient, graph);
    static constexpr ir::GraphOf<room> expanded =
        ir::keep<ir::GraphOf<room>>(passes::gradient, graph);
    static constexpr Values values = [] {
      Values result{};
      sink_values(C::recording, expanded, options, leaves.elements, result.elements);
      return result;
    }();
  };

  // Modes that are to compile fast verify nothing; here each graph is.
  template <const auto& graph>
  static constexpr double difference_after() {
    if constexpr (ir::valid(graph))
      return sink_difference(Of<C::recording.builder.graph>::values.elements,
                             Of<graph>::values.elements, count);
    else
      return math::series::infinity;
  }
  static constexpr PassCheck worst() {
    PassCheck result;
    C::each_pass([&]<const auto & graph>(std::string_view pass) {
      constexpr double difference = difference_after<graph>();
      if (difference > result.difference) result = {pass, difference};
    });
    return result;
  }
};

template <class Definition, auto... Options>
using Checked = Compiled<Definition, purpose_option<Options...>(),
                         arithmetic_of(floating_option<Options...>()), mode_option<Options...>>;

// The CheckOptions among the options, else as they are by themselves.
template <auto... Options>
constexpr CheckOptions check_option() {
  CheckOptions result;
  [[maybe_unused]] const auto look = [&](auto option) {
    if constexpr (std::is_same_v<decltype(option), CheckOptions>) result = option;
  };
  (look(Options), ...);
  return result;
}

}  // namespace runtime

// Whether every pass leaves the numbers of a definition as they were, evaluated by the reference
// while the program compiles, on random numbers between -1 and 1:
//   static_assert(tg::passes_agree<TrainStep>);
// Options are those of tg::Function, and tg::CheckOptions{.low = 0.1}. For definitions of at most
// 20,000 multiply-adds a sample; larger ones ask tg::check_passes at run time.
template <class Definition, auto... Options>
inline constexpr PassCheck pass_check = [] {
  using Passes = runtime::CheckedPasses<runtime::Checked<Definition, Options...>,
                                        runtime::check_option<Options...>()>;
  static_assert(Passes::work_of_sample <= runtime::most_constant_work,
                "more than 20,000 multiply-adds: ask tg::check_passes<…>() at run time");
  return Passes::worst();
}();
template <class Definition, auto... Options>
inline constexpr bool passes_agree = bool(pass_check<Definition, Options...>);

// The same at run time, for definitions of any size and for other numbers.
template <class Definition, auto... Options>
[[gnu::cold]] PassCheck check_passes(const CheckOptions& options = {}) {
  using C = runtime::Checked<Definition, Options...>;
  const int count = runtime::sink_count(C::recording.graph(), options.samples);
  std::vector<double> leaves(
      std::size_t(runtime::leaf_numbers_count(C::recording, options.samples)));
  runtime::draw_leaves(C::recording, options, leaves.data());
  const auto values_of = [&](const ir::Graph& graph) {
    const auto expanded = std::make_unique<ir::Graph>(passes::gradient(graph));
    std::vector<double> values(static_cast<std::size_t>(count));
    runtime::sink_values(C::recording, *expanded, options, leaves.data(), values.data());
    return values;
  };
  const std::vector<double> written = values_of(C::recording.graph());
  PassCheck worst;
  C::each_pass([&]<const auto & graph>(std::string_view pass) {
    const double difference =
        ir::valid(graph) ? runtime::sink_difference(written.data(), values_of(graph).data(), count)
                         : math::series::infinity;
    if (difference > worst.difference) worst = {pass, difference};
  });
  return worst;
}

}  // namespace tg
