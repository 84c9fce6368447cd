// What a definition computes, by the reference: outputs, gradients and updates by number.
// SPDX-License-Identifier: MIT
#pragma once
#include <map>
#include <memory>

#include "subject.hpp"
#include "typegrad/backends/reference/evaluation.hpp"

namespace tg::test {

using Doubles = std::vector<double>;

// Of random leaves, in all evaluations.
inline constexpr std::uint64_t seed = 5, call = 3;

// Results by number: outputs first, then gradients and updates of a recording's leaves.
inline constexpr int gradient_of = 1000, update_of = 2000;

// The graph that was recorded, differentiated and otherwise untouched, with values for its leaves.
class Reference {
 public:
  explicit Reference(void (*record)(ir::Recording&))
      : recording(std::make_unique<ir::Recording>()) {
    record(*recording);
    REQUIRE_FALSE(recording->fault());
    graph = std::make_unique<ir::Graph>(passes::gradient(recording->graph()));
    REQUIRE_FALSE(graph->fault);
  }

  int leaves() const { return recording->leaves.size(); }
  const ir::Node& leaf(int index) const {
    return recording->graph()[recording->leaves[index].node];
  }
  bool given(int index) const { return !is_random(leaf(index).op); }
  static bool is_random(Op op) { return op == Op::uniform || op == Op::normal; }

  // Numbers between -1 and 1; variances and counts are positive, settings what they are by default.
  void fill(int samples) {
    values.assign(std::size_t(leaves()), {});
    for (int i = 0; i < leaves(); ++i) {
      const ir::Node& node = leaf(i);
      const bool per_sample = node.space == ir::Space::per_sample;
      Random random(std::uint64_t(i), 17);
      if (node.op == Op::setting) {
        values[std::size_t(i)].push_back(recording->leaves[i].read(nullptr));
        continue;
      }
      for (int n = 0; given(i) && n < node.shape.size() * (per_sample ? samples : 1); ++n) {
        const bool positive = node.op == Op::state;
        values[std::size_t(i)].push_back(!is_floating(node.dtype) && !positive
                                             ? double(random.below(3))
                                             : float(random.between(positive ? 0.5 : -1, 1)));
      }
    }
  }

  // Every output, gradient and update.
  std::map<int, Doubles> evaluate(int samples) const {
    reference::Bindings<double> bindings(*recording, seed, call);
    for (int i = 0; i < leaves(); ++i)
      if (given(i)) bindings.set(i, values[std::size_t(i)].data());
    reference::Evaluation<double> evaluation(*graph, bindings, samples);
    std::map<int, Doubles> results;
    for (int id = 0; id < graph->size(); ++id) {
      const ir::Node& node = (*graph)[id];
      if (!is_sink(node.op)) continue;
      const int key = node.op == Op::output  ? node.attributes[0]
                      : node.op == Op::train ? gradient_of + graph->operand(id, 0).attributes[0]
                                             : update_of + graph->operand(id, 0).attributes[0];
      const int source = node.operand[node.op == Op::output ? 0 : 1];
      const double* value = evaluation.value(source);
      results[key] = Doubles(value, value + evaluation.size(source));
    }
    return results;
  }

  std::unique_ptr<ir::Recording> recording;
  std::unique_ptr<ir::Graph> graph;
  std::vector<Doubles> values;  // of each leaf
};

// The largest difference, in roundings of the larger of 1 and the largest number; nothing is like
// NaN.
template <class T>
double distance(const std::vector<T>& got, const Doubles& expected) {
  REQUIRE(got.size() == expected.size());
  double largest = 1, difference = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    const double d = std::abs(double(got[i]) - expected[i]);
    if (!(d <= difference)) difference = d == d ? d : std::numeric_limits<double>::infinity();
  }
  return difference / largest / double(std::numeric_limits<T>::epsilon());
}

inline std::string spell(int key) {
  if (key >= update_of) return "update of leaf " + std::to_string(key - update_of);
  if (key >= gradient_of) return "gradient of leaf " + std::to_string(key - gradient_of);
  return "output " + std::to_string(key);
}

}  // namespace tg::test
