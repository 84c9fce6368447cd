// The other half.
// SPDX-License-Identifier: MIT
#include "tests/link/step.hpp"

double one_step_elsewhere() { return one_step(); }
