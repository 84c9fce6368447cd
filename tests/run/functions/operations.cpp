// Operations of one's own, and those that look at values: print, assert_that, breakpoint_if.
// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <unistd.h>

#include <typegrad/typegrad.hpp>

#include "tests/catch.hpp"
#include "tests/run/data/scratch.hpp"
#include "typegrad/runtime/verify_gradient.hpp"
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
    const Var x = s.input("x", {2}), seen = print<"x is">(x);
    return outputs(exp(seen) * 2, grad(sum(square(seen)), x));
  }
};

// An operation of one's own as a layer of a network with names, and in the steps of a loop.
struct CubeLayer {
  static constexpr Var define(Scope&, Var x) { return operation<Cube>(x); }
};
struct DotLayer {
  static constexpr Var define(Scope&, Var a, Var b) { return reshape(operation<Dot>(a, b), {1}); }
};
using Net = Graph<Node<"x", tg::Input<4>>, Node<"left", Sequence<Linear<3>, CubeLayer>, "x">,
                  Node<"right", Linear<3>, "x">, Node<"y", DotLayer, "left", "right">>;
struct CubeStep {
  static constexpr Next step(Scope&, Var x, Var sum) {
    return next(0.5 * sum + operation<Cube>(x));
  }
};
struct CubesInLoop {
  static constexpr Var define(Scope& s, Var x) {
    return scan<CubeStep>(s, over(x), from(s.constant(0, {2}))).last();
  }
};
struct Looped {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {3, 2});
    return outputs(CubesInLoop::define(s, x),
                   0.25 * pow(x[0], 3) + 0.5 * pow(x[1], 3) + pow(x[2], 3));
  }
};

// What is written to stdout while it runs.
template <class Run>
std::string text_of(Run run) {
  const test::Scratch scratch;
  std::fflush(stdout);
  const int before = dup(1), file = open(scratch.path("out").c_str(), O_CREAT | O_WRONLY, 0600);
  REQUIRE(dup2(file, 1) == 1);
  run();
  std::fflush(stdout);
  REQUIRE(dup2(before, 1) == 1);
  close(before), close(file);
  return scratch.read("out");
}

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

TEST_CASE("own operations are layers and steps: their gradients are right there, too") {
  for (const GradientReport& report :
       {verify_gradient<CubeLayer>(Shape{4}), verify_gradient<DotLayer>(Shape{4}, Shape{4}),
        verify_gradient<Net>(), verify_gradient<CubesInLoop>(Shape{3, 2})}) {
    INFO(report.text());
    CHECK(report);
  }
  Function<Looped, Cpu, f64> f;
  const auto [loop, expected] = f(std::vector<double>{1, 2, -3, 0.5, 2, -1});
  CHECK((loop - expected).cwiseAbs().maxCoeff() < 1e-12);
  const std::string text = debugprint<Looped, recorded>();
  CHECK(text.find("cube [id ") != std::string::npos);
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

TEST_CASE("print writes a line for each tile, and lets value and gradient through") {
  Function<Printed> f;
  float last = 0, slope = 0;
  const std::string text = text_of([&] {
    const auto [out, gradient] = f(std::vector<float>{0, 1, -3, 4});
    last = out(1, 1), slope = gradient(1, 0);
  });
  CHECK(text == "x is samples 0 to 1: min -3 mean 0.5 max 4\n");
  CHECK(last == Approx(2 * std::exp(4.0)));
  CHECK(slope == -6);
}
