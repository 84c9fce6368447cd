// What is padding changes nothing: neither a loss nor a gradient, in no bit.
// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstring>

#include "models.hpp"
#include "tests/run/reference/lab.hpp"

using namespace tg;
using namespace tg::test;

namespace {

constexpr int length = 20, samples = 21;

// The loss, and the gradient of every parameter.
template <class Memory, Per unit>
struct Gradients {
  static constexpr auto define(Scope& s) {
    const Var tokens = s.input("tokens", {length}, i32), mask = s.input("mask", {length});
    const Var logits = example::TextNetwork<Memory>::define(s, tokens);
    const Var cost = NextTokenCrossEntropy<unit>::define(s, logits, tokens, mask);
    const auto all = s.parameters();
    Var gradients = reshape(grad(cost, all[0]), {-1});
    for (int i = 1; i < all.size(); ++i)
      gradients = concatenate({gradients, reshape(grad(cost, all[i]), {-1})});
    return outputs(cost, gradients);
  }
};

// Sequences of 2 to `length` tokens in a batch, as PadBatch makes it.
data::Sequences some() {
  Random random(5);
  data::Sequences all(samples);
  for (auto& sequence : all) {
    sequence.resize(2 + random.below(length - 1));
    for (auto& token : sequence) token = std::int32_t(random.below(38));
  }
  return all;
}
data::PadBatch padded(const data::Sequences& all, std::int32_t padding) {
  std::vector<std::uint32_t> every(all.size());
  std::iota(every.begin(), every.end(), 0u);
  return data::PadBatch(all, every, length, padding);
}

struct Measured {
  float cost;
  std::vector<float> gradients;
  bool operator==(const Measured& other) const {
    return std::memcmp(&cost, &other.cost, sizeof cost) == 0 &&
           gradients.size() == other.gradients.size() &&
           std::memcmp(gradients.data(), other.gradients.data(),
                       gradients.size() * sizeof(float)) == 0;
  }
};

template <class Memory, Per unit>
void check_padding() {
  using F = Function<Gradients<Memory, unit>, Cpu, batch<32>>;
  Shared<F> state;
  F gradients{state};
  const data::Sequences all = some();
  const data::PadBatch batch = padded(all, 0);
  const auto measure = [&](const std::vector<std::int32_t>& tokens) {
    const auto [cost, g] = gradients(tokens, batch.mask());
    return Measured{cost, {g.data(), g.data() + g.size()}};
  };
  std::vector<std::int32_t> tokens(batch.tokens().begin(), batch.tokens().end());
  const Measured expected = measure(tokens);
  REQUIRE(std::isfinite(expected.cost));
  REQUIRE(expected.gradients.size() > 1000);

  Random random(1);
  for (int trial = 0; trial < 5; ++trial) {
    for (std::size_t i = 0; i < tokens.size(); ++i)
      if (batch.mask().data()[i] == 0) tokens[i] = std::int32_t(random.below(38));
    CHECK(measure(tokens) == expected);
  }
  // What is no padding does count: the last token of the first sequence.
  tokens[all[0].size() - 1] = (tokens[all[0].size() - 1] + 1) % 38;
  CHECK_FALSE(measure(tokens) == expected);
}

}  // namespace

TEST_CASE("padding changes neither loss nor gradients of an LSTM, in no bit") {
  check_padding<Lstm<20>, Per::token>();
}
TEST_CASE("padding changes neither loss nor gradients of a GRU, in no bit") {
  check_padding<Gru<16>, Per::sample>();
}

TEST_CASE("the cross-entropy of sequences is the formula's") {
  constexpr int steps = 5, classes = 4, count = 3;
  const std::vector<double> logits = noise<double>(count * steps * classes, 1);
  const std::vector<std::int32_t> tokens{0, 1, 2, 3, 1, 3, 3, 0, 2, 2, 1, 0, 0, 1, 2};
  const std::vector<double> mask{1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0};
  double sum = 0;
  int counted = 0;
  for (int n = 0; n < count; ++n)
    for (int t = 0; t + 1 < steps; ++t) {
      if (mask[std::size_t(n * steps + t + 1)] == 0) continue;
      const double* row = logits.data() + (n * steps + t) * classes;
      double total = 0;
      for (int c = 0; c < classes; ++c) total += std::exp(row[c]);
      sum += std::log(total) - row[tokens[std::size_t(n * steps + t + 1)]];
      ++counted;
    }
  REQUIRE(counted == 7);

  struct Losses {
    static constexpr auto define(Scope& s) {
      const Var logits = s.input("logits", {steps, classes});
      const Var tokens = s.input("tokens", {steps}, i32), mask = s.input("mask", {steps});
      return outputs(NextTokenCrossEntropy<Per::sample>::define(s, logits, tokens, mask),
                     NextTokenCrossEntropy<Per::token>::define(s, logits, tokens, mask));
    }
  };
  Function<Losses, Cpu, f64> losses;
  const auto [per_sample, per_token] = losses(logits, tokens, mask);
  CHECK(per_sample == Approx(sum / count).epsilon(1e-14));
  CHECK(per_token == Approx(sum / counted).epsilon(1e-14));
  // Nothing that counts is 0, not 0 / 0.
  const auto [none, no_token] = losses(logits, tokens, std::vector<double>(mask.size(), 0));
  CHECK(none == 0);
  CHECK(no_token == 0);
}
