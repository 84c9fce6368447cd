// Formulas written by hand are finite at 1e4 and -1e4 in every mode, with the gradients of the
// stable ones: on the reference and on the CPU, through reshapes, masks, choices, loops.
// SPDX-License-Identifier: MIT
#include "tests/catch.hpp"
#include "typegrad/backends/reference/evaluation.hpp"
#include "typegrad/graph/scan.hpp"
#include "typegrad/passes/gradient.hpp"
#include "typegrad/runtime/function.hpp"

namespace tg::test {
namespace {

constexpr int classes = 4, samples = 5, formulas = 24;
using Formulas = std::array<Var, formulas>;

struct SoftmaxOfRow {
  static constexpr Var step(Scope&, Var row) { return softmax(row); }
};
struct LogOfRow {
  static constexpr Var step(Scope&, Var row) { return log(softmax(row)); }
};

// What users write. x (4), y (4), mask (4) of zeros and ones with a one at each label.
struct ByHand {
  static constexpr Formulas formulas(Scope& s, Var x, Var y, Var mask, Var label) {
    const Var matrix = reshape(concatenate({x, y}), {2, classes});
    const auto by_row = [](Var v) {
      return v / broadcast(reshape(sum(v, 1), {2, 1}), {2, classes});
    };
    return {log(softmax(x)),
            log(reshape(softmax(x), {2, 2})),
            log(transpose(softmax(matrix))),
            log(slice(softmax(x), 0, 1, 2)),
            log(pick(softmax(x), label)),
            log(reshape(slice(softmax(matrix), 0, 1, 1), {classes})),
            log(select(less(s.constant(0.5, {classes}), mask), softmax(x), 1)),
            mask * log(softmax(x)),
            log(sum(one_hot(label, classes) * softmax(x), within)),
            log(exp(x) / broadcast(sum(exp(x), within), {classes})),
            log(by_row(exp(matrix))),
            log(sigmoid(x)),
            log(1 - sigmoid(x)),
            log1p(-sigmoid(x)),
            log(1 + exp(x)),
            log1p(exp(x)),
            log(sum(exp(matrix), 1)),
            log(exp(x) + exp(y)),
            1 / (1 + exp(-x)),
            exp(x) / (1 + exp(x)),
            y / (1 + exp(-x)),
            matrix - broadcast(reshape(log(sum(exp(matrix), 1)), {2, 1}), {2, classes}),
            tg::map<LogOfRow>(s, over(matrix)),
            log(tg::map<SoftmaxOfRow>(s, over(matrix)))};
  }
};

// The same by operations that are stable themselves.
struct Stable {
  static constexpr Formulas formulas(Scope& s, Var x, Var y, Var mask, Var label) {
    const Var matrix = reshape(concatenate({x, y}), {2, classes});
    const Var log_p = log_softmax(x), rows = log_softmax(matrix);
    const Var bound = stop_gradient(max(matrix, 1));
    const Var shifted = matrix - broadcast(reshape(bound, {2, 1}), {2, classes});
    const Var log_sum = bound + log(sum(exp(shifted), 1));
    return {log_p,
            reshape(log_p, {2, 2}),
            transpose(rows),
            slice(log_p, 0, 1, 2),
            pick(log_p, label),
            reshape(slice(rows, 0, 1, 1), {classes}),
            select(less(s.constant(0.5, {classes}), mask), log_p, 0),
            mask * log_p,
            pick(log_p, label),
            log_p,
            rows,
            -softplus(-x),
            -softplus(x),
            -softplus(x),
            softplus(x),
            softplus(x),
            log_sum,
            select(less(x, y), y + softplus(x - y), x + softplus(y - x)),
            sigmoid(x),
            sigmoid(x),
            y * sigmoid(x),
            rows,
            rows,
            rows};
  }
};

// Each formula, and the gradients of its sum with respect to x and y.
template <class Which>
struct WithGradients {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {classes}), y = s.input("y", {classes}),
              mask = s.input("mask", {classes});
    const Formulas all = Which::formulas(s, x, y, mask, s.label("label"));
    std::array<Var, 3 * formulas> results;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Var cost = sum(all[i]);
      results[3 * i] = all[i];
      results[3 * i + 1] = grad(cost, x, zero_if_disconnected);
      results[3 * i + 2] = grad(cost, y, zero_if_disconnected);
    }
    return results;
  }
};

struct Values {
  std::vector<double> x, y, mask, label;

  Values() {
    const double numbers[samples][2 * classes] = {{1e4, 0, -1e4, 1, 0, 1e4, 3, -1e4},
                                                  {-1e4, -1e4, 0, 1, -1e4, -1e4, 1, -1e4},
                                                  {1e4, 1e4, 1, 2, 1e4, 0, 2, 1},
                                                  {1, 2, 3, 4, 1, 3, 2, 0.5},
                                                  {-1e4, 1e4, -1e4, 1e4, 1e4, -1e4, 1e4, 1e4}};
    for (int i = 0; i < samples; ++i) {
      for (int k = 0; k < classes; ++k) {
        x.push_back(numbers[i][k]);
        y.push_back(numbers[i][classes + k]);
        mask.push_back(k % 2 == i % 2);
      }
      label.push_back(i % classes);
    }
  }
  template <class T, class From>
  static std::vector<T> as(const std::vector<From>& values) {
    return {values.begin(), values.end()};
  }
};

// All outputs of a compiled definition, by the reference.
template <class C, class T>
std::vector<std::vector<double>> by_reference() {
  const Values values;
  const auto x = Values::as<T>(values.x), y = Values::as<T>(values.y),
             mask = Values::as<T>(values.mask), label = Values::as<T>(values.label);
  reference::Bindings<T> bindings(C::recording);
  bindings.set("x", x.data()).set("y", y.data()).set("mask", mask.data());
  bindings.set("label", label.data());
  reference::Evaluation<T> evaluation(C::optimised, bindings, samples);
  std::vector<std::vector<double>> results;
  for (int id = 0; id < C::optimised.size(); ++id)
    if (C::optimised[id].op == Op::output)
      results.push_back(Values::as<double>(
          std::vector<T>(evaluation.value(id), evaluation.value(id) + evaluation.size(id))));
  return results;
}

template <class F, class T>
std::vector<std::vector<double>> by_function() {
  const Values values;
  std::vector<int> label(values.label.begin(), values.label.end());
  F function;
  std::vector<std::vector<double>> results;
  std::apply(
      [&](const auto&... map) { (results.emplace_back(map.data(), map.data() + map.size()), ...); },
      function(Values::as<T>(values.x), Values::as<T>(values.y), Values::as<T>(values.mask),
               label));
  return results;
}

void check(const std::vector<std::vector<double>>& results,
           const std::vector<std::vector<double>>& expected, double limit) {
  REQUIRE(results.size() == expected.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    REQUIRE(results[i].size() == expected[i].size());
    for (std::size_t k = 0; k < results[i].size(); ++k) {
      INFO("formula " << i / 3
                      << (i % 3 == 0   ? ""
                          : i % 3 == 1 ? ", by x"
                                       : ", by y")
                      << ", number " << k);
      REQUIRE(std::isfinite(results[i][k]));
      REQUIRE(results[i][k] == Approx(expected[i][k]).epsilon(limit).margin(limit));
    }
  }
}

template <auto... Options>
void check_mode() {
  using D = WithGradients<ByHand>;
  using M = runtime::mode_option<Options...>;
  const auto expected =
      by_reference<runtime::Compiled<WithGradients<Stable>, Purpose::inference, f64>, double>();
  check(by_reference<runtime::Compiled<D, Purpose::inference, f64, M>, double>(), expected, 1e-12);
  check(by_reference<runtime::Compiled<D, Purpose::inference, f32, M>, float>(), expected, 2e-6);
  check(by_function<Function<D, Cpu, Options...>, float>(), expected, 2e-6);
  check(by_function<Function<D, Cpu, f64, Options...>, double>(), expected, 1e-12);
}

}  // namespace

TEST_CASE("finite at 1e4 and -1e4: fast_run", "[rules]") { check_mode<fast_run>(); }
TEST_CASE("finite at 1e4 and -1e4: fast_compile", "[rules]") { check_mode<fast_compile>(); }
TEST_CASE("finite at 1e4 and -1e4: no_optimisation", "[rules]") { check_mode<no_optimisation>(); }

}  // namespace tg::test
