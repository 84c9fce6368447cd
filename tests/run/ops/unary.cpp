// Functions of one number: against the standard library, between backends, against differences.
// SPDX-License-Identifier: MIT
#include <cmath>

#include "table.hpp"

namespace tg::test {
namespace {

double as_numpy_rounds(double x) { return std::nearbyint(x); }

struct Row {
  const char* name;
  Var (*build)(Var);
  double (*expected)(double);
  double low, high;
  bool smooth = true;
};

// clang-format off
const Row rows[] = {
    {"negate", [](Var x) { return -x; }, [](double x) { return -x; }, -3, 3},
    {"abs", [](Var x) { return abs(x); }, [](double x) { return std::fabs(x); }, -3, 3},
    {"sign", [](Var x) { return sign(x); }, [](double x) { return double((x > 0) - (x < 0)); }, -3, 3, false},
    {"exp", [](Var x) { return exp(x); }, std::exp, -5, 5},
    {"exp2", [](Var x) { return exp2(x); }, std::exp2, -5, 5},
    {"expm1", [](Var x) { return expm1(x); }, std::expm1, -2, 2},
    {"log", [](Var x) { return log(x); }, std::log, 0.1, 9},
    {"log2", [](Var x) { return log2(x); }, std::log2, 0.1, 9},
    {"log10", [](Var x) { return log10(x); }, std::log10, 0.1, 9},
    {"log1p", [](Var x) { return log1p(x); }, std::log1p, -0.9, 9},
    {"sqrt", [](Var x) { return sqrt(x); }, std::sqrt, 0.1, 9},
    {"rsqrt", [](Var x) { return rsqrt(x); }, [](double x) { return 1 / std::sqrt(x); }, 0.1, 9},
    {"square", [](Var x) { return square(x); }, [](double x) { return x * x; }, -3, 3},
    {"reciprocal", [](Var x) { return reciprocal(x); }, [](double x) { return 1 / x; }, 0.5, 3},
    {"tanh", [](Var x) { return tanh(x); }, std::tanh, -3, 3},
    {"sigmoid", [](Var x) { return sigmoid(x); }, [](double x) { return 1 / (1 + std::exp(-x)); }, -5, 5},
    {"softplus", [](Var x) { return softplus(x); }, [](double x) { return std::log1p(std::exp(x)); }, -5, 5},
    {"relu", [](Var x) { return relu(x); }, [](double x) { return std::fmax(x, 0); }, -3, 3},
    {"erf", [](Var x) { return erf(x); }, std::erf, -3, 3},
    {"erfc", [](Var x) { return erfc(x); }, std::erfc, -3, 5},
    {"erfcx", [](Var x) { return erfcx(x); }, [](double x) { return std::exp(x * x) * std::erfc(x); }, -2, 5},
    {"cos", [](Var x) { return cos(x); }, std::cos, -7, 7},
    {"sin", [](Var x) { return sin(x); }, std::sin, -7, 7},
    {"tan", [](Var x) { return tan(x); }, std::tan, -1.4, 1.4},
    {"acos", [](Var x) { return acos(x); }, std::acos, -0.95, 0.95},
    {"asin", [](Var x) { return asin(x); }, std::asin, -0.95, 0.95},
    {"atan", [](Var x) { return atan(x); }, std::atan, -9, 9},
    {"hard_sigmoid", [](Var x) { return hard_sigmoid(x); }, [](double x) { return std::fmin(std::fmax(x / 6 + 0.5, 0), 1); }, -5, 5},
    {"cosh", [](Var x) { return cosh(x); }, std::cosh, -5, 5},
    {"sinh", [](Var x) { return sinh(x); }, std::sinh, -5, 5},
    {"acosh", [](Var x) { return acosh(x); }, std::acosh, 1.1, 9},
    {"asinh", [](Var x) { return asinh(x); }, std::asinh, -9, 9},
    {"atanh", [](Var x) { return atanh(x); }, std::atanh, -0.95, 0.95},
    {"floor", [](Var x) { return floor(x); }, std::floor, -3.3, 3.2, false},
    {"ceil", [](Var x) { return ceil(x); }, std::ceil, -3.3, 3.2, false},
    {"trunc", [](Var x) { return trunc(x); }, std::trunc, -3.3, 3.2, false},
    {"round", [](Var x) { return round(x); }, as_numpy_rounds, -3.3, 3.2, false},
    {"clip", [](Var x) { return clip(x, -1, 1.5); }, [](double x) { return std::fmin(std::fmax(x, -1), 1.5); }, -3, 3},
};
// clang-format on

// All of them, of numbers where all are defined; with the gradient of their sum.
struct All {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {11}), y = s.argument("y", {3});
    const Var positive = abs(x) + 0.5, inside = x * 0.9, large = positive + 1;
    const Var a = concatenate({exp(x), exp2(x), expm1(x), log(positive), log2(positive),
                               log10(positive), log1p(positive), sqrt(positive), rsqrt(positive)});
    const Var b = concatenate({square(x), reciprocal(positive), tanh(x), sigmoid(x), softplus(x),
                               relu(x), erf(x), erfc(x), erfcx(x), cos(x), sin(x), tan(x)});
    const Var c = concatenate({acos(inside), asin(inside), atan(x), cosh(x), sinh(x), acosh(large),
                               asinh(x), atanh(inside), clip(x, -0.5, 0.25)});
    const Var d = concatenate({floor(3 * x), ceil(3 * x), trunc(3 * x), round(3 * x), sign(x), -x});
    const Var shared = concatenate({atan(y), floor(5 * y), sinh(y)});
    return outputs(a, b, c, d, shared, grad(mean(a) + mean(b) + mean(c), x));
  }
};

}  // namespace

TEST_CASE("functions of one number are the standard library's", "[ops]") {
  for (const Row& row : rows) {
    INFO(row.name);
    Lab<double> lab;
    Numbers<double> x, expected;
    for (int i = 0; i <= 100; ++i) {
      x.push_back(row.low + (row.high - row.low) * i / 100);
      expected.push_back(row.expected(x.back()));
    }
    check_numbers(lab(row.build(lab.shared({101}, x))), expected);
  }
}

TEST_CASE("their gradients are what differences say", "[ops]") {
  for (const Row& row : rows) {
    INFO(row.name);
    Lab<double> lab(2);
    Numbers<double> numbers = noise<double>(10, 7);
    for (double& number : numbers) number = row.low + (row.high - row.low) * (number + 1) / 2;
    const Var x = lab.input({5}, numbers), y = row.build(x);
    check_gradients(lab, sum(y * (y + 0.3)), row.smooth ? 1e-7 : 1e-9);
  }
}

TEST_CASE("halves are rounded to the even number, and what has no fraction stays", "[ops]") {
  Lab<double> lab;
  const Numbers<double> halves{-2.5,  -1.5,    -0.5, 0.5, 1.5, 2.5, 0.49999999999999994,
                               1e300, INFINITY};
  const Var x = lab.shared({9}, halves);
  CHECK(lab(round(x)) == Numbers<double>{-2, -2, 0, 0, 2, 2, 0, 1e300, INFINITY});
  CHECK(lab(floor(x))[7] == 1e300);
  CHECK(lab(trunc(x)) == Numbers<double>{-2, -1, 0, 0, 1, 2, 0, 1e300, INFINITY});
}

TEST_CASE("small arguments keep their digits", "[ops]") {
  Lab<double> lab;
  const Var x = lab.shared({2}, {1e-10, -1e-10});
  for (Var y : {sinh(x), asinh(x), atanh(x), asin(x), tan(x)}) {
    const Numbers<double> got = lab(y);
    CHECK(got[0] == Approx(1e-10).epsilon(1e-14));
    CHECK(got[1] == Approx(-1e-10).epsilon(1e-14));
  }
}

TEST_CASE("every function of one number, on the CPU", "[ops]") {
  check_covers<All>(unary_ops);
  check_backends<All>(1000);
}

}  // namespace tg::test
