// Loops on the CPU: states read several steps back, ends that each sample has for itself, shared
// values among them.
// SPDX-License-Identifier: MIT
#include "steps.hpp"

namespace tg::test {
namespace {

struct Fibonacci {
  static constexpr Next step(Scope&, Var x, Var before, Var last, Var a) {
    return next(tanh(a * before + last * x)).output(before * last);
  }
};
struct Taps {  // x (rows, 2)
  static constexpr Var define(Scope& s, Var x) {
    const Var a = s.parameter("a", {2}, One{});
    const Loop loop = scan<Fibonacci>(s, over(x), from<-3, -1>(slice(x, 0, 0, 3)), a);
    return concatenate({loop.states(), loop.outputs()}, 1);
  }
};

struct Growing {  // ends when the first number is large
  static constexpr Next step(Scope&, Var x, Var h, Var a) {
    const Var following = a * h + exp(x);
    return next(following).until(less(4, reshape(slice(following, 0, 0, 1), {})));
  }
};
struct Ends {
  static constexpr Var define(Scope& s, Var x) {
    const Var a = s.parameter("a", {2}, One{});
    const Loop loop = scan<Growing>(s, over(x), from(s.constant(0.25, {2})), a);
    const Var rows = loop.states();
    return concatenate({reshape(loop.last(), {1, 2}), rows, broadcast(loop.count(), {1, 2})});
  }
};

struct Shared {  // what the samples share, and what it makes of theirs
  static constexpr Next step(Scope&, Var w, Var x, Var g, Var h) {
    return next(sin(g + w), h * g + x).output(g * g);
  }
};
struct Mixed {
  static constexpr Var define(Scope& s, Var x) {
    const Var w = s.parameter("w", {x.shape()[0], 2}, One{}), g = s.parameter("g", {2}, One{});
    const Loop loop = scan<Shared>(s, over(w), over(x), from(g), from(s.constant(0.5, {2})));
    return loop.states(1) * broadcast(loop.last(0), {1, 2}) + loop.outputs();
  }
};

struct Sharing {  // all of it shared
  static constexpr Next step(Scope&, Var w, Var g) { return next(sin(g + w)); }
};
struct OfParameters {
  static constexpr Var define(Scope& s, Var x) {
    const Var w = s.parameter("w", {5, 2}, One{}), g = s.parameter("g", {2}, One{});
    const Loop loop = scan<Sharing>(s, over(w), from(g));
    return x * loop.last() + sum(loop.states(), 0);
  }
};

struct ATimes {  // as many steps as an argument says
  static constexpr Var define(Scope& s, Var x) {
    const Var a = s.parameter("a", {2}, One{});
    const Loop loop = scan<Fibonacci, backwards>(s, over(x), from<-2, -1>(slice(x, 0, 0, 2)), a,
                                                 times(3 + s.parameter("n", {}, One{})));
    return concatenate({loop.states_by_row(), loop.outputs()}, 1);
  }
};

}  // namespace

TEST_CASE("states that are read several steps back, on the CPU") { check_layer<Taps, 6, 2>(); }
TEST_CASE("each sample ends for itself, on the CPU") { check_layer<Ends, 6, 2>(); }
TEST_CASE("shared and other states in one loop, on the CPU") { check_layer<Mixed, 6, 2>(); }
TEST_CASE("a loop over shared values, on the CPU") { check_layer<OfParameters, 2>(); }
TEST_CASE("steps that are counted at run time, on the CPU") { check_layer<ATimes, 6, 2>(); }
TEST_CASE("one sample, other loops") {
  check_latency<Taps, 6, 2>();
  check_latency<Ends, 6, 2>();
  check_latency<Mixed, 6, 2>();
  check_latency<OfParameters, 2>();
  check_latency<ATimes, 6, 2>();
}

}  // namespace tg::test
