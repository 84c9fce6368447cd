// What a backend is to runtime/: a type that lowers graphs, programs of tables, what runs them.
// SPDX-License-Identifier: MIT
#pragma once
#include <concepts>
#include <cstdint>

#include "typegrad/graph/custom.hpp"

namespace tg::runtime {

// A backend is a type, such as tg::Cpu, with a template Lowered<Source>. If it cannot do
// everything, without_kernel(graph) is the first node that it cannot compute, or -1, and
// without_half_form(graph) the first that it cannot compute from halves. If variables are not the
// host's between calls, its Memory keeps them: runtime/memory.hpp. A Source has, as static
// constexpr members,
//   graph       the optimised graph;
//   leaves      how many its recording has;
//   dtype       of its arithmetic, stored_as: the same or a half;
//   capacity    1: one sample a call, 0: any number;
//   fuses, specialises    one kernel may compute several nodes; each shape may have kernels of its
//               own;
//   key_of(leaf), places()    the hash of a leaf's name; the lines that nodes name.
// Lowered<Source> has
//   Program               what program(tables) gives: Runnable, it does not spell the definition;
//   across_levels         all of a call's samples must be in memory at once;
//   workspace_bytes(n)    that an executor works on, with n samples a call or any number, 0;
//   updates_in_place(leaf)    whether a variable is overwritten by what computes its new value;
//   tables, table<I>()    how many exact-sized tables, and each of them: runtime::ProgramOf keeps
//   them; program(tables…)      a program of what was kept.

// Element, what is computed with; tables, and the Executor that runs them on memory that is bound
// to numbered slots (passes/slots.hpp). Slots keep what is bound until something else is.
template <class Program>
concept Runnable = requires(typename Program::Executor& executor,
                            typename Program::Element* memory) {
  executor.bind(0, memory);
  { executor.bound(0) } -> std::convertible_to<const void*>;
  {
    executor.run(std::int64_t(1), std::uint64_t(0), std::uint64_t(0))
    } -> std::same_as<ir::Outcome>;
};

}  // namespace tg::runtime
