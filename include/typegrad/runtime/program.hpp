// A definition compiled for a backend: constant tables, and memory to run them on.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/program.hpp"
#include "typegrad/backends/reference/compute.hpp"
#include "typegrad/core/batch.hpp"
#include "typegrad/core/exception.hpp"
#include "typegrad/core/heap_array.hpp"
#include "typegrad/graph/place_text.hpp"
#include "typegrad/networks/report.hpp"
#include "typegrad/runtime/compiled.hpp"
#include "typegrad/runtime/tables.hpp"

namespace tg::runtime {

// The part of a function that is the same for all definitions: binds leaves, reads settings, runs.
template <class T>
class Callable {
 public:
  Callable(const cpu::Program<T>& program, const Leaves& leaves, std::int64_t capacity,
           ThreadPool& pool = default_pool())
      : table(leaves), executor(program, capacity, pool), settings(leaves.infos.size()) {
    for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf)
      if (leaves.infos[leaf].op == Op::setting) {
        executor.bind(cpu::leaf_slot(int(leaf)), &settings[leaf]);
        settings[leaf] = T(leaves.infos[leaf].read(nullptr));
      }
  }

  const Leaves& leaves() const { return table; }

  // Memory of a leaf, of a parameter's gradient, of an output.
  void bind(std::size_t leaf, T* memory) { executor.bind(cpu::leaf_slot(int(leaf)), memory); }
  void bind_labels(std::size_t leaf, const std::int32_t* labels) {
    bind(leaf, reinterpret_cast<T*>(const_cast<std::int32_t*>(labels)));
  }
  // An input: numbers, or integers of 32 bits that the program turns into numbers.
  void bind_given(std::size_t leaf, const void* given) {
    bind(leaf, static_cast<T*>(const_cast<void*>(given)));
  }
  void bind_gradient(std::size_t leaf, T* memory) {
    executor.bind(cpu::gradient_slot(int(leaf)), memory);
  }
  void bind_output(int output, T* memory) {
    executor.bind(2 * int(table.infos.size()) + output, memory);
  }

  // What is bound there; null when nothing is.
  const void* bound(std::size_t leaf) const { return executor.bound(cpu::leaf_slot(int(leaf))); }
  const T* output(int output) const { return executor.bound(2 * int(table.infos.size()) + output); }

  // The settings of an aggregate, as they are now.
  template <class Aggregate>
  void read(const Aggregate& aggregate) {
    for (std::size_t leaf = 0; leaf < table.infos.size(); ++leaf)
      if (table.infos[leaf].aggregate == &ir::type_tag<Aggregate>)
        settings[leaf] = T(table.infos[leaf].read(&aggregate));
  }

  // Throws Error when a user's kernel says that something is wrong.
  void run(std::int64_t samples, std::uint64_t seed = 0, std::uint64_t call = 0) {
    const auto outcome = executor.run(samples, seed, call);
    if (outcome.failure != nullptr) report(outcome.failure, outcome.place);
  }

 private:
  [[noreturn, gnu::cold]] static void report(const char* failure, const ir::Place& place) {
    throw Error(joined(failure, ir::at_line(ir::text_of(place))));
  }

  Leaves table;
  cpu::Executor<T> executor;
  HeapArray<T> settings;
};

// The first values of a definition's parameters and states, as a graph of constants and random
// numbers.
template <class Definition, DType floating>
class InitialValues {
  struct Recorded {
    static constexpr ir::Recording recording = record<Definition>(Purpose::initial, floating);
  };
  static constexpr auto leaf_infos = LeafTable<Recorded>::leaves();
  static constexpr auto leaf_text = LeafTable<Recorded>::text();
  static constexpr auto node_list = LeafTable<Recorded>::nodes();
  static constexpr auto row_table =
      reference::rows_without_given<double>(Recorded::recording.graph());

 public:
  static constexpr Leaves leaves() { return {leaf_infos, leaf_text.data()}; }
  static std::span<const ir::Node> nodes() { return node_list; }
  static const reference::Rows<double>& rows() { return row_table; }
};

// True when a definition is right; else raises the one error that says what is wrong.
// Definition::Network, if there is one, knows the layers' types.
template <class Definition>
struct NetworkOf {
  using type = Definition;
};
template <class Definition>
requires requires { typename Definition::Network; }
struct NetworkOf<Definition> {
  using type = typename Definition::Network;
};
template <class C>
struct Faulty {
  static constexpr ir::Recording recording = [] {
    ir::Recording result = C::recording;
    result.builder.graph.fault = C::fault;
    return result;
  }();
};
template <class Definition, class C>
constexpr bool explain_definition() {
  if constexpr (!C::fault && !cpu::counts_exactly(C::optimised)) {
    error::raise<error::index_is_not_exact<error::layer<Definition>>>();
    return false;
  } else if constexpr (!C::fault) {
    return true;
  } else {
    return error::explain<
        networks::Report<typename NetworkOf<Definition>::type, Faulty<C>, Definition>>();
  }
}

// C's recording, with the fault that node `id` of its optimised graph has no half form.
template <class C, int id, DType stored_as>
struct WithoutHalfForm {
  static constexpr ir::Recording recording = [] {
    ir::Recording result = C::recording;
    result.builder.graph.fault = {.kind = FaultKind::no_half_form,
                                  .scope = C::optimised[id].scope,
                                  .numbers = {int(stored_as)},
                                  .name = name_of(C::optimised[id].op).data()};
    return result;
  }();
};
// True when everything can be computed from numbers that are stored so.
template <class Definition, class C, DType stored_as>
constexpr bool explain_storage() {
  if constexpr (tg::is_half(stored_as) && !C::fault) {
    constexpr int id = cpu::without_half_form(C::optimised);
    if constexpr (id >= 0)
      return error::explain<networks::Report<typename NetworkOf<Definition>::type,
                                             WithoutHalfForm<C, id, stored_as>, Definition>>();
  }
  return true;
}

// Definition: static constexpr … define(Scope&). Its plan: what it needs is known, no kernel yet.
// `floating` is how its numbers are stored.
template <class Definition, Purpose purpose, DType floating, int Capacity = 0, class M = Mode<>>
struct PlanOf {
  using C = Compiled<Definition, purpose, arithmetic_of(floating), M>;
  static constexpr bool right =
      explain_definition<Definition, C>() && explain_storage<Definition, C, floating>();
  static constexpr ir::Graph nothing{};
  struct Source {
    static constexpr const ir::Graph& graph =
        right ? C::optimised : nothing;  // after a fault, nothing that could be another
    static constexpr int leaves = C::recording.leaves.size();
    static constexpr DType dtype = C::recording.builder.graph.floating;
    static constexpr DType stored_as = floating;
    static constexpr int capacity =
        Capacity == 1 ? 1 : 0;  // other capacities are run-time numbers: no code of their own
    static constexpr bool fuses = C::Pipeline::fuses(), specialises = C::Pipeline::specialises();
    static constexpr std::uint64_t key_of(int leaf) { return ir::hash_of_name(C::recording, leaf); }
  };
  using L = cpu::Lowered<Source>;

  static constexpr cpu::Sizes sizes = L::sizes;
};

// Its tables. They are constants of this class: the only symbols that spell the definition are its
// own.
template <class Definition, Purpose purpose, DType floating, int Capacity = 0, class M = Mode<>>
class ProgramOf {
 public:
  using Plan = PlanOf<Definition, purpose, floating, Capacity, M>;
  using Element = element_t<arithmetic_of(floating)>;

  static const cpu::Program<Element>& program() { return whole; }
  static Leaves leaves() { return {leaf_infos, leaf_text.data()}; }

 private:
  using C = typename Plan::C;
  using L = typename Plan::L;
  static constexpr auto steps = cpu::lower_steps<L>();
  static constexpr auto nodes = cpu::lower_nodes<L>();
  static constexpr auto constants = cpu::lower_constants<L>();
  static constexpr auto exits = cpu::lower_exits<L>();
  static constexpr auto idle_rows = cpu::lower_idle_rows<L>();
  // Only users' operations ask for them while they run.
  static constexpr auto places = [] {
    constexpr bool asks = [] {
      for (const ir::Node& node : L::graph.nodes)
        if (node.op == Op::custom) return true;
      return false;
    }();
    if constexpr (asks)
      return place_table<C>();
    else
      return std::array<ir::Place, 0>{};
  }();
  static constexpr cpu::Program<Element> whole = cpu::make_program<L>({.steps = steps,
                                                                       .nodes = nodes,
                                                                       .constants = constants,
                                                                       .exits = exits,
                                                                       .idle_rows = idle_rows,
                                                                       .places = places});
  static constexpr auto leaf_infos = LeafTable<C>::leaves();
  static constexpr auto leaf_text = LeafTable<C>::text();
};

}  // namespace tg::runtime
