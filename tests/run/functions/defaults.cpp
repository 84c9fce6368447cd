// Arguments that a call may leave out.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "tests/catch.hpp"

using namespace tg;

namespace {

struct Shifted {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2}), rate = s.scalar("rate", otherwise(0.5)),
              shift = s.input("shift", {2}, otherwise(3)), row = s.label("row", otherwise(1)),
              table = s.argument("table", {2, 2}, f32, otherwise(-1));
    return outputs(x * rate + shift, gather(table, row));
  }
};
struct AllDefaults {
  static constexpr auto define(Scope& s) {
    return outputs(s.input("x", {2}, i32, otherwise(7)) + s.argument("k", {}, i32, otherwise(2)));
  }
};
struct Middle {
  static constexpr auto define(Scope& s) {
    return outputs(s.scalar("a", otherwise(1)) - s.scalar("b"));
  }
};
struct TooLarge {
  static constexpr auto define(Scope& s) { return outputs(one_hot(s.label("y", otherwise(4)), 4)); }
};

}  // namespace

TEST_CASE("what a call leaves out has the value of the definition") {
  Function<Shifted> affine;
  for (std::size_t samples : {1, 3, 40, 2}) {
    const std::vector<float> x(2 * samples, 4);
    const auto [y, none] = affine(x);
    REQUIRE(y.rows() == Eigen::Index(samples));
    CHECK((y.array() == 5).all());
    CHECK((none.array() == -1).all());
    CHECK((affine(x, 2).get<0>().array() == 11).all());
    CHECK((affine(x, 2, std::vector<float>(x.size(), 1)).get<0>().array() == 9).all());
    CHECK((affine(x).get<0>().array() == 5).all());
  }
  const std::vector<float> two(2), table{1, 2, 3, 4};
  CHECK(affine(two, 0, two, 0, table).get<1>()(0, 1) == 2);
  CHECK(affine(two, 0, two, 0).get<1>()(0, 1) == -1);
}

TEST_CASE("integers; a call that gives nothing has one sample; a default in the middle is given") {
  Function<AllDefaults> all;
  const auto sums = all();
  REQUIRE(sums.rows() == 1);
  CHECK(sums(0, 1) == 9);
  CHECK(all(std::vector<int>{1, 2, 3, 4})(1, 0) == 5);
  Function<Middle> middle;
  CHECK(middle(1, 2) == -1);
  static_assert(std::is_invocable_v<Function<Middle>&, float, float>);
  Function<TooLarge> choose;
  CHECK(choose(2)(0, 2) == 1);
  CHECK_THROWS_WITH(choose(), test::contains("function: integer 4 at 0 of argument 0"));
}
