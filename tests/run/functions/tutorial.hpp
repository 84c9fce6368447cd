// The first part of the Theano tutorial as definitions; its numbers are the catalogue's golden G1.
// SPDX-License-Identifier: MIT
#pragma once
#include <typegrad/typegrad.hpp>

namespace tg::test {

// One sigmoid unit for each of three outputs, and its squared error.
struct Perceptron {
  Var x, y, W, b, out, cost;
  constexpr explicit Perceptron(Scope& s)
      : x{s.input("x", {4})},
        y{s.input("y", {3})},
        W{s.shared("W", {4, 3})},
        b{s.shared("b", {3})},
        out{s.named("out", sigmoid(dot(x, W) + b))},
        cost{s.named("C", sum(square(out - y)))} {}
};

struct Predict {
  static constexpr Var define(Scope& s) { return Perceptron{s}.out; }
};
struct Monitor {
  static constexpr auto define(Scope& s) {
    const Perceptron p{s};
    return outputs(p.out, p.cost);
  }
};
// The cost of predictions that somebody else made.
struct Error {
  static constexpr Var define(Scope& s) {
    const Perceptron p{s};
    return substitute(p.cost, p.out, s.input("given", {3}));
  }
};
struct Train {
  static constexpr Var define(Scope& s) {
    const Perceptron p{s};
    const auto [gW, gb] = grad(p.cost, p.W, p.b);
    s.update(p.W, p.W - 0.1 * gW);
    s.update(p.b, p.b - 0.1 * gb);
    return p.cost;
  }
};

template <class F>
using InDouble = Function<F, Cpu, f64>;
using Store =
    Shared<InDouble<Predict>, InDouble<Monitor>, InDouble<tg::test::Error>, InDouble<Train>>;

inline const std::vector<double> x{0.3042422429595377, 0.5247564316322378, 0.43194501864211576,
                                   0.2912291401980419};
inline const std::vector<double> y{0.6118528947223795, 0.13949386065204183, 0.29214464853521815};

// NumPy's randn with seed 42, and ones.
inline void fill(Store& store) {
  const double weights[] = {0.4967141530112327, -0.13826430117118466, 0.6476885381006925,
                            1.5230298564080254, -0.23415337472333597, -0.23413695694918055,
                            1.5792128155073915, 0.7674347291529088,   -0.4694743859349521,
                            0.5425600435859647, -0.46341769281246226, -0.46572975357025687};
  for (int i = 0; i < 12; ++i) store.get<"W">()(i / 3, i % 3) = weights[i];
  store.get<"b">().setOnes();
}

}  // namespace tg::test
