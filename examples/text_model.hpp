// A language model of characters: its network, what learns it, and what writes with it.
// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <tuple>
#include <typegrad/data/sequences.hpp>
#include <typegrad/data/small_talk.hpp>
#include <typegrad/data/text.hpp>
#include <typegrad/runtime/sampling.hpp>
#include <typegrad/typegrad.hpp>

namespace example {

// [alphabet]
// What the network reads and writes; every other character is '~'. '\n' begins and ends a sentence.
inline constexpr tg::data::CharVocabulary alphabet{"\n !&',-.:;?abcdefghijklmnopqrstuvwxyz",
                                                   tg::data::Letters::lowered};
// [/alphabet]

// clang-format off
// [network]
// Memory: a recurrent layer. Head: what makes of its state a number for each character.
template <class Memory, class Head = tg::Linear<alphabet.size()>>
struct TextNetwork {
  using Characters = tg::Embedding<alphabet.size(), 32>;
  using States = typename Memory::Stack::States;           // h, and of an Lstm c
  static constexpr tg::Shape state_shape = Memory::Stack::state_shape;

  // All characters of a sentence: tokens (T) -> logits (T, alphabet); row t foretells token t + 1.
  static constexpr tg::Var define(tg::Scope& s, tg::Var tokens) {
    tg::Var x = s.layer<"characters", Characters>(tokens);
    tg::Var h = s.layer<"memory", Memory>(x);
    return s.layer<"head", Head>(h);
  }

  // One character, on the same parameters: token () -> logits (alphabet); the states go on.
  static constexpr tg::Var step(tg::Scope& s, tg::Var token, States& states) {
    tg::Var x = s.layer<"characters", Characters>(token);
    s.enter("memory");
    states = Memory::step(s, x, states);
    s.leave();
    return s.layer<"head", Head>(states[0][-1]);
  }
};
// [/network]

// [functions]
// One step of learning on sentences of at most `Length` characters: the nats per character.
template <class Network, class Solver, int Length>
struct Learn {
  static constexpr tg::Var define(tg::Scope& s) {
    tg::Var tokens = s.input("tokens", {Length}, tg::i32), mask = s.input("mask", {Length});
    tg::Var cost = tg::NextTokenCrossEntropy<tg::Per::token>::define(
        s, Network::define(s, tokens), tokens, mask);
    int number = 0;
    for (tg::Var p : s.parameters()) {
      s.enter(number++);
      s.update(p, Solver::define(s, p, tg::grad(cost, p)));
      s.leave();
    }
    return cost;
  }
};

// The nats per sentence, nothing learned.
template <class Network, int Length>
struct Judge {
  static constexpr tg::Var define(tg::Scope& s) {
    tg::Var tokens = s.input("tokens", {Length}, tg::i32), mask = s.input("mask", {Length});
    return tg::NextTokenCrossEntropy<tg::Per::sample>::define(
        s, Network::define(s, tokens), tokens, mask);
  }
};

// One character and the states before it, one below the other: what follows, and the states after it.
template <class Network>
struct Write {
  static constexpr int layers = Network::state_shape[0];
  static constexpr int rows = layers * int(std::tuple_size_v<typename Network::States>);
  static constexpr tg::Shape memory{rows, Network::state_shape[1]};

  static constexpr auto define(tg::Scope& s) {
    tg::Var token = s.label("token"), before = s.input("before", memory);
    typename Network::States states;
    for (int first = 0; tg::Var& state : states) {
      state = before[tg::range(first, first + layers)];
      first += layers;
    }
    tg::Var logits = Network::step(s, token, states);
    return tg::outputs(logits, tg::concatenate(states));
  }
};
// [/functions]
// clang-format on

// [writer]
// Writes with what a network has learned: its parameters are those of the store, now.
template <class Network>
class Writer {
 public:
  template <class Store>
  explicit Writer(Store& store) : next(store) {}

  // `length` characters that follow the prefix, drawn one by one; temperature 0 takes the
  // likeliest.
  std::string write(std::string_view prefix, int length, tg::Random& random,
                    double temperature = 1) {
    begin_sentence();
    for (char c : prefix) read(c);
    std::string text(prefix);
    for (int i = 0; i < length; ++i) {
      const auto likely = tg::probabilities(std::span<const float>(logits), temperature);
      const char c = alphabet.character_of(tg::draw(likely, random));
      text.push_back(c);
      if (c == '\n')
        begin_sentence();
      else
        read(c);
    }
    return text;
  }

 private:
  void begin_sentence() {
    memory.assign(std::size_t(Write<Network>::memory.size()), 0.0f);
    read('\n');
  }
  void read(char c) {
    const auto [following, after] = next(alphabet.number_of(c), memory);
    logits.assign(following.data(), following.data() + following.size());
    memory.assign(after.data(), after.data() + after.size());
  }

  tg::Function<Write<Network>, tg::Cpu, tg::batch<1>> next;
  std::vector<float> memory, logits;
};
// [/writer]

// [trainer]
// Nats, of sentences that were foretold.
struct Judgement {
  double nats = 0, characters = 0, sentences = 0;

  double per_character() const { return nats / characters; }
  double per_sentence() const { return nats / sentences; }
};

// A network with everything that works on its parameters: what learns, for sentences of at most so
// many characters each, what judges, and what writes.
template <class Network, class Solver, int Batch, int... Lengths>
class TextTrainer {
 public:
  explicit TextTrainer(std::uint64_t seed = 0)
      : state(seed), learners(((void)Lengths, std::ref(state))...), judging(state), writer(state) {}

  // Learns from some of the sentences, by the program that just has room for them: a program's time
  // is that of its length. Returns the nats per character.
  double learn(const tg::data::Sequences& all, std::span<const std::uint32_t> chosen) {
    std::size_t longest = 0;
    for (std::uint32_t i : chosen) longest = std::max(longest, all[i].size());
    double cost = 0;
    const auto with = [&]<int Length>(Learner<Length>& learner) {
      if (longest > std::size_t(Length)) return false;
      const tg::data::PadBatch padded(all, chosen, Length);
      cost = learner.function(padded.tokens(), padded.mask());
      return true;
    };
    if (!(with(std::get<Learner<Lengths>>(learners)) || ...))
      throw tg::Error("a sentence of " + std::to_string(longest) + " characters is too long");
    return cost;
  }
  void set(const Solver& solver) {
    (std::get<Learner<Lengths>>(learners).function.set(solver), ...);
  }

  // What it says of sentences, nothing learned.
  Judgement judge(const tg::data::Sequences& all) {
    Judgement sum;
    for (const auto& chosen : tg::data::BucketByLength{.batch = Batch}.batches(all, 0)) {
      const tg::data::PadBatch padded(all, chosen, longest_length);
      const double count = double(chosen.size());
      sum.nats += judging(padded.tokens(), padded.mask()) * count;
      sum.characters += double(padded.counted()) - count;  // the first ones are given
      sum.sentences += count;
    }
    return sum;
  }

  // `length` characters that follow the prefix.
  std::string write(std::string_view prefix, int length, tg::Random& random,
                    double temperature = 1) {
    return writer.write(prefix, length, random, temperature);
  }

  // What the network has learned, for more functions of it.
  auto& parameters() { return state; }

 private:
  static constexpr int longest_length = std::max({Lengths...});
  template <int Length>
  using LearnFunction = tg::Function<Learn<Network, Solver, Length>, tg::Cpu, tg::batch<Batch>>;
  using JudgeFunction = tg::Function<Judge<Network, longest_length>>;
  using State = tg::Shared<LearnFunction<Lengths>..., JudgeFunction,
                           tg::Function<Write<Network>, tg::Cpu, tg::batch<1>>>;
  template <int Length>
  struct Learner {
    Learner(State& state) : function(state) {}
    LearnFunction<Length> function;
  };

  State state;
  std::tuple<Learner<Lengths>...> learners;
  JudgeFunction judging;
  Writer<Network> writer;
};
// [/trainer]

}  // namespace example
