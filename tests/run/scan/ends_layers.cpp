// Masked layers skip the steps that all samples of a tile mask; so do loops in other layouts,
// modes, and of values that samples share.
// SPDX-License-Identifier: MIT
#include "ending.hpp"

namespace tg::test {
namespace {

using ending::SharedLoop, ending::WithMask;

template <class Layer>
struct Answered {
  static constexpr Var define(Scope& s) {
    return Layer::define(s, s.input("x", {rows, 2}), s.input("mask", {rows}));
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
TEST_CASE("loops of shared values end") { check_ends<SharedLoop, 2>(); }
TEST_CASE("one sample ends its loop") { check_ends<Forward, 1, 1>(); }
TEST_CASE("loops end in every mode") {
  check_ends<Until, 2, 0, Mode<FastCompile, Include<"kernels">>>();
  check_ends<Until, 2, 0, Mode<NoOptimisation, Include<"kernels">>>();
}

}  // namespace tg::test
