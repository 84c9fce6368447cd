// A definition on its way through the graph compiler: each pass's result is a constant of its own.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/verify.hpp"
#include "typegrad/networks/record.hpp"
#include "typegrad/passes/fence.hpp"
#include "typegrad/passes/gradient.hpp"
#include "typegrad/passes/prune.hpp"
#include "typegrad/passes/simplify.hpp"
#include "typegrad/passes/stabilise.hpp"

namespace tg {

namespace runtime {

// One constant per pass: each has the compiler's whole budget, and each is verified.
template <class Definition, Purpose purpose, DType floating>
struct Compiled {
  static constexpr ir::Recording recording = record<Definition>(purpose, floating);
  static constexpr ir::Graph fenced =
      passes::needs_fence(recording.graph()) ? passes::fence(recording.graph()) : recording.graph();
  static constexpr ir::Graph simplified = passes::simplify(fenced);
  static constexpr ir::Graph stabilised = passes::stabilise(simplified);
  static constexpr ir::Graph differentiated = passes::gradient(stabilised);
  static constexpr ir::Graph needed = passes::prune(differentiated);
  static constexpr ir::Graph once = passes::simplify(needed);
  static constexpr ir::Graph twice = passes::simplify(once);
  static constexpr ir::Graph optimised = passes::prune(twice);

  // The first thing that was wrong, in the definition or with its gradient.
  static constexpr Fault fault = optimised.fault;  // a copy: nvcc takes no reference here

  // One evaluation each, as for the passes.
  static constexpr bool recorded_well = fault || ir::valid(recording.graph());
  static constexpr bool simplified_well = fault || ir::valid(simplified);
  static constexpr bool stabilised_well = fault || ir::valid(stabilised);
  static constexpr bool differentiated_well = fault || ir::valid(differentiated);
  static constexpr bool needed_well = fault || ir::valid(needed);
  static constexpr bool once_well = fault || ir::valid(once);
  static constexpr bool twice_well = fault || ir::valid(twice);
  static constexpr bool optimised_well = fault || ir::valid(optimised);
  static_assert(recorded_well && simplified_well && stabilised_well && differentiated_well &&
                    needed_well && once_well && twice_well && optimised_well,
                "a pass made a graph that is none: this is a defect of typegrad");
};

}  // namespace runtime
}  // namespace tg
