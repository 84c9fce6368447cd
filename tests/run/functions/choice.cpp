// tg::ifelse: one of two branches, computed alone.
// SPDX-License-Identifier: MIT
#include "tests/catch.hpp"
#include "typegrad/graph/ifelse.hpp"
#include "typegrad/graph/mathematics.hpp"
#include "typegrad/graph/statistics.hpp"
#include "typegrad/layers/all.hpp"
#include "typegrad/networks/all.hpp"
#include "typegrad/runtime/check_passes.hpp"
#include "typegrad/runtime/function.hpp"
#include "typegrad/runtime/verify_gradient.hpp"

namespace tg::test {
namespace {

struct SineOf {
  static constexpr Var define(Scope&, Var x, Var w) { return sin(x * w); }
};
struct CosineOf {
  static constexpr Var define(Scope&, Var x, Var w) { return cos(x) + w; }
};

// The condition is one for the call, or one for each sample.
template <bool per_sample>
struct Choose {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {3}), w = s.shared("w", {3});
    const Var c = per_sample ? s.input("c", {}) : s.scalar("c");
    const Var y = ifelse<SineOf, CosineOf>(s, c, x, w);
    return outputs(y, grad(sum(y), x), grad(sum(y), w));
  }
};
// Layers are branches, each with a level of names for its parameters.
struct Deep {
  static constexpr Var define(Scope& s, Var x) {
    return s.layer<"deep", Sequence<Linear<5>, Tanh, Linear<2>>>(x);
  }
};
struct Shallow {
  static constexpr Var define(Scope& s, Var x) { return s.layer<"shallow", Linear<2>>(x); }
};
struct Layers {
  static constexpr Var define(Scope& s, Var x) {
    return ifelse<Deep, Shallow>(s, sum(x, within) > 0, x);
  }
};

}  // namespace

TEST_CASE("a choice has the value and the gradients of the branch that is taken", "[functions]") {
  Shared<Choose<true>> state;
  Function<Choose<true>> f{state};
  for (int i = 0; i < 3; ++i) state.get<"w">()(i) = 0.5f + float(i);
  const int samples = 37;
  std::vector<float> x(samples * 3), c(samples);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 0.1f * float(i % 17) - 0.7f;
  for (std::size_t i = 0; i < c.size(); ++i) c[i] = float(int(i % 3) - 1);  // -1 is true, too
  const auto [y, dx, dw] = f(x, c);
  double slope[3] = {};
  for (int i = 0; i < samples; ++i)
    for (int j = 0; j < 3; ++j) {
      const double at = x[std::size_t(3 * i + j)], w = 0.5 + j;
      const bool taken = c[std::size_t(i)] != 0;
      CHECK(y(i, j) == Approx(taken ? std::sin(at * w) : std::cos(at) + w).margin(1e-6));
      CHECK(dx(i, j) == Approx(taken ? w * std::cos(at * w) : -std::sin(at)).margin(1e-6));
      slope[j] += taken ? at * std::cos(at * w) : 1;
    }
  for (int j = 0; j < 3; ++j) CHECK(dw(j) == Approx(slope[j]).epsilon(1e-5));
}

TEST_CASE("layers are branches", "[functions]") {
  const GradientReport report = verify_gradient<Layers>({.samples = 5}, Shape{4});
  INFO(report.text());
  CHECK(report);
  CHECK(report.checked == 5 * 4 + 4 * 5 + 5 + 5 * 2 + 2 + 4 * 2 + 2);
}

TEST_CASE("passes leave a choice what it is", "[functions]") {
  CHECK(check_passes<Choose<true>, f64>());
  CHECK(check_passes<Choose<false>, f64>());
}

}  // namespace tg::test
