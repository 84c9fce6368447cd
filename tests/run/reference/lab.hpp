// A definition, its leaves' values and its evaluation in one place: what tests of the reference
// need.
// SPDX-License-Identifier: MIT
#pragma once
#include <memory>
#include <vector>

#include "tests/catch.hpp"
#include "typegrad/backends/reference/evaluation.hpp"
#include "typegrad/graph/images.hpp"
#include "typegrad/graph/scope.hpp"
#include "typegrad/graph/verify.hpp"

namespace tg::test {

template <class T>
using Numbers = std::vector<T>;

// Numbers between -1 and 1 that depend on `seed` alone.
template <class T>
Numbers<T> noise(int count, std::uint64_t seed) {
  Random random(seed);
  Numbers<T> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(T(random.between(-1, 1)));
  return numbers;
}

// Leaves are made with their values; lab(symbol) is the symbol's value.
template <class T>
class Lab {
 public:
  explicit Lab(int sample_count = 1) : samples(sample_count) {}

  Var shared(const Shape& shape, const Numbers<T>& values, DType dtype = DType::floating) {
    scope.enter(int(memory.size()));
    const Var leaf = scope.argument("shared", shape, dtype);
    scope.leave();
    return give(leaf, values);
  }
  // values: [sample][element]
  Var input(const Shape& shape, const Numbers<T>& values, DType dtype = DType::floating) {
    scope.enter(int(memory.size()));
    const Var leaf = scope.input("input", shape, dtype);
    scope.leave();
    return give(leaf, values);
  }
  Var label(const Numbers<T>& values) { return input({}, values, i32); }

  Numbers<T> operator()(Var symbol) {
    REQUIRE_FALSE(recording->fault());
    REQUIRE(ir::first_wrong_node(recording->graph()) < 0);
    reference::Bindings<T> bindings(*recording, seed, step);
    for (std::size_t i = 0; i < memory.size(); ++i) bindings.set(leaves[i], memory[i].data());
    reference::Evaluation<T> evaluation(bindings, samples);
    const T* values = evaluation.value(symbol);
    return Numbers<T>(values, values + evaluation.size(symbol.id()));
  }

  std::unique_ptr<ir::Recording> recording = std::make_unique<ir::Recording>();
  Scope scope{*recording};
  int samples;
  std::uint64_t seed = 0, step = 0;
  std::vector<Var> leaves;  // as they were made, with their values
  std::vector<Numbers<T>> memory;

 private:
  Var give(Var leaf, const Numbers<T>& values) {
    const int copies = leaf.per_sample() ? samples : 1;
    REQUIRE(int(values.size()) == leaf.shape().size() * copies);
    leaves.push_back(leaf);
    memory.push_back(values);
    return leaf;
  }
};

// The largest |a - b|, in units of the larger of 1 and the largest |b|; infinity when the lengths
// differ or one is NaN.
template <class T>
double distance(const Numbers<T>& a, const Numbers<T>& b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double largest = 1, difference = 0;
  for (const T& number : b) largest = std::max(largest, std::abs(double(number)));
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = std::abs(double(a[i]) - double(b[i]));
    if (!(d <= difference)) difference = d == d ? d : std::numeric_limits<double>::infinity();
  }
  return difference / largest;
}

// What rounding may add up to over sums of `length` products.
template <class T>
double tolerance(int length = 1) {
  return 4.0 * (length + 4) * double(std::numeric_limits<T>::epsilon());
}

}  // namespace tg::test
