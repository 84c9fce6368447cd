// Small language models, and sentences for them.
// SPDX-License-Identifier: MIT
#pragma once
#include <numeric>

#include "examples/text_model.hpp"
#include "tests/catch.hpp"

namespace tg::test {

inline constexpr int batch_size = 8;

// Sentences of at most 62 characters, their beginnings and ends included.
inline data::Sequences sentences(int count) {
  data::Sequences all;
  for (const std::string& line : data::sentences(data::small_talk(count), 60))
    all.push_back(example::alphabet.encode("\n" + line + "\n"));
  return all;
}

inline std::vector<std::uint32_t> first_batch() {
  std::vector<std::uint32_t> chosen(batch_size);
  std::iota(chosen.begin(), chosen.end(), 0u);
  return chosen;
}

// The nats per character, one character after the other.
template <class Network>
double stepped(Function<example::Write<Network>, Cpu, batch<1>>& next, const data::Sequences& all) {
  double nats = 0, characters = 0;
  for (const auto& sentence : all) {
    std::vector<float> memory(std::size_t(example::Write<Network>::memory.size()), 0.0f);
    for (std::size_t t = 0; t + 1 < sentence.size(); ++t, ++characters) {
      const auto [logits, after] = next(sentence[t], memory);
      const std::vector<double> likely =
          probabilities(std::span<const float>(logits.data(), std::size_t(logits.size())));
      nats -= std::log(likely[std::size_t(sentence[t + 1])]);
      memory.assign(after.data(), after.data() + after.size());
    }
  }
  return nats / characters;
}

// A model of such parts learns, and foretells one character at a time what it does of whole
// sentences: both functions have its parameters, before and after learning.
template <class Memory, class Solver, class Head = Linear<example::alphabet.size()>>
void check_model(const Solver& solver) {
  using Network = example::TextNetwork<Memory, Head>;
  const data::Sequences all = sentences(40);
  example::TextTrainer<Network, Solver, batch_size, 64> trainer;
  trainer.set(solver);
  Function<example::Write<Network>, Cpu, batch<1>> next{trainer.parameters()};
  const double before = trainer.judge(all).per_character();
  CHECK(before == Approx(std::log(example::alphabet.size())).epsilon(0.1));
  CHECK(stepped<Network>(next, all) == Approx(before).epsilon(1e-5));
  for (int epoch = 0; epoch < 6; ++epoch)
    for (const auto& chosen : data::BucketByLength{.batch = batch_size}.batches(all, epoch))
      trainer.learn(all, chosen);
  const double after = trainer.judge(all).per_character();
  CHECK(after < before - 0.3);
  CHECK(stepped<Network>(next, all) == Approx(after).epsilon(1e-5));
}

}  // namespace tg::test
