// The first part of the Theano tutorial: symbols, functions, gradients, shared variables, updates.
// SPDX-License-Identifier: MIT
#include <cstdio>
#include <typegrad/typegrad.hpp>

// clang-format off
// [symbols]
struct Perceptron {                                        // y = sigmoid(x W + b), and its squared error
  tg::Var x, y, W, b, out, C;
  constexpr Perceptron(tg::Scope& s)
      : x{s.input("x", {4})}, y{s.input("y", {3})},        // given with each call, per sample
        W{s.shared("W", {4, 3})}, b{s.shared("b", {3})},   // kept between calls, shared by functions
        out{s.named("out", sigmoid(dot(x, W) + b))},
        C{s.named("C", sum(square(out - y)))} {}
};
// [/symbols]

// [functions]
struct Predict {                                           // needs x alone: y and C are pruned
  static constexpr tg::Var define(tg::Scope& s) { return Perceptron{s}.out; }
};
struct Monitor {                                           // two outputs, the forward pass once
  static constexpr auto define(tg::Scope& s) {
    Perceptron p{s};
    return tg::outputs(p.out, p.C);
  }
};
struct Error {                                             // from the middle: predictions are given
  static constexpr tg::Var define(tg::Scope& s) {
    Perceptron p{s};
    return substitute(p.C, p.out, s.input("out", {3}));
  }
};
struct Train {                                             // gradients are symbols like others
  static constexpr tg::Var define(tg::Scope& s) {
    Perceptron p{s};
    auto [dC_dW, dC_db] = tg::grad(p.C, p.W, p.b);
    s.update(p.W, p.W - 0.1 * dC_dW);
    s.update(p.b, p.b - 0.1 * dC_db);
    return p.C;
  }
};
template <class F>
using Double = tg::Function<F, tg::Cpu, tg::f64>;
// [/functions]
// clang-format on

// NumPy's randn(4, 3) with seed 42, and what followed from it.
constexpr double weights[4][3] = {{0.4967141530112327, -0.13826430117118466, 0.6476885381006925},
                                  {1.5230298564080254, -0.23415337472333597, -0.23413695694918055},
                                  {1.5792128155073915, 0.7674347291529088, -0.4694743859349521},
                                  {0.5425600435859647, -0.46341769281246226, -0.46572975357025687}};
const std::vector<double> x{0.3042422429595377, 0.5247564316322378, 0.43194501864211576,
                            0.2912291401980419};
const std::vector<double> y{0.6118528947223795, 0.13949386065204183, 0.29214464853521815};

template <class Range>
void print(const char* what, const Range& numbers) {
  std::printf("%s", what);
  for (Eigen::Index i = 0; i < numbers.size(); ++i) std::printf(" %.16g", numbers.data()[i]);
  std::printf("\n");
}

int main() {
  // [calls]
  tg::Shared<Double<Predict>, Double<Monitor>, Double<Error>, Double<Train>> state;
  for (int row = 0; row < 4; ++row)
    for (int column = 0; column < 3; ++column) state.get<"W">()(row, column) = weights[row][column];
  state.get<"b">().setOnes();

  Double<Predict> predict{state};
  print("out   =", predict(x));

  Double<Monitor> monitor{state};
  auto [out, C] = monitor(x, y);
  print("out   =", out);
  std::printf("C     = %.16g\n", C);

  Double<Error> error{state};
  std::printf("error = %.16g\n", error(y, std::vector{0.942, 0.737, 0.676}));

  Double<Train> train{state};
  std::printf("C     = %.16g before the step\n", train(x, y));
  print("W     =", state.get<"W">());
  print("b     =", state.get<"b">());
  std::printf("C     = %.16g after it\n", monitor(x, y).get<"C">());

  std::printf("\nThe graph of out, as it was written and as it is computed:\n%s\n%s",
              tg::debugprint<Predict, tg::recorded>().c_str(), tg::debugprint<Predict>().c_str());
  // [/calls]
}
