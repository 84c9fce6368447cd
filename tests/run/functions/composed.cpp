// Functions made of others: resident data, parts of a graph, a trained model, rules of one's own.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "tests/catch.hpp"

using namespace tg;

namespace {

constexpr int inputs = 6, classes = 3, rows = 40;

struct Regression {
  Var x, y, W, b, p, cost;
  constexpr explicit Regression(Scope& s)
      : x{s.input("x", {inputs})},
        y{s.label("y")},
        W{s.shared("W", {classes, inputs})},
        b{s.shared("b", {classes})},
        p{softmax(matmul(W, x) + b)},
        cost{-mean(log(pick(p, y)))} {}
};
struct Train {
  static constexpr Var define(Scope& s) {
    const Regression m{s};
    const auto [gW, gb] = grad(m.cost, m.W, m.b);
    s.update(m.W, m.W - 0.5f * gW);
    s.update(m.b, m.b - 0.5f * gb);
    return m.cost;
  }
};
// The same over data that stay where they are, chosen by index.
struct TrainByIndex {
  static constexpr Var define(Scope& s) {
    const Var index = s.label("index");
    s.given("x", gather(s.shared("images", {rows, inputs}), index));
    s.given("y", reshape(cast(gather(s.shared("labels", {rows, 1}), index), i32), {}));
    return Train::define(s);
  }
};

// Momentum by a variable of one's own.
struct ByHand {
  static constexpr Var define(Scope& s) {
    const Regression m{s};
    const auto [gW, gb] = grad(m.cost, m.W, m.b);
    const Var vW = s.shared("vW", m.W.shape()), vb = s.shared("vb", m.b.shape());
    const Var new_vW = 0.9 * vW + gW, new_vb = 0.9 * vb + gb;
    s.update(vW, new_vW);
    s.update(vb, new_vb);
    s.update(m.W, m.W - 0.1 * new_vW);
    s.update(m.b, m.b - 0.1 * new_vb);
    return m.cost;
  }
};
using Net = Sequence<Input<inputs>, Linear<classes>>;

struct Shifted {
  static constexpr Var define(Scope& s) {
    const Var x = s.input("x", {2});
    const Var out = sum(exp(x) * x, within);
    return substitute(out, x, x + 1);
  }
};

// What a network thinks of its neighbours: a function on a model's own parameters.
struct Confidence {
  static constexpr Var define(Scope& s) { return max(softmax(Net::define(s)), {0}); }
};

// The same filters on images of other sizes, and flipped, as Theano's conv2d has them.
template <int Size>
struct Filtered {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {1, Size, Size});
    const Var y = s.layer<"conv", Conv<2, 3>>(x);
    return outputs(mean(y), max(y, within));
  }
};
struct Flipped {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {1, 3, 3}), w = s.shared("w", {1, 1, 2, 2});
    return outputs(
        convolution(x, w), convolution(x, flip(flip(w, 2), 3)),
        convolution(x, w, {.padding = full_padding}) - convolution(x, w, {.padding = {1, 1}}));
  }
};

std::vector<float> images() {
  std::vector<float> x(rows * inputs);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = float((i * 37 % 101)) / 101 - 0.5f;
  return x;
}
std::vector<std::int32_t> labels() {
  std::vector<std::int32_t> y(rows);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = std::int32_t(i * 7 % 5 % classes);
  return y;
}

}  // namespace

TEST_CASE("training by index over resident data is training by batches") {
  const auto x = images();
  const auto y = labels();
  Shared<Train> fed;
  Function<Train> train{fed};
  Shared<TrainByIndex> resident;
  Function<TrainByIndex> by_index{resident};
  std::copy(x.begin(), x.end(), resident.get<"images">().data());
  std::copy(y.begin(), y.end(), resident.get<"labels">().data());
  for (int step = 0; step < 5; ++step) {
    const int first = step * 8;
    std::vector<std::int32_t> index(8);
    for (int i = 0; i < 8; ++i) index[std::size_t(i)] = first + i;
    const float expected = train(std::span(x).subspan(std::size_t(first * inputs), 8 * inputs),
                                 std::span(y).subspan(std::size_t(first), 8));
    CHECK(by_index(index) == expected);
  }
  CHECK(Matrix<float>(fed.get<"W">()) == Matrix<float>(resident.get<"W">()));
}

TEST_CASE("momentum written by hand is that of Sgd") {
  const auto x = images();
  const auto y = labels();
  Shared<ByHand> state;
  Function<ByHand> train{state};
  Model<Net> model;
  model.parameter<"0.weight">().setZero();
  model.parameter<"0.bias">().setZero();
  Trainer trainer{model, CrossEntropy{}, Sgd{.learning_rate = 0.1f, .momentum = 0.9f}, batch<rows>};
  for (int step = 0; step < 10; ++step)
    CHECK(train(x, y) == Approx(trainer.step(x, y)).epsilon(1e-6));
  CHECK((state.get<"W">() - model.parameter<"0.weight">()).cwiseAbs().maxCoeff() < 1e-6f);
}

TEST_CASE("a symbol is computed from something else") {
  Function<Shifted, Cpu, f64> f;
  const std::vector<double> x{0.25, -1};
  CHECK(f(x)(0) == Approx(std::exp(1.25) * 1.25));
}

TEST_CASE("a function on a model's parameters sees what the model learns") {
  const auto x = images();
  const auto y = labels();
  Model<Net> model;
  Function<Confidence> confidence{model};
  model.parameter<"0.weight">().setZero();
  model.parameter<"0.bias">().setZero();
  CHECK(confidence(x)(0) == Approx(1.0 / classes));
  Trainer trainer{model, CrossEntropy{}, Sgd{.learning_rate = 0.5f}, batch<rows>};
  for (int step = 0; step < 20; ++step) trainer.step(x, y);
  CHECK(confidence(x)(0) > 1.05f / classes);
}

TEST_CASE("one set of filters serves images of any size") {
  Shared<Filtered<28>, Filtered<32>> state;
  Function<Filtered<28>> small{state};
  Function<Filtered<32>> large{state};
  state.get<"conv.weight">().setConstant(2);
  state.get<"conv.bias">().setConstant(1);
  CHECK(std::get<0>(small(std::vector<float>(28 * 28, 0.5f))) == 10);
  CHECK(std::get<1>(large(std::vector<float>(32 * 32, 0.25f)))(0) == 5.5f);
}

TEST_CASE("a convolution correlates; with flipped filters it is Theano's") {
  Shared<Flipped> state;
  Function<Flipped> f{state};
  for (int i = 0; i < 4; ++i) state.get<"w">().data()[i] = float(i + 1);  // 1 2 / 3 4
  const auto [correlated, convolved, nothing] = f(std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8, 9});
  const float along[] = {37, 47, 67, 77}, against[] = {23, 33, 53, 63};
  for (int i = 0; i < 4; ++i) {
    CHECK(correlated(0, i) == along[i]);
    CHECK(convolved(0, i) == against[i]);
  }
  CHECK(nothing.cols() == 16);
  CHECK((nothing.array() == 0).all());
}
