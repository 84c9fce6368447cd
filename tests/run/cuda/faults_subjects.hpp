// Definitions whose programs run every kernel of the table, for faults to be planted in.
// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "subject.hpp"

namespace tg::test {

std::vector<OnDevice<float>> layers_with_every_kernel();
std::vector<OnDevice<float>> operations_with_every_kernel();
std::vector<OnDevice<float>> products_on_tensor_cores();  // in tf32
// All steps in one, without loops, then with one.
std::vector<OnDevice<float>> programs_of_one_kernel();
OnDevice<float> program_that_ends();

}  // namespace tg::test
