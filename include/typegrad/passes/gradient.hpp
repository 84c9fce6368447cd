// tg::grad, and the pass that expands it: one reverse sweep for each cost.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/gradient_rules.hpp"
#include "typegrad/passes/rewrite.hpp"

namespace tg {

// Says that the derivative with respect to what the cost does not depend on is 0, not an error:
// grad(cost, w, tg::zero_if_disconnected).
struct ZeroIfDisconnected {};
inline constexpr ZeroIfDisconnected zero_if_disconnected{};

namespace ir {

// Could a change of `from` change `to`? Through stop_gradient nothing does.
constexpr bool is_connected(const Graph& graph, int to, int from) {
  FixedVector<bool, TYPEGRAD_MAX_NODES> depends;
  depends.resize(to + 1);
  for (int id = from; id <= to; ++id) {
    depends[id] = id == from;
    for (int i = 0; id > from && i < graph[id].operands(); ++i)
      depends[id] = depends[id] || (graph[id].operand[i] >= from && depends[graph[id].operand[i]]);
    depends[id] = depends[id] && (id == from || graph[id].op != Op::stop_gradient);
  }
  return from <= to && depends[to];
}

// The fault of asking for a derivative of y with respect to x, if it is one.
constexpr void check_derivative(Var y, Var x, bool connected) {
  Builder* r = y.recording();
  if (!is_floating(y.dtype()))
    return r->fail({.kind = FaultKind::not_differentiable, .name = name_of(y.node().op).data()});
  if (!is_floating(x.dtype()))
    return r->fail({.kind = FaultKind::needs_floating, .numbers = {int(x.dtype())}});
  if (connected && !is_connected(r->graph, y.id(), x.id()))
    r->fail({.kind = FaultKind::disconnected_gradient,
             .got = x.shape(),
             .name = name_of(x.node().op).data()});
}

// Recorded as one node; the gradient pass expands it, after the forward graph was simplified and
// stabilised.
constexpr Var derivative(Operands operands, Var x) {
  bool read_per_sample = false;
  for (std::int16_t operand : operands)
    if (operand >= 0 && x.recording()->graph[operand].space == Space::per_sample)
      read_per_sample = true;
  Node node{.op = Op::gradient,
            .dtype = x.dtype(),
            .space = x.node().space,
            .across = read_per_sample && !x.per_sample(),
            .scope = x.node().scope,
            .operand = operands,
            .shape = x.shape()};
  return {x.recording(), x.recording()->append(node)};
}

constexpr Var gradient(Var cost, Var wrt, bool connected) {
  if (cost.shape() != Shape{} || cost.per_sample())
    cost.recording()->fail({.kind = FaultKind::gradient_of_non_scalar, .got = cost.shape()});
  check_derivative(cost, wrt, connected);
  return derivative(operands(cost, wrt), wrt);
}

}  // namespace ir

// The derivative of `cost`, one number for the whole call, with respect to any symbol `wrt`: a
// symbol of wrt's shape, which may be differentiated again. Of several symbols an array. Faults:
// gradient_of_non_scalar, disconnected_gradient, not_differentiable, needs_floating.
constexpr Var grad(Var cost, Var wrt) { return ir::gradient(cost, wrt, true); }
constexpr Var grad(Var cost, Var wrt, ZeroIfDisconnected) { return ir::gradient(cost, wrt, false); }
template <std::same_as<Var>... More>
constexpr std::array<Var, 2 + sizeof...(More)> grad(Var cost, Var first, Var second, More... more) {
  return {grad(cost, first), grad(cost, second), grad(cost, more)...};
}

namespace passes {

// Adjoints of every node that `y` depends on and that depends on one of the wanted nodes; `seed` is
// y's own, 1 where it is no node.
class Adjoints {
 public:
  constexpr Adjoints(ir::Builder& recorder, int y, int seed)
      : builder(&recorder), root(y), root_adjoint(seed) {}

  constexpr void want(int id) { reaches[id] = true; }

  constexpr void sweep() {
    const std::int16_t scope = builder->scope;
    for (int id = 0; id <= root; ++id)
      for (std::int16_t operand : builder->graph[id].operand)
        if (operand >= 0 && reaches[operand]) reaches[id] = true;
    if (reaches[root])
      adjoint[root] = std::int16_t(
          (root_adjoint >= 0 ? root_adjoint
                             : constant(builder, 1, {}, builder->graph[root].dtype).id()) +
          1);
    for (int id = root; id >= 0; --id) {
      if (adjoint[id] == 0 || !reaches[id] || is_leaf(builder->graph[id].op)) continue;
      builder->scope = builder->graph[id].scope;
      if (is_floating(builder->graph[id].dtype))
        pass_on(id);
      else
        pass_whole_numbers(id);
    }
    builder->scope = scope;
  }

  // The derivative with respect to a node; 0 where the cost does not depend on it.
  constexpr Var of(int id) const {
    const ir::Node& node = builder->graph[id];
    const Var found = adjoint[id] <= 0 ? constant(builder, 0, node.shape, node.dtype)
                                       : Var{builder, adjoint[id] - 1};
    // What is the same for all samples is per sample nevertheless, where the symbol is: it chooses
    // between equals.
    return node.space == ir::Space::per_sample && !found.per_sample()
               ? select({builder, id}, found, found)
               : found;
  }

 private:
  static constexpr std::int16_t whole_number = -1;

  constexpr void pass_on(int id) {
    GradientRule rule{.y = {builder, id},
                      .dy = broadcast({builder, adjoint[id] - 1}, builder->graph[id].shape)};
    differentiate(rule);
    if (!rule.known) return refuse(id);
    for (int i = 0; i < ir::max_operands; ++i)
      if (rule.adjoint[i].id() >= 0) accumulate(id, builder->graph[id].operand[i], rule.adjoint[i]);
  }
  // Whole numbers and truth values change in steps, so no gradient flows. But where they come from
  // an op that has none, the path is refused all the same.
  constexpr void pass_whole_numbers(int id) {
    const ir::Node& node = builder->graph[id];
    if (node.op == Op::argmax) return refuse(id);
    for (int i = 0; i < node.operands(); ++i)
      if (reaches[node.operand[i]] && !is_floating(builder->graph[node.operand[i]].dtype))
        adjoint[node.operand[i]] = whole_number;
  }
  constexpr void refuse(int id) {
    builder->fail({.kind = FaultKind::not_differentiable, .name = ir::name_of(builder->graph[id])});
  }

  // A shared value that many samples read gets the sum of what they say.
  constexpr void accumulate(int reader, int id, Var contribution) {
    if (!reaches[id]) return;
    if (!is_floating(builder->graph[id].dtype)) {
      adjoint[id] = whole_number;
      return;
    }
    const ir::Node &from = builder->graph[reader], &to = builder->graph[id];
    const bool read_per_sample = from.space == ir::Space::per_sample || from.across;
    if (to.space == ir::Space::shared && read_per_sample)
      contribution = ir::sum_across(contribution);
    adjoint[id] = std::int16_t(
        (adjoint[id] == 0 ? contribution : Var{builder, adjoint[id] - 1} + contribution).id() + 1);
  }

  ir::Builder* builder;
  int root, root_adjoint;
  PerNode<bool> reaches{};          // depends on a wanted node
  PerNode<std::int16_t> adjoint{};  // id + 1, or whole_number
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
  builder.graph.floating = graph.floating;
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
      Adjoints adjoints(builder, node.operand[0], node.operand[2]);
      const auto asks = [&](int other) {
        return graph[other].op == Op::gradient && graph[other].operand[0] == graph[id].operand[0] &&
               graph[other].operand[2] == graph[id].operand[2] &&
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
