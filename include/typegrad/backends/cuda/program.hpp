// From an optimised graph to a device's constant tables.
// SPDX-License-Identifier: MIT
#pragma once
#include <span>

#include "typegrad/backends/cuda/lower.hpp"
#include "typegrad/backends/cuda/planner.hpp"
#include "typegrad/backends/cuda/whole.hpp"
#include "typegrad/graph/verify.hpp"
#include "typegrad/passes/loops.hpp"
#include "typegrad/passes/materialise.hpp"

namespace tg::cuda {

// `Source` is that of cpu::Lowered: graph, leaves, dtype, stored_as, fuses, key_of(leaf). Its
// capacity is a run-time number here, and every shape has kernels of its own.
template <class Source>
struct Lowered {
  static_assert(Source::dtype == f32 && Source::stored_as == f32,
                "typegrad: the CUDA backend computes in f32, and stores f32");
  static constexpr int leaves = Source::leaves;
  static constexpr std::uint64_t key_of(int leaf) { return Source::key_of(leaf); }
  static constexpr bool is_half(int) { return false; }

  // Each a constant of its own, with the compiler's whole budget.
  static constexpr ir::Graph graph = passes::gather_loops(
      passes::materialise(passes::gather_loops(passes::separate_loops(Source::graph))));
  static constexpr Sources sources{graph};
  static constexpr Fusion grown =
      passes::grow_groups(graph, sources, takes_epilogue, Source::fuses);
  static constexpr Fusion fusion = passes::settle_groups(grown, graph, sources, Source::fuses);
  static constexpr Plan plan = Planner(graph, sources, fusion, leaves).run();

  static_assert(ir::valid(graph),
                "the lowering for CUDA made a graph that is none: this is a defect of typegrad");

  // Kernels that a call launches, one by one.
  static constexpr int launches = [] {
    int sum = 0;
    for (const StepPlan& step : plan.steps) sum += ir::repeats_of(graph, step.region);
    return sum;
  }();
};

// A compiled definition: constant tables, and how much memory they work on.
template <class Device>
struct Program {
  std::span<const Step<Device>> steps;
  std::span<const ir::Node> nodes;
  std::span<const float> constants;
  int lanes = 0;   // elements for each sample
  int shared = 0;  // elements
  int slots = 0;
  int samples_offset = -1;  // in shared
  int launches = 0;
  void (*whole)(const Frame<Device>&, const Step<Device>*) = nullptr;  // all steps, in one kernel
};

// How a program's steps become kernels: each its own, or all of them one that is cooperative.
enum class Kernels : std::uint8_t { of_steps, one };

// L: a Lowered. The only symbols that spell it are this class's. One kernel: without loops.
template <class L, class Device, Kernels kernels = Kernels::of_steps>
class ProgramOf {
  static constexpr bool is_one = kernels == Kernels::one;
  static_assert(!is_one || L::graph.regions == 0,
                "typegrad: a program with loops is launched step by step");

 public:
  static const Program<Device>& program() { return all; }

 private:
  template <int Index>
  using Phase = typename decltype(phase_of<L, Index>())::type;
  template <int Index>
  static constexpr bool waits =
      Index > 0 && L::plan.steps[Index].wave != L::plan.steps[Index > 0 ? Index - 1 : 0].wave;
  template <int Index>
  static constexpr auto launch_of() {
    if constexpr (is_one)
      return typename Step<Device>::Launch{};
    else
      return typename Step<Device>::Launch{launch_phase<Device, Phase<Index>>};
  }
  static constexpr auto whole_of() {
    if constexpr (is_one) return []<int... Index>(std::integer_sequence<int, Index...>) {
        return launch_whole<Device, InWave<Phase<Index>, waits<Index>>...>;
      }
    (std::make_integer_sequence<int, L::plan.steps.size()>{});
    else return nullptr;
  }

  static constexpr auto steps = []<int... Index>(std::integer_sequence<int, Index...>) {
    return std::array<Step<Device>, sizeof...(Index)>{
        Step<Device>{launch_of<Index>(), task_of<L, Index>()}...};
  }
  (std::make_integer_sequence<int, L::plan.steps.size()>{});
  static constexpr auto nodes = ir::exact_nodes<L::graph.size()>(L::graph);
  static constexpr auto constants = [] {
    std::array<float, L::plan.constants.size()> values{};
    for (int i = 0; i < L::plan.constants.size(); ++i)
      values[std::size_t(i)] = float(L::plan.constants[i]);
    return values;
  }();
  static constexpr Program<Device> all{.steps = steps,
                                       .nodes = nodes,
                                       .constants = constants,
                                       .lanes = L::plan.lanes_size,
                                       .shared = L::plan.shared_size,
                                       .slots = passes::output_slot(L::leaves, L::plan.outputs),
                                       .samples_offset = L::plan.samples_offset,
                                       .launches = is_one ? 1 : L::launches,
                                       .whole = whole_of()};
};

}  // namespace tg::cuda
