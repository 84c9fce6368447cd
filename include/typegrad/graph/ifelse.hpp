// A choice of which only the branch that is needed is computed.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/logic.hpp"
#include "typegrad/graph/scan.hpp"

namespace tg {

namespace loops {

// A branch is the only step of a loop that takes it or not: what x carries in stays in.
template <class Branch>
struct Taken {
  static constexpr Next step(Scope& s, Var x, std::same_as<Var> auto... others) {
    return next(x).output(Branch::define(s, x, others...));
  }
};

}  // namespace loops

// Then::define(s, x, others…) where the condition, one number, is not 0, and Otherwise::define(s,
// x, others…) where it is. What depends on x is computed in one branch alone: on the CPU for each
// tile of samples, so where all samples of a call agree, the other branch does not run, neither
// forward nor back. (tg::where computes both.) A branch is a layer, or any type with such a
// `define` of one symbol; both give symbols of one shape.
//   tg::ifelse<Deep, Shallow>(s, mean(abs(x)) > 1, x, W)
// Faults: loop_condition, those of tg::scan and tg::where.
template <class Then, class Otherwise>
constexpr Var ifelse(Scope& s, Var condition, Var x, std::same_as<Var> auto... others) {
  if (condition.shape() != Shape{})
    return s.fault(x, {.kind = FaultKind::loop_condition, .got = condition.shape()});
  const Var holds = condition.dtype() == DType::boolean ? condition : not_equal(condition, 0);
  const auto branch = [&]<class Branch>(std::type_identity<Branch>, Var taken) {
    const Var rows =
        scan<loops::Taken<Branch>, steps<1>>(s, from(x), others..., times(taken)).outputs();
    return reshape(rows, ir::row_shape(rows.shape()));
  };
  return where(holds, branch(std::type_identity<Then>{}, holds),
               branch(std::type_identity<Otherwise>{}, logical_not(holds)));
}

}  // namespace tg
