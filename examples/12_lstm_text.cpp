// A recurrent network that reads text, character by character, and writes its own.
// test-arguments: --epochs 2 --sentences 400 --length 60
// SPDX-License-Identifier: MIT
#include <chrono>

#include "command_line.hpp"
#include "text_model.hpp"

// clang-format off
// [choices]
// Exercises: another line each.
using Memory = tg::Lstm<128>;                            // tg::Gru<128>, tg::Rnn<128, tg::activation<tg::Relu>>,
                                                         // tg::Lstm<128, tg::stacked<2>>,
                                                         // tg::Lstm<128, tg::recurrent_filler<tg::Orthogonal>,
                                                         //          tg::forget_bias<1>>
using Head = tg::Linear<example::alphabet.size()>;       // tg::Sequence<tg::Linear<64>, tg::Relu, tg::Linear<…>>
using Solver = tg::Adam;                                 // tg::Sgd, with --momentum and a --rate of its own
constexpr int batch = 32;
using Trainer = example::TextTrainer<example::TextNetwork<Memory, Head>, Solver, batch, 32, 64, 128>;
// [/choices]
// clang-format on

// [sentences]
// '\n' begins a sentence and ends it: the network learns how sentences start and where they stop.
tg::data::Sequences sentences_of(const std::string& text, int most) {
  tg::data::Sequences result;
  for (const std::string& sentence : tg::data::sentences(text, 126)) {
    if (most > 0 && int(result.size()) == most) break;
    result.push_back(example::alphabet.encode("\n" + sentence + "\n"));
  }
  return result;
}
// [/sentences]

std::string text_to_learn(const std::string& folder) {
  const auto found = folder.empty() ? tg::data::find("text") : folder + "/text";
  std::printf("%s\n", found ? ("the text of " + *found).c_str() : "a text written by code");
  return found ? tg::data::read_text(*found + "/tinyshakespeare.txt") : tg::data::small_talk(4000);
}

// The share of a batch that is padding, over an epoch of such batches.
double padding(const tg::data::Sequences& all, const tg::data::BucketByLength& how) {
  double counted = 0, room = 0;
  for (const auto& chosen : how.batches(all, 0)) {
    const tg::data::PadBatch padded(all, chosen);
    counted += double(padded.counted());
    room += double(padded.tokens().size());
  }
  return 1 - counted / room;
}

struct Choices {
  int epochs, pool, length, every;
  double rate, momentum, temperature;
  std::string prefix;
  std::uint64_t seed;
};

template <class Rule>
Rule with_momentum(Rule rule, double momentum) {
  if constexpr (requires { rule.momentum; }) rule.momentum = momentum;
  return rule;
}

// [run]
void run(const tg::data::Sequences& all, const Choices& choices) {
  const auto held_back = all.begin() + std::ptrdiff_t(all.size() * 9 / 10);
  const tg::data::Sequences learned(all.begin(), held_back), judged(held_back, all.end());
  const tg::data::BucketByLength buckets{
      .pool = choices.pool, .batch = batch, .seed = choices.seed};
  std::printf(
      "%zu sentences to learn from, %zu to be judged by; %.1f %% padding, %.1f %% without "
      "buckets\n",
      learned.size(), judged.size(), 100 * padding(learned, buckets),
      100 * padding(learned, {.pool = batch, .batch = batch}));

  Trainer trainer(choices.seed);
  Solver solver = with_momentum(Solver{.learning_rate = choices.rate}, choices.momentum);
  int minibatch = 0;
  const auto report = [&](std::uint64_t stream) {
    const auto judgement = trainer.judge(judged);
    std::printf("minibatch %d, validation %.3f nats a character, %.1f a sentence\n", minibatch,
                judgement.per_character(), judgement.per_sentence());
    tg::Random random(choices.seed, stream);
    std::printf("%s\n\n",
                trainer.write(choices.prefix, choices.length, random, choices.temperature).c_str());
    std::fflush(stdout);
  };
  for (int epoch = 0; epoch < choices.epochs; ++epoch) {
    const auto start = std::chrono::steady_clock::now();
    trainer.set(solver);
    double cost = 0;
    const auto batches = buckets.batches(learned, epoch);
    for (const auto& chosen : batches) {
      cost += trainer.learn(learned, chosen);
      if (++minibatch % choices.every == 0 && &chosen != &batches.back())
        report(~std::uint64_t(minibatch));
    }
    solver.learning_rate *= 0.7;
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    std::printf("epoch %d, %.3f nats a character, %.1f s; ", epoch + 1,
                cost / double(batches.size()), taken.count());
    report(std::uint64_t(epoch));
  }
}
// [/run]

constexpr const char* usage =
    "usage: lstm_text [option value]…\n"
    "  --epochs n       times through the sentences (8)\n"
    "  --pool n         sentences that are sorted by length together; 32: none are (3200)\n"
    "  --rate x         learning rate, 0.7 times as large after each epoch (0.004)\n"
    "  --momentum x     of a solver that has one (0.9)\n"
    "  --every n        minibatches after which it is judged and writes, beside the ends of "
    "epochs\n"
    "  --prefix text    what the written text begins with (the meaning of life is )\n"
    "  --length n       characters to write after each epoch (450)\n"
    "  --temperature x  of what is written: 0 the likeliest, 1 as learned (0.7)\n"
    "  --seed n         of first values, orders and what is drawn (1)\n"
    "  --sentences n    to learn and judge from (all)\n"
    "  --data path      folder that holds text/tinyshakespeare.txt (TYPEGRAD_DATA; without "
    "either,\n"
    "                   the text is written by code)\n";

int main(int count, char** words) try {
  example::CommandLine options(count, words, usage);
  Choices choices;
  choices.epochs = options.number("--epochs", 8, 1, 1000);
  choices.pool = options.number("--pool", 100 * batch, batch, 1000000);
  choices.every = options.number("--every", 1000000000, 1, 1000000000);
  choices.rate = options.decimal("--rate", 4e-3, 0, 10);
  choices.momentum = options.decimal("--momentum", 0.9, 0, 1);
  choices.prefix = options.text("--prefix", "the meaning of life is ");
  choices.length = options.number("--length", 450, 0, 1000000);
  choices.temperature = options.decimal("--temperature", 0.7, 0, 100);
  choices.seed = std::uint64_t(options.number("--seed", 1, 0, 1000000));
  const int most = options.number("--sentences", 0, 20, 1000000);
  const std::string data = options.text("--data");
  options.finish();

  run(sentences_of(text_to_learn(data), most), choices);
} catch (const tg::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
