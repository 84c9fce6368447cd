// tg::optimisation_report: which rule fired where, while a definition was compiled.
// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "typegrad/core/table.hpp"
#include "typegrad/graph/name.hpp"
#include "typegrad/graph/place_text.hpp"
#include "typegrad/runtime/compiled.hpp"
#include "typegrad/runtime/options.hpp"
#include "typegrad/runtime/tables.hpp"

namespace tg {

namespace views {

// One use of a rule, as a constant that outlives the graphs: the scope's levels are in C.
struct Fired {
  std::string_view pass, rule, identity;
  std::int16_t node = -1, scope = -1, place = -1;
};

// The uses of all rules of C's mode, in the order of its passes. The passes that ask rules run once
// more, with a log.
template <class C>
struct FiringTable {
  using Asks = runtime::Pass::Asks;

  template <int I>
  static constexpr passes::FiringLog log = [] {
    passes::FiringLog result;
    const bool stable = C::list[I].asks == Asks::stabilisations;
    (void)passes::apply_rules(C::template before<I>(), C::Pipeline::book(stable), &result);
    return result;
  }();
  template <int I, class Visit>
  static constexpr void each_of(Visit& visit) {
    if constexpr (C::list[I].runs && C::list[I].asks != Asks::nothing)
      for (const passes::Firing& firing : log<I>)
        visit(Fired{C::list[I].name, firing.rule->name, firing.rule->identity, firing.node,
                    firing.scope, firing.place});
  }
  template <class Visit>
  static constexpr void each(Visit visit) {
    [&]<int... I>(std::integer_sequence<int, I...>) { (each_of<I>(visit), ...); }
    (std::make_integer_sequence<int, C::last>{});
  }
  static constexpr auto all = table_of<Fired>([](auto visit) { each(visit); });
};

template <class Definition, auto... Options>
using Reported = runtime::Compiled<Definition, runtime::purpose_option<Options...>(),
                                   arithmetic_of(runtime::floating_option<Options...>()),
                                   runtime::mode_option<Options...>>;

}  // namespace views

// How often a rule fired while the definition was compiled, "" for all rules together:
//   static_assert(tg::times_fired<TrainStep>("stable_log") == 1);
// Options are those of tg::Function.
template <class Definition, auto... Options>
consteval int times_fired(std::string_view rule = "") {
  int count = 0;
  for (const views::Fired& fired : views::FiringTable<views::Reported<Definition, Options...>>::all)
    count += rule.empty() || fired.rule == rule;
  return count;
}

// A line for each use of a rule: the pass, the rule, the identity, the node in the graph that the
// pass was given, and the layer that it belongs to, by its path, and its line.
//   simplify   pool_later   max(f(x)) -> f(max(x)) …   %12   in 1
// Made while compiling; a program that does not ask has none of it. Options are those of
// tg::Function.
template <class Definition, auto... Options>
[[gnu::cold]] std::string optimisation_report() {
  using C = views::Reported<Definition, Options...>;
  static constexpr auto& fired = views::FiringTable<C>::all;
  static constexpr auto scopes = runtime::scope_table<C>();
  static constexpr auto places = runtime::place_table<C>();
  std::size_t rule_width = 0, identity_width = 0;
  for (const views::Fired& use : fired) {
    rule_width = std::max(rule_width, use.rule.size());
    identity_width = std::max(identity_width, use.identity.size());
  }
  const auto column = [](std::string_view word, std::size_t width) {
    return std::string(word) + std::string(width + 2 - std::min(width, word.size()), ' ');
  };
  std::string text;
  for (const views::Fired& use : fired) {
    text += column(use.pass, 9) + column(use.rule, rule_width) +
            column(use.identity, identity_width) + "%" + std::to_string(use.node);
    if (use.scope >= 0) text += " in ";
    ir::spell_scope(scopes, use.scope, [&](std::string_view piece) { text += piece; });
    text += ir::at_line(ir::text_of(places, use.place));
    text += '\n';
  }
  return text.empty() ? "no rule fired\n" : text;
}

}  // namespace tg
