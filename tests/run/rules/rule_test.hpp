// A formula before and after the rules: which fired, and whether the numbers stayed.
// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "tests/rules/cases.hpp"
#include "tests/run/reference/lab.hpp"
#include "typegrad/passes/fence.hpp"
#include "typegrad/passes/gradient.hpp"
#include "typegrad/passes/prune.hpp"
#include "typegrad/passes/rules/book.hpp"

namespace tg::test {

class RuleLab {
 public:
  RuleLab()
      : symbols{lab.input({4}, values(8, 1)),
                lab.input({4}, values(8, 2)),
                lab.input({4}, values(8, 3)),
                lab.shared({4}, values(4, 4)),
                lab.shared({4}, values(4, 5)),
                lab.input({3, 4}, values(24, 6)),
                lab.shared({4, 3}, values(12, 7)),
                lab.input({2, 4, 4}, values(64, 8)),
                lab.shared({}, values(1, 9)),
                lab.label({2, 1}),
                lab.scope} {}

  // The graph of a formula, its result the output.
  const ir::Graph& record(Formula formula) {
    const Var y = formula(symbols);
    ir::emit(y.builder(), Op::output, y.shape(), y.dtype(), ir::operands(y));
    REQUIRE_FALSE(lab.recording->fault());
    return lab.recording->graph();
  }

  Numbers<double> evaluate(const ir::Graph& graph) const {
    reference::Bindings<double> bindings(*lab.recording);
    for (std::size_t i = 0; i < lab.memory.size(); ++i)
      bindings.set(lab.leaves[i], lab.memory[i].data());
    reference::Evaluation<double> evaluation(graph, bindings, lab.samples);
    const int last = graph.size() - 1;
    return {evaluation.value(last), evaluation.value(last) + evaluation.size(last)};
  }

  Lab<double> lab{2};
  Symbols symbols;

 private:
  static Numbers<double> values(int count, std::uint64_t seed) {
    Numbers<double> numbers = noise<double>(count, seed);
    for (double& number : numbers) number = 0.55 + 0.35 * number;
    return numbers;
  }
};

// The tables of each file, for the test that no rule is missing.
using Tables = std::vector<std::span<const RuleCase>>;
Tables tables_of_arithmetic();
Tables tables_of_moves();
Tables tables_of_stable();

// 1. The rule fires in the passes around the gradient, or does not.
// 2. Every pass leaves a graph, with the same numbers.
inline void check_rule(const RuleCase& test) {
  INFO("rule " << test.rule << (test.fires ? "" : ", which must not fire"));
  RuleLab lab;
  auto graph = std::make_unique<ir::Graph>(lab.record(test.formula));
  const Numbers<double> expected = lab.evaluate(*graph);
  auto log = std::make_unique<passes::FiringLog>();
  for (const passes::RuleBook* book :
       {&passes::simplifications, &passes::stabilisations, &passes::simplifications}) {
    *graph = passes::apply_rules(*graph, *book, log.get());
    REQUIRE(ir::first_wrong_node(*graph) == -1);
    CHECK(distance(lab.evaluate(*graph), expected) < 1e-12);
    *graph = passes::prune(*graph);
  }
  bool fired = false;
  std::string names;
  for (const passes::Firing& firing : *log) {
    fired = fired || firing.rule->name == test.rule;
    names += std::string(firing.rule->name) + " ";
  }
  INFO("fired: " << names);
  CHECK(fired == test.fires);
}

}  // namespace tg::test
