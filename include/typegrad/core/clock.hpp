// Seconds that pass, of a clock that nobody sets.
// SPDX-License-Identifier: MIT
#pragma once
#include <time.h>

namespace tg {

// From some beginning on. Not std::chrono: its header alone costs every program a tenth of a second
// of compilation.
inline double seconds_now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

}  // namespace tg
