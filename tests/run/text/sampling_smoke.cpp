// Drawing one of several: probabilities in double, temperatures, and how often each is drawn.
// SPDX-License-Identifier: MIT
#include <limits>
#include <numeric>

#include "tests/catch.hpp"
#include "typegrad/runtime/sampling.hpp"

using tg::draw;
using tg::probabilities;
using tg::Random;

namespace {

double sum_of(const std::vector<double>& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0);
}

std::vector<double> of(const std::vector<float>& logits, double temperature = 1) {
  return probabilities(std::span<const float>(logits), temperature);
}

}  // namespace

TEST_CASE("probabilities sum to 1 within 1e-15") {
  Random random(1);
  double worst = 0, worst_in_float = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    std::vector<float> logits(38);
    for (float& logit : logits) logit = float(random.between(-8, 8));
    for (double temperature : {0.0, 0.3, 1.0, 4.0}) {
      const auto p = of(logits, temperature);
      worst = std::max(worst, std::abs(sum_of(p) - 1));
      float narrow = 0;
      for (double value : p) narrow += float(value);
      worst_in_float = std::max(worst_in_float, std::abs(double(narrow) - 1));
    }
  }
  CHECK(worst <= 1e-15);
  CHECK(worst_in_float > 1e-8);  // why it is done in double
}

TEST_CASE("probabilities are the softmax of logits by temperature") {
  const std::vector<float> logits{1, 2, 4};
  const double sum = std::exp(0.5) + std::exp(1.0) + std::exp(2.0);
  const auto p = of(logits, 2);
  CHECK(p[0] == Approx(std::exp(0.5) / sum).epsilon(1e-14));
  CHECK(p[1] == Approx(std::exp(1.0) / sum).epsilon(1e-14));
  CHECK(p[2] == Approx(std::exp(2.0) / sum).epsilon(1e-14));
  CHECK(of(logits, 0) == std::vector<double>{0, 0, 1});
  CHECK(of(logits, 0.5)[2] > of(logits)[2]);
  CHECK(of({1e4f, -1e4f}) == std::vector<double>{1, 0});
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK(of({-infinity, 3}) == std::vector<double>{0, 1});
  CHECK_THROWS_AS(of(logits, -1), tg::Error);
  CHECK_THROWS_AS(of({}), tg::Error);
  CHECK_THROWS_AS(of({-infinity, -infinity}), tg::Error);
}

TEST_CASE("each is drawn with its probability, the impossible never") {
  const std::vector<double> p{0, 0.5, 0.25, 0, 0.2, 0.05, 0};
  std::vector<double> drawn(p.size(), 0);
  Random random(7);
  constexpr int draws = 40000;
  for (int i = 0; i < draws; ++i) ++drawn[std::size_t(draw(p, random))];
  for (std::size_t i = 0; i < p.size(); ++i) {
    // Five standard deviations.
    CHECK(std::abs(drawn[i] / draws - p[i]) <= 5 * std::sqrt(p[i] * (1 - p[i]) / draws));
  }
  CHECK(draw(std::vector<double>{0, 1, 0}, random) == 1);
}
