// Half of a program whose two translation units include everything.
// SPDX-License-Identifier: MIT
#include "tests/link/step.hpp"

int main() {
  const double here = one_step();
  return here > 0 && here == one_step_elsewhere() ? 0 : 1;
}
