// Numbers of the memory that a program works on and others own: its slots.
// SPDX-License-Identifier: MIT
#pragma once

namespace tg::passes {

// Of a recording's leaf i, and of the gradient of leaf i. Behind the last leaf's come the outputs.
constexpr int leaf_slot(int leaf) { return 2 * leaf; }
constexpr int gradient_slot(int leaf) { return 2 * leaf + 1; }
constexpr int output_slot(int leaves, int output) { return 2 * leaves + output; }

}  // namespace tg::passes
