// What a call of a function with several outputs gives: a tuple whose parts have names, too.
// SPDX-License-Identifier: MIT
#pragma once
#include <tuple>

#include "typegrad/core/error/functions.hpp"
#include "typegrad/graph/name.hpp"

namespace tg::runtime {

// The node that output `index` gives.
constexpr int given_by_output(const ir::Recording& recording, int index) {
  for (const ir::Node& node : recording.graph().nodes)
    if (node.op == Op::output && node.attributes[0] == index) return node.operand[0];
  return -1;
}

// Whether a symbol is called so. Equal symbols are one, and may have several names.
constexpr bool is_called(const ir::Recording& recording, int node, std::string_view name) {
  for (const ir::SymbolName& symbol : recording.names)
    if (symbol.node == node && symbol.name == name) return true;
  ir::SpellsAs same{name};
  return ir::spell_symbol(recording, node, [&](std::string_view piece) { same(piece); }) &&
         bool(same);
}

// The outputs of `R::recording` that have names, in words.
template <class R, int Count>
struct OutputNames {
  static constexpr auto named = [] {
    FixedVector<int, Count> result;
    for (int i = 0; i < Count; ++i)
      if (ir::spell_symbol(R::recording, given_by_output(R::recording, i), ir::Unsaid{}))
        result.push_back(i);
    return result;
  }();
  template <int Index>
  static consteval auto name() {
    return fixed_text([](auto put) {
      (void)ir::spell_symbol(R::recording, given_by_output(R::recording, Index), put);
    });
  }
  static consteval auto spell() {
    return []<int... I>(std::integer_sequence<int, I...>) {
      return std::type_identity<error::there_are<name<named[I]>()...>>{};
    }
    (std::make_integer_sequence<int, named.size()>{});
  }
};

// The outputs of a call, in their order: `auto [out, cost] = monitor(x, y)`. An output is called as
// its symbol is, by Scope::named or by its declaration; a derivative after what it is of:
//   result.get<"cost">(), result.get<"dcost/dW">()
// Error: no_such_output.
template <class R, class... Outputs>
struct Results : std::tuple<Outputs...> {
  using std::tuple<Outputs...>::tuple;

  // Maps and numbers: by value, so that they may be changed.
  template <std::size_t Index>
  constexpr auto get() const {
    return std::get<Index>(*this);
  }
  template <FixedString Name>
  constexpr auto get() const {
    constexpr std::size_t number = number_of<Name>();
    if constexpr (number < sizeof...(Outputs))
      return get<number>();
    else
      return Unknown{};
  }

 private:
  // After the error, whatever the program wants of it: so that there is no second one.
  struct Unknown {
    template <class Wanted>
    operator Wanted() const;
  };

  template <FixedString Name>
  static consteval std::size_t number_of() {
    constexpr int count = int(sizeof...(Outputs));
    constexpr int number = [] {
      int i = 0;
      while (i < count && !is_called(R::recording, given_by_output(R::recording, i), Name.view()))
        ++i;
      return i;
    }();
    if constexpr (number == count) {
      using ThereAre = typename decltype(OutputNames<R, count>::spell())::type;
      error::raise<error::no_such_output<error::name<Name>, ThereAre>>();
    }
    return std::size_t(number);
  }
};

}  // namespace tg::runtime

// For structured bindings.
template <class R, class... Outputs>
struct std::tuple_size<tg::runtime::Results<R, Outputs...>>
    : std::integral_constant<std::size_t, sizeof...(Outputs)> {};
template <std::size_t Index, class R, class... Outputs>
struct std::tuple_element<Index, tg::runtime::Results<R, Outputs...>>
    : std::tuple_element<Index, std::tuple<Outputs...>> {};
