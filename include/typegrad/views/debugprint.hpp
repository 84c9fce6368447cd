// tg::debugprint: what a definition records, and what the graph compiler makes of it.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/runtime/compiled.hpp"
#include "typegrad/runtime/options.hpp"
#include "typegrad/views/graph_text.hpp"

namespace tg {

// Which graph of a definition: as it was recorded, or as it is computed.
enum class Stage : std::uint8_t { recorded, optimised };
inline constexpr Stage recorded = Stage::recorded;
inline constexpr Stage optimised = Stage::optimised;

// A text that std::puts and streams take as it is.
class GraphText : public std::string {
 public:
  explicit GraphText(std::string text) : std::string(std::move(text)) {}
  operator const char*() const { return c_str(); }
};

namespace views {

template <auto... Options>
constexpr Stage stage_option() {
  Stage result = Stage::optimised;
  [[maybe_unused]] const auto look = [&](auto option) {
    if constexpr (std::is_same_v<decltype(option), Stage>) result = option;
  };
  (look(Options), ...);
  return result;
}

// The nodes of a graph of C, and the names of its leaves, as constants.
template <class C, Stage stage>
struct GraphTable {
  static constexpr auto nodes() {
    constexpr int count =
        stage == Stage::recorded ? C::recording.graph().size() : C::optimised.size();
    std::array<ir::Node, std::size_t(count)> result{};
    for (int id = 0; id < count; ++id)
      result[std::size_t(id)] =
          stage == Stage::recorded ? C::recording.graph()[id] : C::optimised[id];
    return result;
  }
  static constexpr auto names() {
    std::array<ir::SymbolName, std::size_t(C::recording.names.size())> result{};
    for (int i = 0; i < C::recording.names.size(); ++i)
      result[std::size_t(i)] = C::recording.names[i];
    return result;
  }
  static PrintedGraph graph() {
    static constexpr auto all = nodes();
    static constexpr auto known = names();
    static constexpr auto leaves = runtime::LeafTable<C>::leaves();
    static constexpr auto text = runtime::LeafTable<C>::text();
    if (stage == Stage::recorded) return {all, known, {leaves, text.data()}, false};
    return {all, {}, {leaves, text.data()}, true};  // ids are others
  }
};

}  // namespace views

// The graph of a definition as text: a tree from each output and each update to the leaves, a line
// a node, what was printed already by its id alone. By default the optimised graph, with the order
// of computation behind each node; with tg::recorded as it was written. Options beside it are those
// of tg::Function: tg::f64, tg::training.
//   std::puts(tg::debugprint<TrainStep>());
//   std::cout << tg::debugprint<Predict, tg::recorded>({.depth = 2, .types = true});
// Source of the form: Theano's debugprint.
template <class Definition, auto... Options>
GraphText debugprint(const PrintOptions& options = {}) {
  using C =
      runtime::Compiled<Definition, runtime::purpose_option<Options...>(),
                        runtime::floating_option<Options...>(), runtime::mode_option<Options...>>;
  using Table = views::GraphTable<C, views::stage_option<Options...>()>;
  return GraphText(views::GraphPrinter(Table::graph(), options).print());
}

}  // namespace tg
