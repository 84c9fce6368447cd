// A graph as a tree of text, as Theano's debugprint writes it.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/views/graph_names.hpp"

namespace tg {

// How a graph is printed.
struct PrintOptions {
  int depth = -1;            // levels of operands; -1: all
  bool types = false;        // dtype and shape of every node
  bool readers = false;      // how many nodes read it, where it is more than one
  const char* stop_on = "";  // a name: what is called so is printed without its operands
  enum class Ids : std::uint8_t { letters, numbers, none } ids = Ids::letters;
};

namespace views {

class GraphPrinter {
 public:
  GraphPrinter(const PrintedGraph& what, const PrintOptions& how)
      : graph(what), options(how), id_of(what.nodes.size(), -1) {}

  // The trees of all outputs, then of all updates.
  [[gnu::cold]] std::string print() {
    for (int id = 0; id < graph.size(); ++id)
      if (graph.node(id).op == Op::output) tree(graph.node(id).operand[0], "", "", 0, "");
    for (int id = 0; id < graph.size(); ++id) {
      const ir::Node& node = graph.node(id);
      if (node.op == Op::update || node.op == Op::train)
        tree(node.operand[1], "", "", 0,
             (node.op == Op::update ? "  updates " : "  trains ") +
                 graph.leaf_name(node.operand[0]));
    }
    return std::move(text);
  }

 private:
  bool is_atom(int id) const { return is_leaf(graph.node(id).op); }

  [[gnu::cold]] void tree(int id, const std::string& prefix, const std::string& children, int level,
                          const std::string& remark) {
    const bool again = id_of[std::size_t(id)] >= 0;
    text += prefix;
    text += graph.title(id);
    identify(id);
    if (options.types) text += joined(" <", graph.type_of(id), ">");
    if (!is_atom(id)) {
      text += joined(" '", graph.name(id), "'   ");
      if (graph.compiled()) text += std::to_string(position(id));
    }
    if (options.readers && graph.readers(id) > 1)
      text += joined("  read by ", std::to_string(graph.readers(id)), " nodes");
    text += remark;
    text += '\n';
    const bool stop = options.stop_on[0] != 0 && (graph.name(id) == options.stop_on);
    if (again || stop || is_atom(id) || (options.depth >= 0 && level >= options.depth)) return;
    const std::vector<int> operands = graph.ordered_operands(id);
    for (std::size_t i = 0; i < operands.size(); ++i)
      tree(operands[i], children + " |", children + (i + 1 == operands.size() ? "  " : " |"),
           level + 1, "");
  }

  // A, B, …, Z, AA, …: in the order in which nodes are printed.
  void identify(int id) {
    int& number = id_of[std::size_t(id)];
    if (number < 0) number = next++;
    if (options.ids == PrintOptions::Ids::none) return;
    std::string letters;
    for (int rest = number; rest >= 0; rest = rest / 26 - 1)
      letters.insert(letters.begin(), char('A' + rest % 26));
    const bool by_letters = options.ids == PrintOptions::Ids::letters;
    text += joined(" [id ", by_letters ? letters : std::to_string(number), "]");
  }
  int position(int id) const {
    int before = 0;
    for (int i = 0; i < id; ++i) before += !is_atom(i) && !is_sink(graph.node(i).op);
    return before;
  }

  GraphNames graph;
  PrintOptions options;
  std::vector<int> id_of;  // of each node: its number among those printed, or -1
  int next = 0;
  std::string text;
};

}  // namespace views
}  // namespace tg
