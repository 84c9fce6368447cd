// Modes: how much is rewritten and fused, and what a function leaves out or adds by name.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/error.hpp"
#include "typegrad/core/error/functions.hpp"
#include "typegrad/passes/rules/assertion.hpp"
#include "typegrad/passes/rules/book.hpp"

namespace tg {

namespace passes {

inline constexpr std::string_view pass_names[] = {"simplify", "stabilise", "hoist", "fusion",
                                                  "kernels"};

constexpr bool is_optimisation(std::string_view name) {
  for (std::string_view pass : pass_names)
    if (pass == name) return true;
  for (std::string_view family : family_names)
    if (family == name) return true;
  for (const std::span<const Rule>& family : rule_families)
    for (const Rule& rule : family)
      if (rule.name == name) return true;
  return false;
}

// Error: unknown_optimisation.
template <FixedString Name>
constexpr bool known() {
  constexpr bool result = is_optimisation(Name.view());
  if constexpr (!result) error::raise<error::unknown_optimisation<error::name<Name>>>();
  return result;
}

constexpr bool any_is(std::initializer_list<std::string_view> names, std::string_view name) {
  for (std::string_view other : names)
    if (other == name) return true;
  return false;
}

}  // namespace passes

// Every rule, fusion, a kernel for each shape: the fastest program. The default, unless
// TYPEGRAD_DEFAULT_MODE is another one.
struct FastRun {};
// The few rules that make programs smaller, no kernels: the graph is interpreted. The fastest to
// compile.
struct FastCompile {};
// Nothing is rewritten but what would overflow or cancel: what was written is interpreted, op by
// op.
struct NoOptimisation {};

inline constexpr FastRun fast_run{};
inline constexpr FastCompile fast_compile{};
inline constexpr NoOptimisation no_optimisation{};

// Options beside a mode: what it leaves out, what it does nevertheless, by the names of
//   a pass: simplify, stabilise, hoist (out of loops), fusion, kernels (one for each shape);
//   a family of rules: passes::Family;
//   a rule: the first word of its row in passes/rules.
// A later one overrides an earlier one. Error: unknown_optimisation.
template <FixedString... Names>
struct Exclude {
  static constexpr bool changes_mode = true;
  static constexpr bool decide(bool before, std::initializer_list<std::string_view> names) {
    return before && !(passes::any_is(names, Names.view()) || ...);
  }
  static constexpr bool all_known() { return (passes::known<Names>() && ...); }
  static constexpr std::span<const passes::Rule> rules() { return {}; }
};
template <FixedString... Names>
struct Include {
  static constexpr bool changes_mode = true;
  static constexpr bool decide(bool before, std::initializer_list<std::string_view> names) {
    return before || (passes::any_is(names, Names.view()) || ...);
  }
  static constexpr bool all_known() { return (passes::known<Names>() && ...); }
  static constexpr std::span<const passes::Rule> rules() { return {}; }
};
// Rules of one's own, before those of the library: Table::rules is a constexpr array of
// passes::Rule.
template <class Table>
struct OwnRules {
  static constexpr bool changes_mode = true;
  static constexpr bool decide(bool before, std::initializer_list<std::string_view>) {
    return before;
  }
  static constexpr bool all_known() { return true; }
  static constexpr std::span<const passes::Rule> rules() { return Table::rules; }
};
// A call is not checked: sizes, numbers of samples and integers that choose are taken for what the
// definition says, or its meaning is lost; and tg::assert_that(x, c) is x. An option of a function.
struct Unchecked {
  static constexpr bool changes_mode = true;
  static constexpr bool decide(bool before, std::initializer_list<std::string_view> names) {
    return before || passes::any_is(names, passes::assertion_rules[0].name);
  }
  static constexpr bool all_known() { return true; }
  static constexpr std::span<const passes::Rule> rules() { return passes::assertion_rules; }
};
inline constexpr Unchecked unchecked{};
template <FixedString... Names>
inline constexpr Exclude<Names...> exclude{};
template <FixedString... Names>
inline constexpr Include<Names...> include{};
template <class Table>
inline constexpr OwnRules<Table> own_rules{};

// The mode of functions and models that name none: core/config.hpp.
using DefaultMode = std::remove_const_t<decltype(TYPEGRAD_DEFAULT_MODE)>;
// What the options come to.
template <class Base = DefaultMode, class... Changes>
struct Mode {};

namespace passes {

// What a mode does.
template <class M>
struct Pipeline;
template <class Base, class... Changes>
struct Pipeline<Mode<Base, Changes...>> {
  static constexpr bool runs_fast = std::is_same_v<Base, FastRun>;

  static constexpr bool decide(bool standard,
                               [[maybe_unused]] std::initializer_list<std::string_view> names) {
    ((standard = Changes::decide(standard, names)), ...);
    return standard;
  }
  static constexpr bool uses(const Rule& rule) {
    const Family f = rule.family;
    const bool small = f == Family::fold || f == Family::arithmetic || f == Family::shape ||
                       f == Family::product || f == Family::across;
    const bool standard =
        stabilises(f) || runs_fast || (std::is_same_v<Base, FastCompile> && small);
    return decide(standard,
                  {stabilises(f) ? "stabilise" : "simplify", family_names[int(f)], rule.name});
  }

  static constexpr bool hoists() { return decide(runs_fast, {"hoist"}); }
  static constexpr bool fuses() { return decide(runs_fast, {"fusion"}); }
  static constexpr bool specialises() { return decide(runs_fast, {"kernels"}); }
  static constexpr bool any_used(bool stable) {
    const auto any_of = [&](std::span<const Rule> rules) {
      for (const Rule& rule : rules)
        if (stabilises(rule.family) == stable && uses(rule)) return true;
      return false;
    };
    for (const std::span<const Rule>& family : rule_families)
      if (any_of(family)) return true;
    return (any_of(Changes::rules()) || ...);
  }
  static constexpr bool simplifies() { return any_used(false); }
  static constexpr bool makes_stable() { return any_used(true); }
  // Simplification before the gradient is taken, and again of what the first one made.
  static constexpr bool simplifies_often() { return runs_fast && simplifies(); }

  static constexpr const RuleBook& book(bool stable) {
    if constexpr (standard)
      return stable ? stabilisations : simplifications;
    else
      return stable ? own_stabilisations : own_simplifications;
  }
  static constexpr ir::Graph simplify(const ir::Graph& graph) {
    return apply_rules(graph, book(false));
  }
  static constexpr ir::Graph stabilise(const ir::Graph& graph) {
    return apply_rules(graph, book(true));
  }

 private:
  static constexpr bool standard = runs_fast && sizeof...(Changes) == 0;
  static constexpr RuleBook own_simplifications{
      [](const Rule& rule) { return !stabilises(rule.family) && uses(rule); },
      {Changes::rules()...}};
  static constexpr RuleBook own_stabilisations{
      [](const Rule& rule) { return stabilises(rule.family) && uses(rule); },
      {Changes::rules()...}};
};

}  // namespace passes
}  // namespace tg
