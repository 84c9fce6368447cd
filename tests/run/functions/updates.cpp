// Updates: all from the values before the call, in place only where nobody notices.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "tests/catch.hpp"

using namespace tg;

namespace {

struct Swap {
  static constexpr auto define(Scope& s) {
    const Var a = s.shared("a", {5}), b = s.shared("b", {5});
    s.update(a, b);
    s.update(b, a);
    return outputs(a, b);
  }
};

// Fibonacci's pair: each needs the other's old value.
struct Fibonacci {
  static constexpr auto define(Scope& s) {
    const Var a = s.shared("a", {5}), b = s.shared("b", {5});
    s.update(a, b);
    s.update(b, a + b);
    return outputs(a + b);
  }
};

struct Reversed {
  static constexpr auto define(Scope& s) {
    const Var a = s.shared("a", {2, 3}), b = s.shared("b", {3, 2});
    s.update(a, transpose(b, {1, 0}));
    s.update(b, transpose(a, {1, 0}) + b);
    return outputs(a);
  }
};

struct Counter {
  static constexpr auto define(Scope& s) {
    const Var n = s.shared("n", {}, i32);
    s.update(n, n + 1);
    return outputs(n);
  }
};

}  // namespace

TEST_CASE("two variables swap, and outputs are what they were") {
  Shared<Swap> state;
  Function<Swap> swap{state};
  for (int i = 0; i < 5; ++i) state.get<"a">()(i) = float(i), state.get<"b">()(i) = float(10 + i);
  for (int call = 0; call < 3; ++call) {
    const bool swapped = call % 2 == 1;
    const auto [a, b] = swap();
    for (int i = 0; i < 5; ++i) {
      CHECK(a(i) == float(swapped ? 10 + i : i));
      CHECK(b(i) == float(swapped ? i : 10 + i));
      CHECK(state.get<"a">()(i) == float(swapped ? i : 10 + i));
      CHECK(state.get<"b">()(i) == float(swapped ? 10 + i : i));
    }
  }
}

TEST_CASE("each update sees the others' old values") {
  Shared<Fibonacci> state;
  Function<Fibonacci> next{state};
  state.get<"b">().setOnes();
  const float expected[] = {1, 2, 3, 5, 8, 13};
  for (float sum : expected) CHECK(next()(4) == sum);
  CHECK(state.get<"a">()(0) == 8);
  CHECK(state.get<"b">()(0) == 13);
}

TEST_CASE("updates through transpositions") {
  Shared<Reversed> state;
  Function<Reversed> step{state};
  for (int i = 0; i < 6; ++i) {
    state.get<"a">()(i / 3, i % 3) = float(i);
    state.get<"b">()(i / 2, i % 2) = float(10 * i);
  }
  const auto before = step();
  for (int row = 0; row < 2; ++row)
    for (int column = 0; column < 3; ++column) {
      const float a = float(3 * row + column), b = float(10 * (2 * column + row));
      CHECK(before(row, column) == a);
      CHECK(state.get<"a">()(row, column) == b);
      CHECK(state.get<"b">()(column, row) == a + b);
    }
}

TEST_CASE("an integer counts calls") {
  Shared<Counter> state;
  Function<Counter> count{state};
  for (int call = 0; call < 4; ++call) CHECK(count() == call);
  static_assert(std::is_same_v<decltype(count()), std::int32_t>);
}
