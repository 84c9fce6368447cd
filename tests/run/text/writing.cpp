// A language model writes with what it has learned so far.
// SPDX-License-Identifier: MIT
#include "models.hpp"

using namespace tg;
using namespace tg::test;

namespace {

using Network = example::TextNetwork<Lstm<128>>;
using OneLength = example::TextTrainer<Network, Adam, batch_size, 64>;
using TwoLengths = example::TextTrainer<Network, Adam, batch_size, 32, 64>;

}  // namespace

TEST_CASE("a language model of an LSTM") { check_model<Lstm<128>>(Adam{.learning_rate = 0.004}); }

TEST_CASE("what is written is a matter of seed, temperature and what was learned") {
  const data::Sequences all = sentences(40);
  OneLength trainer, twin, other(1);
  const auto text = [](auto& by, std::uint64_t seed, double temperature) {
    Random random(seed);
    return by.write("the ", 80, random, temperature);
  };
  const std::string first = text(trainer, 1, 1);
  CHECK(first.size() == 84);
  CHECK(first.substr(0, 4) == "the ");
  CHECK(text(trainer, 1, 1) == first);
  CHECK(text(twin, 1, 1) == first);
  CHECK(text(other, 1, 1) != first);
  CHECK(text(trainer, 2, 1) != first);
  CHECK(text(trainer, 1, 0.2) != first);
  CHECK(text(trainer, 1, 0) == text(trainer, 2, 0));

  const std::string greedy = text(trainer, 1, 0);
  for (int step = 0; step < 5; ++step) trainer.learn(all, first_batch());
  CHECK(text(trainer, 1, 0) != greedy);
  CHECK(text(twin, 1, 0) == greedy);
}

TEST_CASE("sentences are learned by the shortest program that has room") {
  // The same sentences by programs of 32 and of 64: the same loss.
  data::Sequences all = sentences(80);
  std::erase_if(all, [](const auto& sentence) { return sentence.size() > 32; });
  REQUIRE(all.size() >= batch_size);
  OneLength longer;
  TwoLengths both;
  for (int step = 0; step < 4; ++step)
    CHECK(both.learn(all, first_batch()) == Approx(longer.learn(all, first_batch())).epsilon(1e-5));
  const auto one = both.judge(all), other = longer.judge(all);
  CHECK(one.per_character() == Approx(other.per_character()).epsilon(1e-5));
  CHECK(one.per_sentence() == Approx(other.per_sentence()).epsilon(1e-5));
  std::size_t characters = 0;  // that are foretold: not the first of a sentence
  for (const auto& sentence : all) characters += sentence.size() - 1;
  CHECK(one.per_sentence() * double(all.size()) ==
        Approx(one.per_character() * double(characters)).epsilon(1e-12));

  all.emplace_back(65, 1);
  const std::vector<std::uint32_t> last{std::uint32_t(all.size() - 1)};
  CHECK_THROWS_WITH(both.learn(all, last), contains("65 characters is too long"));
}

TEST_CASE("what is held back is foretold better with every epoch") {
  const data::Sequences all = sentences(480);
  const data::Sequences learned(all.begin(), all.begin() + 400),
      judged(all.begin() + 400, all.end());
  OneLength trainer;
  trainer.set(Adam{.learning_rate = 0.004});
  double before = trainer.judge(judged).per_sentence();
  for (int epoch = 0; epoch < 4; ++epoch) {
    const data::BucketByLength buckets{.pool = 10 * batch_size, .batch = batch_size};
    for (const auto& chosen : buckets.batches(learned, epoch)) trainer.learn(learned, chosen);
    const double now = trainer.judge(judged).per_sentence();
    CHECK(now < before);
    before = now;
  }
}
