// Loops that end before their last step: the steps that change nothing, found while compiling.
// SPDX-License-Identifier: MIT
#pragma once
#include <limits>

#include "typegrad/graph/loop.hpp"
#include "typegrad/passes/sources.hpp"

namespace tg::passes {

// A loop whose steps may be skipped where its mask is 0 for all samples of a tile: the body chooses
// by it between what a step made and what was there. In such a step
//   every carry stays what it is,
//   every row that is collected is 0, or a carry, or is read by nobody but steps that are skipped,
//   too, and by products with rows that are 0.
// This is proved from the body alone, so it holds of `until`, tg::times, masks, and of the loops
// that go back through them, whatever passes have made of these. A product with 0 is taken for 0.
struct LoopEnd {
  std::int16_t region = 0;
  std::int16_t mask = -1;  // a number: a carry, or a row of a sequence
  bool for_good = false;   // it stays 0, for it is carried
};

// What lies in a row of a value whose step was skipped.
enum class Idle : std::int16_t { unknown = -1, zero = -2, first_carry = 0 };  // or that carry

constexpr bool is_carry(Idle idle) { return idle >= Idle::first_carry; }

template <int Room>
class LoopEnds {
 public:
  constexpr LoopEnds(const ir::GraphOf<Room>& the_graph, const SourcesOf<Room>& the_sources)
      : graph(the_graph), sources(the_sources) {
    FixedVector<std::int16_t, Room> loops;  // in the order of their bodies
    for (const ir::Node& node : graph.nodes)
      if (node.region != 0 && (loops.empty() || loops.back() != node.region))
        loops.push_back(node.region);
    for (const std::int16_t loop : loops) find_mask(loop);
    for (int i = ends.size() - 1; i >= 0; --i)  // readers first
      if (!leaves_nothing(ends[i])) ends[i].mask = -1;
    int kept = 0;
    for (const LoopEnd& end : ends)
      if (end.mask >= 0) ends[kept++] = end;
    while (ends.size() > kept) ends.pop_back();
  }

  constexpr int size() const { return ends.size(); }
  constexpr const LoopEnd& operator[](int which) const { return ends[which]; }

  // Of a value that has rows: what a skipped step leaves in them.
  constexpr Idle idle(int id) const { return idle_of[id]; }
  // Whether the carry is what a value of the body is said to be next.
  constexpr int carry_before(int value) const {
    for (int id = 0; id < graph.size(); ++id)
      if (graph[id].op == Op::next && graph[id].operand[1] == value) return graph[id].operand[0];
    return -1;
  }
  // Whether the rows of a collect, if they are unknown, are read at all, by a product: they must be
  // finite.
  constexpr bool is_multiplied(int rows) const {
    for (int id = 0; id < graph.size(); ++id)
      for (int i = 0, count = graph[id].operands(); i < count; ++i)
        if (graph[id].operand[i] == rows && graph[id].op != Op::element) return true;
    return false;
  }

 private:
  // Step s of a loop has row first + s * by of the mask `source`.
  struct MaskRows {
    int source = -1, first = 0, by = 1;

    constexpr int row(int step) const { return first + by * step; }
  };

  constexpr void find_mask(int region) {
    FixedVector<std::int16_t, 64> tried;
    for (int id = 0; id < graph.size(); ++id) {
      const ir::Node& node = graph[id];
      if (node.region != region || node.op != Op::select) continue;
      const int mask = stem(node.operand[0]);
      if (!is_mask(mask, region) || tried.contains(std::int16_t(mask))) continue;
      if (tried.full() || ends.full()) return;
      tried.push_back(std::int16_t(mask));
      if (!changes_nothing(region, mask)) continue;
      ends.push_back({std::int16_t(region), std::int16_t(mask), graph[mask].op == Op::carry});
      return;
    }
  }

  // What is behind a broadcast, in the same body.
  constexpr int stem(int id) const {
    while (graph[id].op == Op::broadcast || graph[id].op == Op::reshape) id = graph[id].operand[0];
    return id;
  }
  // And behind copies.
  constexpr int origin(int id) const {
    id = stem(id);
    while (graph[id].op == Op::cast && graph[id].dtype == graph.operand(id, 0).dtype)
      id = stem(graph[id].operand[0]);
    return id;
  }
  // A number that is in memory before the body runs.
  constexpr bool is_mask(int id, int region) const {
    const ir::Node& node = graph[id];
    if (node.region != region || node.shape != Shape{}) return false;
    return node.op == Op::carry ||
           (node.op == Op::element && sources.is_view_at(id) && sources[id].in_order(1));
  }

  // Whether every carry stays what it is in a step whose mask is 0.
  constexpr bool changes_nothing(int region, int mask) {
    const MaskRows rows = rows_of(mask);
    for (int id = 0; id < graph.size(); ++id) {
      const ir::Node& node = graph[id];
      if (node.region != region) continue;
      idle_of[id] = id == mask ? Idle::zero : idle_value(id, rows);
      if (node.op != Op::next) continue;
      const Idle next = idle_of[node.operand[1]];
      const bool mask_stays = node.operand[0] == mask && next == Idle::zero;
      if (next != Idle(node.operand[0]) && !mask_stays) return false;
    }
    return true;
  }
  // Whether nobody misses the rows that a skipped step does not write.
  constexpr bool leaves_nothing(const LoopEnd& end) const {
    const MaskRows rows = rows_of(end.mask);
    for (int id = 0; id < graph.size(); ++id)
      if (graph[id].op == Op::collect && graph.operand(id, 0).region == end.region &&
          idle_of[graph[id].operand[0]] == Idle::unknown && !is_read_by_skipped(id, id, rows))
        return false;
    return true;
  }

  // A constant's number, or none.
  constexpr double number(int id) const {
    id = origin(id);
    return graph[id].op == Op::constant ? graph[id].value
                                        : std::numeric_limits<double>::quiet_NaN();
  }
  constexpr bool is_zero(int id) const {
    return graph[id].region != 0 ? idle_of[id] == Idle::zero : number(id) == 0;
  }
  constexpr Idle known(int id) const {
    if (graph[id].region != 0) return idle_of[id];
    return is_zero(id) ? Idle::zero : Idle::unknown;
  }

  // Of a node that is not the mask, in a step whose mask, of `rows`, is 0.
  constexpr Idle idle_value(int id, const MaskRows& rows) const {
    const ir::Node& node = graph[id];
    const auto zero_if = [](bool holds) { return holds ? Idle::zero : Idle::unknown; };
    const auto operand = [&](int which) { return known(node.operand[which]); };
    const auto vanishes = [&](int which) { return is_zero(node.operand[which]); };
    const auto bound = [&](int which) { return number(node.operand[which]); };
    switch (node.op) {
      case Op::carry:
        return Idle(id);
      case Op::element:
        return zero_if(has_zero_rows(node.operand[0], rows, ir::RowRange::of(node.attributes)));
      case Op::select:
        if (vanishes(0) || operand(1) == operand(2)) return operand(2);
        return Idle::unknown;
      case Op::add:
        return vanishes(0) ? operand(1) : vanishes(1) ? operand(0) : Idle::unknown;
      case Op::subtract:
        return vanishes(1) ? operand(0) : Idle::unknown;
      case Op::maximum:  // a gradient that is clipped
        return zero_if((vanishes(0) && bound(1) <= 0) || (vanishes(1) && bound(0) <= 0));
      case Op::minimum:
        return zero_if((vanishes(0) && bound(1) >= 0) || (vanishes(1) && bound(0) >= 0));
      case Op::identity:
      case Op::stop_gradient:
      case Op::custom_gradient:
      case Op::cast:
      case Op::reshape:
      case Op::broadcast: {
        const ir::Node& from = graph.operand(id, 0);
        const bool same = from.shape == node.shape && from.dtype == node.dtype;
        return same ? operand(0) : zero_if(vanishes(0));
      }
      case Op::multiply:
      case Op::matmul:
      case Op::outer:
      case Op::convolution:
      case Op::convolution_input_gradient:
      case Op::convolution_weight_gradient:
        return zero_if(vanishes(0) || vanishes(1));
      case Op::divide:
      case Op::negate:
      case Op::sum:
      case Op::slice:
      case Op::pad:
      case Op::transpose:
      case Op::average_pool_gradient:
        return zero_if(vanishes(0));
      case Op::max_pool_gradient:
      case Op::gather:
      case Op::scatter:
        return zero_if(vanishes(1));
      case Op::concatenate:
        for (int i = 0, count = node.operands(); i < count; ++i)
          if (!vanishes(i)) return Idle::unknown;
        return Idle::zero;
      default:
        return Idle::unknown;
    }
  }

  // Which row of which sequence of masks a step has: a value of a body is its own sequence.
  constexpr MaskRows rows_of(int mask) const {
    if (graph[mask].op != Op::element) return {origin(mask)};
    const int sequence = graph[mask].operand[0];
    const auto range = ir::RowRange::of(graph[mask].attributes);
    if (graph[sequence].op != Op::collect)
      return {sequence, range.row(0), range.row(1) - range.row(0)};
    const auto steps = ir::RowRange::of(graph[sequence].attributes);
    const int first = steps.row(range.row(0)), second = steps.row(range.row(1));
    const int from = origin(graph[sequence].operand[0]);
    const MaskRows of = graph[from].op == Op::element ? rows_of(from) : MaskRows{from};
    return {of.source, of.row(first), of.row(second) - of.row(first)};
  }
  // Whether every step of a loop has the mask of the row that it visits, of what another collects.
  constexpr bool meet(const MaskRows& mine, const ir::RowRange& visited, const MaskRows& theirs,
                      const ir::RowRange& collected) const {
    for (const int step : {0, visited.steps - 1})
      if (mine.row(step) != theirs.row(collected.row(visited.row(step)))) return false;
    return mine.source == theirs.source;
  }
  constexpr int end_of(int region) const {
    for (int i = 0; i < ends.size(); ++i)
      if (ends[i].region == region && ends[i].mask >= 0) return i;
    return -1;
  }

  // Whether the rows of a sequence that a loop visits in skipped steps are 0: another loop left
  // them so in steps of the same masks.
  constexpr bool has_zero_rows(int sequence, const MaskRows& mine,
                               const ir::RowRange& visited) const {
    const ir::Node& node = graph[sequence];
    const auto operand = [&](int which) {
      return has_zero_rows(node.operand[which], mine, visited);
    };
    switch (node.op) {
      case Op::add:
      case Op::subtract:
        return operand(0) && operand(1);
      case Op::multiply:
        return operand(0) || operand(1);
      case Op::negate:
        return operand(0);
      case Op::matmul:
        return node.attributes[0] == 0 && graph.operand(sequence, 0).shape.rank() == 2 &&
               operand(0);
      case Op::collect:
        break;
      default:
        return false;
    }
    const int end = end_of(graph.operand(sequence, 0).region);
    if (end < 0 || idle_of[node.operand[0]] != Idle::zero) return false;
    return meet(mine, visited, rows_of(ends[end].mask), ir::RowRange::of(node.attributes));
  }

  // Whether the rows of `collect` whose steps are skipped matter to nobody: not to those who read
  // it, nor to those who read it reshaped, `rows_read`.
  constexpr bool is_read_by_skipped(int rows_read, int collect, const MaskRows& rows) const {
    const auto collected = ir::RowRange::of(graph[collect].attributes);
    for (int id = 0; id < graph.size(); ++id)
      for (int i = 0, count = graph[id].operands(); i < count; ++i) {
        if (graph[id].operand[i] != rows_read) continue;
        const bool harmless = graph[id].op == Op::reshape && rows_read == collect
                                  ? is_read_by_skipped(id, collect, rows)
                              : graph[id].op == Op::element && rows_read == collect
                                  ? is_skipped(id, rows, collected)
                                  : vanishes_in_product(id, i, collect, rows);
        if (!harmless) return false;
      }
    return true;
  }
  constexpr bool is_skipped(int element, const MaskRows& rows,
                            const ir::RowRange& collected) const {
    const int end = end_of(graph[element].region);
    if (end < 0) return false;
    return meet(rows_of(ends[end].mask), ir::RowRange::of(graph[element].attributes), rows,
                collected);
  }
  // a' b, summed over the steps: what one factor has in a skipped step is multiplied by 0.
  constexpr bool vanishes_in_product(int id, int which, int collect, const MaskRows& rows) const {
    const ir::Node& node = graph[id];
    if (node.op != Op::matmul || node.shape.rank() != 2 || node.attributes[0] == 0 ||
        node.attributes[1] != 0)
      return false;
    const int other = stem(node.operand[1 - which]);
    if (graph[other].op != Op::collect || idle_of[graph[other].operand[0]] != Idle::zero)
      return false;
    const int region = graph.operand(other, 0).region, end = end_of(region);
    const bool together = region == graph.operand(collect, 0).region;
    if (end < 0 && !together) return false;
    const MaskRows mine = together ? rows : rows_of(ends[end].mask);
    const auto collected = ir::RowRange::of(graph[collect].attributes),
               theirs = ir::RowRange::of(graph[other].attributes);
    for (const int row : {0, collected.steps - 1})
      if (mine.row(theirs.row(row)) != rows.row(collected.row(row))) return false;
    return mine.source == rows.source && theirs.steps == collected.steps;
  }

  const ir::GraphOf<Room>& graph;
  const SourcesOf<Room>& sources;
  FixedVector<LoopEnd, 256> ends;
  PerNode<Idle, Room> idle_of{};
};

}  // namespace tg::passes
