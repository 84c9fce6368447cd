// What tg::scan is told: what it goes over, where its states begin, and how it runs.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/var.hpp"

namespace tg {

// Rows of a sequence (rows, …): the step gets row t, or, for taps, rows t + tap - lowest tap.
template <int... Taps>
struct Over {
  Var sequence;
};
// tg::over(x), or tg::over<-1, 0, 1>(x): the row before, this one, the next one. A loop has as many
// steps as all taps find rows for.
template <int... Taps>
constexpr Over<Taps...> over(Var sequence) {
  return {sequence};
}

// A state that is carried from step to step.
template <int... Taps>
struct From {
  Var initial;
};
// tg::from(h): the step gets what it said one step before, h in the first. tg::from<-2, -1>(h):
// what it said two steps and one step before; h (2, …) are the values before the first step, the
// latest last.
template <int... Taps>
constexpr From<Taps...> from(Var initial) {
  return {initial};
}

// A run-time number of steps, at most as many as the sequences have rows or tg::steps says.
struct Times {
  Var count;
};
constexpr Times times(Var count) { return {count}; }

// Options of a loop: template arguments in any order behind the step.
template <int Count>
struct Steps {
  static constexpr int value = Count;
};
template <int Steps>
struct TruncateGradient {
  static constexpr int value = Steps;
};
template <int Steps>
struct Checkpoint {
  static constexpr int value = Steps;
};
struct Backwards {};
struct Unrolled {};

// So many steps; 0 leaves the states as they are.
template <int Count>
inline constexpr Steps<Count> steps{};
// From the last rows to the first.
inline constexpr Backwards backwards{};
// The gradient goes back through the last `Count` steps only.
template <int Count>
inline constexpr TruncateGradient<Count> truncate_gradient{};
// The gradient computes the steps again, from the states after every `Count` steps: memory for
// these alone.
template <int Count>
inline constexpr Checkpoint<Count> checkpoint{};
// No loop: the body as often as there are steps, as a Python loop would write it.
inline constexpr Unrolled unrolled{};

struct ScanOptions {
  int steps = -1;  // as many as the sequences have rows
  int truncated = 0, checkpoint = 0;
  bool backwards = false, unrolled = false;

  template <int Count>
  constexpr void set(Steps<Count>) {
    steps = Count;
  }
  template <int Count>
  constexpr void set(TruncateGradient<Count>) {
    truncated = Count;
  }
  template <int Count>
  constexpr void set(Checkpoint<Count>) {
    checkpoint = Count;
  }
  constexpr void set(Backwards) { backwards = true; }
  constexpr void set(Unrolled) { unrolled = true; }
};

}  // namespace tg
