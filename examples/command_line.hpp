// What the examples share: reading options, and finding digits to learn from.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <typegrad/typegrad.hpp>
#include <vector>

namespace example {

// --name value … of a program. What is wrong with them is a line and the end of the program.
class CommandLine {
 public:
  CommandLine(int the_count, char** the_words, const char* the_usage)
      : count(the_count), words(the_words), usage(the_usage), given(words + 1, words + count) {
    for (std::size_t i = 0; i < given.size(); ++i)
      if (given[i] == std::string_view("--help") || given[i] == std::string_view("-h"))
        std::fputs(usage, stdout), std::exit(0);
  }

  const char* text(std::string_view name, const char* otherwise = "") {
    for (std::size_t i = 0; i < given.size(); i += 2) {
      if (name != given[i]) continue;
      if (i + 1 == given.size()) fail("needs a value", given[i]);
      const char* value = given[i + 1];
      given.erase(given.begin() + std::ptrdiff_t(i), given.begin() + std::ptrdiff_t(i + 2));
      return value;
    }
    return otherwise;
  }
  int number(std::string_view name, int otherwise, int least, int most) {
    const char* word = text(name, nullptr);
    if (word == nullptr) return otherwise;
    char* end = nullptr;
    const long value = std::strtol(word, &end, 10);
    if (end == word || *end != 0 || value < least || value > most) {
      std::fprintf(stderr, "%s is %s, expected a number from %d to %d\n", std::string(name).c_str(),
                   word, least, most);
      std::exit(2);
    }
    return int(value);
  }
  double decimal(std::string_view name, double otherwise, double least, double most) {
    const char* word = text(name, nullptr);
    if (word == nullptr) return otherwise;
    char* end = nullptr;
    const double value = std::strtod(word, &end);
    if (end == word || *end != 0 || !(value >= least && value <= most)) {
      std::fprintf(stderr, "%s is %s, expected a number from %g to %g\n", std::string(name).c_str(),
                   word, least, most);
      std::exit(2);
    }
    return value;
  }
  // After all options were asked for.
  void finish() const {
    if (!given.empty()) fail("is no option of this program", given[0]);
  }

  const int count;  // as main() got them
  char** const words;

 private:
  [[noreturn]] void fail(const char* fault, const char* word) const {
    std::fprintf(stderr, "%s %s\n%s", word, fault, usage);
    std::exit(2);
  }

  const char* usage;
  std::vector<const char*> given;  // what nobody has asked for yet
};

// MNIST from folder/mnist, where `folder` is given or the environment's TYPEGRAD_DATA; else digits
// drawn by code. At most `samples` to learn from, unless 0.
inline tg::data::Dataset digits(const std::string& folder, int samples) {
  const auto found =
      folder.empty() ? tg::data::find("mnist") : std::optional(tg::joined(folder, "/mnist"));
  auto result = found ? tg::data::mnist(*found)
                      : tg::data::digits({.train = samples > 0 ? samples : 20000, .test = 4000});
  if (samples > 0 && samples < result.train.count()) result.train = result.train.part(0, samples);
  std::printf("%lld %s%s to learn from, %lld to test on\n", (long long)result.train.count(),
              found ? "digits of " : "drawn digits", found ? found->c_str() : "",
              (long long)result.test.count());
  return result;
}

}  // namespace example
