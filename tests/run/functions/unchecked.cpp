// What tg::unchecked and tg::allow_unused_inputs leave out.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "tests/catch.hpp"

using namespace tg;

namespace {

struct Asserting {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2}), positive = assert_that<"x is positive">(x, x > 0);
    return outputs(3 * positive, grad(sum(square(positive)), x));
  }
};
struct Hot {
  static constexpr auto define(Scope& s) {
    return outputs(one_hot(s.label("y"), 4) * s.argument("k", {4}));
  }
};
struct Unused {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2});
    (void)s.input("mask", {2});
    return outputs(x + s.input("y", {2}));
  }
};

template <class F>
void check_asserting() {
  F f;
  const auto [three, slope] = f(std::vector<float>{1, -2});
  CHECK(three(0, 1) == -6);
  CHECK(slope(0, 1) == -4);
}

}  // namespace

// Whose default is another mode than fast_run removes them as well.
static_assert(times_fired<Asserting, unchecked>("remove_assertion") == 1);
static_assert(times_fired<Asserting, unchecked, no_optimisation>("remove_assertion") == 1);
static_assert(times_fired<Asserting, include<"arithmetic">>("remove_assertion") == 0);
static_assert(times_fired<Hot, unchecked>("remove_assertion") == 0);

TEST_CASE("assertions are checked, unless a function says that they hold") {
  Function<Asserting> checked;
  CHECK_THROWS_WITH(checked(std::vector<float>{1, -2}), test::contains("x is positive"));
  check_asserting<Function<Asserting, Cpu, unchecked>>();
  check_asserting<Function<Asserting, Cpu, unchecked, no_optimisation>>();
}

TEST_CASE("an unchecked call takes what it is given for right") {
  const std::vector<float> k{1, 2, 3, 4};
  Function<Hot> checked;
  Function<Hot, Cpu, unchecked, batch<4>> f;
  const std::vector<int> labels{3, 1, 2};
  CHECK(Matrix<float>(f(labels, k)) == Matrix<float>(checked(labels, k)));
  CHECK_THROWS_AS(checked(7, k), tg::Error);
  CHECK((f(7, k).array() == 0).all());  // no such class: none of them
}

TEST_CASE("an unused input may be allowed, and is no argument then") {
  Function<Unused, Cpu, allow_unused_inputs> sum;
  CHECK(sum(std::vector<float>{1, 2}, std::vector<float>{3, 4})(0, 1) == 6);
}
