// Rules by the operation that they look at: what `simplify` and `stabilise` open at each node.
// SPDX-License-Identifier: MIT
#pragma once
#include <span>

#include "typegrad/passes/rules/arithmetic.hpp"
#include "typegrad/passes/rules/choice.hpp"
#include "typegrad/passes/rules/error_function.hpp"
#include "typegrad/passes/rules/fold.hpp"
#include "typegrad/passes/rules/logarithm.hpp"
#include "typegrad/passes/rules/product.hpp"
#include "typegrad/passes/rules/reduction.hpp"
#include "typegrad/passes/rules/shape.hpp"
#include "typegrad/passes/rules/sigmoid.hpp"

namespace tg::passes {

// Every rule of the library. Of several that fit a node, the first one that answers counts.
inline constexpr std::span<const Rule> rule_families[] = {
    across_rules,  fold_rules,  arithmetic_rules, cancel_rules,  power_rules,
    choice_rules,  shape_rules, reduction_rules,  product_rules, softmax_rules,
    sigmoid_rules, erf_rules,   logarithm_rules};

class RuleBook {
 public:
  // The rules that `wanted(rule)`; those of users' tables come first.
  template <class Wanted>
  constexpr explicit RuleBook(Wanted wanted,
                              std::initializer_list<std::span<const Rule>> users = {}) {
    FixedVector<const Rule*, most_rules> chosen;
    for (const std::span<const Rule>& table : users)
      for (const Rule& rule : table)
        if (wanted(rule)) chosen.push_back(&rule);
    for (const std::span<const Rule>& family : rule_families)
      for (const Rule& rule : family)
        if (wanted(rule)) chosen.push_back(&rule);
    for (const Rule* rule : chosen) rule->op.each([&](Op op) { ++begin[int(op) + 1]; });
    for (int op = 0; op < op_count; ++op) begin[op + 1] = std::int16_t(begin[op + 1] + begin[op]);
    rules.resize(begin[op_count]);
    Array<std::int16_t, op_count> next{};
    for (int op = 0; op < op_count; ++op) next[op] = begin[op];
    for (const Rule* rule : chosen) rule->op.each([&](Op op) { rules[next[int(op)]++] = rule; });
  }

  // What takes the node's place, and by which rule; nothing when no rule has a better idea.
  struct Answer {
    Var better{};
    const Rule* rule = nullptr;
  };
  constexpr Answer ask(Match& match, bool after_gradient) const {
    const ir::Node& node = *match.node;
    const Op a = seen_as(match, 0), b = seen_as(match, 1);
    const bool swaps = is_commutative(node.op);
    for (int i = begin[int(node.op)], end = begin[int(node.op) + 1]; i < end; ++i) {
      const Rule& rule = *rules.elements[i].value;
      if (rule.across != node.across || (rule.when == When::after_gradient && !after_gradient))
        continue;
      if (rule.a.has(a) && rule.b.has(b))
        if (const Var better = apply(rule, match); better.id() >= 0) return {better, &rule};
      if (swaps && rule.a.has(b) && rule.b.has(a)) {
        match.swap();
        const Var better = apply(rule, match);
        match.swap();
        if (better.id() >= 0) return {better, &rule};
      }
    }
    return {};
  }

 private:
  static constexpr int most_rules = 256;

  // A sum across samples is no operation that a pattern names.
  static constexpr Op seen_as(const Match& match, int operand) {
    const int id = match.node->operand.elements[operand];
    if (id < 0) return Op::output;
    const ir::Node& node = match.builder->graph[id];
    return node.across ? Op::output : node.op;
  }

  // A shared value in the place of a per-sample one would leave its readers in the wrong space; a
  // constant may be either.
  static constexpr Var apply(const Rule& rule, const Match& match) {
    const Var better = rule.apply(match);
    if (better.id() < 0 || better.node().space == match.node->space) return better;
    if (better.node().op != Op::constant) return {};
    ir::Node constant = better.node();
    constant.space = match.node->space;
    return {match.builder, match.builder->append(constant)};
  }

  FixedVector<const Rule*, 4 * most_rules> rules;  // those of an op lie together
  std::int16_t begin[op_count + 1]{};
};

// Every rule of a pass.
inline constexpr RuleBook simplifications{
    [](const Rule& rule) { return !stabilises(rule.family); }};
inline constexpr RuleBook stabilisations{[](const Rule& rule) { return stabilises(rule.family); }};

// One use of a rule: where, and in which pass.
struct Firing {
  const Rule* rule = nullptr;
  std::int16_t pass = 0;   // its number in the pipeline
  std::int16_t node = -1;  // in the graph before the pass
  std::int16_t scope = -1, place = -1;
};
using FiringLog = FixedVector<Firing, max_nodes>;

// Asks the book at every node, and again at what it answers, at most a few times.
constexpr ir::Graph apply_rules(const ir::Graph& graph, const RuleBook& book,
                                FiringLog* log = nullptr) {
  constexpr int most_rounds = 6;
  const auto uses = count_uses(graph);
  bool differentiated = true;
  for (int id = 0, size = graph.size(); id < size; ++id)
    differentiated = differentiated && graph[id].op != Op::gradient;
  return rewrite(graph, [&](ir::Builder& builder, ir::Node node, int id) -> int {
    Match match{.builder = &builder, .node = &node, .a = {}, .b = {}, .c = {}};
    std::int16_t readers[ir::max_operands]{};
    const ir::Operands read = graph[id].operand;
    for (int i = 0; i < ir::max_operands && read.elements[i] >= 0; ++i)
      readers[i] = uses.elements[read.elements[i]];
    match.uses = readers;
    int result = -1;
    for (int round = 0; round < most_rounds; ++round) {
      const int before = builder.graph.size();
      match.a = {&builder, node.operand.elements[0]};
      match.b = {&builder, node.operand.elements[1]};
      match.c = {&builder, node.operand.elements[2]};
      const RuleBook::Answer answer = book.ask(match, differentiated);
      if (answer.better.id() < 0) break;
      if (log != nullptr && !log->full())
        log->push_back({.rule = answer.rule,
                        .node = std::int16_t(id),
                        .scope = node.scope,
                        .place = node.place});
      result = answer.better.id();
      if (result < before) break;  // it was there already, and was asked about then
      node = builder.graph[result];
      match.uses = nullptr;
    }
    return result >= 0 ? result : builder.append(node);
  });
}

}  // namespace tg::passes
