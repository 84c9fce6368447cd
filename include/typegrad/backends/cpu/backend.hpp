// The backend of the machine that runs the program.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/program.hpp"

namespace tg {

// Vectors with a lane per sample, and a pool of threads.
struct Cpu {
  template <class Source>
  using Lowered = cpu::Lowered<Source>;
};

}  // namespace tg
