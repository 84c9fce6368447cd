// Gradients of whole definitions: known derivatives, uses of a gradient, networks against finite
// differences.
// SPDX-License-Identifier: MIT
#include "finite_differences.hpp"

namespace tg::test {
namespace {

// The value of a symbol that may depend on gradients.
Numbers<double> value(Lab<double>& lab, Var x) {
  ir::emit(x.builder(), Op::output, x.shape(), x.dtype(), ir::operands(x));
  const auto graph = std::make_unique<ir::Graph>(passes::gradient(lab.recording->graph()));
  REQUIRE_FALSE(graph->fault);
  REQUIRE(ir::first_wrong_node(*graph) == -1);
  reference::Bindings<double> bindings(*lab.recording);
  for (std::size_t i = 0; i < lab.memory.size(); ++i)
    bindings.set(lab.leaves[i], lab.memory[i].data());
  reference::Evaluation<double> evaluation(*graph, bindings, lab.samples);
  const int id = graph->size() - 1;
  return {evaluation.value(id), evaluation.value(id) + evaluation.size(id)};
}

}  // namespace

TEST_CASE("derivatives by hand", "[gradient]") {
  Lab<double> lab(2);
  const Var x = lab.input({2}, {1, 2, 3, 4}), w = lab.shared({2}, {5, 6});
  CHECK(value(lab, grad(sum(x * w), w)) == Numbers<double>{4, 6});
  CHECK(value(lab, grad(mean(x * w), w)) == Numbers<double>{1, 1.5});
  CHECK(value(lab, grad(sum(x * w), x)) == Numbers<double>{5, 6, 5, 6});
  CHECK(value(lab, grad(sum(x * x), x)) == Numbers<double>{2, 4, 6, 8});
  CHECK(value(lab, grad(sum(x), x)) == Numbers<double>{1, 1, 1, 1});
  CHECK(value(lab, grad(sum(w), w)) == Numbers<double>{2, 2});  // once for each sample
  CHECK(value(lab, grad(sum(w, within), w)) == Numbers<double>{1, 1});
  CHECK(value(lab, grad(sum(w * w * w, within), w)) == Numbers<double>{75, 108});
}

TEST_CASE("what is used several times gets the sum of what each use says", "[gradient]") {
  Lab<double> lab;
  const Var x = lab.shared({3}, {0.5, -2, 3});
  const Numbers<double> slope = value(lab, grad(sum(x * x + sin(x) * x, within), x));
  for (std::size_t i = 0; i < 3; ++i) {
    const double at = lab.memory[0][i];
    CHECK(slope[i] == Approx(2 * at + std::sin(at) + at * std::cos(at)).epsilon(1e-14));
  }
}

TEST_CASE("a gradient of something in between, of nothing, and of several", "[gradient]") {
  Lab<double> lab(2);
  const Var x = lab.input({2}, {1, 2, 3, 4}), w = lab.shared({2}, {5, 6}),
            other = lab.shared({3}, {7, 8, 9});
  const Var h = x * w, cost = sum(h * h);
  CHECK(value(lab, grad(cost, h)) == Numbers<double>{10, 24, 30, 48});
  CHECK(value(lab, grad(cost, other, zero_if_disconnected)) == Numbers<double>{0, 0, 0});
  CHECK(value(lab, grad(cost, cost)) == Numbers<double>{1});
  const auto [dx, dw] = grad(cost, x, w);
  CHECK(value(lab, dx) == Numbers<double>{50, 144, 150, 288});
  CHECK(value(lab, dw) == Numbers<double>{100, 240});
}

TEST_CASE("no gradient flows through stop_gradient", "[gradient]") {
  Lab<double> lab;
  const Var w = lab.shared({2}, {5, 6});
  CHECK(value(lab, grad(sum(w * stop_gradient(w)), w)) == Numbers<double>{5, 6});
}

TEST_CASE("kinks: a maximum's gradient goes to the first of equals, relu's at 0 is 0",
          "[gradient]") {
  Lab<double> lab;
  const Var a = lab.shared({3}, {1, 2, 2}), b = lab.shared({3}, {1, 2, 3});
  CHECK(value(lab, grad(sum(maximum(a, b)), a)) == Numbers<double>{1, 1, 0});
  CHECK(value(lab, grad(sum(maximum(a, b)), b)) == Numbers<double>{0, 0, 1});
  CHECK(value(lab, grad(sum(minimum(a, b)), b)) == Numbers<double>{0, 0, 0});
  CHECK(value(lab, grad(sum(max(a, 0)), a)) == Numbers<double>{0, 1, 0});
  CHECK(value(lab, grad(sum(relu(a - 2)), a)) == Numbers<double>{0, 0, 0});
  CHECK(value(lab, grad(sum(abs(a - 2)), a)) == Numbers<double>{-1, 0, 0});
}

TEST_CASE("a maximum over any axes", "[gradient]") {
  for (int mask = 1; mask < 8; ++mask) {
    INFO("axes " << mask);
    Lab<double> lab;
    const Var x = lab.shared({2, 3, 4}, noise<double>(24, 8)), y = ir::reduce(Op::max, x, mask);
    check_gradients(lab, sum(y * y));
  }
}

TEST_CASE("a gradient's gradient", "[gradient]") {
  Lab<double> lab(3);
  const Var x = lab.input({4}, noise<double>(12, 1)), w = lab.shared({3, 4}, noise<double>(12, 2));
  const Var cost = mean(square(tanh(matmul(w, x))));
  check_gradients(lab, sum(square(grad(cost, w)), within));

  const Var slope = grad(sum(w * w * w, within), w), curvature = grad(sum(slope, within), w);
  const Numbers<double> found = value(lab, curvature);
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(6 * lab.memory[1][i]));
}

TEST_CASE("costs that share a graph each have their own gradients", "[gradient]") {
  Lab<double> lab(2);
  const Var x = lab.input({2}, {1, 2, 3, 4}), w = lab.shared({2}, {5, 6}), h = x * w;
  const Var first = grad(sum(h), w), second = grad(sum(h * h), w);
  CHECK(value(lab, first) == Numbers<double>{4, 6});
  CHECK(value(lab, second) == Numbers<double>{100, 240});
  CHECK(value(lab, first + second) == Numbers<double>{104, 246});
}

TEST_CASE("a convolutional network with a cross-entropy", "[gradient]") {
  Lab<double> lab(3);
  const Var x = lab.input({1, 8, 8}, noise<double>(192, 1)), y = lab.label({0, 2, 1});
  const Var w1 = lab.shared({4, 1, 3, 3}, noise<double>(36, 2)),
            b1 = lab.shared({4, 1, 1}, noise<double>(4, 3)),
            w2 = lab.shared({2, 2, 3, 3}, noise<double>(36, 4)),
            w3 = lab.shared({3, 8}, noise<double>(24, 5)),
            b3 = lab.shared({3}, noise<double>(3, 6));
  const Var h1 = max_pool(relu(convolution(x, w1, {.padding = {1, 1}}) + b1), {{2, 2}, {2, 2}});
  const Var h2 = flatten(tanh(convolution(h1, w2, {.groups = 2})));
  const Var logits = matmul(w3, h2) + b3;
  check_gradients(lab, -mean(pick(log_softmax(logits), y)), 1e-6);
}

TEST_CASE("batch and layer normalisation, which look across samples and features", "[gradient]") {
  Lab<double> lab(5);
  const Var x = lab.input({4}, noise<double>(20, 1)), gain = lab.shared({4}, noise<double>(4, 2)),
            shift = lab.shared({4}, noise<double>(4, 3)),
            target = lab.input({4}, noise<double>(20, 4));
  const Var centred = x - batch_mean(x),
            batch = centred / sqrt(batch_mean(square(centred)) + 1e-5) * gain + shift;
  const Var deviation = batch - mean(batch, within);
  const Var layer = deviation / sqrt(mean(square(deviation), within) + 1e-5);
  check_gradients(lab, mean(square(layer - target)), 1e-6);
}

}  // namespace tg::test
