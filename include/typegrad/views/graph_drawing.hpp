// What a picture of a graph shows: nodes and edges with the colours of Theano's pydotprint.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/views/graph_names.hpp"

namespace tg::views {

// An update that is made in the variable's own memory: `writer` makes what becomes of `variable`.
struct Overwrite {
  std::int16_t variable = -1, writer = -1;
};

// A graph and what else a picture says of it.
struct DrawnGraph {
  PrintedGraph graph;
  std::span<const bool> views;  // of each node: it shows its operand's memory
  std::span<const Overwrite> overwrites;
};

enum class Part : std::uint8_t { operation, variable, result };  // result: a sink of the graph
enum class EdgeKind : std::uint8_t { reads, views, overwrites };

struct DrawnNode {
  int id = -1;
  Part part{};
  std::string title, name, type, layer, line;
  const char* colour = "white";
};
struct DrawnEdge {
  int from = -1, to = -1;
  int argument = -1;  // which operand it is, where there are several
  EdgeKind kind{};
};

// Source of the legend: Theano's printing.pydotprint.
constexpr const char* colour_of_operation(Op op) {
  switch (op) {
    case Op::select:
      return "magenta";
    case Op::reshape:
    case Op::transpose:
      return "brown";
    case Op::broadcast:
    case Op::iota:
      return "#FFAA22";  // orange
    case Op::slice:
    case Op::pick:
    case Op::one_hot:
    case Op::gather:
    case Op::scatter:
      return "#FFAAFF";  // purple
    case Op::element:
    case Op::carry:
    case Op::next:
    case Op::collect:
    case Op::last:
      return "yellow";
    default:
      return is_elementwise(op) ? "#FFAABB" : "white";  // pink
  }
}
constexpr const char* colour_of_variable(Op op) {
  switch (op) {
    case Op::parameter:
    case Op::state:
      return "cyan";
    case Op::input:
    case Op::label:
    case Op::argument:
    case Op::setting:
      return "green";
    case Op::samples:
      return "brown";
    default:
      return "white";  // constants and random numbers
  }
}
constexpr const char* colour_of(EdgeKind kind) {
  return kind == EdgeKind::reads ? "black" : kind == EdgeKind::views ? "blue" : "red";
}

// What is drawn: every node and what it reads. `compact` leaves out constants and, where they have
// no name, values in another shape: who reads them reads their operand.
class GraphDrawing {
 public:
  GraphDrawing(const DrawnGraph& what, bool is_compact)
      : drawn(what), words(what.graph), compact(is_compact) {
    for (int id = 0; id < words.size(); ++id)
      if (!is_hidden(id)) add(id);
    for (const Overwrite& some : drawn.overwrites) mark(some);
  }

  std::vector<DrawnNode> nodes;
  std::vector<DrawnEdge> edges;

  std::string type_of(int id) const { return words.type_of(id); }

 private:
  bool is_hidden(int id) const {
    const Op op = words.node(id).op;
    const bool moves = op == Op::reshape || op == Op::broadcast;
    return compact && (op == Op::constant || (moves && words.name(id).empty()));
  }
  // The node whose value a hidden one shows.
  int origin(int id) const {
    while (is_hidden(id) && words.node(id).operands() > 0) id = words.node(id).operand[0];
    return id;
  }

  [[gnu::cold]] void add(int id) {
    const ir::Node& node = words.node(id);
    DrawnNode result{id,
                     is_leaf(node.op)   ? Part::variable
                     : is_sink(node.op) ? Part::result
                                        : Part::operation,
                     title_of(id),
                     is_sink(node.op) ? "" : words.name(id),
                     words.type_of(id),
                     is_sink(node.op) ? "" : words.layer(id),
                     words.line(id),
                     "blue"};
    if (result.part == Part::variable) result.colour = colour_of_variable(node.op);
    if (result.part == Part::operation) result.colour = colour_of_operation(node.op);
    const bool for_itself =
        is_sink(node.op) || node.op == Op::next;  // it says what a carry becomes
    if (!for_itself && words.readers(id) == 0) result.colour = "grey";
    nodes.push_back(std::move(result));
    add_operands(id);
  }
  std::string title_of(int id) const {
    const ir::Node& node = words.node(id);
    if (node.op == Op::output) return joined("output ", std::to_string(node.attributes[0]));
    if (node.op == Op::update) return joined("update of ", words.leaf_name(node.operand[0]));
    if (node.op == Op::train) return joined("gradient of ", words.leaf_name(node.operand[0]));
    return words.title(id);
  }
  void add_operands(int id) {
    const ir::Node& node = words.node(id);
    if (node.op == Op::update || node.op == Op::train) {  // the first is the variable itself
      edges.push_back({origin(node.operand[1]), id});
      return;
    }
    const std::vector<int> operands = words.ordered_operands(id);
    for (std::size_t i = 0; i < operands.size(); ++i) {
      const int from = origin(operands[i]);
      if (is_hidden(from)) continue;
      const bool view = drawn.views[std::size_t(id)] && i == 0;
      edges.push_back(
          {from, id, operands.size() > 1 ? int(i) : -1, view ? EdgeKind::views : EdgeKind::reads});
    }
  }
  // A red edge from the variable to what overwrites it, whether or not that reads it, too.
  void mark(const Overwrite& some) {
    bool found = false;
    for (DrawnEdge& edge : edges)
      if (edge.from == some.variable && edge.to == origin(some.writer))
        edge.kind = EdgeKind::overwrites, found = true;
    if (!found) edges.push_back({some.variable, origin(some.writer), -1, EdgeKind::overwrites});
  }

  DrawnGraph drawn;
  GraphNames words;
  bool compact;
};

}  // namespace tg::views
