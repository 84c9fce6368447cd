// Loops by the reference: values that a plain loop would give.
// SPDX-License-Identifier: MIT
#include "tests/run/reference/lab.hpp"
#include "typegrad/graph/scan.hpp"

namespace tg::test {
namespace {

struct CumulativeSum {
  static constexpr Next step(Scope&, Var x, Var sum) { return next(sum + x); }
};
struct Power {
  static constexpr Next step(Scope&, Var power, Var a) { return next(power * a); }
};
struct Fibonacci {
  static constexpr Next step(Scope&, Var before, Var last) { return next(before + last); }
};
struct Differences {
  static constexpr Var step(Scope&, Var before, Var now) { return now - before; }
};
struct Twice {
  static constexpr Var step(Scope&, Var x) { return 2 * x; }
};
struct UntilLarge {
  static constexpr Next step(Scope&, Var x) { return next(2 * x).until(less(10, 2 * x)); }
};
struct LessRest {
  static constexpr Next step(Scope&, Var x, Var rest) { return next(x - rest); }
};
struct Together {  // sequences a, b; states x, y; c is the same in every step
  static constexpr Next step(Scope&, Var a, Var b, Var x, Var y, Var c) {
    return next(x + a * c, y - b).output(a * b, x * y);
  }
};

using Values = Numbers<double>;

TEST_CASE("a state is carried from step to step") {
  Lab<double> lab(2);
  const Var x = lab.input({4}, {1, 2, 3, 4, 10, 20, 30, 40});
  const Loop loop = scan<CumulativeSum>(lab.scope, over(x), from(lab.scope.constant(0)));
  CHECK(lab(loop.states()) == Values{1, 3, 6, 10, 10, 30, 60, 100});
  CHECK(lab(loop.last()) == Values{10, 100});
  CHECK(lab(loop.count()) == Values{4});
}

TEST_CASE("Theano's A**k: golden G2") {
  Lab<double> lab;
  const Var a = lab.shared({10}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  const Var one = lab.scope.constant(1, {10});
  CHECK(lab(scan<Power, steps<2>>(lab.scope, from(one), a).last()) ==
        Values{0, 1, 4, 9, 16, 25, 36, 49, 64, 81});
  CHECK(lab(scan<Power, steps<4>>(lab.scope, from(one), a).last()) ==
        Values{0, 1, 16, 81, 256, 625, 1296, 2401, 4096, 6561});
  CHECK(lab(scan<Power, steps<0>>(lab.scope, from(one), a).last()) == Values(10, 1));
}

TEST_CASE("a state may be read several steps back") {
  Lab<double> lab;
  const Var first = lab.shared({2}, {0, 1});
  CHECK(lab(scan<Fibonacci, steps<8>>(lab.scope, from<-2, -1>(first)).states()) ==
        Values{1, 2, 3, 5, 8, 13, 21, 34});
}

TEST_CASE("a sequence may be read at several places") {
  Lab<double> lab;
  const Var x = lab.shared({5}, {1, 4, 9, 16, 25});
  CHECK(lab(map<Differences>(lab.scope, over<-1, 0>(x))) == Values{3, 5, 7, 9});
}

TEST_CASE("backwards is the other order") {
  Lab<double> lab;
  const Var x = lab.shared({3}, {1, 2, 3});
  const Var zero = lab.scope.constant(0);
  CHECK(lab(map<Twice, backwards>(lab.scope, over(x))) == Values{6, 4, 2});
  CHECK(lab(foldl<LessRest>(lab.scope, over(x), from(zero))) == Values{3 - (2 - (1 - 0))});
  const Loop loop = scan<CumulativeSum, backwards>(lab.scope, over(x), from(zero));
  CHECK(lab(loop.states()) == Values{3, 5, 6});
  CHECK(lab(loop.states_by_row()) == Values{6, 5, 3});
  CHECK(lab(foldr<LessRest>(lab.scope, over(x), from(zero))) == Values{1 - (2 - (3 - 0))});
}

TEST_CASE("a condition ends the loop, for each sample by itself") {
  Lab<double> lab(3);
  const Var x = lab.input({}, {1, 3, 20});
  const Loop loop = scan<UntilLarge, steps<6>>(lab.scope, from(x));
  CHECK(lab(loop.last()) == Values{16, 12, 40});
  CHECK(lab(loop.count()) == Values{4, 2, 1});
  CHECK(lab(loop.states()) == Values{2, 4, 8, 16, 0, 0, 6, 12, 0, 0, 0, 0, 40, 0, 0, 0, 0, 0});
}

TEST_CASE("the number of steps may be given at run time") {
  for (const double count : {0., 1., 3., 4., 9.}) {
    Lab<double> lab;
    const Var x = lab.shared({4}, {1, 2, 3, 4}), n = lab.shared({}, {count});
    const Loop loop =
        scan<CumulativeSum>(lab.scope, over(x), from(lab.scope.constant(5)), times(n));
    Values rows(4, 0);
    double sum = 5;
    for (int t = 0; t < 4 && t < count; ++t) rows[std::size_t(t)] = sum += t + 1;
    CHECK(lab(loop.states()) == rows);
    CHECK(lab(loop.last()) == Values{sum});
    CHECK(lab(loop.count()) == Values{std::min(count, 4.)});
  }
}

template <auto... Options>
Values together(int which) {
  Lab<double> lab(2);
  const Var a = lab.input({6}, noise<double>(12, 1)), b = lab.input({6}, noise<double>(12, 2));
  const Var x = lab.shared({}, {0.5}), y = lab.input({}, {0.25, 2}), c = lab.shared({}, {3});
  const Loop loop = scan<Together, Options...>(lab.scope, over(a), over(b), from(x), from(y), c);
  const Var results[] = {loop.states(0),        loop.states(1),        loop.outputs(0),
                         loop.outputs(1),       loop.last(0),          loop.last(1),
                         loop.states_by_row(1), loop.outputs_by_row(0)};
  return lab(results[which]);
}

TEST_CASE("unrolled and with checkpoints it is the same") {
  for (int which = 0; which < 8; ++which) {
    CHECK(together<unrolled>(which) == together<>(which));
    CHECK(together<checkpoint<3>>(which) == together<>(which));
    CHECK(together<backwards, unrolled>(which) == together<backwards>(which));
    CHECK(together<backwards, checkpoint<2>>(which) == together<backwards>(which));
  }
}

}  // namespace
}  // namespace tg::test
