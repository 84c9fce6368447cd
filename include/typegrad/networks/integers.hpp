// Networks that are given integers: which, and how large they may be.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <type_traits>

#include "typegrad/core/exception.hpp"
#include "typegrad/graph/indices.hpp"
#include "typegrad/networks/contracts.hpp"

namespace tg {

namespace networks {

// 0 when that input of the network holds no integers; else they choose from so many rows.
template <class Net>
constexpr int rows_to_choose(int which) {
  if constexpr (right<Net>) {
    const ir::Graph& graph = Recorded<Net>::recording.graph();
    int input = 0;
    while (input < graph.size() && (graph[input].op != Op::input || which-- > 0)) ++input;
    if (input == graph.size() || is_floating(graph[input].dtype)) return 0;
    return ir::choices_of(graph, input);
  }
  return 0;
}

}  // namespace networks

// How many integers, from 0 on, the network's input may hold, or that of its inputs; 0 when it
// holds real numbers.
template <class Net, int Which = 0>
inline constexpr int vocabulary = networks::rows_to_choose<Net>(Which);

// What one number of that input is.
template <class Net, class Element, int Which = 0>
using Given = std::conditional_t<(vocabulary<Net, Which> > 0), std::int32_t, Element>;

namespace networks {

// Throws Error unless all integers of the samples, `width` of each, are in 0 … limit-1.
[[gnu::cold]] inline void check_integers(const std::int32_t* given, std::int64_t samples,
                                         std::int64_t width, int limit, const char* what) {
  for (std::int64_t i = 0; i < samples * width; ++i)
    if (given[i] < 0 || given[i] >= limit)
      fail(what, "found integer %d in sample %lld, expected 0 to %d", int(given[i]),
           (long long)(i / width), limit - 1);
}

// What a network is given is right where it holds integers. Real numbers always are.
template <class Net, int Which = 0, class Range>
void check_given(const Range& given, std::int64_t samples, const char* what) {
  constexpr int limit = vocabulary<Net, Which>;
  if constexpr (limit > 0)
    check_integers(given.data(), samples, input_shapes<Net>[Which].size(), limit, what);
}

}  // namespace networks
}  // namespace tg
