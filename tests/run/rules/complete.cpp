// Every rule of the library has a formula where it fires, and one where it must not.
// SPDX-License-Identifier: MIT
#include "rule_test.hpp"

namespace tg::test {

TEST_CASE("no rule is without its tests", "[rules]") {
  for (const std::span<const passes::Rule>& family : passes::rule_families)
    for (const passes::Rule& rule : family) {
      bool fires = false, stays = false;
      for (const Tables& tables : {tables_of_arithmetic(), tables_of_moves(), tables_of_stable()})
        for (const std::span<const RuleCase>& table : tables)
          for (const RuleCase& test : table)
            if (test.rule == rule.name) (test.fires ? fires : stays) = true;
      INFO("rule " << rule.name);
      CHECK(fires);
      CHECK(stays);
    }
}

}  // namespace tg::test
