// A network as a table: its layers, their output shapes, parameters and operations.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "typegrad/core/spell.hpp"
#include "typegrad/graph/name.hpp"
#include "typegrad/runtime/contracts.hpp"
#include "typegrad/views/spelling.hpp"

namespace tg {

namespace views {

// An input, a layer, or a block of layers.
struct SummaryRow {
  const char* type = nullptr;  // ir::type_text of it; none for what enters the network
  const char* name = "";       // of an input
  int scope = -1;              // of a layer: Recording::scopes
  bool block = false;          // layers of its own follow
  Shape shape{};               // of one sample that comes out
  // Of the row itself, without what follows in a block.
  std::int64_t parameters = 0, frozen = 0, flops = 0;
};

// What nodes [first, last) cost, added to a row or, with a sign of -1, taken from it.
constexpr void add_costs(SummaryRow& row, const ir::Recording& recording, int first, int last,
                         int sign) {
  const ir::Graph& graph = recording.graph();
  for (int id = first; id < last; ++id) {
    const ir::Node& node = graph[id];
    const bool frozen = node.op == Op::state && recording.leaves[node.attributes[0]].frozen;
    if (node.op == Op::parameter || frozen) row.parameters += sign * node.shape.size();
    if (frozen) row.frozen += sign * node.shape.size();
  }
  row.flops += sign * runtime::flops_of(graph, first, last);
}

// The scope of the layer around a scope, or -1.
constexpr int layer_around(const ir::Recording& recording, int scope) {
  do scope = recording.scopes[scope].parent;
  while (scope >= 0 && !recording.scopes[scope].is_layer());
  return scope;
}

// A row for each input and each layer, and one for the network where it costs more than they do.
template <class Net>
struct SummaryTables {
  static constexpr int most = [] {
    const ir::Recording& recording = Recorded<Net>::recording;
    int count = 1;
    for (const ir::Leaf& leaf : recording.leaves)
      count += recording.graph()[leaf.node].op == Op::input;
    for (const ir::ScopeEntry& scope : recording.scopes) count += scope.is_layer();
    return count;
  }();
  static constexpr auto found = [] {
    const ir::Recording& recording = Recorded<Net>::recording;
    FixedVector<SummaryRow, most> result;
    for (const ir::Leaf& leaf : recording.leaves)
      if (recording.graph()[leaf.node].op == Op::input)
        result.push_back({.name = leaf.name, .shape = recording.graph()[leaf.node].shape});
    SummaryRow net{.type = ir::type_text<Net>(), .shape = output_shape<Net>};
    add_costs(net, recording, 0, recording.graph().size(), 1);
    const int inputs = result.size();
    for (int i = 0; i < recording.scopes.size(); ++i) {
      const ir::ScopeEntry& layer = recording.scopes[i];
      if (!layer.is_layer()) continue;
      const int around = layer_around(recording, i);
      for (int at = inputs; at < result.size(); ++at) {
        if (result[at].scope != around) continue;
        result[at].block = true;
        add_costs(result[at], recording, layer.first_node, layer.end_node, -1);
      }
      if (around < 0) add_costs(net, recording, layer.first_node, layer.end_node, -1);
      SummaryRow row{
          .type = layer.type, .scope = i, .shape = recording.graph()[layer.result].shape};
      add_costs(row, recording, layer.first_node, layer.end_node, 1);
      result.push_back(row);
    }
    if (result.size() == inputs || net.parameters > 0 || net.flops > 0) result.push_back(net);
    return result;
  }();
  static constexpr auto rows = [] {
    std::array<SummaryRow, std::size_t(found.size())> result{};
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = found[int(i)];
    return result;
  }();
  static constexpr auto scopes = [] {
    std::array<ir::ScopeEntry, std::size_t(Recorded<Net>::recording.scopes.size())> result{};
    for (std::size_t i = 0; i < result.size(); ++i)
      result[i] = Recorded<Net>::recording.scopes[int(i)];
    return result;
  }();
};

// "61,706"
[[gnu::cold]] inline std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  for (int at = int(text.size()) - 3; at > 0; at -= 3) text.insert(std::size_t(at), ",");
  return text;
}

using Line = std::array<std::string, 5>;

// Columns as wide as their widest cell; the first three to the left.
[[gnu::cold]] inline std::string table(const std::vector<Line>& lines) {
  std::array<std::size_t, 5> width{};
  for (const auto& line : lines)
    for (std::size_t column = 0; column < 5; ++column)
      width[column] = std::max(width[column], line[column].size());
  std::string text;
  for (const auto& line : lines) {
    for (std::size_t column = 0; column < 5; ++column) {
      const std::string space(width[column] - line[column].size(), ' ');
      text += column < 3 ? line[column] + space : space + line[column];
      text += column < 4 ? "   " : "";
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

// The number and the name of a row: "1.body.0", "Conv<8, 3>".
[[gnu::cold]] inline std::array<std::string, 2> title(const SummaryRow& row,
                                                      std::span<const ir::ScopeEntry> scopes) {
  if (row.type == nullptr) {
    const std::string extents = spell(row.shape), name = row.name;
    return {name == "input" ? "" : name, "Input<" + extents.substr(1, extents.size() - 2) + ">"};
  }
  std::string path, type = Speller(raw_spelling(row.type)).result();
  ir::spell_scope(scopes, row.scope, [&](std::string_view piece) { path += piece; });
  if (row.block) type = type.substr(0, type.find('<'));
  return {path, type};
}

[[gnu::cold]] inline std::string summary(std::span<const SummaryRow> rows,
                                         std::span<const ir::ScopeEntry> scopes, const Shape& out,
                                         DType dtype) {
  std::vector<Line> lines{{"", "layer", "output", "parameters", "FLOPs"}};
  SummaryRow total;
  for (const SummaryRow& row : rows) {
    const auto [path, type] = title(row, scopes);
    const bool costs = row.parameters > 0 || row.flops > 0;
    const bool says = row.type != nullptr && (costs || !row.block);
    lines.push_back({path, type, row.block ? "" : spell(row.shape),
                     says ? grouped(row.parameters) : "", says ? grouped(row.flops) : ""});
    total.parameters += row.parameters, total.frozen += row.frozen, total.flops += row.flops;
  }
  lines.push_back({"", "total", spell(out), grouped(total.parameters), grouped(total.flops)});
  const int kept = dtype == f64 ? 8 : is_half(dtype) ? 2 : 4;  // frozen ones are never halves
  const auto bytes = (total.parameters - total.frozen) * kept + total.frozen * (kept == 8 ? 8 : 4);
  return table(lines) + grouped(bytes) + " bytes of parameters in " + std::string(name_of(dtype)) +
         (total.frozen > 0 ? ", " + grouped(total.frozen) + " numbers of them frozen" : "") +
         "; FLOPs of one sample's forward pass, 2 for each multiply-add\n";
}

}  // namespace views

// A table for people, a line for each layer, under the name that its parameters have:
// tg::summary<LeNet>().
template <class Net, DType dtype = f32>
std::string summary() {
  if constexpr (networks::right<Net>) {
    using Tables = views::SummaryTables<Net>;
    return views::summary(Tables::rows, Tables::scopes, output_shape<Net>, dtype);
  } else {
    return {};
  }
}
// Of a model's network, in its dtype: tg::summary(model).
template <class Model>
std::string summary(const Model&) {
  return summary<typename Model::Network, Model::dtype>();
}

}  // namespace tg
