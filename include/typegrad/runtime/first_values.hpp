// The first values of parameters and states, in double, whatever a program computes in.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/backends/reference/evaluation.hpp"
#include "typegrad/core/heap_array.hpp"
#include "typegrad/networks/record.hpp"
#include "typegrad/runtime/tables.hpp"

namespace tg::runtime {

// What first values are computed from: a recording's leaves, its nodes, and the reference's rows of
// the ops among them.
struct FirstValues {
  Leaves leaves;
  std::span<const ir::Node> nodes;
  const reference::Rows<double>* rows = nullptr;

  // Each node that a first value depends on.
  [[gnu::cold]] HeapArray<bool> needed() const {
    HeapArray<bool> result(nodes.size());
    for (const LeafInfo& info : leaves.infos)
      if (info.stored() && info.initial >= 0) result[std::size_t(info.initial)] = true;
    for (std::size_t id = nodes.size(); id-- > 0;)
      for (int i = 0; result[id] && i < nodes[id].operands(); ++i)
        result[std::size_t(nodes[id].operand[std::size_t(i)])] = true;
    return result;
  }
};

// Post: result[id] has the elements of nodes[id], if it is needed. Pre: nothing that is needed is
// in a loop. Few definitions need more of an interpreter, and every program pays for this one.
[[gnu::cold]] inline HeapArray<HeapArray<double>> compute_first_values(const FirstValues& what,
                                                                       std::uint64_t seed) {
  const HeapArray<bool> needed = what.needed();
  HeapArray<HeapArray<double>> values(what.nodes.size());
  for (std::size_t id = 0; id < values.size(); ++id) {
    const ir::Node& node = what.nodes[id];
    if (!needed[id]) continue;
    values[id] = HeapArray<double>(std::size_t(node.shape.size()));
    if (node.op == Op::constant || node.op == Op::samples) {
      std::fill(values[id].begin(), values[id].end(), node.op == Op::constant ? node.value : 1.0);
    } else if (is_leaf(node.op)) {
      const std::uint64_t name = what.leaves.infos[std::size_t(node.attributes[0])].hash;
      reference::fill_random<double>(node.op, reference::random_key(name, seed, 0), 0,
                                     {values[id].data()}, node.shape.size());
    } else {
      const ir::Node* operands[ir::max_operands]{};
      reference::View<const double> in[ir::max_operands];
      for (int i = 0; i < node.operands(); ++i) {
        const std::size_t from = std::size_t(node.operand[std::size_t(i)]);
        operands[i] = &what.nodes[from], in[i].data = values[from].data();
      }
      (*what.rows)[std::size_t(node.op)]({node, operands, in, {values[id].data()}});
    }
  }
  return values;
}

// Whether a first value of a recording is made in a loop.
constexpr bool begins_in_loop(const ir::Recording& recording) {
  const ir::Graph& graph = recording.graph();
  if (graph.regions == 0) return false;
  passes::PerNode<bool> needed{};
  for (const ir::Leaf& leaf : recording.leaves)
    if (leaf.initial >= 0) needed[leaf.initial] = true;
  ir::mark_needed(graph, needed);
  for (int id = 0; id < graph.size(); ++id)
    if (needed[id] && graph[id].region != 0) return true;
  return false;
}

// The first values of a definition's parameters and states, as a graph of constants and random
// numbers.
template <class Definition, DType floating>
class InitialValues {
  struct Recorded {
    static constexpr ir::Recording recording = record<Definition>(Purpose::initial, floating);
  };
  static constexpr auto leaf_infos = LeafTable<Recorded>::leaves();
  static constexpr auto leaf_text = LeafTable<Recorded>::text();
  static constexpr auto node_list = LeafTable<Recorded>::nodes();
  static constexpr auto row_table =
      reference::rows_without_given<double>(Recorded::recording.graph());

 public:
  static constexpr Leaves leaves() { return {leaf_infos, leaf_text.data()}; }
  // Of each node that is needed, its elements: a function of the seed and the names alone.
  static HeapArray<HeapArray<double>> compute(std::uint64_t seed) {
    if constexpr (begins_in_loop(Recorded::recording))
      return evaluated(seed);
    else
      return compute_first_values({leaves(), node_list, &row_table}, seed);
  }

 private:
  static HeapArray<HeapArray<double>> evaluated(std::uint64_t seed) {
    const reference::Bindings<double> bindings(Recorded::recording, seed);
    reference::Evaluation<double> evaluation(Recorded::recording.graph(), bindings, 1, row_table);
    HeapArray<HeapArray<double>> values(node_list.size());
    for (const LeafInfo& info : leaf_infos) {
      if (info.initial < 0) continue;
      const double* numbers = evaluation.value(info.initial);
      HeapArray<double>& mine = values[std::size_t(info.initial)];
      mine = HeapArray<double>(evaluation.size(info.initial));
      std::copy_n(numbers, mine.size(), mine.begin());
    }
    return values;
  }
};

}  // namespace tg::runtime
