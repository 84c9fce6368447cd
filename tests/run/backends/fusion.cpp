// Element-wise work on more values than one kernel has places for.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/fillers/constant.hpp"

namespace tg::test {
namespace {

// ((x a0 + b0) a1 + b1) a2 + …
struct Horner {
  static constexpr Var define(Scope& s, Var x) {
    Var y = x;
    for (int i = 0; i < 20; ++i) {
      s.enter(i);
      const Var a = s.parameter("a", x.shape(), Constant{1});
      const Var b = s.parameter("b", x.shape(), Constant{1});
      s.leave();
      y = y * a + b;
    }
    return y;
  }
};

}  // namespace

TEST_CASE("a long chain of parameters", "[backends]") {
  check_layer<Horner, 3>();
  check_latency<Horner, 3>();
}

}  // namespace tg::test
