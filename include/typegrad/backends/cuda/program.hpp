// From an optimised graph to a device's constant tables.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <span>

#include "typegrad/backends/cuda/lower_ends.hpp"
#include "typegrad/backends/cuda/order.hpp"
#include "typegrad/backends/cuda/planner.hpp"
#include "typegrad/backends/cuda/whole.hpp"
#include "typegrad/graph/kept.hpp"
#include "typegrad/graph/verify.hpp"
#include "typegrad/passes/loops.hpp"
#include "typegrad/passes/materialise.hpp"

namespace tg::cuda {

// A graph as a device runs it.
constexpr ir::Graph arrange(const ir::Graph& graph) {
  return order_by_depth(passes::gather_loops(
      passes::materialise(passes::gather_loops(passes::separate_loops(graph)))));
}

// `Source` is that of cpu::Lowered: graph, leaves, dtype, stored_as, fuses, key_of(leaf). Its
// capacity is a run-time number here, and every shape has kernels of its own.
template <class Source, Precision of_products = Precision::f32>
struct Lowered {
  using Element = element_t<Source::dtype>;
  using Half = element_t<Source::stored_as>;  // Element where there are no halves
  static constexpr bool halves = tg::is_half(Source::stored_as);
  static constexpr Precision precision = of_products;
  static constexpr int leaves = Source::leaves;
  static constexpr bool across_levels = false;  // all samples are in memory at once, however many
  static constexpr std::uint64_t key_of(int leaf) { return Source::key_of(leaf); }

  // Each a constant of its own, with the compiler's whole budget.
  static constexpr int room = ir::room_after(arrange, Source::graph);
  static constexpr ir::GraphOf<room> graph = ir::keep<ir::GraphOf<room>>(arrange, Source::graph);
  static constexpr passes::SourcesOf<room> sources =
      ir::keep<passes::SourcesOf<room>>(passes::find_sources, graph);
  static constexpr passes::FusionOf<room> grown = ir::keep<passes::FusionOf<room>>(
      [](const ir::Graph& of, const Sources& from) {
        return passes::grow_groups(of, from, takes_epilogue<ir::Graph::room>, Source::fuses,
                                   passes::Sums::whole);
      },
      graph, sources);
  static constexpr passes::FusionOf<room> fusion = ir::keep<passes::FusionOf<room>>(
      [](const Fusion& groups, const ir::Graph& of, const Sources& from) {
        return passes::settle_groups(groups, of, from, Source::fuses);
      },
      grown, graph, sources);
  static constexpr passes::LoopEnds<room> loop_ends{graph, sources};
  static constexpr PlanOf<room> plan = ir::keep<PlanOf<room>>(
      [](const ir::Graph& of, const Sources& from, const Fusion& groups) {
        const passes::LoopEnds ends(of, from);
        return Planner(of, from, groups, ends, leaves, halves).run();
      },
      graph, sources, fusion);

  // Whether a stored value lies in memory as halves.
  static constexpr bool is_half(int id) {
    const Place& at = plan.place[id];
    return halves && passes::lies_in_half(graph, id, at.base == Base::slot ? at.slot : -1);
  }

  static_assert(!TYPEGRAD_VERIFY_PASSES || ir::keep<bool>(ir::valid, graph),
                "the lowering for CUDA made a graph that is none: this is a defect of typegrad");

  static constexpr bool updates_in_place(int leaf) {
    return passes::updates_in_place(graph, plan, leaf);
  }

  static constexpr bool draws = [] {
    for (const ir::Node& node : graph.nodes)
      if (is_random(node.op)) return true;
    return false;
  }();

  static constexpr auto ends =
      ir::keep<FixedVector<std::int16_t, 2 * room>>(ends_of_launches, graph, plan);

  // Kernels that a call launches: one for each step, or for those of a wave.
  static constexpr int launches(bool of_waves) {
    int sum = 0;
    for (int s = 0; s < plan.steps.size(); ++s)
      if (!of_waves || ends[s] > 0) sum += ir::repeats_of(graph, plan.steps[s].region);
    return sum;
  }
};

// What a program does with the memory in a slot: 0 elements, nothing.
struct SlotUse {
  std::int32_t elements = 0;
  bool integers = false;  // of 32 bits; or
  bool halves = false;    // else numbers, as the program computes with them
  bool per_sample = false, reads = false, writes = false, is_setting = false;
};

// Of each slot.
template <class L>
constexpr auto uses_of() {
  std::array<SlotUse, std::size_t(passes::output_slot(L::leaves, L::plan.outputs))> uses{};
  const auto use = [&](int slot, int id) -> SlotUse& {
    const ir::Node& node = L::graph[id];
    SlotUse& of = uses[std::size_t(slot)];
    of.elements = node.shape.size();
    of.per_sample = node.space == ir::Space::per_sample;
    return of;
  };
  for (int id = 0; id < L::graph.size(); ++id) {
    const ir::Node& node = L::graph[id];
    const bool has_memory = is_leaf(node.op) && node.op != Op::constant && node.op != Op::samples;
    if (has_memory && !is_random(node.op)) {
      SlotUse& of = use(passes::leaf_slot(node.attributes[0]), id);
      of.reads = true, of.is_setting = node.op == Op::setting;
      of.halves = node.space == ir::Space::shared && L::is_half(id);
      of.integers = node.space == ir::Space::per_sample && !is_floating(node.dtype);
    }
    if (is_sink(node.op)) {
      SlotUse& of = use(target_of(L::graph, id, L::leaves), id);
      of.writes = true;
      of.halves = of.halves || (node.op == Op::update && L::is_half(node.operand[0]));
    }
  }
  return uses;
}

template <class Device, class T>
class HostExecutor;

// Who runs the steps of a program, to look at what they make.
template <class Device, class T>
struct Watcher {
  virtual void run(const Frame<Device, T>& frame, const Step<Device, T>& step) = 0;

 protected:
  ~Watcher() = default;
};

// A compiled definition: constant tables, and how much memory they work on.
template <class Device, class T = float>
struct Program {
  using Element = T;
  using Executor = HostExecutor<Device, T>;

  std::span<const Step<Device, T>> steps;
  std::span<const ir::Node> nodes;
  std::span<const T> constants;
  std::span<const SlotUse> slots;
  int lanes = 0;            // elements for each sample
  int halves = 0;           // the same, of halves
  int shared = 0;           // elements
  int samples_offset = -1;  // in shared
  int launches = 0;
  std::int64_t product_of_sample = 0, product_of_shared = 0;  // multiply-adds of the largest
  bool draws = false;                                         // random numbers
  void (*whole)(const Frame<Device, T>&,
                const Step<Device, T>*) = nullptr;  // all steps, in one kernel
  Watcher<Device, T>* watcher = nullptr;            // of a program whose launches are steps
};

// How a program's steps become kernels: each its own, those of a wave one, or all of them one that
// is cooperative.
enum class Kernels : std::uint8_t { of_steps, of_waves, one };

// What runtime/ asks of a backend: see runtime/backend.hpp. Products of matrices round their
// factors to `of_products`, and are exact by default.
template <class Source, class Device, Kernels kernels = Kernels::of_waves,
          Precision of_products = Precision::f32>
struct LoweredFor : Lowered<Source, of_products> {
  using L = Lowered<Source, of_products>;
  using Stepwise = LoweredFor<Source, Device, Kernels::of_steps, of_products>;
  using T = typename L::Element;
  using Program = cuda::Program<Device, T>;
  static constexpr bool is_one = kernels == Kernels::one;
  static constexpr int launches = is_one ? 1 : L::launches(kernels == Kernels::of_waves);

  // Bytes on the device. `most`: the samples of a call; 0 is any number, and counts as the fewest.
  static constexpr std::int64_t workspace_bytes(int most) {
    const int stride = tiles_of(most > 0 ? most : 1, sample_unit) * sample_unit;
    const std::int64_t numbers =
        std::int64_t(L::plan.lanes_size) * stride + L::plan.shared_size + L::plan.constants.size();
    return std::int64_t(sizeof(T)) * numbers +
           std::int64_t(sizeof(std::uint16_t)) * L::plan.halves_size * stride;
  }

  // What somebody keeps, exact-sized, and the program of it.
  static constexpr int tables = 4;
  template <int Which>
  static constexpr auto table() {
    if constexpr (Which == 0) return steps();
    if constexpr (Which == 1) return ir::exact_nodes<L::graph.size()>(L::graph);
    if constexpr (Which == 2) return constants();
    if constexpr (Which == 3) return uses_of<L>();
  }
  static constexpr Program program(std::span<const Step<Device, T>> steps,
                                   std::span<const ir::Node> nodes, std::span<const T> constants,
                                   std::span<const SlotUse> slots) {
    Program result{.steps = steps,
                   .nodes = nodes,
                   .constants = constants,
                   .slots = slots,
                   .lanes = L::plan.lanes_size,
                   .halves = L::plan.halves_size,
                   .shared = L::plan.shared_size,
                   .samples_offset = L::plan.samples_offset,
                   .launches = launches,
                   .product_of_sample = largest([](auto of) { return of.of_sample; }),
                   .product_of_shared = largest([](auto of) { return of.of_shared; }),
                   .draws = L::draws};
    if constexpr (is_one) result.whole = whole(parts_of<L>());
    return result;
  }

 private:
  template <int Index>
  using Phase = typename decltype(phase_of<L, Index>())::type;
  template <int Index>
  static constexpr typename Step<Device, T>::Launch launch() {
    constexpr int end = kernels == Kernels::of_steps ? Index + 1 : L::ends[Index];
    if constexpr (is_one || end == 0)
      return nullptr;
    else if constexpr (end == Index + 1)
      return launch_step<Device, T, Phase<Index>>;
    else
      return wave<Index>(std::make_integer_sequence<int, end - Index>{});
  }
  template <int Index, int... More>
  static constexpr auto wave(std::integer_sequence<int, More...>) {
    return launch_wave<Device, T, Phase<Index + More>...>;
  }
  template <class... Items>
  static constexpr auto whole(Parts<Items...>) {
    return launch_whole<Device, T, Items...>;
  }

  // Of the products that a library may run: it has none within a kernel.
  static constexpr int launched_steps = is_one ? 0 : L::plan.steps.size();
  template <class Ask>
  static constexpr std::int64_t largest(Ask ask) {
    return [&]<int... Index>(std::integer_sequence<int, Index...>) {
      const std::array<std::int64_t, sizeof...(Index) + 1> all{
          0, ask(ProductPhase<Phase<Index>>{})...};  // clang folds no more than 256
      return *std::max_element(all.begin(), all.end());
    }
    (std::make_integer_sequence<int, launched_steps>{});
  }

  static constexpr auto steps() {
    return []<int... Index>(std::integer_sequence<int, Index...>) {
      return std::array<Step<Device, T>, sizeof...(Index)>{
          Step<Device, T>{launch<Index>(), task_of<L, Index>()}...};
    }
    (std::make_integer_sequence<int, L::plan.steps.size()>{});
  }
  static constexpr auto constants() {
    std::array<T, L::plan.constants.size()> values{};
    for (int i = 0; i < L::plan.constants.size(); ++i)
      values[std::size_t(i)] = T(L::plan.constants[i]);
    return values;
  }
};

// Its tables, kept: the only symbols that spell L are this class's.
template <class L>
class ProgramOf {
  template <int Which>
  static constexpr auto table = L::template table<Which>();
  static constexpr auto all = []<int... Which>(std::integer_sequence<int, Which...>) {
    return L::program(table<Which>...);
  }
  (std::make_integer_sequence<int, L::tables>{});

 public:
  static const typename L::Program& program() { return all; }
};

}  // namespace tg::cuda
