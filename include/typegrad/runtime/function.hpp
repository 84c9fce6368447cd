// A definition as a function: symbols in, numbers out, shared variables updated.
// SPDX-License-Identifier: MIT
#pragma once
#include <bit>
#include <limits>
#include <tuple>
#include <vector>

#include "typegrad/core/samples.hpp"
#include "typegrad/networks/integers.hpp"
#include "typegrad/runtime/function_checks.hpp"
#include "typegrad/runtime/maps.hpp"
#include "typegrad/runtime/options.hpp"
#include "typegrad/runtime/results.hpp"
#include "typegrad/runtime/shared.hpp"
#include "typegrad/runtime/watch.hpp"

namespace tg {

// tg::Function<F>, tg::Function<F, tg::Cpu, tg::f64, tg::batch<64>>: a definition compiled for a
// backend. Options are those of Model, and tg::training: s.training() is true (false without),
// tg::observed, tg::debug_mode, tg::unchecked, tg::allow_unused_inputs.
// A call takes the inputs, labels and arguments that its outputs and updates need, in the order in
// which the definition declares them, and returns its outputs; the last of them may be left out
// where the definition says what they are then, tg::otherwise(0.1):
//   float cost = train(images, labels);
//   auto [out, cost] = monitor(x, y);           // several are a tuple; an output is called as its
//   double cost = monitor(x, y).get<"cost">();  // symbol is: s.named("cost", …), or its
//   declaration
// A number for the whole call is returned as one; a number per sample as a column; other values per
// sample as a row-major map, samples x elements; shared ones as Shared::get gives variables. Maps
// show the function's own memory, and are valid until its next call. Outputs are computed, and
// updates made, from the values that the variables had before the call.
// Errors: those of the definition, unused_input, not_shared, variables_elsewhere, wrong_arguments,
// wrong_element.
template <class Definition, class Backend = DefaultBackend, auto... Options>
class Function {
 public:
  static constexpr DType dtype = runtime::floating_option<Options...>();
  static constexpr int capacity = runtime::capacity_option<Options...>();
  static constexpr Purpose purpose = runtime::purpose_option<Options...>();
  using Element = element_t<arithmetic_of(dtype)>;
  using Kept = element_t<dtype>;  // of parameters: docs/half.md
  using InitialValues = runtime::InitialValues<Definition, arithmetic_of(dtype)>;

 private:
  // (Program::Plan is the same type; to name it there would compile the kernels.)
  using Plan = runtime::PlanOf<Definition, purpose, dtype, capacity == 1 ? 1 : 0,
                               runtime::mode_option<Options...>, Backend>;
  using Program = runtime::ProgramOf<Definition, purpose, dtype, capacity == 1 ? 1 : 0,
                                     runtime::mode_option<Options...>, Backend>;
  using Compiled = typename Plan::C;
  using Signature = runtime::Signature<Compiled>;
  static constexpr std::size_t argument_count = std::size_t(Signature::argument_count);
  static constexpr std::size_t result_count = std::size_t(Signature::result_count);
  static constexpr int minimum_samples = Compiled::recording.minimum_samples;
  static constexpr bool right = Plan::right;
  static constexpr bool is_checked = !runtime::has_option<Unchecked, Options...>();
  static constexpr bool is_debugged =
      runtime::has_option<DebugMode, Options...>() && runtime::MemoryOf<Backend>::is_host;
  static constexpr bool is_observed = is_debugged || runtime::has_option<Observed, Options...>();
  // Whoever names the type learns what is wrong with the definition.
  static_assert(runtime::explain_function<Plan, Signature, Backend, capacity, Options...>());

 public:
  // Kernels that a call launches, on a backend that launches some.
  static consteval int launches() { return Plan::L::launches; }

  // Of a definition without shared variables.
  Function() : Function(Unbound{}) { static_assert(finds_all_in<runtime::SharedTable<>>()); }
  // Its variables are those of a tg::Shared or a tg::Model, which must outlive it.
  template <class Store>
  requires requires { typename Store::Table; }
  explicit Function(Store& store) : Function(Unbound{}) {
    static_assert(finds_all_in<typename Store::Table>());
    const runtime::Variables<Element, Kept, typename Store::Memory>& variables = store.memory();
    if constexpr (reaches<Store>()) variables.bind(callable);
  }
  Function(const Function&) = delete;
  Function& operator=(const Function&) = delete;

  // Throws Error when what is given does not fit: other widths or numbers of samples, more than the
  // capacity, integers that choose nothing. With tg::unchecked the caller knows that it fits.
  template <class... Given>
  auto operator()(const Given&... given) {
    if constexpr (accepts<Given...>()) {
      const std::int64_t samples = bind(std::index_sequence_for<Given...>{}, given...);
      check_count(samples);
      bind_left_out<sizeof...(Given)>(samples);
      provide(samples, std::make_index_sequence<result_count>{});
      run(samples);
    }
    return deliver(std::make_index_sequence<result_count>{});
  }
  // The same into tensors, one for each output behind all arguments: f(x, y, out). Where they live
  // on the function's device, nothing is copied. Their numbers are of the function's dtype, also
  // where they are whole. Throws Error when one has another size than its output.
  template <class... Ranges>
  requires(runtime::gives_tensors<argument_count, result_count, Ranges...>()) void operator()(
      Ranges&&... given_and_results) {
    const auto all = std::forward_as_tuple(given_and_results...);
    [&]<std::size_t... In, std::size_t... Out>(std::index_sequence<In...> inputs,
                                               std::index_sequence<Out...>) {
      if constexpr (accepts<std::remove_cvref_t<decltype(std::get<In>(all))>...>()) {
        const std::int64_t samples = bind(inputs, std::get<In>(all)...);
        check_count(samples);
        last_samples = samples;
        (bind_result<Out>(std::get<argument_count + Out>(all)), ...);
        run(samples);
      }
    }
    (std::make_index_sequence<argument_count>{}, std::make_index_sequence<result_count>{});
  }

  // The settings of an aggregate (s.setting<&Adam::learning_rate>()) for the calls that follow.
  // Those of a new one before the first.
  template <class Aggregate>
  void set(const Aggregate& aggregate) {
    callable.read(aggregate);
  }

  // True; a variable that is not among those of a Shared::Table is an error. Error: not_shared.
  template <class Table>
  static consteval bool finds_all_in() {
    constexpr int missing = [] {
      for (int leaf = 0; leaf < Compiled::recording.leaves.size(); ++leaf) {
        const Op op = Compiled::recording.graph()[Compiled::recording.leaves[leaf].node].op;
        if ((op == Op::state || op == Op::parameter) &&
            Table::find(ir::hash_of_name(Compiled::recording, leaf)).table < 0)
          return leaf;
      }
      return -1;
    }();
    if constexpr (missing >= 0 && right)
      error::raise<error::not_shared<error::name<Signature::template name<missing>()>,
                                     typename Table::ThereAre>>();
    return true;
  }

  // True where the variables' memory is; else an error. Error: variables_elsewhere.
  template <class Store>
  static consteval bool reaches() {
    using Memory = typename Store::Memory;
    constexpr bool result = std::is_same_v<Memory, runtime::HostMemory> ||
                            std::is_same_v<Memory, runtime::MemoryOf<Backend>>;
    if constexpr (!result)
      error::raise<error::variables_elsewhere<typename Store::Table::ThereAre>>();
    return result;
  }

  // Of a function with the option tg::observed: the observer is shown every step of every call, and
  // must outlive it.
  void observe(Observer& observer) requires(is_observed) { watch.watched.add(observer); }

  std::uint64_t seed = 0;  // of random numbers, which are new in each call

 private:
  template <std::size_t I>
  using Numbers = std::conditional_t<is_floating(Signature::arguments[I].dtype), Element,
                                     element_t<Signature::arguments[I].dtype>>;
  template <std::size_t I>
  using ResultElement = std::conditional_t<is_floating(Signature::results[I].dtype), Element,
                                           element_t<Signature::results[I].dtype>>;

  struct Unbound {};
  explicit Function(Unbound) : callable(watch.callable(Program::leaves(), capacity)) {
    if constexpr (is_debugged) watch.watched.add(check);
  }

  template <class... Given>
  static consteval bool accepts() {
    if constexpr (!right) {
      return false;
    } else if constexpr (sizeof...(Given) > argument_count ||
                         sizeof...(Given) < std::size_t(Signature::required_count)) {
      error::raise<
          error::wrong_arguments<error::inputs<sizeof...(Given)>, typename Signature::Takes>>();
      return false;
    } else {
      return []<std::size_t... I>(std::index_sequence<I...>) {
        return (accepts_one<I, Given>() && ...);
      }
      (std::index_sequence_for<Given...>{});
    }
  }
  template <std::size_t I, class Given>
  static consteval bool accepts_one() {
    constexpr bool whole = std::is_integral_v<Given> || is_floating(Signature::arguments[I].dtype);
    constexpr bool number = Number<Given> && whole && Signature::arguments[I].shape.size() == 1;
    constexpr bool fits = number || ContiguousOf<Given, Numbers<I>>;
    if constexpr (!fits)
      error::raise<error::wrong_element<
          error::name<Signature::template name<Signature::arguments[I].leaf>()>,
          error::dtype<is_floating(Signature::arguments[I].dtype)
                           ? arithmetic_of(dtype)
                           : Signature::arguments[I].dtype>>>();
    return fits;
  }

  // Binds every argument; how many samples they have: 1 where none is per sample.
  template <std::size_t... I, class... Given>
  std::int64_t bind(std::index_sequence<I...>, const Given&... given) {
    std::int64_t samples = -1;
    ((samples = bind_one<I>(given, samples)), ...);
    return samples < 0 ? 1 : samples;
  }
  template <std::size_t I, class Given>
  std::int64_t bind_one(const Given& given, std::int64_t expected) {
    if constexpr (Number<Given>) {
      const auto number = Numbers<I>(given);
      return bind_one<I>(std::span(&number, 1), expected, true);
    } else {
      return bind_one<I>(given, expected, false);
    }
  }
  // `copy`: what is given does not outlive the binding.
  template <std::size_t I, class Range>
  std::int64_t bind_one(const Range& given, std::int64_t expected, bool copy) {
    constexpr runtime::Argument argument = Signature::arguments[I];
    expected = check_size<I>(given, expected);
    if constexpr (!is_floating(argument.dtype)) {
      check_choices<I>(given.data(), given.size());
      check_exact<I>(given.data(), given.size());
    }
    const std::size_t leaf = std::size_t(argument.leaf);
    if constexpr (!is_floating(argument.dtype) && argument.per_sample()) {
      if (copy || !std::is_same_v<Numbers<I>, std::int32_t>) {
        runtime::convert(integers[I], given.data(), given.size());
        callable.bind_given(leaf, integers[I].data());
      } else {
        callable.bind_range(leaf, given);
      }
    } else if (copy || !is_floating(argument.dtype)) {
      runtime::convert(reals[I], given.data(), given.size());
      callable.bind(leaf, reals[I].data());
    } else {
      callable.bind_range(leaf, given);
    }
    return expected;
  }
  // Binds the arguments from number I on to the values that they have in the definition.
  template <std::size_t I>
  void bind_left_out([[maybe_unused]] std::int64_t samples) {
    if constexpr (I < argument_count) {
      constexpr runtime::Argument argument = Signature::arguments[I];
      const auto value = Numbers<I>(argument.otherwise.value);
      const std::size_t size =
          std::size_t(argument.shape.size()) * (argument.per_sample() ? std::size_t(samples) : 1);
      if constexpr (!is_floating(argument.dtype)) {
        check_choices<I>(&value, 1);
        check_exact<I>(&value, 1);
      }
      if constexpr (!is_floating(argument.dtype) && argument.per_sample()) {
        integers[I].assign(size, std::int32_t(value));
        callable.bind_given(std::size_t(argument.leaf), integers[I].data());
      } else {
        reals[I].assign(size, Element(value));
        callable.bind(std::size_t(argument.leaf), reals[I].data());
      }
      bind_left_out<I + 1>(samples);
    }
  }
  // The number of samples, when it is known now.
  template <std::size_t I, class Range>
  static std::int64_t check_size(const Range& given, std::int64_t expected) {
    constexpr runtime::Argument argument = Signature::arguments[I];
    if constexpr (!is_checked) {
      if (!argument.per_sample() || expected >= 0) return expected;
      return std::int64_t(given.size()) / argument.shape.size();
    } else if constexpr (argument.per_sample()) {
      const std::int64_t count = runtime::count_samples(given, argument.shape.size(), "function");
      if (expected >= 0 && count != expected)
        fail("function", "%lld samples in argument %zu, expected %lld as in those before",
             (long long)count, I, (long long)expected);
      return count;
    } else {
      runtime::check_row_major(given, "function");
      if (std::int64_t(given.size()) != argument.shape.size())
        fail("function", "%zu numbers in argument %zu, expected %d", std::size_t(given.size()), I,
             argument.shape.size());
      return expected;
    }
  }
  template <std::size_t I>
  static void check_choices(const Numbers<I>* given, std::size_t count) {
    constexpr int among = Signature::arguments[I].among;
    if constexpr (is_checked && among < std::numeric_limits<int>::max())
      for (std::size_t i = 0; i < count; ++i)
        if (std::int64_t(given[i]) < 0 || std::int64_t(given[i]) >= among) {
          const std::string line = ir::at_line(ir::text_of(Signature::arguments[I].chooses));
          fail("function", "integer %lld at %zu of argument %zu%s%s, expected 0 to %d",
               (long long)given[i], i, I, line.empty() ? "" : ", which chooses", line.c_str(),
               among - 1);
        }
  }
  // Integers lie among numbers of the function's dtype; those per sample come as 32 bits.
  template <std::size_t I>
  static void check_exact(const Numbers<I>* given, std::size_t count) {
    constexpr runtime::Argument argument = Signature::arguments[I];
    constexpr std::int64_t all = std::int64_t(passes::exact_to(dtype)), narrow = std::int64_t(1)
                                                                                 << 31;
    constexpr std::int64_t limit = argument.per_sample() && narrow < all ? narrow : all;
    if constexpr (is_checked && limit <= std::numeric_limits<Numbers<I>>::max() &&
                  argument.among > limit)
      for (std::size_t i = 0; i < count; ++i)
        if (given[i] <= -limit || given[i] >= limit)
          fail("function", "integer %lld at %zu of argument %zu: from 2^%d on they are not exact%s",
               (long long)given[i], i, I, int(std::bit_width(std::uint64_t(limit)) - 1),
               dtype == f32 ? " in f32; a function of f64 has more" : "");
  }
  static void check_count([[maybe_unused]] std::int64_t samples) {
    if constexpr (!is_checked) return;
    if (capacity > 0 && samples > capacity)
      fail("function", "%lld samples, expected at most %d, its tg::batch", (long long)samples,
           capacity);
    if (samples < minimum_samples)
      fail("function", "%lld samples, expected at least %d: the definition normalises over them",
           (long long)samples, minimum_samples);
  }

  void run(std::int64_t samples) {
    if constexpr (is_debugged) check.before_call(callable, samples, seed, calls);
    callable.run(samples, seed, calls++);
    if constexpr (is_debugged) check.after_call(callable);
  }
  template <std::size_t Which, class Result>
  void bind_result(Result& result) {
    static_assert(ContiguousOf<Result, Element>, "typegrad: a tensor of the function's dtype");
    if (result.size() != size_of(Which))
      fail("function", "room for %zu numbers in output %zu, expected %zu", result.size(), Which,
           size_of(Which));
    callable.bind_output_range(int(Which), result);
  }

  // Numbers of a result of the last call.
  std::size_t size_of(std::size_t which) const {
    return std::size_t(Signature::results[which].shape.size()) *
           (Signature::results[which].per_sample ? std::size_t(last_samples) : 1);
  }
  // Memory for the results of so many samples, which grows only.
  template <std::size_t... I>
  void provide(std::int64_t samples, std::index_sequence<I...>) {
    last_samples = samples;
    [[maybe_unused]] const auto one = [&](std::size_t which) {
      const std::size_t needed = size_of(which);
      if (made[which].size() < needed) made[which] = AlignedBuffer<Element>(needed);
      callable.bind_output(int(which), made[which].data());
    };
    (one(I), ...);
  }

  template <std::size_t... I>
  auto deliver(std::index_sequence<I...>) {
    if constexpr (sizeof...(I) == 1)
      return (deliver_one<I>(), ...);
    else if constexpr (sizeof...(I) > 1)
      return runtime::Results<Compiled, decltype(deliver_one<I>())...>{deliver_one<I>()...};
  }
  template <std::size_t I>
  auto deliver_one() {
    using E = ResultElement<I>;
    constexpr runtime::Result result = Signature::results[I];
    E* data;
    if constexpr (std::is_same_v<E, Element>) {
      data = made[I].data();
    } else {
      auto& room = std::get<I>(converted);
      runtime::convert(room, made[I].data(), size_of(I));
      data = room.data();
    }
    if constexpr (result.shape == Shape{} && !result.per_sample)
      return right ? data[0] : E(0);
    else if constexpr (result.per_sample && result.shape.rank() == 0)
      return VectorMap<E>(data, last_samples);
    else if constexpr (result.per_sample)
      return MatrixMap<E>(data, last_samples, result.shape.size());
    else if constexpr (result.shape.rank() == 1)
      return VectorMap<E>(data, result.shape[0]);
    else
      return MatrixMap<E>(data, result.shape[0], result.shape.size() / result.shape[0]);
  }

  template <std::size_t... I>
  static auto result_rooms(std::index_sequence<I...>)
      -> std::tuple<std::vector<ResultElement<I>>...>;

  [[no_unique_address]] runtime::Watch<Program, is_observed> watch;
  [[no_unique_address]] std::conditional_t<is_debugged, runtime::DebugCheck<Program>,
                                           runtime::NoCheck>
      check;
  runtime::Callable<typename Program::Program> callable;
  std::array<std::vector<Element>, argument_count> reals;  // numbers that were given by value
  std::array<std::vector<std::int32_t>, argument_count> integers;  // and integers
  std::array<AlignedBuffer<Element>, result_count> made;
  decltype(result_rooms(std::make_index_sequence<result_count>{})) converted;
  std::int64_t last_samples = 0;
  std::uint64_t calls = 0;
};

}  // namespace tg
