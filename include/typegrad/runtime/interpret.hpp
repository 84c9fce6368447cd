// Evaluates the first values of parameters with the reference, at run time.
// SPDX-License-Identifier: MIT
#pragma once
#include <span>
#include <vector>

#include "typegrad/backends/reference/compute.hpp"
#include "typegrad/backends/reference/random.hpp"

namespace tg::runtime {

// The values of shared nodes, in order: constants, random leaves keyed by their names' hashes, and what is computed from them
// by `rows`, the reference's rows of the ops among the nodes.
// Post: result[id] has the elements of nodes[id]; empty for leaves that have no value of their own.
inline std::vector<std::vector<double>> interpret(std::span<const ir::Node> nodes, std::span<const std::uint64_t> name_hashes,
                                                  const reference::Rows<double>& rows, std::uint64_t seed) {
  std::vector<std::vector<double>> values(nodes.size());
  for (std::size_t id = 0; id < nodes.size(); ++id) {
    const ir::Node& node = nodes[id];
    std::vector<double>& value = values[id];
    if (node.op == Op::constant) {
      value.assign(std::size_t(node.shape.size()), node.value);
    } else if (node.op == Op::uniform || node.op == Op::normal) {
      value.resize(std::size_t(node.shape.size()));
      const std::uint64_t key = reference::random_key(name_hashes[std::size_t(node.attributes[0])], seed);
      reference::fill_random<double>(node.op, key, 0, {value.data()}, node.shape.size());
    } else if (reference::computes(node.op)) {
      const ir::Node* operands[ir::max_operands]{};
      reference::View<const double> in[ir::max_operands];
      bool known = true;
      for (int i = 0; i < node.operands(); ++i) {
        const std::vector<double>& operand = values[std::size_t(node.operand[i])];
        operands[i] = &nodes[std::size_t(node.operand[i])];
        in[i] = {operand.data()};
        known = known && !operand.empty();
      }
      if (!known) continue;
      value.resize(std::size_t(node.shape.size()));
      rows[std::size_t(node.op)]({node, operands, in, {value.data()}});
    }
  }
  return values;
}

}  // namespace tg::runtime
