// The characters of a text, numbered.
// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "typegrad/core/exception.hpp"

namespace tg::data {

// Whether 'A' and 'a' are two characters or one.
enum class Letters { distinguished, lowered };

// The characters of a text in the order of their codes, and behind them '~', which stands for every
// other. A constant where the text is one: a network's type can be as wide as its vocabulary.
//   constexpr tg::data::CharVocabulary alphabet("\n abcdefghijklmnopqrstuvwxyz",
//                                               tg::data::Letters::lowered);
//   tg::Embedding<alphabet.size(), 32>
class CharVocabulary {
 public:
  static constexpr char unknown = '~';

  constexpr explicit CharVocabulary(std::string_view text,
                                    Letters the_letters = Letters::distinguished)
      : letters(the_letters) {
    std::array<bool, 256> occurs{};
    for (char c : text) occurs[byte(as_counted(c))] = true;
    occurs[byte(unknown)] = false;
    for (int b = 0; b < 256; ++b)
      if (occurs[std::size_t(b)]) characters[std::size_t(count++)] = char(b);
    characters[std::size_t(count++)] = unknown;

    for (std::uint8_t& number : numbers) number = std::uint8_t(count - 1);
    for (int i = 0; i < count; ++i) numbers[byte(characters[std::size_t(i)])] = std::uint8_t(i);
  }

  // How many characters there are, the unknown one among them.
  constexpr int size() const { return count; }
  constexpr std::int32_t number_of(char c) const { return numbers[byte(as_counted(c))]; }
  // Pre: 0 <= number < size().
  constexpr char character_of(std::int32_t number) const { return characters[std::size_t(number)]; }

  std::vector<std::int32_t> encode(std::string_view text) const {
    std::vector<std::int32_t> result;
    result.reserve(text.size());
    for (char c : text) result.push_back(number_of(c));
    return result;
  }
  // Throws Error unless every number is one of a character.
  std::string decode(std::span<const std::int32_t> text) const {
    std::string result;
    result.reserve(text.size());
    for (std::int32_t number : text) {
      if (number < 0 || number >= count)
        fail("CharVocabulary::decode", "found %d, expected 0 to %d", number, count - 1);
      result.push_back(character_of(number));
    }
    return result;
  }

 private:
  static constexpr std::size_t byte(char c) { return static_cast<unsigned char>(c); }
  constexpr char as_counted(char c) const {
    return letters == Letters::lowered && c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
  }

  Letters letters;
  int count = 0;
  std::array<char, 256> characters{};
  std::array<std::uint8_t, 256> numbers{};
};

}  // namespace tg::data
