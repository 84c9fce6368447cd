// Products of what samples share: their kernel, what is fused behind it, and accumulation in place.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "tests/catch.hpp"

using namespace tg;

namespace {

struct Products {
  static constexpr auto define(Scope& s) {
    const Var a = s.argument("a", {5, 37}), b = s.argument("b", {37, 21}),
              v = s.argument("v", {37}), u = s.argument("u", {5});
    const Var many = s.argument("many", {3, 4, 6});
    return outputs(matmul(a, b), matmul(transpose(b), transpose(a)), matmul(a, v), matmul(u, a),
                   outer(u, v), matmul(many, transpose(many, {0, 2, 1})),
                   tanh(matmul(a, b) * 0.5 + 1), matmul(a, b * b) - outer(u, matmul(v, b)));
  }
};

// Z accumulates, W takes a step of outer products, A is what its own product was.
struct Accumulate {
  static constexpr auto define(Scope& s) {
    const Var Z = s.shared("Z", {18, 20}), W = s.shared("W", {18, 20}), A = s.shared("A", {18, 18}),
              x = s.argument("x", {18, 20}), d = s.argument("d", {18});
    s.update(Z, 0.5 * Z + 2 * matmul(A, x));
    s.update(W, W - 0.1 * outer(d, sum(x, 0)));
    return outputs(mean(d));
  }
};
struct Square {
  static constexpr auto define(Scope& s) {
    const Var A = s.shared("A", {18, 18});
    s.update(A, matmul(A, A) + A);
    return outputs(sum(A));
  }
};
// A weight that every sample reads is changed where it lies, once its gradient is there.
struct Learn {
  static constexpr auto define(Scope& s) {
    const Var W = s.shared("W", {3, 4}), x = s.input("x", {4});
    const Var cost = mean(square(matmul(W, x)));
    s.update(W, W - 0.1 * grad(cost, W));
    return outputs(cost);
  }
};
// Not where it is also a result: that is the value before the call.
struct LearnAndTell {
  static constexpr auto define(Scope& s) {
    const Var W = s.shared("W", {3, 4}), x = s.input("x", {4});
    s.update(W, W - 0.1 * grad(mean(square(matmul(W, x))), W));
    return outputs(W);
  }
};

template <class F>
using Plan = typename runtime::PlanOf<F, Purpose::inference, f32>::L;
template <class F>
constexpr int copies() {
  int count = 0;
  for (const cpu::StepPlan& step : Plan<F>::plan.steps) count += step.kind == cpu::StepKind::copy;
  return count;
}
// Products are computed into what they are added to; no matrix needs memory.
static_assert(copies<Accumulate>() == 0 && Plan<Accumulate>::plan.shared_size < 18 * 20);
static_assert(copies<Square>() == 1 && copies<Learn>() == 0);

template <class T>
Matrix<T> noise(int rows, int columns) {
  return Matrix<T>::Random(rows, columns);
}
template <class A, class B>
double difference(const A& a, const B& b) {
  return double((a - b).cwiseAbs().maxCoeff());
}

}  // namespace

TEST_CASE("products of what samples share are Eigen's", "[cpu]") {
  constexpr double tolerance = 2e-5;
  using T = float;
  Function<Products> f;
  const Matrix<T> a = noise<T>(5, 37), b = noise<T>(37, 21), v = noise<T>(37, 1),
                  u = noise<T>(5, 1), many = noise<T>(12, 6);
  const auto [ab, swapped, av, ua, uv, squares, curved, rest] = f(a, b, v, u, many);
  const Matrix<T> product = a.lazyProduct(b);
  CHECK(difference(ab, product) < tolerance);
  CHECK(difference(swapped, product.transpose()) < tolerance);
  CHECK(difference(av, a.lazyProduct(v)) < tolerance);
  CHECK(difference(ua.transpose(), u.transpose().lazyProduct(a)) < tolerance);
  CHECK(difference(uv, u.lazyProduct(v.transpose())) < tolerance);
  for (int h = 0; h < 3; ++h) {
    const auto one = many.middleRows(4 * h, 4);
    const Eigen::Map<const Matrix<T>> square(squares.data() + 16 * h, 4, 4);
    CHECK(difference(square, one.lazyProduct(one.transpose())) < tolerance);
  }
  CHECK(difference(curved, product.unaryExpr([](T x) { return std::tanh(x / 2 + 1); })) <
        tolerance);
  const Matrix<T> squared = b.cwiseProduct(b), row = v.transpose().lazyProduct(b);
  CHECK(difference(rest, a.lazyProduct(squared) - u.lazyProduct(row)) < tolerance);
}

TEST_CASE("a product is added to a variable where that lies", "[cpu]") {
  Shared<Accumulate, Square> state;
  Function<Accumulate> accumulate{state};
  Function<Square> square{state};
  Matrix<float> A = noise<float>(18, 18), Z = noise<float>(18, 20), W = noise<float>(18, 20);
  const Matrix<float> x = noise<float>(18, 20), d = noise<float>(18, 1);
  state.get<"A">() = A, state.get<"Z">() = Z, state.get<"W">() = W;
  for (int call = 0; call < 3; ++call) {
    accumulate(x, d);
    Z = (0.5f * Z + 2 * A.lazyProduct(x)).eval();
    W -= 0.1f * d.lazyProduct(x.colwise().sum());
    CHECK(difference(state.get<"Z">(), Z) < 1e-4);
    CHECK(difference(state.get<"W">(), W) < 1e-4);
  }
  CHECK(square() == Approx(A.sum()).margin(1e-3));
  CHECK(difference(state.get<"A">(), A.lazyProduct(A) + A) < 1e-4);
}

TEST_CASE("a weight that samples read is changed after the last of them", "[cpu]") {
  Shared<Learn, LearnAndTell> state;
  Function<Learn> learn{state};
  Function<LearnAndTell> tell{state};
  const Matrix<float> x = noise<float>(300, 4);  // several chunks of samples
  Matrix<float> W = noise<float>(3, 4);
  state.get<"W">() = W;
  for (int call = 0; call < 4; ++call) {
    const Matrix<float> y = x.lazyProduct(W.transpose());
    const Matrix<float> gradient = y.transpose().lazyProduct(x) * (2.f / float(y.size()));
    if (call % 2 == 0)
      CHECK(learn(x) == Approx(y.squaredNorm() / float(y.size())).epsilon(1e-4));
    else
      CHECK(difference(tell(x), W) < 1e-6);
    W -= 0.1f * gradient;
    CHECK(difference(state.get<"W">(), W) < 1e-5);
  }
}
