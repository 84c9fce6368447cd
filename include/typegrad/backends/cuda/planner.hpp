// Plans a fused graph for a device: orders its steps, and finds a place for every value.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/plan.hpp"
#include "typegrad/passes/halves.hpp"
#include "typegrad/passes/idle_rows.hpp"
#include "typegrad/passes/plan.hpp"

namespace tg::cuda {

// All samples of a call are worked on at once, so groups run as the graph has them: each reads only
// what groups before it have made.
class Planner {
 public:
  constexpr Planner(const ir::Graph& the_graph, const Sources& the_sources,
                    const Fusion& the_fusion, const passes::LoopEnds<max_nodes>& loop_ends,
                    int leaf_count, bool has_halves = false)
      : graph(the_graph),
        sources(the_sources),
        fusion(the_fusion),
        ends(loop_ends),
        loops(the_graph),
        leaves(leaf_count),
        halves(has_halves) {}

  constexpr Plan run() {
    plan.place.resize(graph.size());
    find_readers();
    place_leaves();
    for (int id = graph.size() - 1; id >= 0; --id) place_in_target(id);
    place_shared();
    place_ends();
    find_steps();
    find_waves();
    sort_steps();
    place_lanes();
    place_in_rows();
    for (int id = 0; id < graph.size(); ++id) plan.place[id].elements = graph[id].shape.size();
    return plan;
  }

 private:
  // Places of shared values begin at multiples of 64 bytes.
  static constexpr int align(int elements) { return (elements + 15) / 16 * 16; }

  constexpr bool per_sample(int id) const { return graph[id].space == ir::Space::per_sample; }
  constexpr int resolved(int id, int operand) const {
    return sources.operand(graph[id], operand).node;
  }
  constexpr bool is_half(int id) const { return halves && passes::stored_in_half(graph, id); }
  constexpr bool is_given(int id) const {
    return graph[id].op == Op::input || graph[id].op == Op::label;
  }

  // visit(node) for the values that a step reads of other steps or of leaves, and that it makes.
  // (clang wants templates before who calls them.)
  template <class Visit>
  constexpr void each_read(const StepPlan& step, Visit visit) const {
    if (step.kind == StepKind::begin || step.kind == StepKind::output)
      visit(resolved(step.node, 0));
    if (step.kind == StepKind::copy)
      visit(resolved(step.node, graph[step.node].op == Op::output ? 0 : 1));
    if (step.kind == StepKind::takes) visit(sources[step.node].node);
    if (step.kind == StepKind::idle && step.copied >= 0) visit(step.copied);
    if (step.kind != StepKind::group) return;
    for (int id = fusion.first[step.group]; id >= 0; id = fusion.next[id])
      for (int i = 0, count = graph[id].operands(); i < count; ++i)
        if (fusion.group[resolved(id, i)] != step.group) visit(resolved(id, i));
  }
  template <class Visit>
  constexpr void each_made(const StepPlan& step, Visit visit) const {
    if (step.kind == StepKind::load) visit(step.node);
    if (step.kind != StepKind::group) return;
    for (int id = fusion.first[step.group]; id >= 0; id = fusion.next[id]) visit(id);
  }

  // Who reads the variables that samples share. Groups + 1, so that 0 is none.
  struct Readers {
    bool elsewhere;  // a loop's beginning, a sink
    std::int16_t last_group, last_group_in_part;
  };

  constexpr void find_readers() {
    for (int id = 0; id < graph.size(); ++id) {
      const ir::Node& node = graph[id];
      if (sources.is_view_at(id)) continue;
      // A sink's first operand is the variable itself, if it has one.
      for (int i = node.op == Op::update || node.op == Op::train ? 1 : 0; i < node.operands();
           ++i) {
        const Source& source = sources.operand(node, i);
        read[source.node] = true;
        if (!is_leaf(graph[source.node].op)) continue;
        Readers& of = readers[source.node];
        if (fusion.group[id] < 0) {
          of.elsewhere = true;
          continue;
        }
        const std::int16_t group = std::int16_t(fusion.group[id] + 1);
        if (of.last_group < group) of.last_group = group;
        if (!source.full(node.shape.size()) && of.last_group_in_part < group)
          of.last_group_in_part = group;
      }
    }
  }

  constexpr void place_leaves() {
    for (int id = 0; id < graph.size(); ++id) {
      const ir::Node& node = graph[id];
      Place& at = plan.place[id];
      if (node.op == Op::constant) {
        at = {Base::constants, -1, plan.constants.find_or_append(node.value)};
      } else if (node.op == Op::samples) {
        plan.samples_offset = plan.shared_size;
        at = {Base::shared, -1, plan.shared_size};
        plan.shared_size += align(1);
      } else if (is_leaf(node.op) && !per_sample(id) && fusion.group[id] < 0) {
        at = {Base::slot, std::int16_t(passes::leaf_slot(node.attributes[0]))};
        at.half = is_half(id);
      }
    }
  }

  // A gradient is made where the solver reads it, an update where the variable lies, if nobody
  // reads the variable later.
  constexpr void place_in_target(int sink) {
    const ir::Node& node = graph[sink];
    if (!is_sink(node.op)) return;
    const Source& source = sources.operand(node, node.op == Op::output ? 0 : 1);
    if (fusion.group[source.node] < 0 || per_sample(source.node) ||
        !source.full(node.shape.size()) || loops.value_of(source.node) >= 0 ||
        plan.place[source.node].base != Base::nowhere)
      return;
    if (node.op == Op::update && !only_read_by(node.operand[0], source.node)) return;
    plan.place[source.node] = {Base::slot, target_of(graph, sink, leaves)};
    plan.place[source.node].half = node.op == Op::update && is_half(node.operand[0]);
    in_place[sink] = true;
    if (node.op == Op::update) overwrites[source.node] = std::int16_t(node.operand[0] + 1);
  }

  // True when no group after the one of `writer` reads `variable`, and that one reads it element by
  // element.
  constexpr bool only_read_by(int variable, int writer) const {
    const int group = fusion.group[writer];
    const Readers& of = readers[variable];
    return fusion.groups[group].anchor < 0 && !of.elsewhere && of.last_group <= group + 1 &&
           of.last_group_in_part != group + 1;
  }

  constexpr void place_shared() {
    for (int id = 0; id < graph.size(); ++id) {
      const ir::Node& node = graph[id];
      if (per_sample(id) || fusion.group[id] < 0 || plan.place[id].base != Base::nowhere ||
          !(fusion.stored[id] || node.across))
        continue;
      plan.place[id] = {Base::shared, -1, plan.shared_size};
      plan.shared_size += align(size_of(id));
    }
  }

  constexpr void place_ends() {
    if (ends.size() == 0) return;
    plan.taken_offset = plan.shared_size;
    plan.shared_size += align(ends.size());
  }

  constexpr void find_steps() {
    for (int id = 0; id < graph.size(); ++id)
      if (is_given(id) && read[id]) found.push_back({StepKind::load, std::int16_t(id)});
    for (int g = 0; g < fusion.groups.size(); ++g) {
      const Group& group = fusion.groups[g];
      if (fusion.empty(g)) continue;
      if (group.region != 0) add_begins(group.region);
      found.push_back({.kind = StepKind::group,
                       .node = group.anchor,
                       .group = std::int16_t(g),
                       .region = group.region});
    }
    for (int id = 0; id < graph.size(); ++id) {
      if (!is_sink(graph[id].op)) continue;
      const bool stores = graph[id].op == Op::output && per_sample(id);
      plan.outputs += graph[id].op == Op::output;
      if (stores || !in_place[id])
        found.push_back({stores ? StepKind::output : StepKind::copy, std::int16_t(id)});
    }
  }

  // What a loop carries gets its first value before the first group of the loop.
  constexpr void add_begins(std::int16_t region) {
    if (begun.contains(region)) return;
    begun.push_back(region);
    for (int id = 0; id < graph.size(); ++id)
      if (graph[id].op == Op::carry && graph[id].region == region)
        found.push_back({StepKind::begin, std::int16_t(id)});
    for (int i = 0; i < ends.size(); ++i)
      if (ends[i].region == region) add_end(ends[i]);
  }
  // What says in each step of a loop whether it is taken, and what is done where it is not.
  constexpr void add_end(const passes::LoopEnd& end) {
    found.push_back({.kind = StepKind::takes, .node = end.mask, .region = end.region});
    passes::each_idle_row(graph, loops, ends, end.region, [&](int value, int carry) {
      found.push_back({.kind = StepKind::idle,
                       .node = std::int16_t(value),
                       .copied = std::int16_t(carry),
                       .region = end.region});
    });
  }

  // Each step in the first wave in which all that it reads is there, and in which nobody reads any
  // more what it overwrites. What a loop repeats has waves of its own.
  constexpr void find_waves() {
    PerNode<std::int16_t> made{}, last_read{};  // waves + 1
    int earliest = 0;
    for (int s = 0; s < found.size(); ++s) {
      StepPlan& step = found[s];
      if (s > 0 && (found[s - 1].region != step.region || found[s - 1].kind == StepKind::takes))
        earliest = plan.waves;
      int wave = earliest;
      const auto later = [&](int after) { wave = wave > after ? wave : after; };
      each_read(step, [&](int id) { later(made[id]); });
      each_made(step, [&](int id) {
        if (overwrites[id] > 0) later(last_read[overwrites[id] - 1]);
      });
      if (step.kind == StepKind::copy) later(plan.waves);
      step.wave = std::int16_t(wave);
      each_read(step, [&](int id) {
        if (last_read[id] <= wave) last_read[id] = std::int16_t(wave + 1);
      });
      each_made(step, [&](int id) { made[id] = std::int16_t(wave + 1); });
      if (step.kind != StepKind::copy && plan.waves <= wave) plan.waves = wave + 1;
    }
    for (const StepPlan& step : found)
      if (plan.waves <= step.wave) plan.waves = step.wave + 1;
  }

  // By counting: steps of one wave stay in their order.
  constexpr void sort_steps() {
    FixedVector<int, 2 * max_nodes> begin;  // of each wave, among the sorted
    begin.resize(plan.waves + 1);
    for (const StepPlan& step : found) ++begin[step.wave + 1];
    for (int w = 1; w < begin.size(); ++w) begin[w] += begin[w - 1];
    plan.steps.resize(found.size());
    for (const StepPlan& step : found) plan.steps[begin[step.wave]++] = step;
  }

  constexpr int region_of(const StepPlan& step) const {
    return step.kind == StepKind::begin ? graph[step.node].region : step.region;
  }

  // Per-sample values: by lifetime, in waves.
  constexpr void place_lanes() {
    PerNode<std::int16_t> last_use{}, loop_end{};
    for (const StepPlan& step : plan.steps) loop_end[step.region] = step.wave;
    for (const StepPlan& step : plan.steps) find_last_uses(step, loop_end, last_use);
    passes::Arena numbers(1), half_numbers(1);
    const auto place = [&](int id, int from, int to) {
      passes::Arena& arena = is_half(id) ? half_numbers : numbers;
      plan.place[id] = {Base::lanes, -1, arena.place(size_of(id), from, to)};
      plan.place[id].half = is_half(id);
    };
    for (const StepPlan& step : plan.steps) {
      // What outlives the steps of a loop has its place from the loop's beginning on.
      const int region = region_of(step);
      for (std::int16_t& waits : begun) {
        if (region == 0 || waits != region) continue;
        waits = -1;
        for (int id = 0; id < graph.size(); ++id)
          if (graph[id].region == region && loops.value_of(id) == id && per_sample(id))
            place(id, step.wave, last_use[id] > loop_end[region] ? last_use[id] : loop_end[region]);
      }
      each_made(step, [&](int id) {
        if (per_sample(id) && loops.value_of(id) < 0 &&
            (step.kind == StepKind::load || fusion.stored[id]))
          place(id, step.wave, last_use[id]);
      });
    }
    plan.lanes_size = numbers.size();
    plan.halves_size = half_numbers.size();
  }

  // What a loop reads from outside, and what it leaves, lives until the loop's end.
  constexpr void find_last_uses(const StepPlan& step, const PerNode<std::int16_t>& loop_end,
                                PerNode<std::int16_t>& last_use) const {
    const auto use = [&](int id) {
      const int value = loops.value_of(id) < 0 ? id : loops.value_of(id);
      const bool outlives = step.region != 0 && (graph[id].region == 0 || loops.value_of(id) >= 0);
      last_use[value] = outlives ? loop_end[step.region] : step.wave;
    };
    each_made(step, use);
    each_read(step, use);
  }

  // Elements of a value in memory: of all rows, in a loop that keeps them.
  constexpr int size_of(int id) const {
    return (loops.value_of(id) < 0 ? 1 : loops.rows(id).count()) * graph[id].shape.size();
  }

  // Of what lies in the rows of another value, or in its own, where exactly.
  constexpr void place_in_rows() {
    PerNode<bool> placed{};
    for (int pass = 0; pass < 2; ++pass)  // the values themselves last
      for (int id = 0; id < graph.size(); ++id) {
        const int value = loops.value_of(id);
        if (value < 0 || placed[id] || (pass == 0 && value == id)) continue;
        plan.place[id] = loops.locate(id, plan.place[value], graph[value].shape.size());
        placed[id] = true;
      }
  }

  const ir::Graph& graph;
  const Sources& sources;
  const Fusion& fusion;
  const passes::LoopEnds<max_nodes>& ends;
  passes::LoopPlaces<max_nodes> loops;
  int leaves;
  bool halves;  // what passes::stored_in_half says lies in memory as halves
  Plan plan{};
  FixedVector<StepPlan, 2 * max_nodes> found;  // as the graph has them
  FixedVector<std::int16_t, max_nodes> begun;  // loops; -1 where their rows have their places
  PerNode<bool> read{}, in_place{};
  PerNode<std::int16_t> overwrites{};  // the variable where a value is made, + 1
  PerNode<Readers> readers{};
};

}  // namespace tg::cuda
