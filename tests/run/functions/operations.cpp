// Operations of one's own, and those that look at values: print, assert_that, breakpoint_if.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "tests/catch.hpp"
#include "typegrad/views/inspect.hpp"

using namespace tg;

namespace {

// x^3, element by element.
struct Cube {
  static constexpr const char* name = "cube";
  template <class T>
  static constexpr T value(T x) {
    return x * x * x;
  }
  static constexpr Var gradient(Var x, Var, Var dy) { return 3 * x * x * dy; }
};
// The dot product of its operands, by its meaning alone.
struct Dot {
  static constexpr const char* name = "own dot";
  static constexpr Shape shape(const Shape&, const Shape&) { return {}; }
  template <class T>
  static constexpr void compute(const OperationCall<T>& call) {
    call.out[0] = 0;
    for (int i = 0; i < call.shape[0].size(); ++i) call.out[0] += call.in[0][i] * call.in[1][i];
  }
  static constexpr std::array<Var, 2> gradient(Var a, Var b, Var, Var dy) {
    return {dy * b, dy * a};
  }
};

struct Mixed {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {5}), w = s.shared("w", {5});
    const Var own = operation<Cube>(operation<Dot>(operation<Cube>(x), w));
    const Var same =
        operation<Dot>(x * x * x, w) * operation<Dot>(pow(x, 3), w) * sum(w * x * x * x, within);
    return outputs(own, same, grad(sum(own), w), grad(sum(same), w), operation<Cube>(w));
  }
};

struct Squares {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2}), y = s.input("y", {2});
    const Var mse = sum(square(x - y), within);
    return outputs(breakpoint_if<"MSE too high">(mse > 100, mse));
  }
};

struct Positive {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2});
    const Var root = sqrt(assert_that<"roots of positive numbers only">(x, x > 0));
    s.update(s.shared("total", {}), sum(root));
    return outputs(root, grad(sum(root), x));
  }
};

struct Printed {
  static constexpr auto define(Scope& s) {
    return outputs(exp(print<"x is">(s.input("x", {2}))) * 2);
  }
};

int stops = 0;
BreakpointCall last{};

}  // namespace

TEMPLATE_TEST_CASE_SIG("own operations in both layouts, per sample and shared", "",
                       ((DType dtype, int capacity), dtype, capacity), (f32, 64), (f64, 64),
                       (f32, 1), (f64, 1)) {
  using F = Function<Mixed, Cpu, dtype, batch<capacity>>;
  using T = typename F::Element;
  Shared<F> state;
  F f{state};
  const int samples = capacity == 1 ? 1 : 37;
  std::vector<T> x(std::size_t(5 * samples));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = T(0.3) * T(i * 7 % 11) - T(1);
  for (int i = 0; i < 5; ++i) state.template get<"w">()(i) = T(0.2) * T(i + 1);
  const auto [own, same, down, same_down, cubes] = f(x);
  for (int i = 0; i < samples; ++i) CHECK(own(i) == Approx(same(i)).epsilon(1e-4).margin(1e-4));
  for (int i = 0; i < 5; ++i) {
    CHECK(down(i) == Approx(same_down(i)).epsilon(1e-4).margin(1e-4));
    const double w = 0.2 * (i + 1);
    CHECK(cubes(i) == Approx(w * w * w));
  }
}

TEST_CASE("a breakpoint stops where its condition holds, and nowhere else") {
  breakpoint_handler = [](const BreakpointCall& call) { ++stops, last = call; };
  Function<Squares> f;
  CHECK(f(std::vector<float>{10, 0}, std::vector<float>{10, 5})(0) == 25);
  CHECK(stops == 0);
  CHECK(f(std::vector<float>{0, 0}, std::vector<float>{10, 5})(0) == 125);
  CHECK(stops == 1);
  CHECK(std::string(last.name) == "MSE too high");
  std::vector<float> x(20 * 2, 0.0f), y(20 * 2, 1.0f);
  y[13 * 2] = 50;
  breakpoint_handler = [](const BreakpointCall& call) {
    ++stops;
    CHECK(call.sample == 13);
    CHECK(call.at(0) == 2501);
  };
  f(x, y);
  CHECK(stops == 2);
}

TEST_CASE("an assertion that fails is an error, and updates are not made") {
  Shared<Positive> state;
  Function<Positive> f{state};
  std::vector<float> x(200, 4.0f);
  const auto [root, gradient] = f(x);
  CHECK(root(99, 1) == 2);
  CHECK(gradient(99, 1) == 0.25f);
  CHECK(state.get<"total">()(0) == 400);
  x[150] = -1;
  CHECK_THROWS_WITH(f(x), Catch::Matchers::StartsWith("roots of positive numbers only at "));
  CHECK(state.get<"total">()(0) == 400);
}

TEST_CASE("what is printed goes through") {
  Function<Printed> f;
  CHECK(f(std::vector<float>{0, 1})(0, 1) == Approx(2 * std::exp(1.0)));
}
