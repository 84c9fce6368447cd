// The programs on the CPU.
// SPDX-License-Identifier: MIT
#include "subject_of.hpp"

namespace tg::test {

template std::vector<float> masks<Cpu>();
template std::vector<float> trained<Cpu>();
template std::vector<float> wide_layer<Cpu>(int);
template std::vector<float> wide_layer_in_half<Cpu>(int);

}  // namespace tg::test
