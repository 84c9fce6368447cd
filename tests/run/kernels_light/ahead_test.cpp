// Ahead: every line is asked for once, in even shares.
// SPDX-License-Identifier: MIT
#include "typegrad/backends/cpu/ahead.hpp"

#include <vector>

#include "catch.hpp"

namespace {

using tg::cpu::Ahead;

TEST_CASE("what lies ahead is asked for in even shares", "[ahead]") {
  std::vector<char> read(64 * 100), written(64 * 7 + 1);
  Ahead ahead;
  ahead.add(read.data(), std::int64_t(read.size()), false);
  ahead.add(written.data(), std::int64_t(written.size()), true);
  CHECK(ahead.left() == 108);

  ahead.begin(4);  // 25 and 2 lines, whoever asks
  ahead.end();
  CHECK(ahead.left() == 81);

  ahead.begin(3);  // the same again, of which each of five blocks asks for 5 and 1 while it lasts
  ahead.ask_part(5);
  CHECK(ahead.left() == 75);
  ahead.ask_part(5);
  CHECK(ahead.left() == 69);
  ahead.ask_part(5);
  CHECK(ahead.left() == 64);
  ahead.end();
  CHECK(ahead.left() == 54);
  ahead.end();
  CHECK(ahead.left() == 54);

  ahead.begin(2);
  ahead.end();
  ahead.begin(1);
  ahead.end();
  CHECK(ahead.left() == 0);
}

TEST_CASE("no more lies ahead than the second cache has room for", "[ahead]") {
  char memory = 0;
  Ahead ahead;
  CHECK(ahead.left() == 0);
  ahead.add(&memory, std::int64_t(1) << 40, false);
  CHECK(ahead.left() == (1 << 18) / 64);
  for (int i = 0; i < 9; ++i) ahead.add(&memory, 64, false);
  CHECK(ahead.left() == (1 << 18) / 64 + 3);  // four areas
}

}  // namespace
