// The emulated GPU's comparison, in this family's binary too.
// SPDX-License-Identifier: MIT
#include "tests/run/cuda/subject_smoke.cpp"
