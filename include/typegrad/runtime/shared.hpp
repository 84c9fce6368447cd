// The variables that functions share: kept between calls, read and written from outside.
// SPDX-License-Identifier: MIT
#pragma once
#include <tuple>

#include "typegrad/runtime/maps.hpp"
#include "typegrad/runtime/model_file.hpp"
#include "typegrad/runtime/options.hpp"
#include "typegrad/runtime/program.hpp"
#include "typegrad/runtime/shared_table.hpp"

namespace tg {

template <class Definition, class Backend, auto... Options>
class Function;

namespace runtime {

// The default, asked for where F is: what is only named now may have been included by then.
template <class F>
struct DefaultBackendFor {
  using type = DefaultBackend;
};
// What a function needs of its variables, asked without compiling it. A definition stands for its
// function without options.
template <class F>
struct VariablesOf {
  using Element = float;
  using Kept = float;
  using Memory = MemoryOf<typename DefaultBackendFor<F>::type>;
  using FirstValues = InitialValues<F, f32>;
};
template <class Definition, class Backend, auto... Options>
struct VariablesOf<Function<Definition, Backend, Options...>> {
  using Element = element_t<arithmetic_of(floating_option<Options...>())>;
  using Kept = element_t<floating_option<Options...>()>;
  using Memory = MemoryOf<Backend>;
  using FirstValues = InitialValues<Definition, arithmetic_of(floating_option<Options...>())>;
};

}  // namespace runtime

// tg::Shared<TrainStep, Classify> state: every shared variable that the functions name, once, with
// the first value that the first of them gives it. A definition stands for its function in f32;
// others are named with their options:
//   tg::Shared<tg::Function<TrainStep, tg::Cpu, tg::f64>, tg::Function<Classify, tg::Cpu,
//   tg::f64>>.
// The variables live where the functions run: on a device, if all of them run on it. Then get()
// brings back what is newer there, and what it hands out counts as changed by the host when the
// device is used next; what nobody reads here stays there.
// Error: shared_differs.
template <class... Functions>
class Shared {
  template <class F>
  using Values = typename runtime::VariablesOf<F>::FirstValues;
  template <class F>
  using ElementOf = typename runtime::VariablesOf<F>::Element;
  template <class F>
  using KeptOf = typename runtime::VariablesOf<F>::Kept;
  template <class F>
  using MemoryOf = typename runtime::VariablesOf<F>::Memory;
  using First = std::tuple_element_t<0, std::tuple<Functions...>>;

 public:
  using Element = std::common_type_t<ElementOf<Functions>...>;
  using Kept = KeptOf<First>;  // of parameters
  static_assert((std::is_same_v<Element, ElementOf<Functions>> && ...) &&
                    (std::is_same_v<Kept, KeptOf<Functions>> && ...),
                "functions that share variables have one dtype");
  using Memory = std::conditional_t<(std::is_same_v<MemoryOf<First>, MemoryOf<Functions>> && ...),
                                    MemoryOf<First>, runtime::HostMemory>;
  using Table = runtime::SharedTable<Values<Functions>...>;
  static_assert(Table::agree());

  // First values are a function of the seed and the names alone.
  explicit Shared(std::uint64_t seed = 0) : store(Table::all()) {
    initialise(seed, std::index_sequence_for<Functions...>{});
  }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  // A variable by its name, "W", to read and write: a number is 1 x 1, rank 1 a column, higher
  // ranks first extent x the rest. Error: no_such_parameter.
  template <FixedString Name>
  auto get() {
    constexpr auto place = Table::find(hash(Name.view()));
    if constexpr (place.table < 0) {
      error::raise<error::no_such_parameter<error::name<Name>, typename Table::ThereAre>>();
      return MatrixMap<Element>{nullptr, 0, 0};
    } else {
      using Number = std::conditional_t<Table::info(place).op == Op::state, Element, Kept>;
      return runtime::map_of<Number>(store, *store.find(hash(Name.view())));
    }
  }

  // Every variable under its name: safetensors, or NumPy's format where the path ends with .npz
  // ("typegrad/io/npz.hpp"). A file that cannot be read, or holds other variables, throws Error and
  // leaves all as they were: the error lists the variables that are missing, unknown, or of another
  // shape or type.
  void save(const std::string& path) const { runtime::save_variables(path, store, {}); }
  void load(const std::string& path, const LoadOptions& options = {}) {
    runtime::take_variables(runtime::read_variables(path, store, options.reject_nan), store);
  }

  // Every variable, in the order of its first declaration.
  std::span<const runtime::Variable> variables() const { return store.list(); }
  runtime::Variables<Element, Kept, Memory>& memory() { return store; }

 private:
  // The last one first: where two give a first value, the first one's stays.
  template <std::size_t... I>
  void initialise(std::uint64_t seed, std::index_sequence<I...>) {
    using All = std::tuple<Values<Functions>...>;
    (
        [&] {
          using Some = std::tuple_element_t<sizeof...(I) - 1 - I, All>;
          store.initialise(Some::leaves(), Some::compute(seed));
        }(),
        ...);
  }

  runtime::Variables<Element, Kept, Memory> store;
};

}  // namespace tg
