// The loops that a reverse sweep makes: each goes back through the steps of one that is there.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/loop.hpp"
#include "typegrad/graph/moves.hpp"
#include "typegrad/passes/rewrite.hpp"

namespace tg::passes {

// Step s of a reverse loop belongs to step (steps - 1 - s) of the forward one. What it reads of the
// forward body was collected there. In the body of a loop over samples, an adjoint is what one
// sample says, of shared values, too; the sum over samples is taken outside.
class ReverseLoops {
 public:
  constexpr ReverseLoops(ir::Builder& recorder) : builder(&recorder) {
    loops.resize(recorder.graph.regions + 1);
    for (const ir::Node& node : recorder.graph.nodes) {
      if (node.region == 0) continue;
      Loop& loop = loops[node.region];
      if (ir::steps_of(node) > 0) loop.steps = loop.back = ir::steps_of(node);
      if (node.space == ir::Space::per_sample) loop.per_sample = true;
    }
    for (const ir::Node& node : recorder.graph.nodes) {
      if (node.op != Op::carry) continue;
      Loop& loop = loops[node.region];
      const auto row = ir::CarryRow::of(node.attributes);
      loop.recomputed = row.recomputed;
      if (row.truncated > 0 && row.truncated < loop.steps) loop.back = row.truncated;
    }
  }

  constexpr bool per_sample(int region) const { return loops[region].per_sample; }

  // What a node was in the step that the reverse loop goes back through; outside of loops, itself.
  constexpr Var value(int id) {
    const ir::Node& node = builder->graph[id];
    if (node.region == 0) return {builder, id};
    if (kept[id] == 0) kept[id] = std::int16_t(made(id).id() + 1);
    return {builder, kept[id] - 1};
  }

  // The same, computed from its operands' values again.
  constexpr Var again(int id) {
    ir::Node node = builder->graph[id];
    if (node.region == 0) return {builder, id};
    for (std::int16_t& operand : node.operand)
      if (operand >= 0) operand = std::int16_t(value(operand).id());
    return {builder, builder->append(node)};
  }

  // Row by row, the adjoint of what was collected: in the reverse loop.
  constexpr Var of_collect(const ir::Node& collect, Var dy) {
    const int forward = builder->graph[collect.operand[0]].region;
    return part(forward, collect.space,
                ir::element(reverse(forward), dy, back(collect.attributes, forward)));
  }
  // Behind the loop, the adjoint of the state that a `last` reads.
  constexpr Var of_last(const ir::Node& last, Var dy) const {
    return part(builder->graph[last.operand[0]].region, last.space, dy);
  }
  // Behind the reverse loop, the adjoint of a sequence: each row from the step that read it.
  constexpr Var of_element(const ir::Node& element, Var dy) const {
    const ir::RowRange range = back(element.attributes, element.region);
    return ir::pad(ir::collect(dy, range.steps, range.reversed), {0, range.begin, 1},
                   builder->graph[element.operand[0]].shape[0]);
  }
  // What every step says to a value from outside of the loop, summed.
  constexpr Var total(int forward, Var contribution) const {
    const int steps = loops[forward].back;
    return contribution.node().region == 0 ? contribution * double(steps)
                                           : sum(ir::collect(contribution, steps, false), 0);
  }

  // The adjoint of a state: carried back from what came to it behind the loop. Its value is what
  // the step that said the state gets.
  constexpr Var carry_back(int forward_carry, Var behind) {
    const ir::Node& carry = builder->graph[forward_carry];
    Loop& loop = loops[carry.region];
    const Var result = ir::carry(reverse(carry.region), behind,
                                 loop.per_sample ? ir::Space::per_sample : ir::Space::shared,
                                 {loop.back, loop.carries++, 0, loop.recomputed});
    carried[forward_carry] = std::int16_t(result.id() + 1);
    return result;
  }
  // The adjoint that the state had in the body goes on to the step before. Post: that of the first
  // value, or nothing when the way back is cut before it.
  constexpr Var close(int forward_carry, Var in_body) {
    const Loop& loop = loops[builder->graph[forward_carry].region];
    if (carried[forward_carry] == 0) return {};
    const Var next = ir::next({builder, carried[forward_carry] - 1}, in_body);
    return loop.back < loop.steps ? Var{} : ir::last(next);
  }

 private:
  struct Loop {
    int reverse = 0;          // its region; 0: not there yet
    int steps = 1, back = 1;  // forward; how many of them the gradient goes back through
    int carries = 0;          // of the reverse loop
    bool per_sample = false, recomputed = false;
  };

  constexpr int reverse(int forward) {
    Loop& loop = loops[forward];
    if (loop.reverse == 0) loop.reverse = builder->new_region();
    return loop.reverse;
  }
  // The rows of a forward range, the last step's first.
  constexpr ir::RowRange back(const ir::Attributes& attributes, int forward) const {
    const auto range = ir::RowRange::of(attributes);
    const int steps = loops[forward].back;
    return {steps, range.begin + (range.reversed ? 0 : range.steps - steps), !range.reversed};
  }
  // What the samples share comes to each of them in equal parts.
  constexpr Var part(int forward, ir::Space space, Var dy) const {
    const bool divided = space == ir::Space::shared && loops[forward].per_sample;
    return divided ? dy / cast(sample_count(builder), dy.dtype()) : dy;
  }

  constexpr Var made(int id) {
    const ir::Node node = builder->graph[id];
    const Loop loop = loops[node.region];
    if (node.op == Op::element)
      return ir::element(reverse(node.region), {builder, node.operand[0]},
                         back(node.attributes, node.region));
    if (node.op == Op::next) return value(node.operand[1]);
    const bool repeats = node.op == Op::broadcast;  // what it repeats needs less memory
    if (repeats || (loop.recomputed && node.op != Op::carry)) return again(id);
    const Var all = ir::collect({builder, id}, loop.steps, false);
    return ir::element(reverse(node.region), all, {loop.back, loop.steps - loop.back, true});
  }

  ir::Builder* builder;
  FixedVector<Loop, max_nodes> loops;  // by region
  PerNode<std::int16_t> kept{};        // of forward nodes: in the reverse loop, id + 1
  PerNode<std::int16_t> carried{};     // of forward carries: the reverse one, id + 1
};

}  // namespace tg::passes
