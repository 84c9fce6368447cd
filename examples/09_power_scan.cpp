// Loops: Theano's A**k with a number of steps given at run time, and a gradient through time.
// SPDX-License-Identifier: MIT
#include <cstdio>
#include <typegrad/typegrad.hpp>

// clang-format off
// [power]
struct Multiply {                                          // a step: the state before it, and what does not change
  static constexpr tg::Next step(tg::Scope&, tg::Var power, tg::Var A) { return tg::next(power * A); }
};
struct Power {                                             // A ** k, element by element
  static constexpr tg::Var define(tg::Scope& s) {
    auto A = s.argument("A", {10}), k = s.scalar("k");
    auto loop = tg::scan<Multiply, tg::steps<16>>(s, tg::from(s.constant(1, {10})), A, tg::times(k));
    return loop.last();                                    // of the powers on the way, two are in memory at a time
  }
};
// [/power]

// [recurrence]
struct Recurrence {                                        // rows of sequences first, then states, then the rest
  static constexpr tg::Next step(tg::Scope&, tg::Var x, tg::Var h, tg::Var W, tg::Var U) {
    auto following = tanh(matmul(W, x) + matmul(U, h));
    return tg::next(following).until(max(abs(following), 0) > 0.45);
  }
};
struct Train {                                             // its gradient is a loop that runs backwards
  static constexpr auto define(tg::Scope& s) {
    auto x = s.input("x", {20, 2}), W = s.shared("W", {3, 2}), U = s.shared("U", {3, 3});
    auto loop = tg::scan<Recurrence>(s, tg::over(x), tg::from(s.constant(0, {3})), W, U);
    auto cost = mean(square(loop.last() - 0.5));
    s.update(U, U - 0.1 * tg::grad(cost, U));
    s.update(W, W - 0.1 * tg::grad(cost, W));
    return tg::outputs(cost, batch_mean(loop.count()));
  }
};
// [/recurrence]
// clang-format on

int main() {
  // [calls]
  tg::Function<Power> power;
  const std::vector<float> A{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  for (const float k : {2.f, 4.f, 0.f}) {
    std::printf("A ** %g:", k);
    for (const float x : power(A, k)) std::printf(" %g", x);
    std::printf("\n");
  }
  // [/calls]

  tg::Shared<Train> state;
  for (int i = 0; i < 6; ++i) state.get<"W">()(i / 2, i % 2) = 0.1f * float(i - 2);
  for (int i = 0; i < 9; ++i) state.get<"U">()(i / 3, i % 3) = 0.05f * float(i - 4);
  std::vector<float> x(8 * 20 * 2);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = float(i * 7919 % 101) / 101;
  tg::Function<Train> train{state};
  for (int step = 0; step <= 100; ++step) {
    const auto [cost, steps] = train(x);
    if (step % 25 == 0)
      std::printf("cost %.4f after %g steps of the loop\n", double(cost), double(steps));
  }
}
