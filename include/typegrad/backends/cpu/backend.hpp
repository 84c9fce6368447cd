// The backend of the machine that runs the program.
// SPDX-License-Identifier: MIT
#pragma once
#include <type_traits>

#include "typegrad/backends/cpu/program.hpp"
#include "typegrad/backends/reference/lowered.hpp"

namespace tg {

// Kernels for each shape, on vectors with a lane per sample, and a pool of threads. A mode without
// kernels is interpreted: nothing is compiled for it but a table of nodes. Halves have kernels
// alone.
struct Cpu {
  template <class Source>
  using Lowered = std::conditional_t<Source::specialises || tg::is_half(Source::stored_as),
                                     cpu::Lowered<Source>, reference::Lowered<Source>>;
};

}  // namespace tg
