// Operations in functions: what the caller gives and gets, of every dtype; targets as integers.
// SPDX-License-Identifier: MIT
#include <cmath>

#include "tests/catch.hpp"
#include "typegrad/graph/indexing.hpp"
#include "typegrad/graph/statistics.hpp"
#include "typegrad/passes/derivatives.hpp"
#include "typegrad/runtime/function.hpp"

namespace tg::test {
namespace {

struct Mixed {
  static constexpr auto define(Scope& s) {
    const Var image = s.input("image", {4}, u8), n = s.input("n", {2}, i32),
              mask = s.input("mask", {4}, boolean), by = s.argument("by", {}, i32);
    const Var x = cast(image, DType::floating) / 255;
    return outputs(where(mask, x, -1), floor_divide(n, by), equal(n, by), cast(n + 250, u8),
                   sum(mask), mean(not_equal(n, by)));
  }
};

struct Short {
  static constexpr auto define(Scope& s) {
    const Var a = s.input("a", {3}, i8), b = s.argument("b", {3}, i16);
    const Var wide = cast(a, i32) * cast(b, i32);
    return outputs(cast(wide, i16), cast(wide, i8), cast(a, u8), cast(0.5 * cast(b, f32), i8),
                   gather(s.argument("table", {4, 1}), s.input("row", {1}, i16)), a);
  }
};

// The negative mean of log-probabilities that labels pick, and that a one-hot vector weighs.
struct Targets {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {3}), label = s.label("label");
    const Var hot = one_hot(label, 3);
    const Var picked = -mean(pick(log_softmax(x), label)),
              weighed = -mean(sum(hot * log_softmax(x), 0));
    return outputs(picked, weighed, grad(picked, x), grad(weighed, x),
                   mean(not_equal(argmax(x), label)));
  }
};

struct Minibatch {
  static constexpr Var define(Scope& s) {
    const Var table = s.argument("table", {4, 2}), rows = s.input("rows", {3}, i32);
    return table[rows];
  }
};

struct Newton {  // a step on one parameter vector
  static constexpr Var define(Scope& s) {
    const Var w = s.argument("w", {2});
    const Var cost = sum(exp(w) - 2 * w, within) + w[0] * w[1] * 0.1;
    const Var g = grad(cost, w), h = hessian(cost, w);
    const Var det = h[0][0] * h[1][1] - h[0][1] * h[1][0];
    const Var first = h[1][1] * g[0] - h[0][1] * g[1], second = h[0][0] * g[1] - h[1][0] * g[0];
    return w - stack({first, second}) / det;
  }
};

}  // namespace

TEST_CASE("bytes, integers and truth values come in and go out as such", "[ops]") {
  Function<Mixed> f;
  const std::vector<std::uint8_t> image{0, 51, 102, 255, 255, 0, 0, 0},
      mask{1, 1, 0, 1, 0, 0, 1, 1};
  const std::vector<std::int32_t> n{-7, 2, 3, 9};
  const auto [shown, quotients, same, bytes, count, rate] = f(image, n, mask, 2);
  const float expected[] = {0, 0.2f, -1, 1, -1, -1, 0, 0};
  for (int i = 0; i < 8; ++i) CHECK(shown.data()[i] == Approx(expected[i]));
  static_assert(std::is_same_v<std::decay_t<decltype(quotients.data()[0])>, std::int32_t>);
  static_assert(std::is_same_v<std::decay_t<decltype(same.data()[0])>, std::uint8_t>);
  static_assert(std::is_same_v<std::decay_t<decltype(bytes.data()[0])>, std::uint8_t>);
  static_assert(std::is_same_v<std::decay_t<decltype(count)>, std::int32_t>);
  const int quotient[] = {-4, 1, 1, 4}, is_two[] = {0, 1, 0, 0}, byte[] = {243, 252, 253, 3};
  for (int i = 0; i < 4; ++i) {
    CHECK(quotients.data()[i] == quotient[i]);
    CHECK(same.data()[i] == is_two[i]);
    CHECK(bytes.data()[i] == byte[i]);
  }
  CHECK(count == 5);
  CHECK(rate == 0.75f);
}

TEST_CASE("short integers come in and go out as such, and keep what their bits hold", "[ops]") {
  Function<Short> f;
  const std::vector<std::int8_t> a{-128, 5, 127};
  const std::vector<std::int16_t> b{32767, -300, 200}, row{3};
  const auto [shorts, bytes, plain, halves, chosen, same] =
      f(a, b, std::vector<float>{0, 1, 2, 3}, row);
  for (int i = 0; i < 3; ++i) {
    const int x = a[std::size_t(i)], y = b[std::size_t(i)];
    CHECK(shorts(0, i) == std::int16_t(x * y));
    CHECK(bytes(0, i) == std::int8_t(x * y));
    CHECK(plain(0, i) == std::uint8_t(x));
    CHECK(halves(i) == std::int8_t(y / 2));
    CHECK(same(0, i) == x);
  }
  CHECK(chosen(0, 0) == 3);
  static_assert(std::is_same_v<std::decay_t<decltype(shorts(0, 0))>, std::int16_t>);
  static_assert(std::is_same_v<std::decay_t<decltype(bytes(0, 0))>, std::int8_t>);
}

TEST_CASE("integer labels and one-hot targets are the same loss", "[ops]") {
  Function<Targets, Cpu, f64> f;
  const std::vector<double> x{1, 2, 3, -1, 4, 0.5, 2, 2, 1};
  const std::vector<std::int32_t> labels{2, 0, 1};
  const auto [picked, weighed, dx, also, errors] = f(x, labels);
  double by_hand = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    double total = 0;
    for (std::size_t k = 0; k < 3; ++k) total += std::exp(x[3 * i + k]);
    by_hand -= std::log(std::exp(x[3 * i + std::size_t(labels[i])]) / total) / 3;
  }
  CHECK(picked == Approx(by_hand).epsilon(1e-13));
  CHECK(weighed == Approx(by_hand).epsilon(1e-13));
  for (int i = 0; i < 9; ++i) CHECK(dx.data()[i] == Approx(also.data()[i]).margin(1e-15));
  CHECK(errors == Approx(2.0 / 3));
  CHECK_THROWS_WITH(f(x, std::vector<std::int32_t>{2, 3, 0}), contains("integer 3"));
}

TEST_CASE("rows that do not exist are an error of the call", "[ops]") {
  Function<Minibatch> f;
  const std::vector<float> table{1, 2, 3, 4, 5, 6, 7, 8};
  const auto rows = f(table, std::vector<std::int32_t>{3, 0, 1});
  const float expected[] = {7, 8, 1, 2, 3, 4};
  for (int i = 0; i < 6; ++i) CHECK(rows.data()[i] == expected[i]);
  CHECK_THROWS_WITH(f(table, std::vector<std::int32_t>{0, -1, 1}), contains("integer -1"));
}

TEST_CASE("a Hessian in a function: Newton's steps converge", "[ops]") {
  Function<Newton, Cpu, f64> step;
  std::vector<double> w{0, 1};
  for (int i = 0; i < 8; ++i) {
    const auto next = step(w);
    w = {next.data()[0], next.data()[1]};
  }
  CHECK(std::exp(w[0]) - 2 + 0.1 * w[1] == Approx(0).margin(1e-13));
  CHECK(std::exp(w[1]) - 2 + 0.1 * w[0] == Approx(0).margin(1e-13));
}

}  // namespace tg::test
