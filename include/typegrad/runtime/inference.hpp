// A network compiled to predict, and the memory that this takes, asked while it compiles.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/networks/contracts.hpp"
#include "typegrad/runtime/options.hpp"
#include "typegrad/runtime/program.hpp"

namespace tg {

namespace runtime {

template <class Net>
struct Inference {
  using Network = Net;
  static constexpr auto define(Scope& s) { return Net::define(s); }
};

// What a Model of these options runs.
template <class Net, DType dtype, int Capacity, class M = Mode<>, class Backend = Cpu>
using PredictionPlan =
    PlanOf<Inference<Net>, Purpose::inference, dtype, Capacity == 1 ? 1 : 0, M, Backend>;
template <class Net, DType dtype, int Capacity, class M = Mode<>, class Backend = Cpu>
using Prediction =
    ProgramOf<Inference<Net>, Purpose::inference, dtype, Capacity == 1 ? 1 : 0, M, Backend>;

// A program whose tiles wait for each other needs to know how many samples a call has.
template <class Plan, int Capacity>
constexpr bool knows_capacity() {
  if constexpr (Plan::L::across_levels && Capacity == 0)
    error::raise<error::needs_batch_capacity<error::limit<Capacity>>>();
  return true;
}

template <class Net, DType dtype, int Capacity, class M>
constexpr auto count_workspace() {
  if constexpr (!networks::right<Net>) {
    return networks::Unanswered{};
  } else {
    using Plan = PredictionPlan<Net, dtype, Capacity, M>;
    if constexpr (!Plan::right) {
      return networks::Unanswered{};
    } else {
      static_assert(knows_capacity<Plan, Capacity>());
      return Plan::L::workspace_bytes(Capacity);
    }
  }
}

}  // namespace runtime

// Bytes that a tg::Model<Net, tg::Cpu, Options…> on one thread works on beside its parameters and
// states: values of a tile (scratch; each further thread has its own), values of all samples
// of a chunk (store), values that samples share, partial sums. Not counted: what the caller gives,
// the results, and tables that do not grow with the network's values. It depends on the machine's
// vectors. Options are those of Model:
//   static_assert(tg::workspace_bytes<Net, tg::batch<64>> < 256 * 1024);
template <class Net, auto... Options>
inline constexpr auto workspace_bytes = runtime::count_workspace<
    Net, runtime::floating_option<Options...>(), runtime::capacity_option<Options...>(),
    runtime::mode_option<Options...>>();

}  // namespace tg
