// Whole graphs by the reference: samples, updates, outputs, settings, names, random leaves,
// strides.
// SPDX-License-Identifier: MIT
#include <cmath>

#include "tests/run/reference/lab.hpp"

namespace tg::test {
namespace {

struct Zeros {
  constexpr Var define(Scope& s, const Shape& shape) const { return s.constant(0, shape); }
};
struct Settings {
  float rate = 0.5f;
  double momentum = 0.25;
};

void output(Var x, int index) {
  ir::emit(x.builder(), Op::output, x.shape(), x.dtype(), ir::operands(x), {std::int16_t(index)});
}

}  // namespace

TEST_CASE("per-sample values are the samples', shared values are made once", "[reference]") {
  Lab<double> lab(3);
  const Var x = lab.input({2}, {1, 2, 3, 4, 5, 6}), w = lab.shared({2}, {10, 100});
  CHECK(lab(x * w) == Numbers<double>{10, 200, 30, 400, 50, 600});
  CHECK(lab(w + w) == Numbers<double>{20, 200});
  CHECK(lab(sum(x, within)) == Numbers<double>{3, 7, 11});
  CHECK(lab(batch_sum(x)) == Numbers<double>{9, 12});
  CHECK(lab(batch_mean(x)) == Numbers<double>{3, 4});
  CHECK(lab(sum(x)) == Numbers<double>{21});
  CHECK(lab(mean(x)) == Numbers<double>{3.5});
  CHECK(lab(batch_sum(w)) == Numbers<double>{30, 300});
  CHECK(lab(lab.scope.samples()) == Numbers<double>{3});
  CHECK(lab(lab.scope.constant(2, {3})) == Numbers<double>{2, 2, 2});
  // What was made across samples is used per sample again.
  CHECK(lab(x - batch_mean(x)) == Numbers<double>{-2, -2, 0, 0, 2, 2});
}

TEST_CASE("an op that is across sums its results over the samples", "[reference]") {
  Lab<double> lab(2);
  const Var a = lab.input({2}, {1, 2, 3, 4}), b = lab.input({2}, {1, 10, 100, 1000});
  ir::Node node = outer(a, b).node();
  node.across = true;
  node.space = ir::Space::shared;
  CHECK(lab({a.builder(), a.builder()->append(node)}) == Numbers<double>{301, 3010, 402, 4020});
}

TEST_CASE("updates happen at once, outputs are found by their number", "[reference]") {
  ir::Recording recording;
  Scope s(recording);
  s.enter(3);
  const Var a = s.shared("a", {2}, Zeros{}), b = s.shared("b", {2}, Zeros{});
  s.leave();
  s.update(a, b);
  s.update(b, a + b);
  output(a * 2, 1);
  output(b * 3, 0);
  double first[] = {1, 2}, second[] = {10, 20};
  reference::Bindings<double> bindings(recording);
  bindings.set("3.a", first).set("3.b", second);
  for (int step = 0; step < 2; ++step) {
    reference::Evaluation<double> evaluation(bindings);
    if (step == 0) {
      CHECK(evaluation.output(1)[1] == 4);
      CHECK(evaluation.output()[1] == 60);
      CHECK_THROWS_WITH(evaluation.output(2), contains("no output 2"));
    }
    int count = 0;
    evaluation.update([&](int leaf, const double* values, int size) {
      REQUIRE(size == 2);
      std::copy(values, values + size, leaf == a.node().attributes[0] ? first : second);
      ++count;
    });
    CHECK(count == 2);
  }
  CHECK(first[0] == 11);   // what b was after the first step
  CHECK(second[1] == 42);  // 20 + 22
}

TEST_CASE("settings come as numbers or from their aggregate", "[reference]") {
  ir::Recording recording;
  Scope s(recording);
  const Var y = s.setting<&Settings::rate>() + 10 * s.setting<&Settings::momentum>();
  reference::Bindings<double> bindings(recording);
  bindings.settings(Settings{});
  CHECK(reference::Evaluation<double>(bindings).value(y)[0] == 3);
  bindings.set<&Settings::momentum>(1);
  CHECK(reference::Evaluation<double>(bindings).value(y)[0] == 10.5);
}

TEST_CASE("a leaf without values is named, unless nothing depends on it", "[reference]") {
  ir::Recording recording;
  Scope s(recording);
  s.enter("stem");
  s.enter(10);
  const Var w = s.parameter("weight", {1}, Zeros{});
  s.leave();
  s.leave();
  const Var x = s.input("x", {1}), y = x * 2;
  const double number = 3;
  reference::Bindings<double> bindings(recording);
  bindings.set("x", &number);
  reference::Evaluation<double> evaluation(bindings);
  CHECK(evaluation.value(y)[0] == 6);
  CHECK_THROWS_WITH(evaluation.value(w), contains("parameter 'stem.10.weight' has no values"));
  for (const char* wrong :
       {"weight", "stem.10", "stem.10.weight.", "10.weight", "stem.1.weight", ""}) {
    INFO(wrong);
    CHECK_THROWS_WITH(bindings.set(wrong, &number), contains("'" + std::string(wrong) + "'"));
  }
  CHECK(ir::leaf_named(recording, "stem.10.weight") == w.node().attributes[0]);
}

TEST_CASE("random numbers belong to name, seed, step, sample and element", "[reference]") {
  Lab<double> lab(5);
  lab.scope.enter(2);
  const Var u = lab.scope.uniform("noise", {7}), other = lab.scope.uniform("noise two", {7});
  const Var z = lab.scope.normal("normal", {7});
  lab.scope.leave();
  lab.seed = 11;
  const Numbers<double> numbers = lab(u), normals = lab(z);
  const std::uint64_t key = reference::random_key(*lab.recording, u.node().attributes[0], 11);
  const std::uint64_t normal_key =
      reference::random_key(*lab.recording, z.node().attributes[0], 11);
  CHECK(key == reference::random_key(hash("2.noise"), 11));
  for (int sample = 0; sample < 5; ++sample)
    for (int element = 0; element < 7; ++element) {
      CHECK(numbers[sample * 7 + element] == uniform<double>(random_bits(key, sample, element)));
      const double first = 1 - uniform<double>(random_bits(normal_key, sample, element / 2 * 2));
      const double angle =
          6.283185307179586 * uniform<double>(random_bits(normal_key, sample, element / 2 * 2 + 1));
      const double expected =
          std::sqrt(-2 * std::log(first)) * (element % 2 == 0 ? std::cos(angle) : std::sin(angle));
      CHECK(normals[sample * 7 + element] == Approx(expected).epsilon(1e-12).margin(1e-12));
    }
  CHECK(lab(other) != numbers);
  lab.samples = 2;
  CHECK(lab(u) == Numbers<double>(numbers.begin(), numbers.begin() + 14));
  lab.step = 1;
  CHECK(lab(u) != Numbers<double>(numbers.begin(), numbers.begin() + 14));
  lab.step = 0;
  lab.seed = 12;
  CHECK(lab(u) != Numbers<double>(numbers.begin(), numbers.begin() + 14));
}

TEST_CASE("uniform and normal numbers are distributed so, the same in float and double",
          "[reference]") {
  const int count = 100000;
  const auto draw = [&]<class T>(T, Op op) {
    ir::Recording recording;
    Scope s(recording, Purpose::initial);
    const Var x = op == Op::uniform ? s.uniform("x", {count}) : s.normal("x", {count});
    reference::Bindings<T> bindings(recording, 5);
    reference::Evaluation<T> evaluation(bindings);
    const T* values = evaluation.value(x);
    return Numbers<T>(values, values + count);
  };
  struct Moments {
    Op op;
    double mean, variance, fourth;  // central moments
  };
  for (const Moments& m :
       {Moments{Op::uniform, 0.5, 1 / 12.0, 1 / 80.0}, Moments{Op::normal, 0, 1, 3}}) {
    INFO(name_of(m.op));
    const Numbers<double> x = draw(double(), m.op);
    const Numbers<float> rounded = draw(float(), m.op);
    double mean = 0, variance = 0, fourth = 0, neighbours = 0;
    for (int i = 0; i < count; ++i) {
      const double d = x[i] - m.mean;
      mean += d / count, variance += d * d / count, fourth += d * d * d * d / count;
      neighbours += i == 0 ? 0 : d * (x[i - 1] - m.mean) / count;
      REQUIRE(rounded[i] == float(x[i]));
      if (m.op == Op::uniform) REQUIRE((x[i] >= 0 && x[i] < 1));
    }
    const double sigma =
        5 / std::sqrt(double(count));  // five standard deviations of a mean of `count`
    CHECK(std::abs(mean) < sigma * std::sqrt(m.variance));
    CHECK(std::abs(variance - m.variance) < sigma * std::sqrt(m.fourth));
    CHECK(std::abs(fourth - m.fourth) < sigma * 10 * m.fourth);
    CHECK(std::abs(neighbours) < sigma * m.variance);
  }
}

TEST_CASE("one node over strided elements is the same", "[reference]") {
  const int lanes = 3;
  const auto strided = [&](Var y, const Numbers<double>& dense) {
    const ir::Graph& graph = y.builder()->graph;
    const ir::Node& node = y.node();
    const ir::Node* operands[ir::max_operands] = {};
    Numbers<double> spread[ir::max_operands];
    reference::View<const double> in[ir::max_operands];
    for (int i = 0; i < node.operands(); ++i) {
      operands[i] = &graph[node.operand[i]];
      const Numbers<double> x =
          noise<double>(operands[i]->shape.size(), std::uint64_t(node.operand[i]));
      spread[i].assign(x.size() * lanes, NAN);
      for (std::size_t k = 0; k < x.size(); ++k) spread[i][k * lanes] = x[k];
      in[i] = {spread[i].data(), lanes};
    }
    Numbers<double> out(std::size_t(node.shape.size() * lanes), -7), picked;
    reference::compute<double>(node, operands, in, {out.data() + 1, lanes});
    for (std::size_t k = 0; k < out.size(); ++k) {
      if (k % lanes == 1)
        picked.push_back(out[k]);
      else
        CHECK(out[k] == -7);
    }
    INFO(name_of(node.op));
    CHECK(picked == dense);
  };
  Lab<double> lab;
  const auto leaf = [&](const Shape& shape) {
    return lab.shared(shape,
                      noise<double>(shape.size(), std::uint64_t(lab.recording->graph().size())));
  };
  const Var x = leaf({2, 6, 6}), w = leaf({4, 2, 3, 3}), y = leaf({4, 4, 4}), a = leaf({3, 5}),
            b = leaf({5, 4}), u = leaf({5}), v = leaf({3}), p = leaf({2, 3, 3});
  const PoolWindow pools{{2, 2}, {2, 2}};
  const Var nodes[] = {
      exp(u),
      u + u,
      select(u, u, u),
      reshape(a, {15}),
      broadcast(v, {2, 3}),
      transpose(a, {1, 0}),
      sum(a, 0),
      max(a, 1),
      argmax(a, 1),
      softmax(a),
      log_softmax(a, 0),
      matmul(a, u),
      matmul(a, b),
      ir::matmul(b, a, true, true),
      outer(u, v),
      convolution(x, w),
      convolution_input_gradient(y, w, x.shape(), {}),
      convolution_weight_gradient(x, y, w.shape(), {}),
      max_pool(x, pools),
      average_pool(x, pools),
      ir::emit(x.builder(), Op::max_pool_gradient, x.shape(), x.dtype(), ir::operands(x, p),
               pools.attributes()),
      ir::emit(x.builder(), Op::average_pool_gradient, x.shape(), x.dtype(), ir::operands(p),
               pools.attributes()),
      ir::emit(a.builder(), Op::orthogonal, a.shape(), a.dtype(), ir::operands(a))};
  for (const Var& node : nodes) strided(node, lab(node));
}

TEST_CASE("a graph that no reference can evaluate says so", "[reference]") {
  ir::Recording recording;
  Scope s(recording);
  const Var x = s.scalar("x");
  ir::Node node{.op = Op::gradient, .operand = ir::operands(x, x)};
  const Var y{x.builder(), x.builder()->append(node)};
  const double number = 1;
  reference::Bindings<double> bindings(recording);
  bindings.set(x, &number);
  reference::Evaluation<double> evaluation(bindings);
  CHECK_THROWS_WITH(evaluation.value(y), contains("cannot evaluate gradient"));
}

}  // namespace tg::test
