// What recurrent layers begin with, as their options say, and what they then compute, by a loop.
// SPDX-License-Identifier: MIT
#include <cmath>

#include "tests/catch.hpp"
#include "typegrad/graph/scan.hpp"
#include "typegrad/layers/embedding.hpp"
#include "typegrad/layers/fillers/orthogonal.hpp"
#include "typegrad/layers/recurrent.hpp"
#include "typegrad/runtime/function.hpp"

namespace tg::test {
namespace {

constexpr int rows = 6, features = 3, hidden = 5;

template <class Layer>
struct Forward {
  static constexpr auto define(Scope& s) {
    return outputs(Layer::define(s, s.input("x", {rows, features})));
  }
};
template <class Layer>
using Run = Function<Forward<Layer>, Cpu, f64>;

using Numbers = std::vector<double>;

template <class Map>
Numbers numbers_of(const Map& map) {
  return Numbers(map.data(), map.data() + map.size());
}
// Rows `gate` hidden … of (4 hidden, …).
Numbers block(const Numbers& all, int gate) {
  const auto size = std::ptrdiff_t(all.size() / 4);
  return Numbers(all.begin() + gate * size, all.begin() + (gate + 1) * size);
}
double largest(const Numbers& numbers) {
  double result = 0;
  for (double x : numbers) result = std::max(result, std::abs(x));
  return result;
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// The states of an LSTM, row by row, from PyTorch's matrices and the sum of its biases.
Numbers by_loop(const Numbers& x, const Numbers& W, const Numbers& U, const Numbers& b) {
  Numbers states;
  double h[hidden]{}, c[hidden]{};
  for (int t = 0; t < rows; ++t) {
    double gates[4 * hidden];
    for (int r = 0; r < 4 * hidden; ++r) {
      gates[r] = b[std::size_t(r)];
      for (int k = 0; k < features; ++k)
        gates[r] += W[std::size_t(r * features + k)] * x[std::size_t(t * features + k)];
      for (int k = 0; k < hidden; ++k) gates[r] += U[std::size_t(r * hidden + k)] * h[k];
    }
    for (int k = 0; k < hidden; ++k) {
      const double i = sigmoid(gates[k]), f = sigmoid(gates[hidden + k]),
                   g = std::tanh(gates[2 * hidden + k]), o = sigmoid(gates[3 * hidden + k]);
      c[k] = f * c[k] + i * g;
      states.push_back(h[k] = o * std::tanh(c[k]));
    }
  }
  return states;
}

// U U' is the identity.
void check_orthogonal(const Numbers& U) {
  REQUIRE(U.size() == hidden * hidden);
  for (std::size_t i = 0; i < hidden; ++i)
    for (std::size_t k = 0; k < hidden; ++k) {
      double product = 0;
      for (std::size_t j = 0; j < hidden; ++j) product += U[i * hidden + j] * U[k * hidden + j];
      CHECK(product == Approx(i == k ? 1 : 0).margin(1e-12));
    }
}

constexpr int vocabulary = 7;
struct LookedUp {
  static constexpr Var define(Scope& s, Var words) {
    return Lstm<hidden>::define(s, Embedding<vocabulary, features>::define(s, words));
  }
};
struct Multiplied {  // the same by a product with a row of zeros and a one
  static constexpr Var define(Scope& s, Var words) {
    const Var table = s.parameter("weight", {vocabulary, features}, Normal{});
    return Lstm<hidden>::define(s, matmul(one_hot(words, vocabulary), table));
  }
};
template <class Network>
struct OfWords {
  static constexpr auto define(Scope& s) {
    const Var y = Network::define(s, s.input("words", {rows}, i32));
    const Var cost = batch_mean(sum(sin(y)));
    return outputs(y, grad(cost, s.parameters()[0]), grad(cost, s.parameters()[1]));
  }
};

}  // namespace

TEST_CASE("an LSTM with a forget bias begins with it, and is the formula's") {
  Shared<Run<Lstm<hidden, forget_bias<1>>>> state(3);
  const Numbers b = numbers_of(state.get<"bias_ih_l0">()),
                c = numbers_of(state.get<"bias_hh_l0">());
  CHECK(block(b, 1) == Numbers(hidden, 1));
  CHECK(block(c, 1) == Numbers(hidden, 0));
  Shared<Run<Lstm<hidden>>> plain(3);
  const Numbers other = numbers_of(plain.get<"bias_ih_l0">());
  for (const int gate : {0, 2, 3}) CHECK(block(b, gate) == block(other, gate));
  CHECK(largest(other) <= 1 / std::sqrt(double(hidden)));

  Numbers x(rows * features), sum = b;
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(double(i));
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += c[i];
  Run<Lstm<hidden, forget_bias<1>>> run{state};
  const Numbers y = numbers_of(run(x));
  const Numbers expected = by_loop(x, numbers_of(state.get<"weight_ih_l0">()),
                                   numbers_of(state.get<"weight_hh_l0">()), sum);
  REQUIRE(y.size() == expected.size());
  for (std::size_t i = 0; i < y.size(); ++i) CHECK(y[i] == Approx(expected[i]).epsilon(1e-13));
}

TEST_CASE("gates that are apart begin with it, too") {
  Shared<Run<Lstm<hidden, separate_gates, forget_bias<2.5>>>> state;
  CHECK(numbers_of(state.get<"b_f">()) == Numbers(hidden, 2.5));
  CHECK(largest(numbers_of(state.get<"b_i">())) < 1);
}

TEST_CASE("recurrent matrices are orthogonal, gate by gate") {
  Shared<Run<Lstm<hidden, recurrent_filler<Orthogonal>>>> state;
  const Numbers U = numbers_of(state.get<"weight_hh_l0">());
  for (int gate = 0; gate < 4; ++gate) check_orthogonal(block(U, gate));
  CHECK(block(U, 0) != block(U, 1));  // each its own
  CHECK(largest(numbers_of(state.get<"weight_ih_l0">())) <= 1 / std::sqrt(double(hidden)));
  Shared<Run<Gru<hidden, separate_gates, recurrent_filler<Orthogonal>>>> apart;
  check_orthogonal(numbers_of(apart.get<"U_r">()));
  check_orthogonal(numbers_of(apart.get<"U_n">()));
}

TEST_CASE("the tutorial's first values: N(0, 1) 0.005, and no biases") {
  constexpr int wide = 64;
  Shared<Run<Lstm<wide, filler<Normal, 0.0, 0.005>, bias_filler<Constant, 0.0>>>> state;
  for (const Numbers& weights :
       {numbers_of(state.get<"weight_hh_l0">()), numbers_of(state.get<"weight_ih_l0">())}) {
    double sum = 0, squares = 0;
    for (double w : weights) sum += w, squares += w * w;
    const double n = double(weights.size());
    // Five standard deviations of each.
    CHECK(std::abs(sum / n) < 5 * 0.005 / std::sqrt(n));
    CHECK(std::abs(std::sqrt(squares / n) - 0.005) < 5 * 0.005 / std::sqrt(2 * n));
  }
  CHECK(largest(numbers_of(state.get<"bias_ih_l0">())) == 0);
  CHECK(largest(numbers_of(state.get<"bias_hh_l0">())) == 0);
}

TEST_CASE("integers choose rows: Theano's index_dot") {
  Shared<Function<OfWords<LookedUp>, Cpu, f64>, Function<OfWords<Multiplied>, Cpu, f64>> state;
  Function<OfWords<LookedUp>, Cpu, f64> looked_up{state};
  Function<OfWords<Multiplied>, Cpu, f64> multiplied{state};
  const std::vector<std::int32_t> words{0, 6, 3, 3, 1, 5, 2, 2, 2, 0, 4, 6};
  const auto one = looked_up(words);
  const auto other = multiplied(words);
  const auto check = [](const auto& a, const auto& b) {
    REQUIRE(a.size() == b.size());
    for (int i = 0; i < a.size(); ++i) CHECK(a(i) == Approx(b(i)).epsilon(1e-13).margin(1e-15));
  };
  check(std::get<0>(one), std::get<0>(other));
  check(std::get<1>(one), std::get<1>(other));
  check(std::get<2>(one), std::get<2>(other));
}

}  // namespace tg::test
