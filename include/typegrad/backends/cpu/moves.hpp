// Parts of values, moved as blocks of memory: extents are run-time numbers, one kernel for all.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/backends/cpu/frame.hpp"
#include "typegrad/graph/range.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {
namespace detail {

// visit(in the part, in the whole, how many) for every run of neighbours of `part`, which lies in
// `whole` as `range` says.
template <class Visit>
void for_runs(const Shape& part, const Shape& whole, const AxisRange& range, Visit visit) {
  const AxisExtents p = AxisExtents::of(part, range.axis), w = AxisExtents::of(whole, range.axis);
  const int runs = range.step == 1 ? 1 : p.extent, size = p.extent * p.inner / runs;
  for (int outer = 0; outer < p.outer; ++outer)
    for (int run = 0; run < runs; ++run)
      visit((outer * runs + run) * size,
            (outer * w.extent + range.begin + run * range.step) * w.inner, size);
}

// A value of a node: `lanes` numbers for each element, or one when the samples share it.
template <class T>
struct Elements {
  T* data;
  int lanes;
};

template <class T>
void copy(Elements<T> from, int first, Elements<T> to, int place, int count) {
  const T* const source = from.data + std::ptrdiff_t(first) * from.lanes;
  T* const target = to.data + std::ptrdiff_t(place) * to.lanes;
  if (from.lanes == to.lanes)
    std::copy_n(source, std::ptrdiff_t(count) * to.lanes, target);
  else
    for (int i = 0; i < count; ++i)
      std::fill_n(target + std::ptrdiff_t(i) * to.lanes, to.lanes, source[i]);
}

}  // namespace detail

// step.at: the operands, then the result, as for the fallback; all of them are S in memory. Pre:
// moves_parts(node.op).
template <class T, int Lanes, class S = T>
void run_move(const Frame<T>& frame, const Step<T>& step) {
  const ir::Node& node = frame.nodes[step.node];
  const auto operand = [&](int i) -> const ir::Node& { return frame.nodes[node.operand[i]]; };
  const auto read = [&](int i) {
    const bool shared = operand(i).space == ir::Space::shared;
    return detail::Elements<S>{frame.template at<S>(step.at[i]), shared ? 1 : Lanes};
  };
  const detail::Elements<S> out{frame.template at<S>(step.at[node.operands()]), Lanes};
  AxisRange range = AxisRange::of(node.attributes);
  if (node.op == Op::slice)
    return detail::for_runs(node.shape, operand(0).shape, range, [&](int to, int from, int count) {
      detail::copy(read(0), from, out, to, count);
    });
  if (node.op == Op::pad) std::fill_n(out.data, std::ptrdiff_t(node.shape.size()) * Lanes, S(0));
  if (node.op == Op::concatenate) range = {.axis = node.attributes[0]};
  for (int i = 0; i < node.operands(); ++i) {
    const Shape& part = operand(i).shape;
    detail::for_runs(part, node.shape, range, [&](int from, int to, int count) {
      detail::copy(read(i), from, out, to, count);
    });
    range.begin += part[range.axis];
  }
}

// The first value of a loop's carry. step.at: that value, of From lanes, and the carry, of To.
template <class T, int From, int To>
void run_begin(const Frame<T>& frame, const Step<T>& step) {
  detail::copy<T>({frame.at(step.at[0]), From}, 0, {frame.at(step.at[1]), To}, 0,
                  frame.nodes[step.node].shape.size());
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
