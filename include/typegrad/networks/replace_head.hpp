// A network whose last layer is another one.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/networks/graph.hpp"

namespace tg {

namespace networks {

// "0" of "0.weight". No find(): in sanitized builds g++ does not take its result for a constant.
constexpr std::string_view first_level(std::string_view name) {
  std::size_t end = 0;
  while (end < name.size() && name[end] != '.') ++end;
  return name.substr(0, end);
}

// Which parameters of a network are those of its new head, by their names: layers from number
// `Kept`, or the node Name.
template <class Net, int Kept>
struct SequenceWithHead : Net {
  static constexpr bool is_new(std::string_view parameter) {
    int number = 0;
    for (char digit : first_level(parameter)) number = 10 * number + digit - '0';
    return number >= Kept;
  }
};
template <class Net, FixedString Name>
struct GraphWithHead : Net {
  static constexpr bool is_new(std::string_view parameter) {
    return first_level(parameter) == Name.view();
  }
};
struct HeadlessNetwork {
  static constexpr Var define(Scope& s) {
    return s.fault(s.input("input", {1}), {.kind = FaultKind::already_raised});
  }
};

// `Elements` with `Head` in the place of the last one.
template <class Elements, class... Head, std::size_t... I>
std::type_identity<Sequence<std::tuple_element_t<I, Elements>..., Head...>> with_last(
    std::index_sequence<I...>);

template <class Net, class... Head, class... Elements>
consteval auto replace_head(const Sequence<Elements...>*) {
  using Old = Sequence<Elements...>;
  if constexpr (Old::layers > 0) {
    using New = typename decltype(with_last<std::tuple<Elements...>, Head...>(
        std::make_index_sequence<sizeof...(Elements) - 1>{}))::type;
    return std::type_identity<SequenceWithHead<New, Old::layers - 1>>{};
  } else {
    error::raise<error::cannot_replace_head<error::layer<Net>>>();
    return std::type_identity<HeadlessNetwork>{};
  }
}

// Element, or the same node with another layer where it has that name.
template <class Element, FixedString Name, class Head>
consteval auto with_layer() {
  if constexpr (part_of<Element>.named() && part_of<Element>.name == Name.view())
    return std::type_identity<typename Element::template with<Head>>{};
  else
    return std::type_identity<Element>{};
}
template <class Net, class Head, class... Elements>
consteval auto replace_head(const Graph<Elements...>*) {
  using Old = Graph<Elements...>;
  if constexpr (Old::wiring.fault == WiringFault::none && Old::outputs == 1 && Old::has_nodes) {
    constexpr auto name = place_name<Old, Old::wiring.outputs[0]>();
    using New = Graph<typename decltype(with_layer<Elements, name, Head>())::type...>;
    return std::type_identity<GraphWithHead<New, name>>{};
  } else {
    error::raise<error::cannot_replace_head<error::layer<Net>>>();
    return std::type_identity<HeadlessNetwork>{};
  }
}

template <class Net, class...>
consteval auto replace_head(const void*) {
  error::raise<error::cannot_replace_head<error::layer<Net>>>();
  return std::type_identity<HeadlessNetwork>{};
}

}  // namespace networks

// Net with other layers in the place of its last one: of a tg::Sequence; or of a tg::Graph, where
// one layer takes the place of its output's. All other parameters have the names that they had, so
//   tg::Model<tg::ReplaceHead<Net, tg::Linear<3>>> model;  model.adopt(trained);
// copies them. Error: cannot_replace_head.
template <class Net, class... Head>
struct ReplaceHead
    : decltype(networks::replace_head<Net, Head...>(static_cast<const Net*>(nullptr)))::type {};

}  // namespace tg
