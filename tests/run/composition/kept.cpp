// What is shared, frozen, and taken over from a trained network.
// SPDX-License-Identifier: MIT
#include <filesystem>

#include "networks.hpp"
#include "tests/catch.hpp"
#include "typegrad/solvers/sgd.hpp"
#include "typegrad/training/trainer.hpp"

using namespace tg;
using namespace tg::test;

namespace {

constexpr int samples = 12;
const std::vector<int> labels{0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2};

template <class Net>
using Step = runtime::Compiled<fitting::TrainingStep<Net, CrossEntropy>, Purpose::training, f32>;
template <class Net>
int count(Op op) {
  int sum = 0;
  for (const ir::Node& node : Step<Net>::optimised.nodes) sum += node.op == op;
  return sum;
}
template <class Net>
std::size_t step_count() {
  using F = runtime::ProgramOf<fitting::TrainingStep<Net, CrossEntropy>, Purpose::training, f32>;
  return F::program().steps.size();
}

}  // namespace

TEST_CASE("what is frozen has no gradient, no memory for one, no kernel") {
  CHECK(count<Trained>(Op::train) == 8);
  CHECK(count<Partly>(Op::train) == 2);
  CHECK(count<Partly>(Op::update) == 0);
  CHECK(count<Partly>(Op::uniform) == 0);
  // Of the backward pass one product of a gradient is left: that of the last layer's matrix.
  CHECK(count<Trained>(Op::outer) == 3);
  CHECK(count<Partly>(Op::outer) == 1);
  CHECK(2 * step_count<Partly>() < step_count<Trained>());

  Model<Partly> model;
  CHECK(model.memory().parameters_size() == 2 * 16);  // 3 x 5 and 3, in cache lines
}

TEST_CASE("what is frozen stays as it is in training") {
  Model<Partly> model(2);
  const auto x = numbers(samples * 4, 1);
  const auto body = model.output_of<"0">(x);
  const auto before = values(model);
  Trainer trainer{model, CrossEntropy{}, Sgd{.learning_rate = 0.1}, batch<samples>};
  const double first = trainer.step(x, labels);
  for (int i = 0; i < 20; ++i) trainer.step(x, labels);
  const auto after = values(model);
  const std::size_t frozen = before.size() - 18;
  CHECK(std::equal(before.begin(), before.begin() + std::ptrdiff_t(frozen), after.begin()));
  CHECK(!std::equal(before.begin() + std::ptrdiff_t(frozen), before.end(),
                    after.begin() + std::ptrdiff_t(frozen)));
  CHECK(distance(model.output_of<"0">(x), body) == 0);
  CHECK(trainer.step(x, labels) < first);
}

TEST_CASE("a trained network is taken over by name") {
  Model<Trained> trained(1);
  Trainer trainer{trained, CrossEntropy{}, Sgd{.learning_rate = 0.1}, batch<samples>};
  const auto x = numbers(samples * 4, 1);
  for (int i = 0; i < 5; ++i) trainer.step(x, labels);

  SECTION("all of it, frozen in part") {
    Model<Partly> model(7);
    model.adopt(trained);
    CHECK(values(model) == values(trained));
    CHECK(distance(model(x), trained(x)) == 0);
  }
  SECTION("all but the head") {
    using New = ReplaceHead<Trained, Linear<7>, Relu, Linear<2>>;
    Model<New, Cpu, f64> model(7);
    const Matrix<double> head = model.parameter<"2.weight">();
    model.adopt(trained);
    CHECK(distance(model.parameter<"2.weight">(), head) == 0);
    CHECK(distance(model.parameter<"0.1.running_mean">(),
                   trained.parameter<"0.1.running_mean">()) == 0);
    CHECK(distance(model.output_of<"1">(std::vector<double>(x.begin(), x.end())),
                   trained.output_of<"1">(x)) < 1e-5);
  }
  SECTION("all but layers that are named") {
    struct Wider : Sequence<Input<4>, Body, Relu, Linear<9>> {};
    Model<Wider> model(7);
    const Matrix<float> head = model.parameter<"2.bias">();
    model.adopt<"2">(trained);
    CHECK(distance(model.parameter<"2.bias">(), head) == 0);
    CHECK(distance(model.output_of<"0">(x), trained.output_of<"0">(x)) == 0);
  }
}

TEST_CASE("a graph's head is replaced by name") {
  using Old = Graph<Node<"x", Input<4>>, Node<"stem", Linear<5>, "x">, Node<"branch", Tanh, "stem">,
                    Node<"sum", Add, "stem", "branch">, Node<"head", Linear<3>, "sum">>;
  Model<Old> old(1);
  // [head]
  tg::Model<tg::ReplaceHead<Old, tg::Linear<2>>> model;
  model.adopt(old);  // all but the new layer
  // [/head]
  const auto x = numbers(8, 1);
  CHECK(model(x).cols() == 2);
  CHECK(distance(model.output_of<"sum">(x), old.output_of<"sum">(x)) == 0);
}

TEST_CASE("a tied matrix is one in memory, training and files") {
  struct Net : Sequence<Input<4>, Tied<"w", Linear<4>>, Tanh, Tied<"w", Linear<4, no_bias>>> {};
  Model<Net> model(3), other(4);
  REQUIRE(model.variables().size() == 2);
  Trainer trainer{model, MeanSquaredError{}, Sgd{.learning_rate = 0.1}, batch<samples>};
  const auto x = numbers(samples * 4, 1), y = numbers(samples * 4, 2);
  for (int i = 0; i < 3; ++i) trainer.step(x, y);

  const auto path = std::filesystem::temp_directory_path() / "typegrad_tied.safetensors";
  model.save(path.string());
  other.load(path.string());
  std::filesystem::remove(path);
  CHECK(distance(other(x), model(x)) == 0);

  // It is the matrix of both places.
  const auto hidden = model.output_of<"1">(x);
  CHECK(distance(model(x), linear(model.parameter<"0.weight">(),
                                  Matrix<float>(Matrix<float>::Zero(4, 1)), hidden)) < 1e-5);
}
