// What a program is set to: by a file, by the environment, by its code; and when it was built.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "typegrad/core/joined.hpp"
#include "typegrad/core/thread_pool.hpp"
#include "typegrad/io/file.hpp"
#include "typegrad/training/fit_options.hpp"

namespace tg {

// Threads, seed and progress. What the code sets goes before what the environment says
// (TYPEGRAD_THREADS, TYPEGRAD_SEED, TYPEGRAD_PROGRESS), and that before a file of lines `name =
// value`, with comments behind `#`.
//   tg::Config config;
//   config.set("seed", "7");
//   tg::set_threads(config.threads());
//   tg::Model<Net> model(config.seed());
//   trainer.fit(digits.train, {.seed = config.seed(), .progress = config.progress()});
// Errors: tg::Error for a file that cannot be read, a line that is none, an unknown name, a value
// that does not fit, and for what was fixed when the program was built.
class Config {
 public:
  // Reads the file at `path`; without one, that which TYPEGRAD_CONFIG names, if it does.
  [[gnu::cold]] explicit Config(const std::string& path = variable("TYPEGRAD_CONFIG")) {
    if (!path.empty()) read(path);
    for (Setting& setting : settings)
      if (const std::string value = variable(setting.variable); !value.empty())
        assign(setting, value, "environment", setting.variable);
  }

  [[gnu::cold]] void set(const std::string& name, const std::string& value) {
    assign(known(name, "Config::set"), value, "code", "Config::set");
  }

  // Without a setting as many as there are cores.
  int threads() const {
    const std::string& value = settings[0].value;
    return value.empty() ? detail::default_threads() : int(number_in(value));
  }
  std::uint64_t seed() const { return std::uint64_t(number_in(settings[1].value)); }
  Progress progress() const { return Progress(place_of(settings[2].value)); }

  // A line for each setting, with where it is from; behind them what the program was built with.
  [[gnu::cold]] std::string text() const {
    std::string lines;
    const auto line = [&](const char* name, std::string_view value, std::string_view from) {
      lines += joined(name, " = ", value, "  # ", from, "\n");
    };
    line("threads", std::to_string(threads()), settings[0].from);
    line("seed", std::to_string(seed()), settings[1].from);
    line("progress", progress_names[std::size_t(progress())], settings[2].from);
    for (const Built& built : built_with()) line(built.name, built.value, built.chosen_by);
    return lines;
  }

 private:
  struct Setting {
    const char *name, *variable;
    std::string value;
    const char* from = "default";
  };
  // What only the compiler can be told, and how.
  struct Built {
    const char* name;
    std::string value;
    const char* chosen_by;
  };
  static std::array<Built, 4> built_with() {
    const auto text = [](auto number) { return std::to_string(number); };
    return {{{"version",
              joined(text(TYPEGRAD_VERSION_MAJOR), ".", text(TYPEGRAD_VERSION_MINOR), ".",
                     text(TYPEGRAD_VERSION_PATCH)),
              "the library's headers"},
             {"vector_bytes", text(TYPEGRAD_VECTOR_BYTES), "-march"},
             {"max_nodes", text(TYPEGRAD_MAX_NODES), "-DTYPEGRAD_MAX_NODES"},
             {"mode", "of each function", "an option of tg::Function, tg::fast_compile"}}};
  }
  static constexpr std::array<std::string_view, 4> progress_names{"automatic", "terminal", "plain",
                                                                  "none"};

  static std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
  }
  // The number that the digits are; -1 when they are none, or too many.
  static std::int64_t number_in(std::string_view digits) {
    std::int64_t number = 0;
    for (const char digit : digits) {
      if (digit < '0' || digit > '9' || number > (std::int64_t(1) << 52)) return -1;
      number = 10 * number + (digit - '0');
    }
    return digits.empty() ? -1 : number;
  }
  static std::size_t place_of(std::string_view progress) {
    std::size_t place = 0;
    while (place < progress_names.size() && progress_names[place] != progress) ++place;
    return place;
  }

  [[gnu::cold]] Setting& known(const std::string& name, const std::string& where) {
    for (Setting& setting : settings)
      if (name == setting.name) return setting;
    for (const Built& built : built_with())
      if (name == built.name)
        fail(where, "'%s' is fixed when the program is built, by %s", built.name, built.chosen_by);
    fail(where, "found '%s', expected threads, seed or progress", name.c_str());
  }
  [[gnu::cold]] static void assign(Setting& setting, const std::string& value, const char* from,
                                   const std::string& where) {
    const std::string_view name = setting.name;
    const std::int64_t number = number_in(value);
    if (name == "progress" && place_of(value) == progress_names.size())
      fail(where, "found '%s', expected automatic, terminal, plain or none", value.c_str());
    if (name == "threads" && (number < 1 || number > most_threads))
      fail(where, "found '%s', expected a number from 1 to %d", value.c_str(), most_threads);
    if (name == "seed" && number < 0)
      fail(where, "found '%s', expected a whole number", value.c_str());
    setting.value = value;
    setting.from = from;
  }

  [[gnu::cold]] void read(const std::string& path) {
    io::InputFile file(path);
    std::string text(file.size(), ' ');
    file.read(text.data(), text.size());
    int line = 0;
    for (std::size_t begin = 0, end; begin < text.size(); begin = end + 1) {
      end = std::min(text.find('\n', begin), text.size());
      read_line(text.substr(begin, end - begin), joined(path, ":", std::to_string(++line)));
    }
  }
  void read_line(std::string line, const std::string& where) {
    line = trimmed(line.substr(0, line.find('#')));
    if (line.empty()) return;
    const std::size_t sign = line.find('=');
    if (sign == line.npos) fail(where, "found '%s', expected name = value", line.c_str());
    assign(known(trimmed(line.substr(0, sign)), where), trimmed(line.substr(sign + 1)), "file",
           where);
  }
  static std::string trimmed(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(" \t\r");
    if (begin == text.npos) return "";
    return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
  }

  Setting settings[3] = {{"threads", "TYPEGRAD_THREADS", ""},
                         {"seed", "TYPEGRAD_SEED", "0"},
                         {"progress", "TYPEGRAD_PROGRESS", "automatic"}};
};

}  // namespace tg
