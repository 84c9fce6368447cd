// Kernels that take any shape: one symbol per operation. Quick to compile, not to run.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/elementwise.hpp"
#include "typegrad/backends/cpu/fallback.hpp"
#include "typegrad/graph/meaning.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// Element e of an operand is element (e / inner) % extent of what is stored, from step.at on.
// step.at: the operands, then the result.
template <class T>
struct PlainOperands {
  const T* p[ir::max_operands]{};
  bool in_lanes[ir::max_operands]{};
  const passes::IndexMap* map;

  PlainOperands(const Frame<T>& frame, const Step<T>& step, int count) : map(step.map.data()) {
    for (int i = 0; i < count; ++i) {
      p[i] = frame.at(step.at[i]);
      in_lanes[i] = step.in_lanes[i];
    }
  }
  int index(int operand, int element) const {
    return element / map[operand].inner % map[operand].extent;
  }
};

// A lane per sample.
template <class T, int V, Op op>
TYPEGRAD_KERNEL void run_plain(const Frame<T>& frame, const Step<T>& step) {
  constexpr int count = row_of(op).operands;
  const PlainOperands<T> operands(frame, step, count);
  T* const out = frame.at(step.at[count]);
  for (int element = 0; element < step.extent; ++element)
    for (int vector = 0; vector < V; ++vector) {
      Vector<T> x[ir::max_operands]{};
      for (int i = 0; i < count; ++i) {
        const int index = operands.index(i, element);
        x[i] = operands.in_lanes[i] ? load(operands.p[i] + (index * V + vector) * width<T>)
                                    : splat(operands.p[i][index]);
      }
      store<T>(out + (element * V + vector) * width<T>, apply<op, T>(x[0], x[1], x[2]));
    }
}

// Elements [begin, end) of a shared value, or of one sample's.
template <class T, Op op>
void plain_elements(const Frame<T>& frame, const Step<T>& step, int begin, int end) {
  constexpr int count = row_of(op).operands;
  const PlainOperands<T> operands(frame, step, count);
  T* const out = frame.at(step.at[count]);
  for (int element = begin; element < end; ++element) {
    T x[ir::max_operands]{};
    for (int i = 0; i < count; ++i) x[i] = operands.p[i][operands.index(i, element)];
    out[element] = meaning<T>(op, x[0], x[1], x[2]);
  }
}
template <class T, Op op>
TYPEGRAD_KERNEL void run_plain_shared(const Frame<T>& frame, const Step<T>& step) {
  plain_elements<T, op>(frame, step, frame.begin, frame.end);
}
template <class T, Op op>
TYPEGRAD_KERNEL void run_plain_sample(const Frame<T>& frame, const Step<T>& step) {
  plain_elements<T, op>(frame, step, 0, step.extent);
}

// Sums across the samples: the active lanes of this tile, added to its part.
template <class T, int Lanes>
TYPEGRAD_KERNEL void run_plain_across(const Frame<T>& frame, const Step<T>& step) {
  const T* const x = frame.at(step.at[0]);
  T* const partial = frame.at(step.at[1]);
  for (int element = 0; element < step.extent; ++element) {
    T total = frame.first_of_part ? T(0) : partial[element];
    for (int lane = 0; lane < frame.active; ++lane) total += x[element * Lanes + lane];
    partial[element] = total;
  }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
