// A text written by code: always there, small, and with something to learn.
// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "typegrad/core/random.hpp"

namespace tg::data {

// So many sentences of a small grammar, a line each, the same for the same seed:
//   The old sailor sees a bird.
//   Why does the little fox follow the moon?
inline std::string small_talk(int sentences, std::uint64_t seed = 1) {
  static constexpr std::array articles{"the", "a", "my", "every"};
  static constexpr std::array qualities{"", "", "little ", "old ", "brave ", "quiet "};
  static constexpr std::array things{"bird", "fox", "moon", "river", "sailor", "king", "dog"};
  static constexpr std::array deeds{"see", "follow", "love", "hear", "find"};
  Random random(seed);
  const auto any = [&](const auto& words) {
    return std::string(words[random.below(std::uint32_t(words.size()))]);
  };
  const auto someone = [&] { return any(articles) + " " + any(qualities) + any(things); };

  std::string text;
  for (int i = 0; i < sentences; ++i) {
    const bool asked = random.below(3) == 0;
    const std::string who = someone(), deed = any(deeds), whom = someone();
    std::string sentence = asked ? "why does " + who + " " + deed + " " + whom + "?"
                                 : who + " " + deed + "s " + whom + ".";
    sentence[0] = char(sentence[0] - 'a' + 'A');
    text += sentence + "\n";
  }
  return text;
}

}  // namespace tg::data
