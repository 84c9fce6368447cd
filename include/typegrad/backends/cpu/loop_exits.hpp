// Steps of a loop that are not run: what they leave behind.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <span>

#include "typegrad/backends/cpu/frame.hpp"

namespace tg::cpu {

// The row that a skipped step leaves: a copy of what the loop carries, or zeros.
struct IdleRow {
  Location to{}, from{};
  std::int32_t count = 0;  // numbers
  bool copied = false;
};

// A loop that may skip steps: see LoopEnd.
struct LoopExit {
  std::int16_t region = 0;
  bool for_good = false;
  Location mask{};
  std::int32_t mask_size = 1;       // a number for every lane, or one for all
  std::int32_t begin = 0, end = 0;  // among the rows of all loops
};

// Moves frame.time behind the steps of whose masks all are 0, and writes what they leave.
template <class T>
void skip_idle_steps(Frame<T>& frame, const LoopExit& exit, std::span<const IdleRow> rows,
                     int steps) {
  const int begin = frame.time;
  const auto is_idle = [&] {
    const T* mask = frame.at(exit.mask);
    return std::all_of(mask, mask + exit.mask_size, [](T x) { return x == T(0); });
  };
  // nvcc takes `time <` for a template.
  while (steps > frame.time && is_idle()) frame.time = exit.for_good ? steps : frame.time + 1;
  const int end = frame.time;
  for (int i = exit.begin; begin < end && i < exit.end; ++i) {
    const IdleRow& row = rows[std::size_t(i)];
    // Of two places that take turns, the other one is written after an odd number of steps.
    const int first = row.to.alternates ? end - (end - begin) % 2 : begin;
    for (frame.time = first; end > frame.time; ++frame.time)
      if (row.copied)
        std::copy_n(frame.at(row.from), row.count, frame.at(row.to));
      else
        std::fill_n(frame.at(row.to), row.count, T(0));
  }
  frame.time = end;
}

}  // namespace tg::cpu
