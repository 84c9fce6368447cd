// A network as a table: its layers, their output shapes, parameters and operations.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "typegrad/networks/integers.hpp"
#include "typegrad/networks/sequence.hpp"
#include "typegrad/runtime/contracts.hpp"
#include "typegrad/views/spelling.hpp"

namespace tg {

namespace views {

// One layer, or a block of layers.
struct SummaryRow {
  std::string_view type;  // as the compiler spells it; "Input" for what enters the network
  int index = -1;         // its number in its block
  int depth = 0;          // blocks around it
  bool block = false;     // its layers follow, and say what it costs
  Shape shape{};          // of one sample that comes out
  std::int64_t parameters = 0, flops = 0;
};

// A type that is made of numbered layers.
template <class L>
concept Block = networks::Contains<L, 0>;

template <class L>
constexpr int count_rows();
template <class L, int... Number>
constexpr int count_rows_of(std::integer_sequence<int, Number...>) {
  int sum = 0;
  for (int rows : {count_rows<typename L::template layer<Number>>()...}) sum += rows;
  return sum;
}
template <class L>
constexpr int count_rows() {
  if constexpr (Block<L>)
    return 1 + count_rows_of<L>(std::make_integer_sequence<int, L::layers>{});
  else
    return 1;
}

// Records a network layer by layer and notes a row for each.
template <int Rows>
struct SummaryRecorder {
  using Step = Var (*)(SummaryRecorder&, Scope&, Var);

  FixedVector<SummaryRow, Rows> rows;
  int index = -1, depth = 0;

  template <class L>
  static constexpr Var visit(SummaryRecorder& recorder, Scope& s, Var x) {
    const ir::Graph& graph = s.recording()->graph();
    const int row = recorder.rows.push_back({.type = raw_spelling<L>(),
                                             .index = recorder.index,
                                             .depth = recorder.depth,
                                             .block = Block<L>});
    const int first = graph.size();
    if constexpr (Block<L>) {
      ++recorder.depth;
      x = recorder.template layers<L>(s, x);
      --recorder.depth;
    } else {
      x = L::define(s, x);
    }
    SummaryRow& entry = recorder.rows[row];
    entry.shape = x.shape();
    for (int id = first; id < graph.size(); ++id)
      if (graph[id].op == Op::parameter) entry.parameters += graph[id].shape.size();
    entry.flops = runtime::flops_of(graph, first, graph.size());
    return x;
  }
  template <class L, int... Number>
  static constexpr auto steps_of(std::integer_sequence<int, Number...>) {
    return std::array<Step, sizeof...(Number)>{&visit<typename L::template layer<Number>>...};
  }
  template <class L>
  constexpr Var layers(Scope& s, Var x) {
    constexpr auto steps = steps_of<L>(std::make_integer_sequence<int, L::layers>{});
    for (int i = 0; i < L::layers; ++i) {
      s.enter(i);
      index = i;
      x = steps[std::size_t(i)](*this, s, x);
      s.leave();
    }
    return x;
  }
};

template <class Net>
constexpr auto summary_rows() {
  constexpr int count = Block<Net> ? count_rows<Net>() : 2;
  SummaryRecorder<count> recorder;
  recorder.rows.push_back({.type = "Input", .shape = input_shape<Net>});
  if constexpr (Block<Net>) {
    ir::Recording recording;
    recording.builder.floating = f32;
    Scope scope{recording};
    recorder.template layers<Net>(
        scope, scope.input("input", input_shape<Net>, vocabulary<Net> > 0 ? i32 : f32));
  } else {
    recorder.rows.push_back({.type = raw_spelling<Net>(),
                             .shape = output_shape<Net>,
                             .parameters = parameter_count<Net>,
                             .flops = flops<Net>});
  }
  return recorder.rows;
}

// "(6, 28, 28)"
[[gnu::cold]] inline std::string spell(const Shape& shape) {
  std::string text;
  for (int axis = 0; axis < shape.rank(); ++axis)
    text += (axis == 0 ? "(" : ", ") + std::to_string(shape[axis]);
  return text.empty() ? "()" : text + ")";
}
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

[[gnu::cold]] inline std::string summary(std::span<const SummaryRow> rows, const Shape& out,
                                         DType dtype) {
  std::vector<Line> lines{{"", "layer", "output", "parameters", "FLOPs"}};
  std::vector<int> path;
  std::int64_t parameters = 0, flops = 0;
  for (const SummaryRow& row : rows) {
    path.resize(std::size_t(row.depth));
    path.push_back(row.index);
    std::string number;
    for (int level : path) number += (number.empty() ? "" : ".") + std::to_string(level);
    std::string type = Speller(row.type).result();
    if (row.block) type = type.substr(0, type.find('<'));
    const bool input = &row == rows.data();
    if (input) {
      const std::string extents = spell(row.shape);
      type += "<" + extents.substr(1, extents.size() - 2) + ">";
    }
    const bool says = !row.block && !input;
    lines.push_back({row.index < 0 ? "" : number, type, row.block ? "" : spell(row.shape),
                     says ? grouped(row.parameters) : "", says ? grouped(row.flops) : ""});
    if (says) parameters += row.parameters, flops += row.flops;
  }
  lines.push_back({"", "total", spell(out), grouped(parameters), grouped(flops)});
  return table(lines) + grouped(parameters * (dtype == f64 ? 8 : 4)) + " bytes of parameters in " +
         std::string(name_of(dtype)) +
         "; FLOPs of one sample's forward pass, 2 for each multiply-add\n";
}

}  // namespace views

// A table for people, a line for each layer, numbered as the parameters are called:
// tg::summary<LeNet>().
template <class Net, DType dtype = f32>
std::string summary() {
  if constexpr (networks::right<Net>) {
    static constexpr auto rows = views::summary_rows<Net>();
    return views::summary({&rows[0], std::size_t(rows.size())}, output_shape<Net>, dtype);
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
