// Loops in every mode: what they give, and formulas written by hand that are finite at 1e4 and
// -1e4, seen through loops.
// SPDX-License-Identifier: MIT
#include <cmath>

#include "tests/catch.hpp"
#include "typegrad/graph/scan.hpp"
#include "typegrad/runtime/function.hpp"

namespace tg::test {
namespace {

constexpr int rows = 3, classes = 4, samples = 2;

struct Softmax {
  static constexpr Var step(Scope&, Var x) { return softmax(x); }
};
struct LogSoftmax {
  static constexpr Var step(Scope&, Var x) { return log(softmax(x)); }
};
struct Log {
  static constexpr Var step(Scope&, Var x) { return log(x); }
};
struct LogOnePlus {
  static constexpr Next step(Scope&, Var x, Var sum) { return next(sum + log(1 + exp(x))); }
};

struct ByHand {
  static constexpr std::array<Var, 5> of(Scope& s, Var x) {
    return {map<LogSoftmax>(s, over(x)),           // within a loop
            log(map<Softmax>(s, over(x))),         // of what a loop left
            map<Log>(s, over(softmax(x))),         // of what a loop reads
            map<Log>(s, over(1 / (1 + exp(-x)))),  //
            reduce<LogOnePlus>(s, over(x), from(s.constant(0, {classes})))};
  }
};
struct Stable {
  static constexpr std::array<Var, 5> of(Scope&, Var x) {
    return {log_softmax(x), log_softmax(x), log_softmax(x), -softplus(-x), sum(softplus(x), 0)};
  }
};
template <class Which>
struct WithGradients {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {rows, classes});
    const auto all = Which::of(s, x);
    std::array<Var, 10> results;
    for (std::size_t i = 0; i < all.size(); ++i) {
      results[2 * i] = all[i];
      results[2 * i + 1] = grad(sum(square(all[i]) * 1e-4), x);
    }
    return results;
  }
};

// A recurrent layer with weights that are no parameters: what it gives, and a gradient.
struct Tanh {
  static constexpr Next step(Scope&, Var x, Var h, Var W, Var U) {
    const Var following = tanh(matmul(W, x) + matmul(U, h));
    return next(following).output(matmul(U, following) * 0.5);
  }
};
struct Recurrent {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {rows, classes});
    const Var W = sin(reshape(s.iota(12), {3, 4})), U = cos(reshape(s.iota(9), {3, 3}));
    const Loop loop = scan<Tanh, backwards>(s, over(x), from(s.constant(0.5, {3})), W, U);
    const Var y = loop.states() + loop.outputs();
    return outputs(y, grad(sum(square(y)), x));
  }
};

template <class F>
std::vector<std::vector<double>> results(double scale) {
  Random random(7, 1);
  std::vector<double> x;
  for (int i = 0; i < samples * rows * classes; ++i)
    x.push_back(scale > 1 ? scale * (int(random.below(3)) - 1) : random.between(-1, 1));
  F function;
  std::vector<std::vector<double>> all;
  std::apply(
      [&](const auto&... map) { (all.emplace_back(map.data(), map.data() + map.size()), ...); },
      function(x));
  return all;
}

template <class F, class Expected>
void check_equal(double scale) {
  const auto got = results<F>(scale), expected = results<Expected>(scale);
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i)
    for (std::size_t k = 0; k < expected[i].size(); ++k) {
      INFO("result " << i << ", number " << k);
      REQUIRE(std::isfinite(got[i][k]));
      REQUIRE(got[i][k] == Approx(expected[i][k]).epsilon(1e-12).margin(1e-12));
    }
}

template <auto... Options>
void check_mode() {
  check_equal<Function<WithGradients<ByHand>, Cpu, f64, Options...>,
              Function<WithGradients<Stable>, Cpu, f64>>(1e4);
  check_equal<Function<Recurrent, Cpu, f64, Options...>, Function<Recurrent, Cpu, f64>>(1);
}

}  // namespace

TEST_CASE("loops: fast_run", "[scan]") {
  check_mode<fast_run>();
  check_mode<exclude<"hoist">>();
}
TEST_CASE("loops: fast_compile", "[scan]") { check_mode<fast_compile>(); }
TEST_CASE("loops: no_optimisation", "[scan]") { check_mode<no_optimisation>(); }

}  // namespace tg::test
