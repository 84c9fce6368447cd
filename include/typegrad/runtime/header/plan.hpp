// What becomes of each node of an inference graph in a header, and where its value lies.
// SPDX-License-Identifier: MIT
#pragma once
#include <memory>
#include <vector>

#include "typegrad/passes/index_map.hpp"
#include "typegrad/passes/plan.hpp"

namespace tg::runtime::header {

enum class Role : std::uint8_t {
  absent,   // read through, or part of what was computed before
  given,    // an input
  folded,   // what samples share: an array of constants
  inlined,  // part of the expression of the one node that reads it
  stored,   // loops that write it into the workspace, or to an output
};

// Where a stored value lies: in the caller's memory of an output, or in the workspace.
struct Place {
  int output = -1, offset = 0;
};

// Is it written as one loop over an expression? Views are, where somebody needs them in order.
inline bool is_expression(const ir::Graph& graph, int id) {
  const ir::Node& node = graph[id];
  return is_elementwise(node.op) || node.op == Op::identity || node.op == Op::output ||
         passes::is_view(graph, node);
}

class Plan {
 public:
  // Pre: every node is possible (contract.hpp); the graph outlives the plan.
  [[gnu::cold]] explicit Plan(const ir::Graph& some)
      : graph(some),
        roles(std::size_t(some.size()), Role::absent),
        places(std::size_t(some.size())),
        uses(std::size_t(some.size())),
        last_read(std::size_t(some.size())) {
    for (const ir::Node& node : graph.nodes)
      for (int i = 0; i < node.operands(); ++i) ++uses[std::size_t(node.operand[i])];
    take_outputs();
    for (int id = graph.size() - 1; id >= 0; --id)
      if (role(id) == Role::stored || role(id) == Role::inlined) need_operands(id);
    place_all();
  }

  Role role(int id) const { return roles[std::size_t(id)]; }
  const Place& place(int id) const { return places[std::size_t(id)]; }
  int workspace() const { return size; }  // numbers

  // The value whose elements are those of node `id`, in order: itself, or what it is a view of.
  passes::Source in_order(int id) const {
    const passes::Source source = passes::resolve(graph, id);
    const int count = graph[id].shape.size();
    return source.in_order(count) ? source : passes::Source{id, {1, count, 0}, count};
  }

  // The operand whose expression is part of the node's own: nobody else reads it, and element by
  // element it is as large. -1 when the operand is a value.
  int inlined_operand(int id, int which) const {
    int operand = graph[id].operand[which];
    while (uses[std::size_t(operand)] == 1 &&
           (graph[operand].op == Op::reshape || graph[operand].op == Op::stop_gradient))
      operand = graph[operand].operand[0];
    const ir::Node& node = graph[operand];
    return uses[std::size_t(operand)] == 1 && is_elementwise(node.op) &&
                   node.space == ir::Space::per_sample &&
                   node.shape.size() == graph[id].shape.size()
               ? operand
               : -1;
  }

 private:
  // An output is written by whoever computes it, if that is all of a value; else it is a copy.
  void take_outputs() {
    for (int id = 0; id < graph.size(); ++id) {
      if (graph[id].op != Op::output) continue;
      const passes::Source source = in_order(graph[id].operand[0]);
      const ir::Node& node = graph[source.node];
      const bool free = node.space == ir::Space::per_sample && !is_leaf(node.op) &&
                        source.full(node.shape.size()) && role(source.node) == Role::absent;
      const int writer = free ? source.node : id;
      roles[std::size_t(writer)] = Role::stored;
      places[std::size_t(writer)].output = graph[id].attributes[0];
    }
  }

  void need_operands(int id) {
    const ir::Node& node = graph[id];
    for (int i = 0; i < node.operands(); ++i) {
      if (!is_expression(graph, id)) {
        need(in_order(node.operand[i]).node, id);
      } else if (passes::is_view(graph, node)) {
        need(passes::resolve(graph, id).node, id);
      } else if (const int operand = inlined_operand(id, i); operand >= 0) {
        roles[std::size_t(operand)] = Role::inlined;
        last_read[std::size_t(operand)] = reader(id);
      } else {
        need(passes::resolve(graph, node.operand[i]).node, id);
      }
    }
  }
  void need(int id, int by) {
    const ir::Node& node = graph[id];
    if (node.op == Op::constant && is_expression(graph, by)) return;  // a literal
    Role& role = roles[std::size_t(id)];
    if (role == Role::absent)
      role = node.space == ir::Space::shared ? Role::folded
             : is_leaf(node.op)              ? Role::given
                                             : Role::stored;
    int& last = last_read[std::size_t(id)];
    if (last < reader(by)) last = reader(by);
  }
  // The node in whose loops `id` is computed.
  int reader(int id) const { return role(id) == Role::inlined ? last_read[std::size_t(id)] : id; }

  // visit(source) for every value that the expression of a node reads.
  template <class Visit>
  void each_read(int id, Visit visit) const {
    const ir::Node& node = graph[id];
    if (passes::is_view(graph, node)) return visit(passes::resolve(graph, id));
    for (int i = 0; i < node.operands(); ++i)
      if (const int operand = inlined_operand(id, i); operand >= 0)
        each_read(operand, visit);
      else
        visit(passes::resolve(graph, node.operand[i]));
  }

  // The value that an expression may overwrite: element i is read for element i alone, and nobody
  // reads it later. -1 when there is none.
  int overwritten_by(int id) const {
    if (!is_expression(graph, id)) return -1;
    const int count = graph[id].shape.size();
    int found = -1;
    each_read(id, [&](const passes::Source& source) {
      if (is_in_workspace(source.node) && last_read[std::size_t(source.node)] == id &&
          source.full(count))
        found = source.node;
    });
    each_read(id, [&](const passes::Source& source) {
      if (source.node == found && !source.full(count)) found = -1;
    });
    return found;
  }

  bool is_in_workspace(int id) const { return role(id) == Role::stored && place(id).output < 0; }

  void place_all() {
    // first[id]: the first of the values that lie in the same place, one after the other.
    std::vector<int> first(roles.size()), end = last_read;
    for (int id = 0; id < graph.size(); ++id) {
      first[std::size_t(id)] = id;
      if (!is_in_workspace(id)) continue;
      if (const int before = overwritten_by(id); before >= 0) {
        first[std::size_t(id)] = first[std::size_t(before)];
        end[std::size_t(first[std::size_t(id)])] = last_read[std::size_t(id)];
      }
    }
    const auto arena = std::make_unique<passes::Arena>(1);
    for (int id = 0; id < graph.size(); ++id)
      if (is_in_workspace(id))
        places[std::size_t(id)].offset =
            first[std::size_t(id)] == id
                ? arena->place(graph[id].shape.size(), id, end[std::size_t(id)])
                : places[std::size_t(first[std::size_t(id)])].offset;
    size = arena->size();
  }

  const ir::Graph& graph;
  std::vector<Role> roles;
  std::vector<Place> places;
  std::vector<int> uses, last_read;
  int size = 0;
};

}  // namespace tg::runtime::header
