// Modes and reports: the same numbers whatever is rewritten and fused, and text that says what was.
// SPDX-License-Identifier: MIT
#include "tests/catch.hpp"
#include "typegrad/layers/all.hpp"
#include "typegrad/networks/all.hpp"
#include "typegrad/runtime/check_passes.hpp"
#include "typegrad/solvers/sgd.hpp"
#include "typegrad/training/trainer.hpp"
#include "typegrad/views/optimisation_report.hpp"

namespace tg::test {
namespace {

using Net = Sequence<Input<1, 12, 12>, Conv<4, 3>, BatchNorm<>, Tanh, MaxPool<2>, Flatten,
                     Linear<16>, Relu, Linear<10>>;

// Losses of some steps, and a sample's outputs after them.
template <auto... Options>
std::vector<float> train() {
  std::vector<float> x(40 * 144), numbers;
  std::vector<int> y(40);
  Random random(1);
  for (float& value : x) value = float(random.unit());
  for (int& value : y) value = int(random.below(10));
  Model<Net, Cpu, Options...> model;
  Trainer trainer{model, CrossEntropy{}, Sgd{.learning_rate = 0.05}, batch<40>};
  for (int step = 0; step < 4; ++step) numbers.push_back(float(trainer.step(x, y)));
  const auto outputs = model(std::span(x).first(144));
  numbers.insert(numbers.end(), outputs.data(), outputs.data() + outputs.size());
  return numbers;
}

template <auto... Options>
void check_mode() {
  static const std::vector<float> expected = train<fast_run>();
  const std::vector<float> numbers = train<Options...>();
  REQUIRE(numbers.size() == expected.size());
  for (std::size_t i = 0; i < numbers.size(); ++i)
    CHECK(numbers[i] == Approx(expected[i]).epsilon(1e-4).margin(1e-4));
}

// Values in between, and a gradient with respect to one of them, whose reader a rule would rewrite.
struct InBetween {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2, 3});
    const Var h = reshape(x, {6}), flat = reshape(h, {3, 2}), two = 2 * x, six = 3 * two;
    return outputs(grad(sum(flat * flat), h), grad(sum(six * six), two), sum(x));
  }
};

using Larger =
    WithLoss<Sequence<Input<1, 28, 28>, Conv<4, 5>, Relu, MaxPool<2>, Flatten, Linear<10>>,
             CrossEntropy>;

}  // namespace

TEST_CASE("a model learns the same in every mode", "[rules]") {
  check_mode<fast_compile>();
  check_mode<no_optimisation>();
  check_mode<exclude<"fusion">>();
  check_mode<exclude<"kernels">>();
}

TEST_CASE("one sample at a time, interpreted", "[rules]") { check_mode<fast_compile, batch<1>>(); }

TEST_CASE("no rule reads past a value that a gradient is asked for", "[rules]") {
  CHECK(check_passes<InBetween, f64>());
  using C = runtime::Compiled<InBetween, Purpose::inference, f64>;
  const double x[] = {1, 2, 3, 4, 5, 6};
  reference::Bindings<double> bindings(C::recording);
  bindings.set("x", x);
  reference::Evaluation<double> evaluation(C::optimised, bindings);
  for (int i = 0; i < 6; ++i) {
    CHECK(evaluation.output(0)[i] == 2 * x[i]);          // d h^2 / dh
    CHECK(evaluation.output(1)[i] == 2 * 9 * 2 * x[i]);  // d (3 t)^2 / dt, t = 2 x
  }
}

TEST_CASE("larger definitions are evaluated after each pass at run time", "[rules]") {
  CHECK(check_passes<Larger, f64>().difference < 1e-12);
  CHECK(check_passes<Larger, f64, tg::training>({.samples = 3, .seed = 5, .low = 0.1}));
  CHECK(check_passes<Larger, f64, fast_compile>().difference < 1e-12);  // which verifies nothing
}

TEST_CASE("the report names the pass, the rule, the identity, the node and the layer", "[rules]") {
  const std::string report = optimisation_report<Larger>();
  INFO(report);
  const std::size_t line = report.find("simplify   pool_later");
  REQUIRE(line != std::string::npos);
  const std::string words = report.substr(line, report.find('\n', line) - line);
  CHECK(words.find("max(f(x)) -> f(max(x))") != std::string::npos);
  CHECK(words.find(" in 2") != std::string::npos);
  CHECK(optimisation_report<Larger, exclude<"pool_later">>().find("pool_later") ==
        std::string::npos);
  CHECK(optimisation_report<Larger, no_optimisation>() == "no rule fired\n");
}

}  // namespace tg::test
