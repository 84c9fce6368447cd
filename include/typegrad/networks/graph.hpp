// Layers with names that say what they read: a network that is not a chain.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/error/names.hpp"
#include "typegrad/layers/input.hpp"
#include "typegrad/networks/sequence.hpp"
#include "typegrad/networks/wiring.hpp"

namespace tg {

namespace networks {

template <FixedString... Names>
inline constexpr std::array<std::string_view, sizeof...(Names)> list_of_names{Names.view()...};

}  // namespace networks

// Layer L, called Name, on what the nodes of the names `Reads` give. An Input reads nothing.
template <FixedString Name, class L, FixedString... Reads>
struct Node {
  using layer = L;
  template <class Other>
  using with = Node<Name, Other, Reads...>;
  static constexpr auto name = Name;
  static constexpr networks::Part part{is_input<L> && sizeof...(Reads) == 0
                                           ? networks::Part::Kind::input
                                           : networks::Part::Kind::node,
                                       Name.view(), networks::list_of_names<Reads...>};
};
// What a Graph takes where it is a layer of another network.
template <FixedString... Names>
struct Inputs {
  static constexpr networks::Part part{
      networks::Part::Kind::inputs, {}, networks::list_of_names<Names...>};
};
// The nodes that a Graph gives; without it, the last one.
template <FixedString... Names>
struct Outputs {
  static constexpr networks::Part part{
      networks::Part::Kind::outputs, {}, networks::list_of_names<Names...>};
};

namespace networks {

template <class T>
constexpr Part find_part() {
  if constexpr (requires {
                  { T::part } -> std::same_as<const Part&>;
                })
    return T::part;
  else
    return {};
}
template <class T>
inline constexpr Part part_of = find_part<T>();

// Records a node on what it reads.
using NodeStep = Var (*)(Scope&, const Var* inputs);

template <class T>
constexpr Var node_step(Scope& s, [[maybe_unused]] const Var* inputs) {
  if constexpr (part_of<T>.kind == Part::Kind::input)
    return T::layer::define(s, T::name.text);
  else if constexpr (part_of<T>.kind == Part::Kind::node)
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return s.layer<T::name, typename T::layer>(inputs[I]...);
    }
  (std::make_index_sequence<part_of<T>.names.size()>{});
  else return inputs[0];  // never called
}
// Checks what is given to an Input in a layer.
using InputStep = Var (*)(Scope&, Var);
template <class T>
constexpr Var input_step(Scope& s, Var x) {
  if constexpr (part_of<T>.kind == Part::Kind::input)
    return T::layer::define(s, x);
  else
    return x;
}

// What is wrong with the names of graph G, in words.
template <class G, int Place>
consteval auto place_name() {
  return fixed_text([](auto put) { put(G::wiring.places[Place].name); });
}
template <class G, template <FixedString...> class Word, int... Place>
consteval auto spell_places(std::integer_sequence<int, Place...>) {
  return std::type_identity<Word<place_name<G, Place>()...>>{};
}
template <class G>
consteval auto spell_names() {
  return spell_places<G, error::there_are>(
      std::make_integer_sequence<int, G::wiring.places.size()>{});
}
template <class G, int... I>
consteval auto spell_cycle(std::integer_sequence<int, I...>) {
  return spell_places<G, error::around>(std::integer_sequence<int, G::wiring.cycle[I]...>{});
}
template <class G>
consteval auto spell_reader() {
  constexpr auto text = fixed_text([](auto put) {
    constexpr Part part = G::parts[std::size_t(G::wiring.faulty_part)];
    put(part.named() ? part.name : std::string_view("tg::Outputs"));
  });
  return std::type_identity<error::read_by<text>>{};
}

// Raises the one error about the names of graph G.
template <class G>
constexpr void explain_wiring() {
  constexpr WiringFault fault = G::wiring.fault;
  constexpr auto faulty = fixed_text([](auto put) { put(G::wiring.faulty_name); });
  using Name = error::name<faulty>;
  if constexpr (fault == WiringFault::not_a_node) {
    error::raise<
        error::not_a_node<error::layer<typename G::template part<G::wiring.faulty_part>>>>();
  } else if constexpr (fault == WiringFault::node_named_twice) {
    error::raise<error::node_named_twice<Name>>();
  } else if constexpr (fault == WiringFault::reserved_name) {
    error::raise<error::reserved_name<Name>>();
  } else if constexpr (fault == WiringFault::unknown_node) {
    using Reader = typename decltype(spell_reader<G>())::type;
    using ThereAre = typename decltype(spell_names<G>())::type;
    error::raise<error::unknown_node<Name, Reader, ThereAre>>();
  } else if constexpr (fault == WiringFault::cycle) {
    using Around = typename decltype(spell_cycle<G>(
        std::make_integer_sequence<int, G::wiring.cycle.size()>{}))::type;
    error::raise<error::cycle<Around>>();
  } else if constexpr (fault == WiringFault::unused_node) {
    error::raise<error::unused_node<Name>>();
  }
}

}  // namespace networks

// tg::Graph<tg::Node<"name", Layer, "input"…>…>: every node is a layer on what the nodes of its
// inputs' names give; written in any order that has no cycle, recorded as written where that is
// one. Parameters are called as those of a torch.nn.Module with attributes of these names,
// "stem.weight".
//   As a network it has one or more tg::Node<"image", tg::Input<3, 32, 32>>: the caller's
//   arguments, in the order in which they are written. As a layer of another network,
//   tg::Inputs<"x">. Its outputs are tg::Outputs<"a", "b">, or else the last node.
// Errors: unknown_node, node_named_twice, reserved_name, cycle, unused_node, not_a_node,
// takes_other_inputs. Fault: empty_network.
template <class... Elements>
struct Graph {
  static constexpr std::array<networks::Part, sizeof...(Elements)> parts{
      networks::part_of<Elements>...};
  template <int I>
  using part = std::tuple_element_t<std::size_t(I), std::tuple<Elements...>>;
  static constexpr auto wiring = [] {
    constexpr int names = [] {
      int count = 1;
      for (const networks::Part& p : parts) count += 1 + int(p.names.size());
      return count;
    }();
    return networks::Wiring<names, names>(parts);
  }();

  // Its layers, for messages: every argument of Graph has a number, those that are nodes a name.
  static constexpr int layers = int(sizeof...(Elements));
  static constexpr std::array<std::string_view, sizeof...(Elements)> names{
      networks::part_of<Elements>.name...};
  template <int I>
  using layer = typename part<I>::layer;

  static constexpr int inputs = wiring.inputs.size();
  static constexpr int outputs = wiring.outputs.size();
  static constexpr bool has_nodes = wiring.inputs.size() < wiring.places.size();
  // The caller gives all inputs: there is no tg::Inputs.
  static constexpr bool is_network = [] {
    for (int place : wiring.inputs)
      if (parts[std::size_t(wiring.places[place].part)].kind != networks::Part::Kind::input)
        return false;
    return inputs > 0;
  }();

  // A Var, or several in an array.
  using Result = std::conditional_t<(outputs > 1), std::array<Var, std::size_t(outputs)>, Var>;

  // As a network: without arguments.
  template <std::same_as<Var>... Given>
  requires(sizeof...(Given) == std::size_t(inputs) ||
           (sizeof...(Given) == 0 && is_network)) static constexpr Result
      define(Scope& s, Given... given) {
    if constexpr (wiring.fault != networks::WiringFault::none) {
      networks::explain_wiring<Graph>();
      s.recording()->fail({.kind = FaultKind::already_raised});
      return usable(s);
    } else if constexpr (!has_nodes) {
      s.recording()->fail({.kind = FaultKind::empty_network});
      return usable(s);
    } else {
      return values_of(s, {given...});
    }
  }

 private:
  static constexpr Result usable(Scope& s) {
    Result result{};
    if constexpr (outputs > 1)
      for (Var& output : result) output = s.constant(0, {1});
    else
      result = s.input("input", {1});
    return result;
  }

  static constexpr Result values_of(Scope& s, std::array<Var, std::size_t(inputs)> given) {
    constexpr std::array<networks::NodeStep, sizeof...(Elements)> steps{
        &networks::node_step<Elements>...};
    constexpr std::array<networks::InputStep, sizeof...(Elements)> checks{
        &networks::input_step<Elements>...};
    std::array<Var, std::size_t(wiring.places.size())> values{};
    int next = 0;
    for (int at : wiring.order) {
      const networks::Place& place = wiring.places[at];
      const std::size_t part = std::size_t(place.part);
      if (place.given && given[0].id() >= 0) {
        values[std::size_t(at)] = checks[part](s, given[std::size_t(next++)]);
        continue;
      }
      std::array<Var, std::size_t(wiring.reads.size() + 1)> read{};
      for (int i = 0; i < place.reads; ++i)
        read[std::size_t(i)] = values[std::size_t(wiring.reads[place.first_read + i])];
      values[std::size_t(at)] = steps[part](s, read.data());
    }
    Result result{};
    if constexpr (outputs > 1)
      for (int i = 0; i < outputs; ++i)
        result[std::size_t(i)] = values[std::size_t(wiring.outputs[i])];
    else
      result = values[std::size_t(wiring.outputs[0])];
    return result;
  }
};

}  // namespace tg
