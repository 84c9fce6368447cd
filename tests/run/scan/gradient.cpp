// Gradients through loops against central differences, and against loops that are written out.
// SPDX-License-Identifier: MIT
#include "tests/run/gradient/finite_differences.hpp"
#include "typegrad/graph/scan.hpp"

namespace tg::test {
namespace {

struct Recurrence {  // of one sample: x (2), h (3); W (3, 2), U (3, 3) are shared
  static constexpr Next step(Scope&, Var x, Var h, Var W, Var U) {
    return next(tanh(matmul(W, x) + matmul(U, h)));
  }
};
struct Shared {  // all of it shared: x (), h (2), c (2)
  static constexpr Next step(Scope&, Var x, Var h, Var c) {
    return next(sin(h * c + x)).output(x * h);
  }
};
struct Fibonacci {
  static constexpr Next step(Scope&, Var x, Var before, Var last, Var a) {
    return next(tanh(a * before + last * x));
  }
};
struct Delayed {  // what a step gives is the state before it; its weight is declared in it
  static constexpr Next step(Scope& s, Var x, Var h) {
    return next(tanh(s.argument("W", {}) * x + h)).output(h);
  }
};
struct Bounded {  // ends when the state is large
  static constexpr Next step(Scope&, Var x, Var h, Var a) {
    const Var following = a * h + exp(x);
    return next(following).until(less(6, following));
  }
};

constexpr int steps_of_twenty = 20;

struct Leaves {
  Lab<double> lab{3};
  Var x = lab.input({steps_of_twenty, 2}, noise<double>(3 * steps_of_twenty * 2, 1));
  Var h = lab.shared({3}, noise<double>(3, 2));
  Var W = lab.shared({3, 2}, noise<double>(6, 3));
  Var U = lab.shared({3, 3}, noise<double>(9, 4));
  Var c = lab.input({steps_of_twenty, 3}, noise<double>(3 * steps_of_twenty * 3, 5));
  Var d = lab.input({3}, noise<double>(9, 6));

  // What every step leaves counts, and the last state again.
  template <auto... Options>
  Var cost() {
    const Loop loop = scan<Recurrence, Options...>(lab.scope, over(x), from(h), W, U);
    return sum(loop.states() * c) + sum(loop.last() * d);
  }
};

// All gradients of both costs are the same.
void check_equal(Lab<double>& lab, Var cost, Var expected) {
  Differentiated one(lab, cost), other(lab, expected);
  CHECK(one.cost() == Approx(other.cost()).epsilon(1e-14));
  for (int leaf = 0; leaf < int(lab.leaves.size()); ++leaf) {
    INFO("leaf " << leaf);
    CHECK(distance(one.gradient(leaf), other.gradient(leaf)) < 1e-13);
  }
}

TEST_CASE("gradients flow back through twenty steps") {
  Leaves leaves;
  check_gradients(leaves.lab, leaves.cost<>());
}
TEST_CASE("and through loops that go backwards") {
  Leaves leaves;
  check_gradients(leaves.lab, leaves.cost<backwards>());
}
TEST_CASE("checkpoints change no gradient") {
  Leaves leaves;
  check_equal(leaves.lab, leaves.cost<checkpoint<5>>(), leaves.cost<>());
  check_gradients(leaves.lab, leaves.cost<checkpoint<4>>());
}
TEST_CASE("a loop's gradients are those of its steps written out") {
  Leaves leaves;
  check_equal(leaves.lab, leaves.cost<>(), leaves.cost<unrolled>());
}

TEST_CASE("a loop of shared values") {
  Lab<double> lab(2);
  const Var x = lab.shared({6}, noise<double>(6, 1)), h = lab.shared({2}, noise<double>(2, 2));
  const Var c = lab.shared({2}, noise<double>(2, 3)), d = lab.input({6, 2}, noise<double>(24, 4));
  const Loop loop = scan<Shared>(lab.scope, over(x), from(h), c);
  check_gradients(lab, sum(loop.states() * d) + sum(loop.outputs() * d) + sum(loop.last() * h));
}

TEST_CASE("states that are read several steps back") {
  Lab<double> lab(2);
  const Var x = lab.input({7}, noise<double>(14, 1)), first = lab.shared({3}, noise<double>(3, 2));
  const Var a = lab.shared({}, {0.7});
  check_gradients(
      lab, sum(square(scan<Fibonacci>(lab.scope, over(x), from<-3, -1>(first), a).states())));
}

TEST_CASE("a weight that is felt one step later") {
  Lab<double> lab(2);
  const Var x = lab.input({5}, noise<double>(10, 1));
  const Loop loop = scan<Delayed>(lab.scope, over(x), from(lab.scope.constant(0.5)));
  ir::Recording& recording = *lab.recording;
  const Var W{&recording.builder, recording.leaves.back().node};
  lab.leaves.push_back(W);
  lab.memory.push_back({0.6});
  const Var slope = grad(sum(loop.outputs()), W);
  REQUIRE_FALSE(recording.fault());
  (void)slope;
  check_gradients(lab, sum(square(loop.outputs())));
}

TEST_CASE("the way back ends where the loop did") {
  Lab<double> lab(4);
  const Var x = lab.input({8}, noise<double>(32, 1)), h = lab.input({}, {0.1, 0.5, 2, -3});
  const Var a = lab.shared({}, {1.1});
  const Loop loop = scan<Bounded>(lab.scope, over(x), from(h), a);
  check_gradients(lab, sum(loop.last() * loop.last()) + sum(loop.states()));
}

TEST_CASE("a truncated gradient goes back so many steps") {
  Leaves leaves;
  constexpr int back = 5, before = steps_of_twenty - back;
  Scope& s = leaves.lab.scope;
  // By hand: what came before the last five steps does not change.
  const Loop first =
      scan<Recurrence, steps<before>>(s, over(leaves.x), from(leaves.h), leaves.W, leaves.U);
  const Loop rest = scan<Recurrence>(s, over(slice(leaves.x, 0, before, back)),
                                     from(stop_gradient(first.last())), leaves.W, leaves.U);
  const Var by_hand = sum(rest.states() * slice(leaves.c, 0, before, back)) +
                      sum(rest.last() * leaves.d) +
                      stop_gradient(sum(first.states() * slice(leaves.c, 0, 0, before)));
  const Loop loop = scan<Recurrence, truncate_gradient<back>>(s, over(leaves.x), from(leaves.h),
                                                              leaves.W, leaves.U);
  const Var cost = sum(loop.states() * leaves.c) + sum(loop.last() * leaves.d);
  Differentiated one(leaves.lab, cost), other(leaves.lab, by_hand);
  for (const int leaf : {0, 1, 2, 3, 5}) {
    INFO("leaf " << leaf);
    CHECK(distance(one.gradient(leaf), other.gradient(leaf)) < 1e-13);
  }
  CHECK(one.gradient(1) == Numbers<double>{0, 0, 0});
}

TEST_CASE("the gradient of a gradient goes through both loops") {
  Lab<double> lab(2);
  const Var x = lab.input({4, 2}, noise<double>(16, 1)), h = lab.shared({3}, noise<double>(3, 2));
  const Var W = lab.shared({3, 2}, noise<double>(6, 3)),
            U = lab.shared({3, 3}, noise<double>(9, 4));
  const Loop loop = scan<Recurrence>(lab.scope, over(x), from(h), W, U);
  const Var cost = sum(square(loop.states()));
  check_gradients(lab, sum(square(grad(cost, U))) + sum(square(grad(cost, x))), 1e-6);
}

}  // namespace
}  // namespace tg::test
