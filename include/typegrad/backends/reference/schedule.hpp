// In which order a graph is interpreted, in chunks of samples, and where each value lies.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <span>

#include "typegrad/backends/reference/buffer.hpp"
#include "typegrad/graph/custom.hpp"
#include "typegrad/graph/loop.hpp"
#include "typegrad/passes/plan.hpp"

namespace tg::reference {

// Samples that values are in memory for, where a program does not need all of a call's at once.
inline constexpr int chunk_samples = 32;

// Whether a value of each sample depends on a sum across the samples.
constexpr bool sums_before_samples(const ir::Graph& graph) {
  const Buffer<int> late(std::size_t(graph.size()));
  for (int id = 0; id < graph.size(); ++id) {
    const ir::Node& node = graph[id];
    bool waits = false;
    for (int i = 0; i < node.operands(); ++i)
      waits = waits || 0 != late[std::size_t(node.operand[std::size_t(i)])];
    if (waits && (node.across || node.space == ir::Space::per_sample)) return true;
    late[std::size_t(id)] = waits || node.across;
  }
  return false;
}

// What the samples share and no sum across them is needed for; chunk by chunk; what follows.
enum class Turn : std::uint8_t { before, chunk, after };

// A node, or a loop: its body, then what it leaves behind. Places in Schedule::order.
struct Unit {
  int begin = 0, body_end = 0, end = 0;
  Turn turn = Turn::before;
};

// Of nodes whose loops lie together (passes::gather_loops). Values lie in two memories, by their
// lifetimes: one of samples, where each value has as much room as a chunk has samples, and one of
// what they share. Updates are no unit: they are made in the end.
class Schedule {
 public:
  // `whole`: all samples are one chunk, as they are where per-sample values depend on a sum across
  // the samples.
  [[gnu::cold]] constexpr explicit Schedule(std::span<const ir::Node> the_nodes,
                                            bool all_at_once = false)
      : order(the_nodes.size()),
        units(the_nodes.size()),
        root(the_nodes.size()),
        offset(the_nodes.size()),
        whole(all_at_once),
        nodes(the_nodes),
        unit_of(the_nodes.size()) {
    find_units();
    find_places();
  }

  constexpr ~Schedule() = default;  // nvcc asks whether it is one of constants

  Buffer<int> order;  // of nodes
  Buffer<Unit> units;
  int first_chunked = 0, behind_chunked = 0, unit_count = 0;
  Buffer<int> root;    // whose value a node shows: a reshape has no memory of its own
  Buffer<int> offset;  // in elements of one sample, or of what they share
  int samples_size = 0, shared_size = 0;  // of the memories
  int addend_size = 0;                    // the largest value that is summed across the samples
  int kernel_size = 0;                    // operands and result of a user's kernel, of one sample
  bool whole;

  // An update by the old value of a variable, which another update may overwrite.
  static constexpr bool is_staged(const ir::Node& value) {
    return value.op == Op::parameter || value.op == Op::state;
  }
  // What a kernel's operand or result takes, so that the next one begins with a cache line.
  static constexpr int padded(int elements) { return (elements + 15) / 16 * 16; }

  // Whether a node has memory of its own.
  constexpr bool has_place(std::size_t id) const {
    const ir::Node& node = nodes[id];
    if (root[id] != int(id) || is_sink(node.op) || node.op == Op::element) return false;
    const bool converted =
        (node.op == Op::input || node.op == Op::label) && !is_floating(node.dtype);
    return !is_leaf(node.op) || node.op == Op::uniform || node.op == Op::normal || converted;
  }

 private:
  constexpr const ir::Node& operand(const ir::Node& node, int which) const {
    return nodes[std::size_t(node.operand[std::size_t(which)])];
  }
  static constexpr bool works_on_samples(const ir::Node& node) {
    return node.space == ir::Space::per_sample || node.across;
  }

  // Units as they lie, with their turns; then in the order of these.
  [[gnu::cold]] constexpr void find_units() {
    const Buffer<Unit> found(nodes.size());
    const Buffer<int> late(nodes.size());  // shared values that are not there before the chunks
    int count = 0;
    for (std::size_t id = 0; id < nodes.size();) {
      std::size_t end = id + 1;
      while (nodes[id].region != 0 && end < nodes.size() && nodes[end].region == nodes[id].region)
        ++end;
      const bool waits = nodes[id].op == Op::update || leaves_loop(nodes[id].op);
      if (!waits) {
        const Turn turn = turn_of(id, end, late);
        found[std::size_t(count++)] = {int(id), int(end), int(end), turn};
        for (std::size_t i = id; i < end; ++i)
          late[i] = nodes[i].space == ir::Space::shared && turn != Turn::before;
        for (std::size_t i = end; nodes[id].region != 0 && i < nodes.size(); ++i)
          if (leaves(i, id, end))
            late[i] = nodes[i].space == ir::Space::shared && turn != Turn::before;
      }
      id = end;
    }
    int next = 0;
    for (const Turn turn : {Turn::before, Turn::chunk, Turn::after}) {
      if (turn == Turn::chunk) first_chunked = unit_count;
      if (turn == Turn::after) behind_chunked = unit_count;
      for (int u = 0; u < count; ++u)
        if ((whole ? Turn::chunk : found[std::size_t(u)].turn) == turn)
          append(found[std::size_t(u)], next);
    }
  }
  constexpr bool leaves(std::size_t id, std::size_t begin, std::size_t end) const {
    const std::size_t from = std::size_t(nodes[id].operand[0]);
    return leaves_loop(nodes[id].op) && from >= begin && from < end;
  }
  [[gnu::cold]] constexpr Turn turn_of(std::size_t begin, std::size_t end,
                                       const Buffer<int>& late) {
    bool waits = false, of_samples = false, shared = false, sums = false;
    for (std::size_t id = begin; id < end; ++id) {
      const ir::Node& node = nodes[id];
      for (int i = 0; i < node.operands(); ++i)
        waits = waits || 0 != late[std::size_t(node.operand[std::size_t(i)])];
      of_samples = of_samples || works_on_samples(node);
      shared = shared || (node.space == ir::Space::shared && node.op != Op::element);
      sums = sums || node.across;
    }
    const bool loop = nodes[begin].region != 0;
    if (of_samples && (waits || (loop && (shared || sums)))) whole = true;
    return of_samples ? Turn::chunk : waits ? Turn::after : Turn::before;
  }
  [[gnu::cold]] constexpr void append(const Unit& found, int& next) {
    Unit unit{next, next, next, found.turn};
    const auto add = [&](std::size_t id) {
      unit_of[id] = unit_count;
      order[std::size_t(next++)] = int(id);
    };
    for (int id = found.begin; id < found.end; ++id) add(std::size_t(id));
    unit.body_end = next;
    for (std::size_t id = std::size_t(found.end);
         nodes[std::size_t(found.begin)].region != 0 && id < nodes.size(); ++id)
      if (leaves(id, std::size_t(found.begin), std::size_t(found.end))) add(id);
    unit.end = next;
    units[std::size_t(unit_count++)] = unit;
  }

  static constexpr bool shows_operand(const ir::Node& node) {
    return (node.op == Op::reshape || node.op == Op::identity || node.op == Op::stop_gradient ||
            node.op == Op::custom_gradient) &&
           !node.across;
  }
  [[gnu::cold]] constexpr void find_places() {
    const Buffer<int> last(nodes.size());  // the unit that reads a value last
    for (std::size_t id = 0; id < nodes.size(); ++id) {
      const ir::Node& node = nodes[id];
      const bool shows = shows_operand(node) && operand(node, 0).space == node.space &&
                         operand(node, 0).region == node.region;
      root[id] = shows ? root[std::size_t(node.operand[0])] : int(id);
    }
    for (std::size_t id = 0; id < nodes.size(); ++id) read_operands(id, last);
    const Buffer<passes::Arena> arenas(2);
    for (int u = 0; u < unit_count; ++u)
      for (int i = units[std::size_t(u)].begin; i < units[std::size_t(u)].end; ++i) {
        const std::size_t id = std::size_t(order[std::size_t(i)]);
        if (!has_place(id)) continue;
        const int size = nodes[id].shape.size(), until = last[id] < u ? u : last[id];
        const bool shared = nodes[id].space == ir::Space::shared;
        offset[id] = shared ? arenas[1].place(size, time_of(u), time_of(until))
                            : arenas[0].place(size, u, until);
      }
    samples_size = arenas[0].size(), shared_size = arenas[1].size();
    for (std::size_t id = 0; id < nodes.size(); ++id) measure(id);
  }
  [[gnu::cold]] constexpr void read_operands(std::size_t id, const Buffer<int>& last) const {
    const bool updates = nodes[id].op == Op::update;
    const int now = updates ? unit_count : unit_of[id];
    for (int i = 0; i < nodes[id].operands(); ++i)
      for (int from = root[std::size_t(nodes[id].operand[std::size_t(i)])];;) {
        int& until = last[std::size_t(from)];
        if (until < now) until = now;
        const ir::Node& node = nodes[std::size_t(from)];
        if (node.op != Op::element) break;  // it is a row of another value
        from = root[std::size_t(node.operand[0])];
      }
  }
  // What the samples share stays while chunk follows chunk.
  constexpr int time_of(int unit) const {
    return unit >= first_chunked && unit < behind_chunked ? first_chunked : unit;
  }
  [[gnu::cold]] constexpr void measure(std::size_t id) {
    const ir::Node& node = nodes[id];
    const int size = node.shape.size();
    if (node.across && size > addend_size) addend_size = size;
    if (node.op == Op::update &&
        is_staged(nodes[std::size_t(root[std::size_t(node.operand[1])])])) {
      offset[id] = shared_size;
      shared_size += size;
    }
    if (node.op == Op::custom && node.row->has_cpu) {
      int all = padded(size);
      for (int i = 0; i < node.operands(); ++i) all += padded(operand(node, i).shape.size());
      if (all > kernel_size) kernel_size = all;
    }
  }

  std::span<const ir::Node> nodes;
  Buffer<int> unit_of;
};

// Elements that an executor works on, with so many samples a call; 0 is any number.
constexpr std::int64_t workspace_elements(std::span<const ir::Node> nodes, int most) {
  const Schedule plan(nodes);
  const int all = most == 0 ? chunk_samples : most;
  const int samples = plan.whole || all < chunk_samples ? all : chunk_samples;
  return plan.shared_size + plan.addend_size +
         std::int64_t(samples) * (plan.samples_size + plan.kernel_size);
}

}  // namespace tg::reference
