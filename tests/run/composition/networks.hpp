// The networks of these tests, and numbers for them.
// SPDX-License-Identifier: MIT
#pragma once
#include <cmath>
#include <limits>
#include <vector>

#include "typegrad/core/random.hpp"
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/batch_norm.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/dropout.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/merges.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/frozen.hpp"
#include "typegrad/networks/graph.hpp"
#include "typegrad/networks/replace_head.hpp"
#include "typegrad/networks/residual.hpp"
#include "typegrad/networks/tied.hpp"
#include "typegrad/runtime/model.hpp"

namespace tg::test {

// Two inputs, three outputs.
struct Several
    : Graph<Node<"a", Input<3>>, Node<"b", Input<2, 2>>, Node<"left", Linear<4>, "a">,
            Node<"right", Sequence<Flatten, Linear<4>>, "b">, Node<"sum", Add, "left", "right">,
            Node<"narrow", Linear<2>, "sum">, Outputs<"sum", "left", "narrow">> {};

using Body = Sequence<Linear<6>, BatchNorm<>, Relu, Dropout<0.5>, Linear<5>>;
struct Trained : Sequence<Input<4>, Body, Relu, Linear<3>> {};
struct Partly : Sequence<Input<4>, Frozen<Body>, Relu, Linear<3>> {};

inline std::vector<float> numbers(std::size_t count, std::uint64_t key) {
  Random random(key);
  std::vector<float> result(count);
  for (float& number : result) number = float(random.between(-1, 1));
  return result;
}

template <class Model>
std::vector<typename Model::Element> values(Model& model) {
  std::vector<typename Model::Element> result;
  for (const auto& variable : model.variables()) {
    const auto view = model.view(variable);
    result.insert(result.end(), view.data(), view.data() + view.size());
  }
  return result;
}

// The largest difference of two matrices, row by row; of other sizes, infinity.
template <class A, class B>
double distance(const A& a, const B& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) return std::numeric_limits<double>::infinity();
  double largest = 0;
  for (Eigen::Index i = 0; i < a.rows(); ++i)
    for (Eigen::Index j = 0; j < a.cols(); ++j)
      largest = std::max(largest, std::abs(double(a(i, j)) - double(b(i, j))));
  return largest;
}

// weight x + bias for every row of x, as a Linear computes it.
template <class Weight, class Bias, class X>
Matrix<double> linear(const Weight& weight, const Bias& bias, const X& x) {
  Matrix<double> result(x.rows(), weight.rows());
  for (Eigen::Index sample = 0; sample < x.rows(); ++sample)
    for (Eigen::Index row = 0; row < weight.rows(); ++row) {
      double sum = double(bias(row, 0));
      for (Eigen::Index column = 0; column < weight.cols(); ++column)
        sum += double(weight(row, column)) * double(x(sample, column));
      result(sample, row) = sum;
    }
  return result;
}

}  // namespace tg::test
