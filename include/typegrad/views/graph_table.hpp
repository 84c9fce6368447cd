// The graph of a definition as constants, for those who print and draw it.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/runtime/compiled.hpp"
#include "typegrad/runtime/options.hpp"
#include "typegrad/views/graph_names.hpp"

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
    if constexpr (stage == Stage::recorded)
      return ir::exact_nodes<C::recording.graph().size()>(C::recording.graph());
    else
      return ir::exact_nodes<C::optimised.size()>(C::optimised);
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
    static constexpr auto scopes = runtime::scope_table<C>();
    static constexpr auto places = runtime::place_table<C>();
    if (stage == Stage::recorded) return {all, known, {leaves, text.data()}, scopes, places, false};
    return {all, {}, {leaves, text.data()}, scopes, places, true};  // ids are others
  }
};

}  // namespace views

}  // namespace tg
