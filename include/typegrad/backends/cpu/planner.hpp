// Plans a fused graph for the CPU: orders its steps, and finds a place for every value.
// SPDX-License-Identifier: MIT
#pragma once
#include <limits>

#include "typegrad/backends/cpu/half_forms.hpp"
#include "typegrad/backends/cpu/plan.hpp"
#include "typegrad/passes/loop_places.hpp"
#include "typegrad/passes/plan.hpp"

namespace tg::cpu {

class Planner {
 public:
  // `in_half`: what has a half form lies in memory so.
  constexpr Planner(const ir::Graph& the_graph, const Sources& the_sources,
                    const Fusion& the_fusion, int leaf_count, int tile_lanes, Layout tile_layout,
                    bool in_half)
      : graph(the_graph),
        sources(the_sources),
        fusion(the_fusion),
        loops(the_graph),
        leaves(leaf_count),
        lanes(tile_lanes),
        layout(tile_layout),
        halves(in_half) {}

  constexpr Plan run() {
    plan.location.resize(graph.size());
    plan.by_samples.resize(graph.size());
    find_sample_major();
    order_steps();
    find_readers();
    place_shared();
    place_per_sample();
    place_in_rows();
    return plan;
  }

 private:
  static constexpr int align(int elements) { return (elements + 15) / 16 * 16; }
  // Room for so many elements of a value in a memory that counts floats, and a place in it as the
  // value counts.
  constexpr bool half(int id) const { return halves && stored_in_half(graph, id); }
  constexpr int room(int id, int elements) const {
    return half(id) ? (elements + 1) / 2 : elements;
  }
  constexpr int place(int id, int offset) const { return half(id) ? 2 * offset : offset; }

  constexpr bool per_sample(int id) const { return graph[id].space == ir::Space::per_sample; }
  constexpr int resolved(int id, int operand) const {
    return sources.operand(graph[id], operand).node;
  }

  // Values that a `rows` step reads sample by sample: the right factors of outer products, the rows
  // that are scattered.
  constexpr void find_sample_major() {
    for (int id = 0, size = graph.size(); id < size; ++id)
      if (is_rows(graph[id])) by_samples[resolved(id, 1)] = true, in_store[resolved(id, 0)] = true;
  }

  // Within a level, in this order.
  enum class Turn : std::uint8_t { add_partials, shared, load, tile, output, rows, count };

  struct Waiting {
    StepPlan step{};
    Turn turn{};
  };

  constexpr void add(Turn turn, const StepPlan& step) { waiting.push_back({step, turn}); }

  // Every step once, in whatever order they are found; then sorted by level and turn.
  constexpr void order_steps() {
    plan.levels = fusion.levels() + 1;
    for (int id = 0, size = graph.size(); id < size; ++id) add_steps_of(id);
    add_loads();
    for (int g = 0; g < fusion.groups.size(); ++g) add_group(g);
    sort_steps();
  }

  constexpr void add_steps_of(int id) {
    const ir::Node& node = graph[id];
    const std::int16_t here = std::int16_t(id);
    if (is_rows(node)) {
      add(Turn::rows, {StepKind::rows, Phase::rows, fusion.level[id], here});
      plan.has_rows = true;
    } else if (node.across && fusion.group[id] >= 0) {
      const std::int16_t next = std::int16_t(fusion.level[id] + 1);
      add(Turn::add_partials, {StepKind::add_partials, Phase::shared, next, here});
    } else if (node.op == Op::output) {
      ++plan.outputs;
      if (per_sample(id)) add(Turn::output, {StepKind::output, Phase::tile, produced(id), here});
    }
  }

  constexpr std::int16_t produced(int sink) const { return fusion.level[graph[sink].operand[0]]; }

  constexpr void add_group(int g) {
    const Group& group = fusion.groups[g];
    if (fusion.empty(g)) return;
    if (group.region != 0) add_begins(group);
    const StepPlan step{StepKind::group, Phase::shared,   group.level,
                        group.anchor,    std::int16_t(g), group.region};
    if (group.space == ir::Space::shared) return add(Turn::shared, step);
    if (group.anchor >= 0 && is_rows(graph[group.anchor])) return;
    add(Turn::tile, {step.kind, Phase::tile, step.level, step.node, step.group, group.region});
    for (int id = fusion.first[g]; id >= 0; id = fusion.next[id])
      if (by_samples[id])
        add(Turn::tile, {StepKind::store, Phase::tile, group.level, std::int16_t(id)});
  }

  // What a loop carries gets its first value before the first group of the loop.
  constexpr void add_begins(const Group& group) {
    if (begun.contains(group.region)) return;
    begun.push_back(group.region);
    for (int id = 0, size = graph.size(); id < size; ++id) {
      if (graph[id].op != Op::carry || graph[id].region != group.region) continue;
      if (per_sample(id))
        add(Turn::tile, {StepKind::begin, Phase::tile, group.level, std::int16_t(id)});
      else
        add(Turn::shared, {StepKind::begin, Phase::shared, group.level, std::int16_t(id)});
    }
  }

  // Leaves are brought to lanes at the start of the first level that reads them.
  constexpr void add_loads() {
    const auto is_given = [&](int id) {
      return graph[id].op == Op::input || graph[id].op == Op::label;
    };
    PerNode<std::int16_t> first_level{};  // that reads a leaf, + 1
    for (int id = 0, size = graph.size(); id < size; ++id) {
      if (sources.is_view_at(id)) continue;
      const int level = is_sink(graph[id].op) ? produced(id) : fusion.level[id];
      for (int i = 0, count = graph[id].operands(); i < count; ++i) {
        const int leaf = resolved(id, i);
        if (!is_given(leaf) || (is_rows(graph[id]) && i == 1)) continue;
        std::int16_t& first = first_level[leaf];
        if (first == 0 || first > level + 1) first = std::int16_t(level + 1);
      }
    }
    for (int leaf = 0, size = graph.size(); leaf < size; ++leaf) {
      if (first_level[leaf] == 0) continue;
      if (layout == Layout::flat && graph[leaf].op == Op::input &&
          is_floating(graph[leaf].dtype))  // one sample lies as it is given
        plan.location[leaf] = {Base::slot, std::int16_t(leaf_slot(graph[leaf].attributes[0])), 0,
                               graph[leaf].shape.size()};
      else
        add(Turn::load,
            {StepKind::load, Phase::tile, std::int16_t(first_level[leaf] - 1), std::int16_t(leaf)});
    }
  }

  // By counting: steps of one level and turn stay in their order.
  constexpr void sort_steps() {
    const auto key = [](const Waiting& w) { return w.step.level * int(Turn::count) + int(w.turn); };
    FixedVector<int, 2 * max_nodes> begin;  // of each key, among the sorted
    begin.resize(plan.levels * int(Turn::count) + 1);
    for (const Waiting& w : waiting) ++begin[key(w) + 1];
    for (int k = 1; k < begin.size(); ++k) begin[k] += begin[k - 1];
    plan.steps.resize(waiting.size());
    for (const Waiting& w : waiting) plan.steps[begin[key(w)]++] = w.step;
  }

  constexpr void place_shared() {
    for (int id = 0, size = graph.size(); id < size; ++id) {
      const ir::Node& node = graph[id];
      Location& at = plan.location[id];
      if (node.op == Op::constant) {
        at = {Base::constants, -1, plan.constants.find_or_append(node.value)};
      } else if (node.op == Op::samples) {
        plan.samples_offset = plan.shared_size;
        at = {Base::shared, -1, plan.shared_size};
        plan.shared_size += 16;
      } else if (is_leaf(node.op) && node.space == ir::Space::shared && fusion.group[id] < 0) {
        at = {Base::slot, std::int16_t(leaf_slot(node.attributes[0]))};
      }
    }
    for (int id = graph.size() - 1; id >= 0; --id) place_in_target(id);
    for (int id = 0, size = graph.size(); id < size; ++id) {
      const ir::Node& node = graph[id];
      if (node.space != ir::Space::shared || fusion.group[id] < 0) continue;
      if (node.across && !is_rows(node)) {
        plan.partial[id] = plan.partials_size;
        plan.partials_size += align(node.shape.size());
      }
      if (plan.location[id].base != Base::nowhere || !(fusion.stored[id] || node.across)) continue;
      plan.location[id] = {Base::shared, -1, plan.shared_size};
      plan.shared_size += align(size_of(id));
    }
    // Sinks whose value is not there already.
    for (int id = 0, size = graph.size(); id < size; ++id)
      if ((graph[id].op == Op::update || graph[id].op == Op::train ||
           (graph[id].op == Op::output && !per_sample(id))) &&
          !in_place[id])
        plan.steps.push_back(
            {StepKind::copy, Phase::shared, std::int16_t(plan.levels), std::int16_t(id)});
  }

  // A gradient is made where the solver reads it, an update where the variable lies, if nobody
  // reads the variable later.
  constexpr void place_in_target(int sink) {
    const ir::Node& node = graph[sink];
    if (node.op != Op::train && node.op != Op::update && node.op != Op::output) return;
    const Source& source = sources.operand(node, node.op == Op::output ? 0 : 1);
    const bool computed =
        fusion.group[source.node] >= 0 && graph[source.node].space == ir::Space::shared;
    if (!computed || !source.full(node.shape.size()) ||
        plan.location[source.node].base != Base::nowhere)
      return;
    if (node.op == Op::output) {
      plan.location[source.node] = {Base::slot,
                                    std::int16_t(output_slot(leaves, node.attributes[0]))};
    } else {
      const int leaf = graph[node.operand[0]].attributes[0];
      if (node.op == Op::update && !last_read_by(node.operand[0], source.node)) return;
      plan.location[source.node] = {
          Base::slot, std::int16_t(node.op == Op::train ? gradient_slot(leaf) : leaf_slot(leaf))};
    }
    in_place[sink] = true;
  }

  // Who reads the variables that samples share. Groups and levels + 1, so that 0 is none.
  struct Readers {
    // Shared groups; and those of them that read it otherwise than element by element.
    std::int16_t last_group, last_group_in_part, highest_level;
    std::int16_t highest_elsewhere;  // level per sample, in a loop, by a sum across samples, a sink
  };

  constexpr void find_readers() {
    for (int id = 0, size = graph.size(); id < size; ++id) {
      const ir::Node& node = graph[id];
      if (sources.is_view_at(id) || node.op == Op::train) continue;
      // An update's first operand is the variable itself, its second the old value of another.
      for (int i = node.op == Op::update ? 1 : 0; i < node.operands(); ++i) {
        const Source& source = sources.operand(node, i);
        if (!is_leaf(graph[source.node].op)) continue;
        Readers& of = readers[source.node];
        const auto raise = [](std::int16_t& highest, int value) {
          if (value > highest) highest = std::int16_t(value);
        };
        if (is_sink(node.op)) {
          raise(of.highest_elsewhere, std::numeric_limits<std::int16_t>::max());
        } else if (per_sample(id) || node.across || kind_of(node.op) == Kind::loop ||
                   node.region != 0) {
          raise(of.highest_elsewhere, fusion.level[id] + 1);
        } else {
          const int group = fusion.group[id];
          const bool in_part = !source.full(node.shape.size()) || fusion.groups[group].anchor == id;
          raise(of.last_group, group + 1);
          if (in_part) raise(of.last_group_in_part, group + 1);
          raise(of.highest_level, fusion.groups[group].level + 1);
        }
      }
    }
  }

  // True when nobody reads `variable` after the group of `writer`, which reads it, if at all,
  // element by element. (What samples share is computed before the tiles of its level.)
  constexpr bool last_read_by(int variable, int writer) const {
    const int group = fusion.group[writer];
    if (fusion.groups[group].space != ir::Space::shared) return false;
    const Readers& of = readers[variable];
    const int level = fusion.groups[group].level + 1;
    return of.highest_elsewhere < level && of.last_group_in_part != group + 1 &&
           (of.highest_level < level || (of.highest_level == level && of.last_group <= group + 1));
  }

  // Per-sample values: in scratch when one tile of one level makes and reads them, else in the
  // chunk's store.
  constexpr void place_per_sample() {
    PerNode<std::int16_t> last_use{}, loop_end{};
    for (int s = 0; s < plan.steps.size(); ++s) loop_end[plan.steps[s].region] = std::int16_t(s);
    for (int s = 0; s < plan.steps.size(); ++s) visit_reads(plan.steps[s], s, loop_end, last_use);
    passes::Arena scratch(16);
    for (int s = 0; s < plan.steps.size(); ++s) {
      const StepPlan& step = plan.steps[s];
      if (step.phase != Phase::tile) continue;
      if (step.kind == StepKind::load) place_value(step.node, s, last_use[step.node], scratch);
      const int region = step.kind == StepKind::begin ? graph[step.node].region : step.region;
      if (region != 0 && begun.contains(std::int16_t(region)))
        place_rows_of(region, s, loop_end[region], last_use, scratch);
      if (step.kind == StepKind::store) {
        const int size = graph[step.node].shape.size();
        plan.by_samples[step.node] = {Base::store, -1, place(step.node, plan.store_size),
                                      lanes * size};
        plan.store_size += align(room(step.node, size)) * lanes;
      }
      if (step.kind != StepKind::group) continue;
      for (int id = fusion.first[step.group]; id >= 0; id = fusion.next[id])
        if (fusion.stored[id] && per_sample(id) && loops.value_of(id) < 0)
          place_value(id, s, last_use[id], scratch);
    }
    plan.scratch_size = scratch.size();
    // Leaves lie sample by sample in the caller's memory.
    for (int id = 0, size = graph.size(); id < size; ++id)
      if (graph[id].op == Op::input || graph[id].op == Op::label)
        plan.by_samples[id] = {Base::slot, std::int16_t(leaf_slot(graph[id].attributes[0])), 0,
                               lanes * graph[id].shape.size()};
  }

  // Elements of a value in memory: of all rows, in a loop that keeps them.
  constexpr int size_of(int id) const {
    const int rows = loops.value_of(id) < 0 ? 1 : loops.rows(id).count();
    return rows * row_of(id);
  }
  constexpr int row_of(int id) const {
    return graph[id].shape.size() * (per_sample(id) ? lanes : 1);
  }

  // What outlives the steps of a loop has its place from the loop's beginning on.
  constexpr void place_rows_of(int region, int step, int loop_end,
                               const PerNode<std::int16_t>& last_use, passes::Arena& scratch) {
    for (std::int16_t& waits : begun)
      if (waits == region) waits = -1;
    for (int id = 0, size = graph.size(); id < size; ++id)
      if (graph[id].region == region && loops.value_of(id) == id && per_sample(id))
        place_value(id, step, last_use[id] > loop_end ? last_use[id] : loop_end, scratch);
  }
  // Of what lies in the rows of another value, or in its own, where exactly.
  constexpr void place_in_rows() {
    PerNode<bool> placed{};
    for (int pass = 0; pass < 2; ++pass)  // the values themselves last
      for (int id = 0, size = graph.size(); id < size; ++id) {
        const int value = loops.value_of(id);
        if (value < 0 || placed[id] || (pass == 0 && value == id)) continue;
        plan.location[id] = loops.locate(id, plan.location[value], row_of(value));
        placed[id] = true;
      }
  }

  constexpr void place_value(int id, int step, int last_use, passes::Arena& scratch) {
    const int size = size_of(id);
    Location& at = plan.location[id];
    if (at.base == Base::store) return;
    const bool later_level = plan.steps[last_use].level > plan.steps[step].level;
    if (in_store[id] || later_level) {  // other tiles run before it is read
      at = {Base::store, -1, place(id, plan.store_size), size};
      plan.store_size += align(room(id, size));
      return;
    }
    at = {Base::scratch, -1, place(id, scratch.place(room(id, size), step, last_use))};
  }

  // What a loop reads from outside, and what it leaves, lives until the loop's end.
  constexpr void visit_reads(const StepPlan& step, int position,
                             const PerNode<std::int16_t>& loop_end,
                             PerNode<std::int16_t>& last_use) const {
    const auto read = [&](int id) {
      const int value = loops.value_of(id) < 0 ? id : loops.value_of(id);
      const bool outlives = step.region != 0 && (graph[id].region == 0 || loops.value_of(id) >= 0);
      last_use[value] = outlives ? loop_end[step.region] : std::int16_t(position);
    };
    if (step.kind == StepKind::begin) read(resolved(step.node, 0));
    if (step.kind == StepKind::store || step.kind == StepKind::rows) {
      read(step.node);
      for (int i = 0, count = graph[step.node].operands(); i < count; ++i)
        read(resolved(step.node, i));
    }
    if (step.kind == StepKind::output) read(resolved(step.node, 0));
    if (step.kind != StepKind::group) return;
    for (int id = fusion.first[step.group]; id >= 0; id = fusion.next[id]) {
      read(id);
      for (int i = 0, count = graph[id].operands(); i < count; ++i) read(resolved(id, i));
    }
  }

  const ir::Graph& graph;
  const Sources& sources;
  const Fusion& fusion;
  passes::LoopPlaces<max_nodes> loops;
  int leaves, lanes;
  Layout layout;
  bool halves;
  Plan plan{};
  FixedVector<Waiting, 2 * max_nodes> waiting;
  FixedVector<std::int16_t, max_nodes> begun;  // loops; -1 where their rows have their places
  PerNode<bool> by_samples{}, in_store{}, in_place{};
  PerNode<Readers> readers{};
};

}  // namespace tg::cpu
