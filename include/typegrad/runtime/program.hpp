// A definition compiled for a backend: constant tables.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/reference/compute.hpp"
#include "typegrad/networks/report.hpp"
#include "typegrad/runtime/callable.hpp"
#include "typegrad/runtime/compiled.hpp"
#include "typegrad/runtime/default_backend.hpp"
#include "typegrad/runtime/first_values.hpp"

namespace tg::runtime {

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
  if constexpr (!C::fault && !passes::counts_exactly(C::optimised)) {
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
                                  .name = ir::name_of(C::optimised[id])};
    return result;
  }();
};
// The first node that a backend cannot compute from halves; -1 when there is none.
template <class Backend>
constexpr int without_half_form(const ir::Graph& graph) {
  if constexpr (requires { Backend::without_half_form(graph); })
    return Backend::without_half_form(graph);
  else
    return cpu::without_half_form(graph);
}
// True when everything can be computed from numbers that are stored so.
template <class Definition, class C, DType stored_as, class Backend>
constexpr bool explain_storage() {
  if constexpr (tg::is_half(stored_as) && !C::fault) {
    constexpr int id = without_half_form<Backend>(C::optimised);
    if constexpr (id >= 0)
      return error::explain<networks::Report<typename NetworkOf<Definition>::type,
                                             WithoutHalfForm<C, id, stored_as>, Definition>>();
  }
  return true;
}

// C's recording, with the fault that a backend has no kernel for node `id` of its optimised graph.
template <class C, int id>
struct WithoutKernel {
  static constexpr ir::Recording recording = [] {
    ir::Recording result = C::recording;
    const ir::Node& node = C::optimised[id];
    result.builder.graph.fault = {.kind = FaultKind::no_kernel,
                                  .scope = node.scope,
                                  .place = node.place,
                                  .name = ir::name_of(node)};
    return result;
  }();
};
template <class Definition, class C, int id, class Backend>
struct KernelReport
    : networks::Report<typename NetworkOf<Definition>::type, WithoutKernel<C, id>, Definition> {
  using More = decltype(networks::join(error::words<error::backend<Backend>>{},
                                       networks::spell_line<typename KernelReport::Report>()));
};
// True when the backend has a kernel for every operation: Backend::without_kernel(graph) is the
// first node that has none, or -1.
template <class Definition, class C, class Backend>
constexpr bool explain_kernels() {
  if constexpr (requires { Backend::without_kernel(C::optimised); } && !C::fault) {
    constexpr int id = Backend::without_kernel(C::optimised);
    if constexpr (id >= 0) return error::explain<KernelReport<Definition, C, id, Backend>>();
  }
  return true;
}

// Definition: static constexpr … define(Scope&). Its plan: what it needs is known, no kernel yet.
// `floating` is how its numbers are stored. What `Backend` makes of it: runtime/backend.hpp.
template <class Definition, Purpose purpose, DType floating, int Capacity = 0, class M = Mode<>,
          class Backend = Cpu>
struct PlanOf {
  using C = Compiled<Definition, purpose, arithmetic_of(floating), M>;
  static constexpr bool right =
      explain_definition<Definition, C>() && explain_storage<Definition, C, floating, Backend>() &&
      explain_kernels<Definition, C, Backend>() && explain_backend<Backend>();
  static constexpr ir::GraphOf<1> nothing{};
  // After a fault, nothing that could be another.
  static constexpr const auto& usable() {
    if constexpr (right)
      return C::optimised;
    else
      return nothing;
  }
  struct Source {
    static constexpr const auto& graph = usable();
    static constexpr int leaves = C::recording.leaves.size();
    static constexpr DType dtype = arithmetic_of(floating);
    static constexpr DType stored_as = floating;
    static constexpr int capacity =
        Capacity == 1 ? 1 : 0;  // other capacities are run-time numbers: no code of their own
    static constexpr bool fuses = C::Pipeline::fuses(), specialises = C::Pipeline::specialises();
    static constexpr std::uint64_t key_of(int leaf) { return ir::hash_of_name(C::recording, leaf); }
    static constexpr auto places() { return place_table<C>(); }
  };
  using L = typename UsableBackend<Backend>::template Lowered<Source>;
};

// Its tables. They are constants of this class: the only symbols that spell the definition are its
// own.
template <class Definition, Purpose purpose, DType floating, int Capacity = 0, class M = Mode<>,
          class Backend = Cpu>
class ProgramOf {
 public:
  using Plan = PlanOf<Definition, purpose, floating, Capacity, M, Backend>;
  using Program = typename Plan::L::Program;
  using Element = typename Program::Element;

  static const Program& program() { return whole; }
  static Leaves leaves() { return {leaf_infos, leaf_text.data()}; }

 private:
  using C = typename Plan::C;
  using L = typename Plan::L;
  template <int Which>
  static constexpr auto table =
      L::template table<Which>();  // each with the compiler's whole budget
  static constexpr Program whole = []<int... Which>(std::integer_sequence<int, Which...>) {
    return L::program(table<Which>...);
  }
  (std::make_integer_sequence<int, L::tables>{});
  static constexpr auto leaf_infos = LeafTable<C>::leaves();
  static constexpr auto leaf_text = LeafTable<C>::text();
};

}  // namespace tg::runtime
