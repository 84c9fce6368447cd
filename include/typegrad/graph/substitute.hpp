// A symbol computed from something else: tg::substitute.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/elementwise.hpp"

namespace tg {

// `what`, computed with `to` in the place of `from`: a copy of everything between, nothing else.
// `to` is of the shape and dtype of `from`, and per sample where that is. So a function can start
// in the middle of a graph:
//   substitute(m.cost, m.out, s.input("out", {3})) needs nothing that m.out was made of.
// Fault: substitute_does_not_fit.
constexpr Var substitute(Operand what, Var from, Var to) {
  ir::Builder* r = what.builder();
  if (from.shape() != to.shape() || from.dtype() != to.dtype() ||
      from.per_sample() != to.per_sample()) {
    r->fail({.kind = FaultKind::substitute_does_not_fit,
             .got = to.shape(),
             .wanted = from.shape(),
             .numbers = {int(to.dtype()), int(from.dtype())}});
    return what;
  }
  FixedVector<std::int16_t, TYPEGRAD_MAX_NODES>
      copy;  // of each node: itself, where nothing changes
  for (int id = 0; id <= what.id(); ++id) {
    ir::Node node = r->graph[id];
    bool changes = false;
    for (std::int16_t& operand : node.operand) {
      if (operand < 0) continue;
      changes = changes || copy[operand] != operand;
      operand = copy[operand];
    }
    copy.push_back(std::int16_t(id == from.id() ? to.id() : changes ? r->append(node) : id));
  }
  return {r, copy[what.id()]};
}

}  // namespace tg
