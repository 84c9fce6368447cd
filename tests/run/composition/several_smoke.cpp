// Models with several inputs and outputs, and lookups by name.
// SPDX-License-Identifier: MIT
#include "networks.hpp"
#include "tests/catch.hpp"
#include "typegrad/layers/embedding.hpp"
#include "typegrad/layers/tokens.hpp"

using namespace tg;
using namespace tg::test;

TEST_CASE("inputs in their order, outputs in an array") {
  Model<Several> model(5);
  const auto a = numbers(7 * 3, 1), b = numbers(7 * 4, 2);
  const auto [sum, left, narrow] = model(a, b);
  REQUIRE(sum.rows() == 7);
  REQUIRE(sum.cols() == 4);
  REQUIRE(left.cols() == 4);
  REQUIRE(narrow.cols() == 2);

  using Rows = Eigen::Map<const Matrix<float>>;
  const auto l = linear(model.parameter<"left.weight">(), model.parameter<"left.bias">(),
                        Rows(a.data(), 7, 3));
  const auto r = linear(model.parameter<"right.1.weight">(), model.parameter<"right.1.bias">(),
                        Rows(b.data(), 7, 4));
  CHECK(distance(left, l) < 1e-5);
  CHECK(distance(sum, Matrix<double>(l + r)) < 1e-5);
  CHECK(distance(narrow, linear(model.parameter<"narrow.weight">(),
                                model.parameter<"narrow.bias">(), sum)) < 1e-5);
}

TEST_CASE("into the caller's memory, and one sample at a time") {
  Model<Several> model(5);
  const auto a = numbers(7 * 3, 1), b = numbers(7 * 4, 2);
  const auto expected = model(a, b);
  std::vector<float> sum(28), left(28), narrow(14);
  std::as_const(model)(a, b, sum, left, narrow);
  CHECK(std::equal(sum.begin(), sum.end(), expected[0].data()));
  CHECK(std::equal(left.begin(), left.end(), expected[1].data()));
  CHECK(std::equal(narrow.begin(), narrow.end(), expected[2].data()));

  Model<Several, Cpu, batch<1>> single(5);
  const auto first =
      single(std::vector(a.begin(), a.begin() + 3), std::vector(b.begin(), b.begin() + 4));
  for (std::size_t output = 0; output < 3; ++output)
    CHECK(distance(first[output], expected[output].topRows(1)) < 1e-5);
}

TEST_CASE("inputs that do not fit each other") {
  Model<Several> model;
  const auto a = numbers(7 * 3, 1), b = numbers(6 * 4, 2);
  CHECK_THROWS_WITH(model(a, b), "model: 6 samples in input 1, expected 7 as in the first one");
  std::vector<float> sum(28), left(28), narrow(12);
  CHECK_THROWS_WITH(std::as_const(model)(a, numbers(28, 3), sum, left, narrow),
                    "model: room for 12 numbers, expected 14");
}

TEST_CASE("what a layer inside gives") {
  Model<Several> model(5);
  const auto a = numbers(7 * 3, 1), b = numbers(7 * 4, 2);
  const auto [sum, left, narrow] = model(a, b);
  CHECK(distance(model.output_of<"left">(a, b), left) == 0);
  CHECK(distance(model.output_of<"narrow">(a, b), narrow) == 0);
  CHECK(distance(model.output_of<"right.1">(a, b), Matrix<float>(sum - left)) < 1e-5);
  CHECK(distance(model.output_of<"right.0">(a, b),
                 Eigen::Map<const Matrix<float>>(b.data(), 7, 4)) == 0);
}

TEST_CASE("parameters are written where they are read") {
  Model<Several, Cpu, f64> model;
  model.parameter<"narrow.weight">().fill(0);
  model.parameter<"narrow.bias">().fill(3);
  const auto [sum, left, narrow] = model(std::vector<double>(3, 1), std::vector<double>(4, 1));
  CHECK(narrow(0, 0) == 3);
  CHECK(narrow(0, 1) == 3);
  CHECK(model.get<"narrow.bias">().data() == model.parameter<"narrow.bias">().data());
}

TEST_CASE("integers beside real numbers; a matrix of words as the output's weight") {
  struct Net
      : Graph<Node<"x", Input<4>>, Node<"word", Tokens<>>,
              Node<"row", Tied<"words", Embedding<10, 4>>, "word">, Node<"sum", Add, "row", "x">,
              Node<"next", Tied<"words", Linear<10, no_bias>>, "sum">> {};
  Model<Net> model(1);
  REQUIRE(model.variables().size() == 1);
  const auto x = numbers(3 * 4, 1);
  const std::vector<std::int32_t> word{7, 0, 9};
  const auto words = model.parameter<"row.weight">();
  const auto row = model.output_of<"row">(x, word);
  const auto next = model(x, word);
  for (Eigen::Index sample = 0; sample < 3; ++sample)
    CHECK(distance(row.row(sample), words.row(word[std::size_t(sample)])) == 0);
  const Matrix<float> none = Matrix<float>::Zero(10, 1);
  CHECK(distance(next, linear(words, none, model.output_of<"sum">(x, word))) < 1e-5);
  CHECK_THROWS_AS(model(x, std::vector<std::int32_t>{7, 0, 10}), tg::Error);
}
