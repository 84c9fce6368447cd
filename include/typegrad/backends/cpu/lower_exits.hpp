// From loops that may end early to the tables that the executor asks.
// SPDX-License-Identifier: MIT
#pragma once
#include <array>

#include "typegrad/backends/cpu/loop_exits.hpp"
#include "typegrad/backends/cpu/lower.hpp"
#include "typegrad/passes/idle_rows.hpp"

namespace tg::cpu {
namespace lowering {

// Of a program that has loops.
template <class P>
struct Exits {
  static constexpr passes::LoopPlaces places{P::graph};
  static constexpr passes::LoopEnds ends{P::graph, P::sources};

  static constexpr int lanes_of(int id) {
    return P::graph[id].space == ir::Space::per_sample ? P::lanes : 1;
  }
  // See passes::each_idle_row.
  template <class Visit>
  static constexpr void each_row(int region, Visit visit) {
    passes::each_idle_row(P::graph, places, ends, region, visit);
  }
  static constexpr int rows() {
    int count = 0;
    for (int i = 0; i < ends.size(); ++i) each_row(ends[i].region, [&](int, int) { ++count; });
    return count;
  }
};

}  // namespace lowering

// The loops of P's plan that may end early, and the rows that they then leave.
template <class P>
consteval auto lower_idle_rows() {
  if constexpr (P::graph.regions == 0) {
    return std::array<IdleRow, 0>{};
  } else {
    using E = lowering::Exits<P>;
    std::array<IdleRow, std::size_t(E::rows())> result{};
    std::size_t at = 0;
    for (int i = 0; i < E::ends.size(); ++i)
      E::each_row(E::ends[i].region, [&](int value, int carry) {
        IdleRow& row = result[at++];
        row = {.to = P::plan.location[value],
               .from = P::plan.location[carry < 0 ? value : carry],
               .count = P::graph[value].shape.size() * E::lanes_of(value),
               .copied = carry >= 0};
      });
    return result;
  }
}
template <class P>
consteval auto lower_exits() {
  if constexpr (P::graph.regions == 0) {
    return std::array<LoopExit, 0>{};
  } else {
    using E = lowering::Exits<P>;
    std::array<LoopExit, std::size_t(E::ends.size())> result{};
    int rows = 0;
    for (int i = 0; i < E::ends.size(); ++i) {
      const passes::LoopEnd& end = E::ends[i];
      LoopExit& exit = result[std::size_t(i)];
      const Source& mask = P::sources[end.mask];
      exit = {.region = end.region,
              .for_good = end.for_good,
              .mask = lowering::part_of<P>(mask.node, mask.map.offset, mask.map.step),
              .mask_size = E::lanes_of(mask.node),
              .begin = rows,
              .end = rows};
      E::each_row(end.region, [&](int, int) { ++exit.end; });
      rows = exit.end;
    }
    return result;
  }
}

}  // namespace tg::cpu
