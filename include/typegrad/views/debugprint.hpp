// tg::debugprint: what a definition records, and what the graph compiler makes of it.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/views/graph_table.hpp"
#include "typegrad/views/graph_text.hpp"

namespace tg {

// The graph of a definition as text: a tree from each output and each update to the leaves, a line
// a node, what was printed already by its id alone. By default the optimised graph, with the order
// of computation behind each node; with tg::recorded as it was written. Options beside it are those
// of tg::Function: tg::f64, tg::training.
//   std::puts(tg::debugprint<TrainStep>());
//   std::cout << tg::debugprint<Predict, tg::recorded>({.depth = 2, .types = true});
// Source of the form: Theano's debugprint.
template <class Definition, auto... Options>
GraphText debugprint(const PrintOptions& options = {}) {
  using C = runtime::Compiled<Definition, runtime::purpose_option<Options...>(),
                              arithmetic_of(runtime::floating_option<Options...>()),
                              runtime::mode_option<Options...>>;
  using Table = views::GraphTable<C, views::stage_option<Options...>()>;
  return GraphText(views::GraphPrinter(Table::graph(), options).print());
}

}  // namespace tg
