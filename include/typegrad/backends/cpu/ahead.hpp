// The caller's memory that is needed soon, asked for while something else is computed.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstdint>

namespace tg::cpu {

// The rows that a tile's results go to, and those that the next tile reads. A core has a dozen or
// two of lines under way at a time: asked for all at once, they keep the kernels' own waiting. So
// each step that computes asks for a share, and a product for a part of it with each of its blocks.
class Ahead {
 public:
  // Of too many bytes for the second cache, the first.
  void add(const void* memory, std::int64_t bytes, bool written) {
    if (count == most_areas) return;
    const int lines = int((std::min(bytes, most_bytes) + line - 1) / line);
    areas[count++] = {static_cast<const char*>(memory), lines, 0, 0, written};
  }

  // A step begins, one of `steps` that are left; it may ask `blocks` times; it ends.
  void begin(int steps) {
    for (int i = 0; i < count; ++i)
      areas[i].share = areas[i].rest_of_share = (areas[i].left + steps - 1) / steps;
  }
  [[gnu::noinline]] void ask_part(int blocks) {
    for (int i = 0; i < count; ++i) {
      Area& area = areas[i];
      ask(area, std::min(area.rest_of_share, (area.share + blocks - 1) / blocks));
    }
  }
  void end() { ask_part(1); }

  // Lines that nobody has asked for.
  int left() const {
    int lines = 0;
    for (int i = 0; i < count; ++i) lines += areas[i].left;
    return lines;
  }

 private:
  static constexpr int most_areas = 4, line = 64;
  static constexpr std::int64_t most_bytes = 1 << 18;

  struct Area {
    const char* at;
    int left, share, rest_of_share;  // lines
    bool written;
  };

  static void ask(Area& area, int lines) {
    if (area.written)
      for (int i = 0; i < lines; ++i) __builtin_prefetch(area.at + i * line, 1);
    else
      for (int i = 0; i < lines; ++i) __builtin_prefetch(area.at + i * line, 0, 2);
    area.at += lines * line, area.left -= lines, area.rest_of_share -= lines;
  }

  Area areas[most_areas];
  int count = 0;
};

}  // namespace tg::cpu
