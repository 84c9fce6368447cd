// Runs a user's kernel on a tile of samples.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/frame.hpp"

namespace tg::cpu {

// step.at: the operands, then the result.
template <class T, int Lanes>
void run_custom(const Frame<T>& frame, const Step<T>& step) {
  const ir::Node& node = frame.nodes[step.node];
  LanesCall<T> call;
  for (int i = 0; i < node.operands(); ++i) {
    const ir::Node& operand = frame.nodes[node.operand[std::size_t(i)]];
    call.in[i] = frame.at(step.at[std::size_t(i)]);
    call.spaces[i] = operand.space;
    call.shape[i] = operand.shape;
  }
  const bool per_sample = node.space == ir::Space::per_sample;
  call.out = frame.at(step.at[std::size_t(node.operands())]);
  call.result = node.shape;
  call.lanes = per_sample ? Lanes : 1;
  call.active = per_sample ? frame.active : 1;
  call.first_sample = frame.first_sample;
  call.failure = frame.failure;
  if (frame.places != nullptr && node.place >= 0) call.place = frame.places[node.place];
  node.row->template cpu<T>()(call);
}

}  // namespace tg::cpu
