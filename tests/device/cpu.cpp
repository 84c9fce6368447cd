// The programs on the CPU.
// SPDX-License-Identifier: MIT
#include "subject_of.hpp"

namespace tg::test {

template std::vector<float> masks<Cpu>();
template std::vector<float> trained<Cpu>();
template std::vector<float> large_product<Cpu>();

}  // namespace tg::test
