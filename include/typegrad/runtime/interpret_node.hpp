// One node of a graph by the reference, from the values before it.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <span>

#include "typegrad/backends/reference/compute.hpp"
#include "typegrad/backends/reference/random.hpp"
#include "typegrad/core/heap_array.hpp"

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

// One node, from the values before it. Empty for a leaf without a value, a sink, and what depends
// on such a leaf.
[[gnu::cold]] inline HeapArray<double> interpret_node(const Interpreted& what, const ir::Node& node,
                                                      const HeapArray<HeapArray<double>>& values) {
  const auto copies = [&](const ir::Node& of) {
    return of.space == ir::Space::per_sample ? what.samples : 1;
  };
  const std::size_t size = std::size_t(node.shape.size());
  HeapArray<double> value;
  if (node.op == Op::constant || node.op == Op::samples) {
    value = HeapArray<double>(size * std::size_t(copies(node)));
    std::fill(value.begin(), value.end(),
              node.op == Op::constant ? node.value : double(what.samples));
  } else if (node.op == Op::uniform || node.op == Op::normal) {
    value = HeapArray<double>(size * std::size_t(copies(node)));
    const std::uint64_t key = reference::random_key(
        what.name_hashes[std::size_t(node.attributes[0])], what.seed, what.call);
    for (std::int64_t sample = 0; sample < copies(node); ++sample)
      reference::fill_random<double>(node.op, key, std::uint64_t(sample),
                                     {value.data() + std::size_t(sample) * size}, int(size));
  } else if (is_leaf(node.op)) {
    if (what.leaf_values.empty()) return {};
    const HeapArray<double>& given = what.leaf_values[std::size_t(node.attributes[0])];
    value = HeapArray<double>(given.size());
    std::copy(given.begin(), given.end(), value.begin());
  } else if (reference::computes(node.op)) {
    const ir::Node* operands[ir::max_operands]{};
    bool known = true, per_sample = node.across;
    for (int i = 0; i < node.operands(); ++i) {
      operands[i] = &what.nodes[std::size_t(node.operand[i])];
      known = known && !values[std::size_t(node.operand[i])].empty();
      per_sample = per_sample || operands[i]->space == ir::Space::per_sample;
    }
    if (!known) return {};
    value = HeapArray<double>(size * std::size_t(copies(node)));
    const HeapArray<double> addend(node.across ? size : 0);
    for (std::int64_t sample = 0; sample < (per_sample ? what.samples : 1); ++sample) {
      reference::View<const double> in[ir::max_operands];
      for (int i = 0; i < node.operands(); ++i)
        in[i].data = values[std::size_t(node.operand[i])].data() +
                     (copies(*operands[i]) > 1 ? sample * operands[i]->shape.size() : 0);
      double* const out = node.across ? addend.data() : value.data() + std::size_t(sample) * size;
      (*what.rows)[std::size_t(node.op)]({node, operands, in, {out}});
      for (std::size_t i = 0; i < addend.size(); ++i) value[i] += addend[i];
    }
  }
  if (what.single && is_floating(node.dtype))
    for (double& number : value) number = double(float(number));
  return value;
}

}  // namespace tg::runtime
