// Functions of two numbers, comparisons, truth values, dtypes.
// SPDX-License-Identifier: MIT
#include <cmath>

#include "table.hpp"

namespace tg::test {
namespace {

double python_modulo(double a, double b) {
  const double rest = std::fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

struct Row {
  const char* name;
  Var (*build)(Var, Var);
  double (*expected)(double, double);
  bool smooth = true;
};

// clang-format off
const Row rows[] = {
    {"add", [](Var a, Var b) { return a + b; }, [](double a, double b) { return a + b; }},
    {"subtract", [](Var a, Var b) { return a - b; }, [](double a, double b) { return a - b; }},
    {"multiply", [](Var a, Var b) { return a * b; }, [](double a, double b) { return a * b; }},
    {"divide", [](Var a, Var b) { return a / b; }, [](double a, double b) { return a / b; }},
    {"power", [](Var a, Var b) { return pow(abs(a), b); }, [](double a, double b) { return std::pow(std::fabs(a), b); }},
    {"maximum", [](Var a, Var b) { return maximum(a, b); }, [](double a, double b) { return std::fmax(a, b); }},
    {"minimum", [](Var a, Var b) { return minimum(a, b); }, [](double a, double b) { return std::fmin(a, b); }},
    {"atan2", [](Var a, Var b) { return atan2(a, b); }, [](double a, double b) { return std::atan2(a, b); }},
    {"mod", [](Var a, Var b) { return mod(a, b); }, python_modulo},
    {"floor_divide", [](Var a, Var b) { return floor_divide(a, b); },
     [](double a, double b) { return std::floor(a / b); }, false},
};
// clang-format on

constexpr Var number(Var truth) { return cast(truth, DType::floating); }

struct All {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2, 5}), y = s.input("y", {5}), w = s.argument("w", {2, 1});
    const Var n = s.input("n", {4}, i32), bytes = s.input("bytes", {3}, u8), one = s.label("one");
    const Var some = x > y, none = less_equal(x, -2), same = equal(n, one);
    const Var real = concatenate({x + y, x - w, x * y, x / (abs(y) + 1), pow(abs(x) + 0.5, y),
                                  mod(x, abs(y) + 0.3), maximum(x, y), minimum(w, x), atan2(x, y),
                                  where(some, x, y), select(none, 1, 2) * x});
    const Var truth =
        concatenate({logical_and(some, x < 0), logical_or(some, none), logical_xor(some, x >= w),
                     not_equal(x, y), is_nan(x), is_inf(x / 0.0), is_finite(x), logical_not(some)});
    const Var whole = concatenate({n + 3, n - one, n * n, mod(n - 1, 3), floor_divide(n - 5, 2),
                                   abs(-n), maximum(n, 1), cast(same, i32), cast(bytes, i32)});
    const Var cost = mean(real) + mean(cast(n, DType::floating) * sum(x));
    return outputs(real, number(truth), truth, whole, cast(300 * x, i32), cast(n - 2, u8),
                   grad(cost, x), grad(cost, w));
  }
};

}  // namespace

TEST_CASE("functions of two numbers", "[ops]") {
  Numbers<double> a, b;
  for (int i = 0; i < 13; ++i)
    for (int j = 0; j < 12; ++j) a.push_back(-3.1 + 0.49 * i), b.push_back(-2.2 + 0.41 * j);
  for (const Row& row : rows) {
    INFO(row.name);
    Lab<double> lab;
    Numbers<double> expected;
    for (std::size_t i = 0; i < a.size(); ++i) expected.push_back(row.expected(a[i], b[i]));
    check_numbers(lab(row.build(lab.shared({156}, a), lab.shared({156}, b))), expected);
  }
}

TEST_CASE("their gradients, between what is per sample and shared", "[ops]") {
  for (const Row& row : rows)
    for (int variant = 0; variant < 4; ++variant) {
      INFO(row.name << ", variant " << variant);
      Lab<double> lab(2);
      const auto leaf = [&](bool per_sample, const Shape& shape, std::uint64_t seed) {
        Numbers<double> numbers = noise<double>(shape.size() * (per_sample ? 2 : 1), seed);
        for (double& x : numbers) x += x < 0 ? -0.3 : 0.3;
        return per_sample ? lab.input(shape, numbers) : lab.shared(shape, numbers);
      };
      const Var x = leaf((variant & 1) != 0, {2, 3}, 3), y = leaf((variant & 2) != 0, {2, 1}, 4);
      const Var z = row.build(x, y);
      check_gradients(lab, sum(z * (z + 0.3)), row.smooth ? 1e-7 : 1e-9);
    }
}

TEST_CASE("the angle of every quadrant and axis", "[ops]") {
  Lab<double> lab;
  Numbers<double> y, x, expected;
  for (double a : {-2.0, -1.0, 0.0, 1.0, 2.0})
    for (double b : {-2.0, -1.0, 0.0, 1.0, 2.0}) {
      y.push_back(a), x.push_back(b);
      expected.push_back(a == 0 && b < 0 ? std::acos(-1.0) : std::atan2(a, b));
    }
  const Var top = lab.shared({25}, y), side = lab.shared({25}, x);
  check_numbers(lab(atan2(top, side)), expected);
  for (double slope : lab(atan2(top, side) * 0 + 1)) CHECK(slope == 1);
}

TEST_CASE("comparisons and what is made of them are truth values", "[ops]") {
  Lab<double> lab;
  const Var a = lab.shared({4}, {1, 2, 3, NAN}), b = lab.shared({4}, {2, 2, 2, 2});
  const auto is = [&](Var y, const Numbers<double>& expected) {
    CHECK(y.dtype() == boolean);
    CHECK(lab(y) == expected);
  };
  is(a < b, {1, 0, 0, 0});
  is(a <= b, {1, 1, 0, 0});
  is(a > b, {0, 0, 1, 0});
  is(a >= b, {0, 1, 1, 0});
  is(equal(a, b), {0, 1, 0, 0});
  is(not_equal(a, b), {1, 0, 1, 1});
  is(equal(a, 3), {0, 0, 1, 0});
  is(is_nan(a), {0, 0, 0, 1});
  is(is_finite(a), {1, 1, 1, 0});
  is(is_inf(b / 0.0), {1, 1, 1, 1});
  is(logical_and(a < 3, b < a + 1), {0, 1, 0, 0});
  is(logical_or(a<2, a> 2), {1, 0, 1, 0});
  is(logical_xor(a<3, a> 1), {1, 0, 1, 0});
  is(logical_not(a - 1), {1, 0, 0, 0});
  CHECK(lab(where(is_nan(a), 0, a)) == Numbers<double>{1, 2, 3, 0});
  CHECK(lab(mean(not_equal(a, b), within))[0] == 0.75);  // a rate of errors
  CHECK(sum(a < b, within).dtype() == i32);
}

TEST_CASE("whole numbers stay whole: rounded down, with the divisor's sign", "[ops]") {
  Lab<double> lab;
  const Var n = lab.shared({6}, {-7, -6, -1, 0, 6, 7}, i32);
  CHECK(lab(floor_divide(n, 3)) == Numbers<double>{-3, -2, -1, 0, 2, 2});
  CHECK(lab(mod(n, 3)) == Numbers<double>{2, 0, 2, 0, 0, 1});
  CHECK(lab(mod(n, -3)) == Numbers<double>{-1, 0, -1, 0, 0, -2});
  CHECK(lab(n * n - 2) == Numbers<double>{47, 34, -1, -2, 34, 47});
  CHECK((n + 1).dtype() == i32);
  CHECK(mean(n, within).dtype() == f32);
  CHECK(lab(cast(n, u8)) == Numbers<double>{249, 250, 255, 0, 6, 7});
  CHECK(lab(cast(cast(n, DType::floating) * 0.5, i32)) == Numbers<double>{-3, -3, 0, 0, 3, 3});
  CHECK(lab(floor_divide(2, cast(n, f32) + 0.5)) == Numbers<double>{-1, -1, -4, 4, 0, 0});
}

TEST_CASE("floats hold whole numbers exactly up to 2^24, and their quotients", "[ops]") {
  Lab<float> lab;
  const Var n = lab.shared({4}, {16777215, 16777214, -16777215, 9999991}, i32),
            d = lab.shared({4}, {2, 3, 2, 3163}, i32);
  CHECK(lab(floor_divide(n, d)) == Numbers<float>{8388607, 5592404, -8388608, 3161});
  CHECK(lab(mod(n, d)) == Numbers<float>{1, 2, 1, 1748});
}

TEST_CASE("every function of two numbers, on the CPU", "[ops]") {
  check_covers<All>(binary_ops);
  check_backends<All>(1000);
}

}  // namespace tg::test
