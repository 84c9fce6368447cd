// Values of symbols that depend on derivatives, and differences of them.
// SPDX-License-Identifier: MIT
#pragma once
#include "tests/run/gradient/finite_differences.hpp"
#include "typegrad/graph/indexing.hpp"
#include "typegrad/graph/statistics.hpp"
#include "typegrad/passes/derivatives.hpp"

namespace tg::test {

// The symbol, after the gradient pass, at the lab's numbers as they are now.
class Measured {
 public:
  Measured(Lab<double>& some, Var symbol) : lab(some), shape(symbol.shape()) {
    ir::emit(symbol.builder(), Op::output, symbol.shape(), symbol.dtype(), ir::operands(symbol));
    *graph = passes::gradient(lab.recording->graph());
    REQUIRE_FALSE(graph->fault);
    REQUIRE(ir::first_wrong_node(*graph) == -1);
  }

  Numbers<double> operator()() const {
    reference::Bindings<double> bindings(*lab.recording);
    for (std::size_t i = 0; i < lab.memory.size(); ++i)
      bindings.set(lab.leaves[i], lab.memory[i].data());
    reference::Evaluation<double> evaluation(*graph, bindings, lab.samples);
    const int id = graph->size() - 1;
    return {evaluation.value(id), evaluation.value(id) + evaluation.size(id)};
  }

 private:
  Lab<double>& lab;
  Shape shape;
  std::unique_ptr<ir::Graph> graph = std::make_unique<ir::Graph>();
};

inline Numbers<double> value(Lab<double>& lab, Var symbol) { return Measured(lab, symbol)(); }

inline constexpr double step = 1e-5;

// (y(numbers + step * by) - y(numbers - step * by)) / 2 step
inline Numbers<double> slopes(Numbers<double>& numbers, const Numbers<double>& by,
                              const Measured& y) {
  const Numbers<double> before = numbers;
  const auto at = [&](double distance) {
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = before[i] + distance * by[i];
    return y();
  };
  Numbers<double> result = at(step);
  const Numbers<double> below = at(-step);
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = (result[i] - below[i]) / (2 * step);
  numbers = before;
  return result;
}

// How y changes when a leaf moves along the numbers of another one.
inline Numbers<double> slopes_along(Lab<double>& lab, Var y, int leaf, int direction) {
  const Measured measured(lab, y);
  return slopes(lab.memory[std::size_t(leaf)], lab.memory[std::size_t(direction)], measured);
}

// How one number changes with each of a leaf.
inline Numbers<double> differences(Lab<double>& lab, Var cost, int leaf) {
  const Measured measured(lab, cost);
  Numbers<double>& numbers = lab.memory[std::size_t(leaf)];
  Numbers<double> result;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    Numbers<double> unit(numbers.size(), 0);
    unit[i] = 1;
    result.push_back(slopes(numbers, unit, measured)[0]);
  }
  return result;
}

// [y's elements][the leaf's], of each sample with itself where they are per sample.
inline Numbers<double> jacobian_by_differences(Lab<double>& lab, Var y, int leaf) {
  const Measured measured(lab, y);
  const Var x = lab.leaves[std::size_t(leaf)];
  Numbers<double>& numbers = lab.memory[std::size_t(leaf)];
  const std::size_t rows = std::size_t(y.shape().size()), columns = std::size_t(x.shape().size());
  const std::size_t samples = y.per_sample() ? std::size_t(lab.samples) : 1;
  Numbers<double> result(samples * rows * columns);
  for (std::size_t j = 0; j < columns; ++j) {
    Numbers<double> unit(numbers.size(), 0);
    for (std::size_t i = j; i < numbers.size(); i += columns) unit[i] = 1;
    const Numbers<double> column = slopes(numbers, unit, measured);
    for (std::size_t i = 0; i < samples * rows; ++i) result[i * columns + j] = column[i];
  }
  return result;
}

}  // namespace tg::test
