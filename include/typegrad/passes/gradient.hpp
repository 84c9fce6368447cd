// tg::grad, and the pass that expands it: one reverse sweep for each cost.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/gradient_loops.hpp"
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
  if (from > to) return false;
  FixedVector<bool, TYPEGRAD_MAX_NODES> depends;
  depends.resize(to + 1);
  depends[from] = true;
  for (bool again = true; again;) {
    again = false;
    for (int id = 0; id <= to; ++id) {
      const Node& node = graph[id];
      for (int i = 0; i < max_operands && node.operand.elements[i] >= 0; ++i)
        if (depends[node.operand.elements[i]] && node.op != Op::stop_gradient) depends[id] = true;
      if (node.op != Op::next || !depends[id] || depends[node.operand[0]]) continue;
      depends[node.operand[0]] = again = true;  // in the next step of a loop
    }
  }
  return depends[to];
}

// The fault of asking for a derivative of y with respect to x, if it is one.
constexpr void check_derivative(Var y, Var x, bool connected) {
  Builder* r = y.builder();
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
    if (operand >= 0 && x.builder()->graph[operand].space == Space::per_sample)
      read_per_sample = true;
  Node node{.op = Op::gradient,
            .dtype = x.dtype(),
            .space = x.node().space,
            .across = read_per_sample && !x.per_sample(),
            .scope = x.node().scope,
            .operand = operands,
            .shape = x.shape()};
  return {x.builder(), x.builder()->append(node)};
}

constexpr Var gradient(Var cost, Var wrt, bool connected) {
  if (cost.shape() != Shape{} || cost.per_sample())
    cost.builder()->fail({.kind = FaultKind::gradient_of_non_scalar, .got = cost.shape()});
  check_derivative(cost, wrt, connected);
  return derivative(operands(cost, wrt), wrt);
}

}  // namespace ir

// The derivative of `cost`, one number for the whole call, with respect to any symbol `wrt`: a
// symbol of wrt's shape, which may be differentiated again. Of several symbols an array. Faults:
// gradient_of_non_scalar, disconnected_gradient, not_differentiable, needs_floating.
constexpr Var grad(Operand cost, Var wrt) { return ir::gradient(cost, wrt, true); }
constexpr Var grad(Operand cost, Var wrt, ZeroIfDisconnected) {
  return ir::gradient(cost, wrt, false);
}
template <class T>
concept SymbolOrOption = std::same_as<T, Var> || std::same_as<T, ZeroIfDisconnected>;
template <SymbolOrOption... More>
constexpr auto grad(Operand cost, Var first, Var second, More... more) {
  constexpr std::size_t options = (std::size_t(std::same_as<More, ZeroIfDisconnected>) + ... + 0);
  constexpr bool connected = options == 0;
  std::array<Var, 2 + sizeof...(More) - options> result{ir::gradient(cost, first, connected),
                                                        ir::gradient(cost, second, connected)};
  std::size_t count = 2;
  [[maybe_unused]] const auto put = [&](auto each) {
    if constexpr (std::same_as<decltype(each), Var>)
      result[count++] = ir::gradient(cost, each, connected);
  };
  (put(more), ...);
  return result;
}

namespace passes {

// Adjoints of every node that `y` depends on and that depends on one of the wanted nodes; `seed` is
// y's own, 1 where it is no node.
class Adjoints {
 public:
  constexpr Adjoints(ir::Builder& recorder, int y, int seed)
      : builder(&recorder), loops(recorder), root(y), root_adjoint(seed) {}

  constexpr void want(int id) { reaches[id] = true; }

  constexpr void sweep() {
    const std::int16_t scope = builder->scope, place = builder->place;
    find_reached();
    if (reaches[root])
      adjoint[root] = std::int16_t(
          (root_adjoint >= 0 ? root_adjoint
                             : constant(builder, 1, {}, builder->graph[root].dtype).id()) +
          1);
    for (int id = root; id >= 0; --id) {
      if (!reaches[id]) continue;
      builder->scope = builder->graph[id].scope;
      builder->place = builder->graph[id].place;
      leave_loop(id);
      if (is_leaf(builder->graph[id].op)) continue;
      if (kind_of(builder->graph[id].op) == Kind::loop)
        go_back(id);
      else if (adjoint[id] == 0)
        continue;
      else if (is_floating(builder->graph[id].dtype))
        pass_on(id);
      else
        pass_whole_numbers(id);
    }
    builder->scope = scope;
    builder->place = place;
  }

  // The derivative with respect to a node; 0 where the cost does not depend on it.
  constexpr Var of(int id) const {
    const ir::Node& node = builder->graph[id];
    const Var found = adjoint[id] <= 0 ? constant(builder, 0, node.shape, node.dtype)
                                       : Var{builder, adjoint[id] - 1};
    // What is the same for all samples is per sample nevertheless, where the symbol is: it chooses
    // between equals.
    return node.space == ir::Space::per_sample && !found.per_sample()
               ? select(Var{builder, id}, found, found)
               : found;
  }

 private:
  static constexpr std::int16_t whole_number = -1;

  constexpr void pass_on(int id) {
    GradientRule rule{.node = builder->graph[id], .y = loops.value(id), .dy = arrived(id)};
    for (int i = 0, count = rule.node.operands(); i < count; ++i)
      rule.operands[std::size_t(i)] = loops.value(rule.node.operand[i]);
    if (rule.node.op == Op::custom || rule.node.op == Op::custom_gradient)
      rule.y = loops.again(id);  // a user's rule asks y for its operands
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
    for (int i = 0, count = node.operands(); i < count; ++i)
      if (reaches[node.operand[i]] && !is_floating(builder->graph[node.operand[i]].dtype))
        adjoint[node.operand[i]] = whole_number;
  }
  constexpr void refuse(int id) {
    builder->fail({.kind = FaultKind::not_differentiable, .name = ir::name_of(builder->graph[id])});
  }

  // Which nodes depend on a wanted one: in a loop, also through what is carried.
  constexpr void find_reached() {
    for (bool again = true; again;) {
      again = false;
      for (int id = 0; id <= root; ++id) {
        const ir::Node& node = builder->graph[id];
        for (int i = 0; i < ir::max_operands && node.operand.elements[i] >= 0; ++i)
          if (reaches[node.operand.elements[i]]) reaches[id] = true;
        if (node.op != Op::next || !reaches[id] || reaches[node.operand[0]]) continue;
        reaches[node.operand[0]] = again = true;
      }
    }
  }

  constexpr Var arrived(int id) const {
    const ir::Node& node = builder->graph[id];
    return adjoint[id] <= 0 ? constant(builder, 0, node.shape, node.dtype)
                            : broadcast(Var{builder, adjoint[id] - 1}, node.shape);
  }
  // A loop is gone through backwards by another one.
  constexpr void go_back(int id) {
    const ir::Node node = builder->graph[id];
    const bool any = adjoint[id] > 0;
    if (node.op == Op::next) {  // what arrived came from behind the loop
      if (is_floating(node.dtype) && reaches[node.operand[0]])
        accumulate(id, node.operand[1], loops.carry_back(node.operand[0], arrived(id)));
    } else if (node.op == Op::carry) {
      const Var first = loops.close(id, arrived(id));
      if (first.id() >= 0) accumulate(id, node.operand[0], first);
    } else if (any && node.op == Op::element) {
      accumulate(id, node.operand[0], loops.of_element(node, arrived(id)));
    } else if (any && node.op == Op::collect) {
      accumulate(id, node.operand[0], loops.of_collect(node, arrived(id)));
    } else if (any) {
      accumulate(id, node.operand[0], loops.of_last(node, arrived(id)));
    }
  }

  // What a reader says to its operand. In a loop, what is said to a value from outside is summed
  // over the steps when all of the body has spoken.
  constexpr void accumulate(int reader, int id, Var contribution) {
    if (!reaches[id]) return;
    if (!is_floating(builder->graph[id].dtype)) {
      adjoint[id] = whole_number;
      return;
    }
    const ir::Node &from = builder->graph[reader], &to = builder->graph[id];
    if (from.region != 0 && to.region == 0 && !enters_loop(from.op)) {
      if (in_loop[id] != 0 && loop_of[id] != from.region) leave_loop(id);
      in_loop[id] = added(in_loop[id], contribution);
      loop_of[id] = from.region;
      return;
    }
    const bool by_samples = from.region != 0 ? loops.per_sample(from.region)
                                             : from.space == ir::Space::per_sample || from.across;
    add(id, contribution, by_samples);
  }
  constexpr void leave_loop(int id) {
    if (in_loop[id] == 0) return;
    add(id, loops.total(loop_of[id], {builder, in_loop[id] - 1}), loops.per_sample(loop_of[id]));
    in_loop[id] = 0;
  }
  // A shared value that many samples read gets the sum of what they say.
  constexpr void add(int id, Var contribution, bool by_samples) {
    const ir::Node& to = builder->graph[id];
    if (to.space == ir::Space::shared && to.region == 0 && by_samples)
      contribution = ir::sum_across(contribution);
    adjoint[id] = added(adjoint[id], contribution);
  }
  constexpr std::int16_t added(std::int16_t sum, Var contribution) const {
    return std::int16_t((sum == 0 ? contribution : Var{builder, sum - 1} + contribution).id() + 1);
  }

  ir::Builder* builder;
  ReverseLoops loops;
  int root, root_adjoint;
  PerNode<bool> reaches{};                     // depends on a wanted node
  PerNode<std::int16_t> adjoint{};             // id + 1, or whole_number
  PerNode<std::int16_t> in_loop{}, loop_of{};  // what the body of a loop says, id + 1, and which
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
  builder.graph.regions = graph.regions;
  for (int id = 0; id < graph.size(); ++id) {
    ir::Node node = graph[id];
    auto& operand = node.operand.elements;
    for (int i = 0; i < ir::max_operands && operand[i] >= 0; ++i)
      operand[i] = std::int16_t(moved[operand[i]] - 1);
    builder.scope = node.scope;
    builder.place = node.place;
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
