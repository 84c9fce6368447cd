// Masked layers skip the steps that all samples of a tile mask; so do loops in other layouts,
// modes, and of values that samples share.
// SPDX-License-Identifier: MIT
#include "ends.hpp"
#include "typegrad/layers/recurrent.hpp"

namespace tg::test {
namespace {

template <class Layer>
struct WithMask {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {rows, 2}), mask = s.input("mask", {rows});
    const Var y = Layer::define(s, x, mask);
    const Var cost = batch_mean(sum(sin(y)));
    const Var first = s.parameters()[0];
    return outputs(y, grad(cost, first), grad(cost, x));
  }
};

template <class Layer>
struct Answered {
  static constexpr Var define(Scope& s) {
    return Layer::define(s, s.input("x", {rows, 2}), s.input("mask", {rows}));
  }
};

// All of it shared: the sequence, the number of steps, the weight.
struct Step {
  static constexpr Next step(Scope&, Var w, Var h, Var a) { return next(tanh(a * h + w)); }
};
struct Shared {
  static constexpr auto define(Scope& s) {
    const Var w = s.argument("w", {rows, 3}), a = s.argument("a", {3}), n = s.argument("n", {});
    const Loop loop = scan<Step>(s, over(w), from(s.constant(0.5, {3})), a, times(n));
    const Var cost = sum(square(loop.last())) + sum(loop.states());
    return outputs(s.input("x", {}) + cost, loop.states(), grad(cost, a), grad(cost, w));
  }
};

struct Ending {
  static constexpr Next step(Scope&, Var x, Var h) { return next(h + x * x).until(less(1, h)); }
};
struct Until {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {rows});
    const Loop loop = scan<Ending>(s, over(x), from(s.constant(0.25)));
    return outputs(loop.last(), loop.states(), loop.count(),
                   grad(batch_mean(sum(square(loop.states()))), x));
  }
};
struct Forward {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {rows});
    const Loop loop = scan<Ending>(s, over(x), from(s.constant(0.25)));
    return outputs(loop.last(), loop.states(), loop.count());
  }
};

}  // namespace

TEST_CASE("masked layers skip what all samples mask") {
  check_ends<WithMask<Lstm<3, masked, last_state>>, 2>();
  check_ends<WithMask<Gru<3, masked, last_state>>, 2>();
  check_ends<WithMask<Rnn<3, masked, bidirectional, last_state>>, 4>();
  check_ends<Answered<Lstm<3, masked, stacked<2>>>, 2>();
  // What comes back to the states that a mask has held goes through its steps.
  check_ends<WithMask<Lstm<3, masked>>, 0>();
}
TEST_CASE("loops of shared values end") { check_ends<Shared, 2>(); }
TEST_CASE("one sample ends its loop") { check_ends<Forward, 1, 1>(); }
TEST_CASE("loops end in every mode") {
  check_ends<Until, 2, 0, Mode<FastCompile, Include<"kernels">>>();
  check_ends<Until, 2, 0, Mode<NoOptimisation, Include<"kernels">>>();
}

}  // namespace tg::test
