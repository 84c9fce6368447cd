// tg::dot: the graph of a definition as a picture, in the language of Graphviz.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/views/drawn_table.hpp"

namespace tg {

// How a graph is drawn.
struct DotOptions {
  bool compact = false;  // without constants, and without reshapes and broadcasts that have no name
  bool types = true;     // dtype and shape at every edge
  bool layers = true;    // a frame around the nodes of each layer
};

namespace views {

class DotWriter {
 public:
  DotWriter(const DrawnGraph& graph, const DotOptions& how)
      : drawing(graph, how.compact), options(how) {}

  [[gnu::cold]] std::string write() {
    text = "digraph typegrad {\n  node [style=filled, fontname=\"sans-serif\"];\n";
    for (std::size_t i = 0; i < drawing.nodes.size(); ++i)
      if (!options.layers || is_first_of_layer(i)) write_layer(i);
    for (const DrawnEdge& edge : drawing.edges) write_edge(edge);
    return std::move(text) + "}\n";
  }

 private:
  bool is_first_of_layer(std::size_t node) const {
    for (std::size_t i = 0; i < node; ++i)
      if (drawing.nodes[i].layer == drawing.nodes[node].layer) return false;
    return true;
  }
  // All nodes of the layer of the given one; without frames the node alone.
  void write_layer(std::size_t first) {
    const std::string& layer = drawing.nodes[first].layer;
    const bool framed = options.layers && !layer.empty();
    if (framed)
      text += "  subgraph " + quoted("cluster_" + layer) + " {\n  label=" + quoted(layer) + ";\n";
    for (std::size_t i = first; i < (options.layers ? drawing.nodes.size() : first + 1); ++i)
      if (drawing.nodes[i].layer == layer) write_node(drawing.nodes[i]);
    if (framed) text += "  }\n";
  }
  void write_node(const DrawnNode& node) {
    const bool again = node.part == Part::variable || node.name.empty();
    std::string label = node.title + (again ? "" : "\n" + node.name);
    if (node.part == Part::variable && options.types) label += "\n" + node.type;
    text += "  n" + std::to_string(node.id) + " [label=" + quoted(label) +
            ", shape=" + (node.part == Part::operation ? "ellipse" : "box") +
            ", fillcolor=" + quoted(node.colour) +
            (node.part == Part::result ? ", fontcolor=\"white\"" : "") +
            (node.line.empty() ? "" : ", tooltip=" + quoted(node.line)) + "];\n";
  }
  void write_edge(const DrawnEdge& edge) {
    std::string label = edge.argument >= 0 ? std::to_string(edge.argument) : "";
    if (options.types) label += (label.empty() ? "" : " ") + drawing.type_of(edge.from);
    text += "  n" + std::to_string(edge.from) + " -> n" + std::to_string(edge.to) +
            " [label=" + quoted(label) + ", color=" + quoted(colour_of(edge.kind)) + "];\n";
  }
  static std::string quoted(const std::string& words) {
    std::string result = "\"";
    for (char c : words) {
      if (c == '"' || c == '\\') result += '\\';
      result += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    return result + "\"";
  }

  GraphDrawing drawing;
  DotOptions options;
  std::string text;
};

}  // namespace views

// A picture of a definition's graph as the text of a .dot file: dot -Tsvg draws it. Ellipses are
// operations, boxes variables and results. Nodes: cyan shared variables, green what the caller
// gives, blue results, grey what nobody reads; operations pink element-wise, magenta select, purple
// indexing, orange broadcast, brown shapes, yellow loops. Edges say the type, and which argument it
// is where there are several; blue: the result is a view of it; red: the result overwrites it. By
// default the optimised graph; with tg::recorded as it was written. Other options are those of
// tg::Function.
//   tg::write_text("train.dot", tg::dot<TrainStep>({.compact = true}));
// Source of the form: Theano's pydotprint.
template <class Definition, auto... Options>
std::string dot(const DotOptions& options = {}) {
  return views::DotWriter(views::drawn_graph<Definition, Options...>(), options).write();
}

}  // namespace tg
