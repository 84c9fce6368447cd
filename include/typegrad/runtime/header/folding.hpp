// The values that samples share, computed when a header is written.
// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "typegrad/backends/reference/compute.hpp"
#include "typegrad/runtime/variables.hpp"

namespace tg::runtime::header {

// Evaluates on demand with the reference, in T.
template <class T, class Memory = HostMemory>
class Folding {
 public:
  // All that is given outlives it.
  Folding(const ir::Graph& graph, const reference::Rows<T>& rows, const Leaves& leaves,
          const Variables<T, T, Memory>& variables)
      : graph(graph), rows(rows), leaves(leaves), variables(variables), values(size_of(graph)) {}

  // Pre: the node is shared, and possible (contract.hpp).
  [[gnu::cold]] const std::vector<T>& operator()(int id) {
    std::vector<T>& value = values[std::size_t(id)];
    if (value.empty()) value = compute(graph[id]);
    return value;
  }

 private:
  static std::size_t size_of(const ir::Graph& graph) { return std::size_t(graph.size()); }

  [[gnu::cold]] std::vector<T> compute(const ir::Node& node) {
    const std::size_t size = std::size_t(node.shape.size());
    if (node.op == Op::constant) return std::vector<T>(size, T(node.value));
    if (node.op == Op::samples) return std::vector<T>(size, T(1));
    if (is_leaf(node.op)) {
      const LeafInfo& leaf = leaves.infos[std::size_t(node.attributes[0])];
      const T* first = static_cast<const T*>(variables.read(*variables.find(leaf.hash)));
      return std::vector<T>(first, first + size);
    }
    const ir::Node* operands[ir::max_operands]{};
    reference::View<const T> in[ir::max_operands];
    for (int i = 0; i < node.operands(); ++i) {
      operands[i] = &graph[node.operand[i]];
      in[i].data = (*this)(node.operand[i]).data();
    }
    std::vector<T> value(size);
    rows[std::size_t(node.op)]({node, operands, in, {value.data()}});
    return value;
  }

  const ir::Graph& graph;
  const reference::Rows<T>& rows;
  Leaves leaves;
  const Variables<T, T, Memory>& variables;
  std::vector<std::vector<T>> values;
};

}  // namespace tg::runtime::header
