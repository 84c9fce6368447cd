// Outputs by name: of symbols, leaves and derivatives.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "tests/catch.hpp"

using namespace tg;

namespace {

struct Monitor {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2}), w = s.shared("w", {2});
    const Var out = s.named("out", w * x), cost = s.named("cost", sum(square(out)));
    return outputs(out, cost, grad(cost, w), w, s.named("again", w * x), cost + 1);
  }
};

}  // namespace

TEST_CASE("a result is found by its symbol's name, and by its place") {
  Shared<Monitor> state;
  state.get<"w">() << 2, 3;
  Function<Monitor> monitor{state};
  const auto result = monitor(std::vector<float>{1, 10});
  CHECK(result.get<"cost">() == 904);
  CHECK(result.get<1>() == 904);
  CHECK(std::get<1>(result) == 904);
  CHECK(result.get<"out">()(0, 1) == 30);
  CHECK(result.get<"again">().data() == result.get<"out">().data());
  CHECK(result.get<"dcost/dw">()(1) == 600);
  CHECK(result.get<"w">()(1) == 3);
  auto [out, cost, slope, w, again, more] = monitor(std::vector<float>{1, 0});
  CHECK(cost == 4);
  CHECK(more == 5);
  CHECK(slope(0) == 4);
  CHECK(out(0, 0) == again(0, 0));
  CHECK(w(0) == 2);
  cost += more;
  CHECK(cost == 9);
  const auto& [same_out, same_cost, s3, s4, s5, s6] = result;
  CHECK(same_cost == 904);
  CHECK(same_out.data() == result.get<"out">().data());
  static_assert(std::tuple_size_v<std::decay_t<decltype(result)>> == 6);
}
