// Evaluates a loop of a graph step by step, as interpret_node.hpp does one node.
// SPDX-License-Identifier: MIT
#pragma once
#include <cmath>

#include "typegrad/graph/loop.hpp"
#include "typegrad/runtime/interpret_node.hpp"

namespace tg::runtime {

// Runs the loop whose body begins with nodes[first], and knows afterwards what it leaves behind: a
// body's nodes lie together (passes::gather_loops). Of a value of the body stays the one of the
// last step, or of the first step in which a number was none.
class InterpretedLoop {
 public:
  using Numbers = HeapArray<double>;

  [[gnu::cold]] InterpretedLoop(const Interpreted& the_graph, std::size_t first_node,
                                HeapArray<Numbers>& all)
      : what(the_graph), first(first_node), values(all) {
    while (end < what.nodes.size() && what.nodes[end].region == what.nodes[first].region) ++end;
  }

  std::size_t end_of_body() const { return end; }

  [[gnu::cold]] void run() {
    for (std::size_t id = first; id < end; ++id)
      if (const int count = ir::steps_of(node(id)); count > 0) steps = count;
    const HeapArray<Numbers> odd(end - first);
    for (int step = 0; step < steps; ++step) {
      for (std::size_t id = first; id < end; ++id) {
        values[id] = in_step(id, step);
        if (odd[id - first].empty() && has_odd(values[id])) odd[id - first] = copy(values[id]);
      }
      for (std::size_t id = end; id < values.size(); ++id) leave(id, step);
      for (std::size_t id = first; id < end; ++id)  // all carries at once
        if (node(id).op == Op::next) values[operand(id, 0)] = copy(values[id]);
    }
    for (std::size_t id = first; id < end; ++id)
      if (!odd[id - first].empty()) values[id] = copy(odd[id - first]);
  }

 private:
  const ir::Node& node(std::size_t id) const { return what.nodes[id]; }
  std::size_t operand(std::size_t id, int which) const {
    return std::size_t(node(id).operand[which]);
  }
  static bool has_odd(const Numbers& numbers) {
    for (double number : numbers)
      if (!std::isfinite(number)) return true;
    return false;
  }
  static Numbers copy(const Numbers& numbers) { return repeat(numbers, 1); }
  static Numbers repeat(const Numbers& numbers, std::size_t times) {
    Numbers result(numbers.size() * times);
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = numbers[i % numbers.size()];
    return result;
  }
  // Where the row of this step begins, in the rows of one sample.
  std::size_t row(std::size_t id, int step, std::size_t size) const {
    return std::size_t(ir::RowRange::of(node(id).attributes).row(step)) * size;
  }

  Numbers in_step(std::size_t id, int step) const {
    const ir::Node& n = node(id);
    if (n.op == Op::next) return copy(values[operand(id, 1)]);
    if (n.op == Op::carry && step > 0) return copy(values[id]);
    if (n.op == Op::carry) {  // samples may begin with what they share
      const bool shared = node(operand(id, 0)).space == n.space;
      return repeat(values[operand(id, 0)], shared ? 1 : std::size_t(what.samples));
    }
    if (n.op != Op::element) return interpret_node(what, n, values);
    const Numbers& rows = values[operand(id, 0)];
    const std::size_t size = std::size_t(n.shape.size());
    const std::size_t all = std::size_t(node(operand(id, 0)).shape.size());
    Numbers result(rows.size() / all * size);
    for (std::size_t i = 0; i < result.size(); ++i)
      result[i] = rows[i / size * all + row(id, step, size) + i % size];
    return result;
  }
  // What node `id` takes from the loop in this step.
  void leave(std::size_t id, int step) {
    const ir::Node& n = node(id);
    if (!leaves_loop(n.op) || operand(id, 0) < first || operand(id, 0) >= end) return;
    const Numbers& value = values[operand(id, 0)];
    if (n.op == Op::last) {
      values[id] = copy(value);
      return;
    }
    const std::size_t size = std::size_t(node(operand(id, 0)).shape.size());
    const std::size_t all = std::size_t(n.shape.size());
    if (step == 0) values[id] = Numbers(value.size() / size * all);
    for (std::size_t i = 0; i < value.size(); ++i)
      values[id][i / size * all + row(id, step, size) + i % size] = value[i];
  }

  const Interpreted& what;
  std::size_t first, end = first;
  HeapArray<Numbers>& values;
  int steps = 1;
};

}  // namespace tg::runtime
