// Operations without a kernel of their own: the reference's loops, lane by lane. Correct, not fast.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/frame.hpp"
#include "typegrad/backends/cpu/kernels/uniform.hpp"
#include "typegrad/backends/cpu/vector.hpp"
#include "typegrad/backends/reference/compute.hpp"
#include "typegrad/backends/reference/random.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// step.at: the operands, then the result. A shared operand of a per-sample node is the same for all
// lanes.
template <class T>
void run_fallback(const Frame<T>& frame, const Step<T>& step, int lanes, reference::Row<T> row) {
  const ir::Node& node = frame.nodes[step.node];
  const ir::Node* operands[ir::max_operands]{};
  reference::View<const T> in[ir::max_operands];
  T* const out = frame.at(step.at[node.operands()]);
  for (int lane = 0; lane < lanes; ++lane) {
    for (int i = 0; i < node.operands(); ++i) {
      operands[i] = &frame.nodes[node.operand[i]];
      const bool in_lanes = operands[i]->space == ir::Space::per_sample;
      in[i] = {frame.at(step.at[i]) + (in_lanes ? lane : 0), in_lanes ? lanes : 1};
    }
    row({node, operands, in, {out + lane, lanes}});
  }
}

// For each op by itself: a program has the loops of those that it needs, not of all.
template <class T, int Lanes, Op op>
void run_lanes_fallback(const Frame<T>& frame, const Step<T>& step) {
  constexpr reference::Row<T> row = reference::reference_row<T>(op);
  run_fallback<T>(frame, step, Lanes, row);
}
template <class T, Op op>
void run_flat_fallback(const Frame<T>& frame, const Step<T>& step) {
  run_lanes_fallback<T, 1, op>(frame, step);
}

// Random leaves: keyed by name, call, sample and element.
template <class T, int lanes>
void run_random(const Frame<T>& frame, const Step<T>& step) {
  const ir::Node& node = frame.nodes[step.node];
  T* const out = frame.at(step.at[0]);
  const std::uint64_t key = reference::random_key(step.key, frame.seed, frame.call);
  if (node.op == Op::uniform)
    return uniform_lanes<T, lanes>(key, std::uint64_t(frame.first_sample), out, node.shape.size());
  for (int lane = 0; lane < lanes; ++lane)
    reference::fill_random<T>(node.op, key, std::uint64_t(frame.first_sample + lane),
                              {out + lane, lanes}, node.shape.size());
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
