// tg::graph_html: the graph of a definition as a page of its own, to look around in.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/io/json.hpp"
#include "typegrad/views/drawn_table.hpp"
#include "typegrad/views/graph_page.hpp"

namespace tg {

namespace views {

// The graph as JSON, without '<': it may stand within a page.
[[gnu::cold]] inline std::string json_of(const GraphDrawing& drawing) {
  constexpr const char* parts[] = {"operation", "variable", "result"};
  std::string json = "{\"nodes\": [";
  const auto member = [&](const char* name, std::string_view text) {
    json += std::string(", \"") + name + "\": ";
    io::append_quoted(json, text);
  };
  for (const DrawnNode& node : drawing.nodes) {
    json += (&node == drawing.nodes.data() ? "\n" : ",\n") + std::string("{\"id\": ") +
            std::to_string(node.id);
    member("part", parts[int(node.part)]);
    member("title", node.title);
    member("name", node.name);
    member("type", node.type);
    member("layer", node.layer);
    member("line", node.line);
    member("colour", node.colour);
    json += '}';
  }
  json += "],\n\"edges\": [";
  for (const DrawnEdge& edge : drawing.edges) {
    json += (&edge == drawing.edges.data() ? "\n" : ",\n") + std::string("{\"from\": ") +
            std::to_string(edge.from) + ", \"to\": " + std::to_string(edge.to) +
            ", \"argument\": " + std::to_string(edge.argument);
    member("colour", colour_of(edge.kind));
    json += '}';
  }
  json += "]}";
  for (std::size_t at = 0; (at = json.find('<', at)) != json.npos;) json.replace(at, 1, "\\u003c");
  return json;
}

}  // namespace views

// One HTML file that needs nothing else, no network either: the graph with the shapes and colours
// of tg::dot, to zoom, to drag, with details of each node under the mouse, and layers that fold
// into one box. Options are those of tg::dot.
//   tg::write_text("train.html", tg::graph_html<TrainStep>());
template <class Definition, auto... Options>
std::string graph_html() {
  const views::GraphDrawing drawing(views::drawn_graph<Definition, Options...>(), false);
  return std::string(views::graph_page_begin) + views::json_of(drawing) +
         std::string(views::graph_page_end);
}

}  // namespace tg
