// Definitions whose loops end early: by a condition, by a number of steps, by a mask.
// SPDX-License-Identifier: MIT
#pragma once
#include "tests/run/scan/ends.hpp"
#include "typegrad/layers/recurrent.hpp"

namespace tg::test::ending {

struct Growing {  // ends when the first number is large
  static constexpr Next step(Scope&, Var x, Var h, Var W) {
    const Var following = tanh(matmul(W, h)) + exp(x);
    return next(following).output(h * x).until(less(2, reshape(slice(following, 0, 0, 1), {})));
  }
};
struct Counting {
  static constexpr Next step(Scope&, Var x, Var h, Var W) {
    return next(tanh(matmul(W, h) + x)).output(log(2 + h));
  }
};
struct Fibonacci {
  static constexpr Next step(Scope&, Var x, Var before, Var last, Var W) {
    return next(tanh(matmul(W, before) + last * x)).output(before * last);
  }
};

// Everything that a loop leaves, and its gradients.
constexpr std::array<Var, 7> everything(const Loop& loop, Var x, Var W) {
  const Var cost = batch_mean(sum(square(loop.last())) + sum(sin(loop.states())) +
                              sum(square(loop.outputs_by_row())));
  return {loop.last(),  loop.states(), loop.outputs(), loop.count() + sum(x) * 0,
          cost + 0 * x, grad(cost, W), grad(cost, x)};
}

template <class Step, auto... Options>
struct Until {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {rows, 2}), W = s.argument("W", {2, 2});
    return everything(scan<Step, Options...>(s, over(x), from(s.constant(0.25, {2})), W), x, W);
  }
};
template <class Step, auto... Options>
struct Counted {  // by a number of each sample
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {rows, 2}), W = s.argument("W", {2, 2}), n = s.input("n", {});
    const Loop loop = scan<Step, Options...>(s, over(x), from(s.constant(0.25, {2})), W, times(n));
    return everything(loop, x, W);
  }
};
struct Tapped {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {rows, 2}), W = s.argument("W", {2, 2}), n = s.input("n", {});
    const Loop loop = scan<Fibonacci>(s, over(x), from<-3, -1>(slice(x, 0, 0, 3)), W, times(n));
    return everything(loop, x, W);
  }
};
struct Again {  // the gradient of a gradient
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {rows, 2}), W = s.argument("W", {2, 2}), n = s.input("n", {});
    const Loop loop = scan<Counting>(s, over(x), from(s.constant(0.25, {2})), W, times(n));
    const Var slope = grad(batch_mean(sum(square(loop.states()))), W);
    return outputs(loop.last(), slope, grad(sum(square(slope)), W));
  }
};

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

// All of it shared: the sequence, the number of steps, the weight.
struct SharedStep {
  static constexpr Next step(Scope&, Var w, Var h, Var a) { return next(tanh(a * h + w)); }
};
struct SharedLoop {
  static constexpr auto define(Scope& s) {
    const Var w = s.argument("w", {rows, 3}), a = s.argument("a", {3}), n = s.argument("n", {});
    const Loop loop = scan<SharedStep>(s, over(w), from(s.constant(0.5, {3})), a, times(n));
    const Var cost = sum(square(loop.last())) + sum(loop.states());
    return outputs(s.input("x", {}) + cost, loop.states(), grad(cost, a), grad(cost, w));
  }
};

}  // namespace tg::test::ending
