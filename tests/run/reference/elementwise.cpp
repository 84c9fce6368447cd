// The reference's element-wise rows against the standard library.
// SPDX-License-Identifier: MIT
#include <cmath>

#include "tests/run/reference/lab.hpp"

namespace tg::test {
namespace {

struct Unary {
  Op op;
  double (*expected)(double);
  double low, high;
};

const Unary unaries[] = {
    {Op::negate, [](double x) { return -x; }, -3, 3},
    {Op::absolute, [](double x) { return std::fabs(x); }, -3, 3},
    {Op::sign, [](double x) { return double((x > 0) - (x < 0)); }, -3, 3},
    {Op::exp, [](double x) { return std::exp(x); }, -20, 20},
    {Op::log, [](double x) { return std::log(x); }, 1e-3, 100},
    {Op::log1p, [](double x) { return std::log1p(x); }, -0.9, 10},
    {Op::expm1, [](double x) { return std::expm1(x); }, -5, 5},
    {Op::sqrt, [](double x) { return std::sqrt(x); }, 0, 100},
    {Op::tanh, [](double x) { return std::tanh(x); }, -12, 12},
    {Op::sigmoid, [](double x) { return 1 / (1 + std::exp(-x)); }, -30, 30},
    {Op::softplus, [](double x) { return std::log1p(std::exp(x)); }, -30, 30},
    {Op::relu, [](double x) { return x > 0 ? x : 0.0; }, -3, 3},
    {Op::erf, [](double x) { return std::erf(x); }, -4, 4},
    {Op::erfc, [](double x) { return std::erfc(x); }, -4, 9},
    {Op::erfcx, [](double x) { return std::exp(x * x) * std::erfc(x); }, -4, 5},
    {Op::cosine, [](double x) { return std::cos(x); }, -7, 7},
    {Op::sine, [](double x) { return std::sin(x); }, -7, 7},
    {Op::arctangent, [](double x) { return std::atan(x); }, -7, 7},
    {Op::floor, [](double x) { return std::floor(x); }, -3, 3},
    {Op::logical_not, [](double x) { return double(x == 0); }, -3, 3},
};

struct Binary {
  Op op;
  double (*expected)(double, double);
};

const Binary binaries[] = {
    {Op::add, [](double a, double b) { return a + b; }},
    {Op::subtract, [](double a, double b) { return a - b; }},
    {Op::multiply, [](double a, double b) { return a * b; }},
    {Op::divide, [](double a, double b) { return a / b; }},
    {Op::power, [](double a, double b) { return std::pow(a, b); }},
    {Op::modulo, [](double a, double b) { return a - b * std::floor(a / b); }},
    {Op::maximum, [](double a, double b) { return std::fmax(a, b); }},
    {Op::minimum, [](double a, double b) { return std::fmin(a, b); }},
    {Op::less, [](double a, double b) { return double(a < b); }},
    {Op::less_equal, [](double a, double b) { return double(a <= b); }},
    {Op::equal, [](double a, double b) { return double(a == b); }},
};

}  // namespace

TEST_CASE("every unary op has a line above, and cast its own test", "[reference]") {
  for (const OpRow& row : op_table) {
    if (row.kind != Kind::unary || row.op == Op::cast) continue;
    INFO(row.name);
    CHECK(std::count_if(std::begin(unaries), std::end(unaries),
                        [&](const Unary& unary) { return unary.op == row.op; }) == 1);
  }
  for (const OpRow& row : op_table) {
    if (row.kind != Kind::binary) continue;
    INFO(row.name);
    CHECK(std::count_if(std::begin(binaries), std::end(binaries),
                        [&](const Binary& binary) { return binary.op == row.op; }) == 1);
  }
}

TEMPLATE_TEST_CASE("unary ops", "[reference]", float, double) {
  using T = TestType;
  const int count = 201;
  for (const Unary& unary : unaries) {
    INFO(name_of(unary.op));
    Lab<T> lab;
    Numbers<T> x, expected;
    for (int i = 0; i < count; ++i) {
      x.push_back(T(unary.low + (unary.high - unary.low) * i / (count - 1)));
      expected.push_back(T(unary.expected(double(x.back()))));
    }
    const Numbers<T> y = lab(ir::unary(unary.op, lab.shared({count}, x)));
    for (int i = 0; i < count; ++i) {
      INFO("x = " << x[i]);
      CHECK(y[i] == Approx(expected[i]).epsilon(tolerance<T>()).margin(1e-30));
    }
  }
}

TEMPLATE_TEST_CASE("binary ops", "[reference]", float, double) {
  using T = TestType;
  const Numbers<T> a{T(0.5), 1, 1, 2, 3, T(1.5)}, b{2, 1, T(0.25), -2, T(2.5), T(1.5)};
  for (const Binary& binary : binaries) {
    INFO(name_of(binary.op));
    Lab<T> lab;
    Numbers<T> expected;
    for (std::size_t i = 0; i < a.size(); ++i)
      expected.push_back(T(binary.expected(double(a[i]), double(b[i]))));
    const Var y = ir::binary(binary.op, lab.shared({2, 3}, a), lab.shared({2, 3}, b));
    CHECK(distance(lab(y), expected) <= tolerance<T>());
  }
}

TEST_CASE("select chooses and never multiplies", "[reference]") {
  const double nan = std::nan(""), infinity = INFINITY;
  Lab<double> lab;
  const Var c = lab.shared({4}, {1, 0, -2, 0}), a = lab.shared({4}, {1, nan, 3, infinity}),
            b = lab.shared({4}, {nan, 6, infinity, 8});
  CHECK(lab(select(c, a, b)) == Numbers<double>{1, 6, 3, 8});
}

TEST_CASE("what is not a number stays so, and extremes do not overflow", "[reference]") {
  const double nan = std::nan(""), infinity = INFINITY;
  Lab<double> lab;
  const Var x = lab.shared({3}, {nan, -infinity, infinity});
  CHECK(std::isnan(lab(relu(x))[0]));
  CHECK(std::isnan(lab(maximum(x, 0))[0]));
  CHECK(std::isnan(lab(minimum(x, 0))[0]));
  CHECK(std::isnan(lab(sign(x))[0]));
  CHECK(std::isnan(lab(abs(x))[0]));
  CHECK(lab(sigmoid(x))[1] == 0);
  CHECK(lab(sigmoid(x))[2] == 1);
  CHECK(lab(tanh(x))[1] == -1);
  CHECK(lab(softplus(x))[1] == 0);
  CHECK(lab(softplus(x))[2] == infinity);
}

TEST_CASE("a cast to integers truncates, to booleans tests, to floats keeps", "[reference]") {
  Lab<double> lab;
  const Var x = lab.shared({5}, {-1.7, -0.2, 0, 2.5, 1e300});
  CHECK(lab(cast(x, i32)) == Numbers<double>{-1, 0, 0, 2, 1e300});
  CHECK(lab(cast(x, boolean)) == Numbers<double>{1, 1, 0, 1, 1});
  CHECK(lab(cast(x, f64)) == Numbers<double>{-1.7, -0.2, 0, 2.5, 1e300});
}

TEST_CASE("numbers and smaller shapes are broadcast to each other", "[reference]") {
  Lab<double> lab;
  const Var column = lab.shared({2, 1}, {10, 20}), row = lab.shared({3}, {1, 2, 3});
  CHECK(lab(column + row) == Numbers<double>{11, 12, 13, 21, 22, 23});
  CHECK(lab(2 - row) == Numbers<double>{1, 0, -1});
}

}  // namespace tg::test
