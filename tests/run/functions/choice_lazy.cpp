// What tg::ifelse does not take is not computed.
// SPDX-License-Identifier: MIT
#include <atomic>

#include "tests/catch.hpp"
#include "tests/counted.hpp"
#include "typegrad/graph/ifelse.hpp"
#include "typegrad/graph/statistics.hpp"
#include "typegrad/runtime/function.hpp"

namespace tg::test {
namespace {

std::atomic<int> taken_tiles{0}, other_tiles{0};  // for which the two branches were computed

struct Taken {
  static constexpr Var define(Scope&, Var x, Var w) {
    return operation<CountedSine<taken_tiles>>(x * w);
  }
};
struct Other {
  static constexpr Var define(Scope&, Var x, Var w) {
    return operation<CountedSine<other_tiles>>(x) + w;
  }
};
struct Choose {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {3}), w = s.shared("w", {3});
    const Var y = ifelse<Taken, Other>(s, s.scalar("c"), x, w);
    return outputs(y, grad(sum(y), x), grad(sum(y), w));
  }
};
struct ForEach {
  static constexpr Var define(Scope& s) {
    const Var x = s.input("x", {3}), w = s.shared("w", {3});
    return ifelse<Taken, Other>(s, s.input("c", {}), x, w);
  }
};

}  // namespace

TEMPLATE_TEST_CASE("the branch that is not taken is not computed", "[functions]",
                   (Function<Choose>), (Function<Choose, Cpu, fast_compile>)) {
  Shared<Choose> state;
  TestType f{state};
  const std::vector<float> x(300 * 3, 0.5f);
  for (const bool taken : {true, false}) {
    taken_tiles = other_tiles = 0;
    const auto results = f(x, taken ? 1.0f : 0.0f);
    CHECK((taken_tiles > 0) == taken);
    CHECK((other_tiles > 0) == !taken);
    CHECK(std::get<0>(results)(299, 2) == Approx(taken ? 0 : std::sin(0.5)).margin(1e-6));
  }
}

TEMPLATE_TEST_CASE("where samples differ, only their tiles compute both", "[functions]",
                   (Function<ForEach, Cpu, batch<512>>),
                   (Function<ForEach, Cpu, batch<512>, fast_compile>)) {
  Shared<ForEach> state;
  TestType f{state};
  const std::vector<float> x(512 * 3, 0.5f);
  std::vector<float> c(512, 1.0f);
  taken_tiles = other_tiles = 0;
  f(x, c);
  const int tiles = taken_tiles;
  CHECK(other_tiles == 0);
  c[100] = 0;
  taken_tiles = other_tiles = 0;
  f(x, c);
  CHECK(taken_tiles == tiles);
  CHECK(other_tiles == 1);
}

}  // namespace tg::test
