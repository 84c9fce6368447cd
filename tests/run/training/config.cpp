// Who decides: the code before the environment, the environment before the file.
// SPDX-License-Identifier: MIT
#include "typegrad/training/config.hpp"

#include <cstdlib>

#include "tests/catch.hpp"
#include "tests/run/data/scratch.hpp"

namespace tg::test {
namespace {

// The environment without typegrad's variables, which come back when this goes.
class Environment {
 public:
  Environment() {
    for (std::size_t i = 0; i < 4; ++i) {
      const char* const value = std::getenv(names[i]);
      is_set[i] = value != nullptr;
      if (value != nullptr) before[i] = value;
      unsetenv(names[i]);
    }
  }
  ~Environment() {
    for (std::size_t i = 0; i < 4; ++i)
      is_set[i] ? setenv(names[i], before[i].c_str(), 1) : unsetenv(names[i]);
  }
  Environment(const Environment&) = delete;

 private:
  static constexpr const char* names[4] = {"TYPEGRAD_CONFIG", "TYPEGRAD_THREADS", "TYPEGRAD_SEED",
                                           "TYPEGRAD_PROGRESS"};
  bool is_set[4] = {};
  std::string before[4];
};

std::string words_of_file(const std::string& text) {
  const Scratch scratch;
  const std::string path = scratch.write("settings", text);
  const std::string words = words_of<Error>([&] { Config{path}; });
  return words.rfind(path, 0) == 0 ? words.substr(path.size()) : words;
}

}  // namespace

TEST_CASE("settings by file, environment and code: the nearer one decides") {
  const Environment clean;
  const Scratch scratch;
  const std::string path =
      scratch.write("settings", "# of this run\nthreads = 3\n\n seed=5 # five\nprogress = plain\n");
  CHECK(Config{}.seed() == 0);
  CHECK(Config{}.threads() >= 1);
  CHECK(Config{}.progress() == Progress::automatic);

  Config config(path);
  CHECK(config.threads() == 3);
  CHECK(config.seed() == 5);
  CHECK(config.progress() == Progress::plain);

  setenv("TYPEGRAD_CONFIG", path.c_str(), 1);
  setenv("TYPEGRAD_SEED", "6", 1);
  config = Config{};
  CHECK(config.threads() == 3);
  CHECK(config.seed() == 6);

  config.set("seed", "7");
  config.set("progress", "none");
  CHECK(config.seed() == 7);
  CHECK(config.progress() == Progress::none);
  CHECK(config.text().find("threads = 3  # file\nseed = 7  # code\nprogress = none  # code\n") ==
        0);
}

TEST_CASE("what was fixed when the program was built is listed, and cannot be set") {
  const Environment clean;
  Config config;
  const std::string max_nodes = std::to_string(TYPEGRAD_MAX_NODES);
  CHECK_THAT(config.text(), contains("max_nodes = " + max_nodes + "  # -DTYPEGRAD_MAX_NODES\n"));
  CHECK_THAT(config.text(), contains("vector_bytes = "));
  CHECK_THROWS_WITH(config.set("max_nodes", "20"),
                    "Config::set: 'max_nodes' is fixed when the program is built, by "
                    "-DTYPEGRAD_MAX_NODES");
  CHECK(words_of_file("mode = fast_compile\n") ==
        ":1: 'mode' is fixed when the program is built, by an option of tg::Function, "
        "tg::fast_compile");
}

TEST_CASE("what is no setting is said, with its place") {
  const Environment clean;
  CHECK(words_of_file("seed = 1\nthreads: 2\n") == ":2: found 'threads: 2', expected name = value");
  CHECK(words_of_file("\nfloatX = f32") ==
        ":2: found 'floatX', expected threads, seed or progress");
  CHECK(words_of_file("threads = 0") == ":1: found '0', expected a number from 1 to 1024");
  CHECK(words_of_file("seed = 0.5") == ":1: found '0.5', expected a whole number");
  CHECK(words_of_file("seed = 99999999999999999999") ==
        ":1: found '99999999999999999999', expected a whole number");
  setenv("TYPEGRAD_PROGRESS", "loud", 1);
  CHECK_THROWS_WITH(Config{},
                    "TYPEGRAD_PROGRESS: found 'loud', expected automatic, terminal, "
                    "plain or none");
  CHECK_THROWS_WITH(Config{"/nowhere/settings"}, contains("/nowhere/settings: found "));
}

}  // namespace tg::test
