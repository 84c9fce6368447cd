// The comparison of both backends, in this family's binaries too.
// SPDX-License-Identifier: MIT
#include "tests/run/backends/subject_smoke.cpp"
