// A definition's constant tables for a GPU, as runtime/ would ask for them.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/executor.hpp"
#include "typegrad/backends/cuda/gpu.cuh"
#include "typegrad/runtime/compiled.hpp"

namespace tests {

template <class Definition, tg::Purpose purpose = tg::Purpose::training, tg::DType type = tg::f32>
struct Source {
  using C = tg::runtime::Compiled<Definition, purpose, tg::arithmetic_of(type)>;
  static constexpr const auto& graph = C::optimised;
  static constexpr int leaves = C::recording.leaves.size();
  static constexpr tg::DType dtype = tg::arithmetic_of(type), stored_as = type;
  static constexpr bool fuses = true;
  static constexpr std::uint64_t key_of(int leaf) {
    return tg::ir::hash_of_name(C::recording, leaf);
  }
};

}  // namespace tests
