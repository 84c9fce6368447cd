// Text: characters as numbers and back, sentences, lines, a text written by code.
// SPDX-License-Identifier: MIT
#include "typegrad/data/text.hpp"

#include "tests/catch.hpp"
#include "tests/run/data/scratch.hpp"
#include "typegrad/data/small_talk.hpp"

using tg::data::CharVocabulary;
using tg::data::Letters;
using tg::test::contains;
using Strings = std::vector<std::string>;

namespace {

// A vocabulary is a constant where its text is one.
constexpr CharVocabulary vowels("ueoia");
static_assert(vowels.size() == 6);
static_assert(vowels.character_of(0) == 'a' && vowels.character_of(4) == 'u');
static_assert(vowels.number_of('z') == 5 && vowels.character_of(5) == CharVocabulary::unknown);

std::string every_character() {
  std::string text;
  for (int b = 0; b < 256; ++b) text.push_back(char(b));
  return text;
}

}  // namespace

TEST_CASE("what a vocabulary has seen comes back as it was") {
  for (const std::string& text : {std::string("To be, or not to be!\n"), std::string(),
                                  every_character(), tg::data::small_talk(50)}) {
    const CharVocabulary vocabulary(text);
    CHECK(vocabulary.decode(vocabulary.encode(text)) == text);
    for (int i = 0; i < vocabulary.size(); ++i)
      CHECK(vocabulary.number_of(vocabulary.character_of(i)) == i);
  }
}

TEST_CASE("characters are in the order of their codes, behind them the unknown one") {
  const CharVocabulary vocabulary("b~a\xe9 a");
  CHECK(vocabulary.size() == 5);
  std::string all;
  for (int i = 0; i < vocabulary.size(); ++i) all.push_back(vocabulary.character_of(i));
  CHECK(all == " ab\xe9~");
}

TEST_CASE("a character that was not seen is the unknown one") {
  const CharVocabulary vocabulary("abc");
  CHECK(vocabulary.decode(vocabulary.encode("a-b~c")) == "a~b~c");
  CHECK(vocabulary.number_of('A') == vocabulary.size() - 1);
}

TEST_CASE("large letters are small ones where that is asked for") {
  const CharVocabulary vocabulary("Hello", Letters::lowered);
  CHECK(vocabulary.size() == 5);  // e h l o ~
  CHECK(vocabulary.decode(vocabulary.encode("HELLO \xc9")) == "hello~~");
  CHECK(CharVocabulary("Hello").size() == 5);  // H e l o ~
  CHECK(CharVocabulary("Hello hello").size() == 7);
}

TEST_CASE("a number of no character is an error") {
  const CharVocabulary vocabulary("abc");
  const auto words = [&](std::int32_t number) {
    return tg::test::words_of<tg::Error>([&] { vocabulary.decode(std::array{number}); });
  };
  CHECK_THAT(words(4), contains("found 4, expected 0 to 3"));
  CHECK_THAT(words(-1), contains("found -1, expected 0 to 3"));
}

TEST_CASE("sentences end at a mark before white space") {
  CHECK(tg::data::sentences(" It costs 3.50.\nWhat?!  \t No...\n\nSo it\r\n goes") ==
        Strings{"It costs 3.50.", "What?!", "No...", "So it goes"});
  CHECK(tg::data::sentences(" \n ").empty());
  CHECK(tg::data::sentences("") == Strings{});
}

TEST_CASE("long sentences are cut between words, and every word is kept") {
  CHECK(tg::data::sentences("one two three.", 7) == Strings{"one two", "three."});
  CHECK(tg::data::sentences("one two three.", 6) == Strings{"one", "two", "three."});
  CHECK(tg::data::sentences("abcdefgh.", 4) == Strings{"abcd", "efgh", "."});
  const std::string text = tg::data::small_talk(40);
  for (std::size_t longest : {1u, 2u, 5u, 11u, 30u, 1000u}) {
    std::string all, expected;
    for (const std::string& piece : tg::data::sentences(text, longest)) {
      CHECK_FALSE(piece.empty());
      CHECK(piece.size() <= longest);
      all += piece;
    }
    for (char c : text)
      if (c != ' ' && c != '\n') expected.push_back(c);
    std::erase(all, ' ');
    CHECK(all == expected);
  }
}

TEST_CASE("lines are without their ends, and none is empty") {
  CHECK(tg::data::lines("a b\r\n\n c\nd") == Strings{"a b", " c", "d"});
  CHECK(tg::data::lines("\n").empty());
}

TEST_CASE("a text is read as it is") {
  const tg::test::Scratch scratch;
  CHECK(tg::data::read_text(scratch.write("a.txt", every_character())) == every_character());
  const std::string missing = scratch.path("b.txt");
  CHECK_THAT(tg::test::words_of<tg::Error>([&] { tg::data::read_text(missing); }),
             contains(missing));
}

TEST_CASE("small talk is one sentence a line, the same for a seed") {
  const std::string text = tg::data::small_talk(200);
  CHECK(tg::data::lines(text).size() == 200);
  CHECK(tg::data::sentences(text) == tg::data::lines(text));
  CHECK(tg::data::small_talk(200) == text);
  CHECK(tg::data::small_talk(200, 2) != text);
}
