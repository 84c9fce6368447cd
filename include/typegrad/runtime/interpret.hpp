// Every value of a graph, in double: what debug mode expects, and where a NaN came from.
// SPDX-License-Identifier: MIT
#pragma once
#include <cmath>

#include "typegrad/backends/reference/executor_loops.hpp"

namespace tg::runtime {

// What is evaluated: nodes in topological order, and what their leaves are.
struct Interpreted {
  std::span<const ir::Node> nodes;
  std::span<const std::uint64_t> name_hashes;     // of the leaves: random numbers are keyed by them
  const reference::Rows<double>* rows = nullptr;  // the reference's, of the ops among the nodes
  std::span<const HeapArray<double>> leaf_values =
      {};  // of the leaves that somebody gives, the others' empty
  std::int64_t samples = 1;
  std::uint64_t seed = 0, call = 0;
  bool single = false;  // every value is rounded to a float
};

// Keeps what an executor computes. Of a value of a loop's body stays the one of the last step, or
// of the first step in which a number was none.
class Recorder final : public reference::Watcher<double> {
 public:
  [[gnu::cold]] explicit Recorder(const Interpreted& the_graph)
      : values(the_graph.nodes.size()), what(the_graph) {}

  [[gnu::cold]] void after(const reference::Moment<double>& moment) override {
    HeapArray<double>& mine = values[std::size_t(moment.node)];
    if (moment.time > 0 && has_odd(mine)) return;
    const ir::Node& node = what.nodes[std::size_t(moment.node)];
    const bool per_sample = node.space == ir::Space::per_sample;
    const std::size_t size = std::size_t(node.shape.size());
    if (mine.empty()) mine = HeapArray<double>(size * std::size_t(per_sample ? what.samples : 1));
    for (std::size_t i = 0; i < mine.size(); ++i)
      mine[i] = moment.value.data[std::int64_t(i / size) * moment.value.step +
                                  std::int64_t(i % size) * moment.value.stride];
  }

  HeapArray<HeapArray<double>> values;  // of each node: its elements, sample after sample

 private:
  static bool has_odd(const HeapArray<double>& numbers) {
    for (double number : numbers)
      if (!std::isfinite(number)) return true;
    return false;
  }

  const Interpreted& what;
};

// Post: result[id] has the numbers of nodes[id]: its elements, sample after sample when they are
// per sample; empty for a leaf without a value, a sink, and what depends on such a leaf.
[[gnu::cold]] inline HeapArray<HeapArray<double>> interpret(const Interpreted& what) {
  Recorder recorder(what);
  const reference::Program<double> program{.nodes = what.nodes,
                                           .rows = what.rows,
                                           .parts = reference::Executor<double>::all_parts(),
                                           .leaves = int(what.name_hashes.size()),
                                           .names = what.name_hashes,
                                           .watcher = &recorder,
                                           .looks = true,
                                           .single = what.single};
  reference::Executor<double> executor(program, 0);
  for (std::size_t leaf = 0; leaf < what.leaf_values.size(); ++leaf)
    executor.bind(passes::leaf_slot(int(leaf)), what.leaf_values[leaf].data());
  executor.run(what.samples, what.seed, what.call);
  return std::move(recorder.values);
}

}  // namespace tg::runtime
