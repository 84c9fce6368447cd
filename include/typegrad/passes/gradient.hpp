// tg::grad, and the pass that expands it: one reverse sweep for each cost.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/gradient_rules.hpp"
#include "typegrad/passes/rewrite.hpp"

namespace tg {

// The derivative of `cost`, one number for the whole call, with respect to `wrt`: a symbol of wrt's
// shape. Recorded as one node; the gradient pass expands it, after the forward graph was simplified
// and stabilised.
constexpr Var grad(Var cost, Var wrt) {
  if (cost.shape() != Shape{} || cost.per_sample() || !is_floating(cost.dtype()))
    cost.recording()->fail(
        is_floating(cost.dtype())
            ? Fault{.kind = FaultKind::gradient_of_non_scalar, .got = cost.shape()}
            : Fault{.kind = FaultKind::not_differentiable, .name = name_of(cost.node().op).data()});
  ir::Node node{.op = Op::gradient,
                .dtype = wrt.dtype(),
                .space = wrt.node().space,
                .scope = wrt.node().scope,
                .operand = ir::operands(cost, wrt),
                .shape = wrt.shape()};
  return {cost.recording(), cost.recording()->append(node)};
}
template <class... More>
constexpr std::array<Var, 2 + sizeof...(More)> grad(Var cost, Var first, Var second, More... more) {
  return {grad(cost, first), grad(cost, second), grad(cost, more)...};
}

namespace passes {

// Adjoints of every node that `cost` depends on and that depends on one of the wanted nodes.
class Adjoints {
 public:
  constexpr Adjoints(ir::Builder& recorder, int cost) : builder(&recorder), root(cost) {}

  constexpr void want(int id) { reaches[id] = true; }

  constexpr void sweep() {
    const std::int16_t scope = builder->scope;
    for (int id = 0; id <= root; ++id)
      for (std::int16_t operand : builder->graph[id].operand)
        if (operand >= 0 && reaches[operand]) reaches[id] = true;
    if (reaches[root])
      adjoint[root] = constant(builder, 1, {}, builder->graph[root].dtype).id() + 1;
    for (int id = root; id >= 0; --id) {
      if (adjoint[id] == 0 || !reaches[id] || is_leaf(builder->graph[id].op)) continue;
      builder->scope = builder->graph[id].scope;
      GradientRule rule{.y = {builder, id},
                        .dy = broadcast({builder, adjoint[id] - 1}, builder->graph[id].shape)};
      differentiate(rule);
      if (!rule.known)
        builder->fail(
            {.kind = FaultKind::not_differentiable, .name = name_of(builder->graph[id].op).data()});
      for (int i = 0; i < ir::max_operands; ++i)
        if (rule.adjoint[i].id() >= 0)
          accumulate(id, builder->graph[id].operand[i], rule.adjoint[i]);
    }
    builder->scope = scope;
  }

  // The derivative with respect to a node; 0 where the cost does not depend on it.
  constexpr Var of(int id) const {
    const ir::Node& node = builder->graph[id];
    const Var found = adjoint[id] == 0 ? constant(builder, 0, node.shape, node.dtype)
                                       : Var{builder, adjoint[id] - 1};
    // What is the same for all samples is per sample nevertheless, where the symbol is: it chooses
    // between equals.
    return node.space == ir::Space::per_sample && !found.per_sample()
               ? select({builder, id}, found, found)
               : found;
  }

 private:
  // A shared value that many samples read gets the sum of what they say.
  constexpr void accumulate(int reader, int id, Var contribution) {
    if (!reaches[id]) return;
    const ir::Node &from = builder->graph[reader], &to = builder->graph[id];
    const bool read_per_sample = from.space == ir::Space::per_sample || from.across;
    if (to.space == ir::Space::shared && read_per_sample)
      contribution = ir::sum_across(contribution);
    adjoint[id] = std::int16_t(
        (adjoint[id] == 0 ? contribution : Var{builder, adjoint[id] - 1} + contribution).id() + 1);
  }

  ir::Builder* builder;
  int root;
  PerNode<bool> reaches{};          // depends on a wanted node
  PerNode<std::int16_t> adjoint{};  // id + 1
};

// Expands every Op::gradient. Costs that contain gradients themselves are expanded inside out, as
// they come.
constexpr ir::Graph gradient(const ir::Graph& graph) {
  bool any = false;
  for (const ir::Node& node : graph.nodes) any = any || node.op == Op::gradient;
  if (!any) return graph;
  PerNode<std::int16_t> moved{};  // id in the new graph + 1
  PerNode<std::int16_t> expanded{};
  ir::Builder builder;
  builder.graph.fault = graph.fault;
  for (int id = 0; id < graph.size(); ++id) {
    ir::Node node = graph[id];
    for (std::int16_t& operand : node.operand)
      if (operand >= 0) operand = std::int16_t(moved[operand] - 1);
    builder.scope = node.scope;
    if (node.op != Op::gradient) {
      moved[id] = std::int16_t(builder.append(node) + 1);
    } else if (expanded[id] != 0) {
      moved[id] = expanded[id];
    } else {  // one sweep answers all later questions about this cost, too
      Adjoints adjoints(builder, node.operand[0]);
      const auto asks = [&](int other) {
        return graph[other].op == Op::gradient && graph[other].operand[0] == graph[id].operand[0] &&
               moved[graph[other].operand[1]] != 0;
      };
      for (int other = id; other < graph.size(); ++other)
        if (asks(other)) adjoints.want(moved[graph[other].operand[1]] - 1);
      adjoints.sweep();
      for (int other = id; other < graph.size(); ++other)
        if (asks(other))
          expanded[other] = std::int16_t(adjoints.of(moved[graph[other].operand[1]] - 1).id() + 1);
      moved[id] = expanded[id];
    }
  }
  return builder.graph;
}

}  // namespace passes
}  // namespace tg
