// A network with its parameters: predicts, saves, loads.
// SPDX-License-Identifier: MIT
#pragma once
#include <tuple>

#include "typegrad/core/exception.hpp"
#include "typegrad/core/samples.hpp"
#include "typegrad/networks/integers.hpp"
#include "typegrad/runtime/inference.hpp"
#include "typegrad/runtime/lookup.hpp"
#include "typegrad/runtime/maps.hpp"
#include "typegrad/runtime/model_file.hpp"
#include "typegrad/runtime/options.hpp"
#include "typegrad/runtime/shared_table.hpp"

namespace tg {

namespace runtime {

// Takes the place of a network that is wrong, after the error that says so: nothing else is to go
// wrong.
struct StandIn {
  static constexpr Var define(Scope& s) {
    return relu(s.input("input", {1})) * s.parameter("weight", {1}, Zeros{});
  }
};
template <class Net>
using Usable = std::conditional_t<networks::right<Net>, Net, StandIn>;

}  // namespace runtime

// tg::Model<Net>, tg::Model<Net, tg::Cpu, tg::f64, tg::batch<1>>: a network on a backend, tg::Cpu
// or the program's default; dtype (f32) and the most samples of a call (any number) are options. Of
// tg::bf16 and tg::f16, parameters and values of each sample are stored so, what is given and
// returned is float: docs/half.md. A wrong network is one compile-time error.
template <class Net, class Backend = DefaultBackend, auto... Options>
class Model {
 public:
  static constexpr DType dtype = runtime::floating_option<Options...>();
  static constexpr int capacity = runtime::capacity_option<Options...>();
  using RunsOn = Backend;                         // of its trainers, too
  using Mode = runtime::mode_option<Options...>;  // the same
  using Element = element_t<arithmetic_of(dtype)>;
  using Kept = element_t<dtype>;  // of parameters
  using Network = runtime::Usable<Net>;

 private:
  using Initial = runtime::InitialValues<runtime::Inference<Network>, arithmetic_of(dtype)>;
  template <FixedString Name>
  using VariableMap = MatrixMap<runtime::KeptAs<Initial, Name, Element, Kept>>;

 public:
  static constexpr std::size_t inputs = input_shapes<Network>.size();
  static constexpr std::size_t outputs = output_shapes<Network>.size();
  using Input = Given<Network, Element>;  // of the first; std::int32_t for networks of integers

  // Whether these are its inputs: ranges of numbers, of integers where it has tg::Tokens.
  template <class... Ranges>
  static constexpr bool takes() {
    if constexpr (sizeof...(Ranges) != inputs)
      return false;
    else
      return []<std::size_t... I>(std::index_sequence<I...>) {
        return (ContiguousOf<Ranges, Given<Network, Element, int(I)>> && ...);
      }
    (std::index_sequence_for<Ranges...>{});
  }

  // Parameters get their first values from their fillers: the same for the same seed, on every
  // machine and backend.
  explicit Model(std::uint64_t seed = 0)
      : store(Initial::leaves()), predict(Predict::program(), Predict::leaves(), capacity) {
    static_assert(runtime::knows_capacity<typename Predict::Plan, capacity>());
    store.initialise(Initial::leaves(), Initial::compute(seed));
    store.bind(predict);
  }
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  // x: samples, each input_shape<Net>.size() numbers; a network of several inputs takes them in the
  // order of input_shapes<Net>. Returns samples x outputs in the model's own memory, valid until
  // the next call, which grows only for a larger batch; of several outputs an array:
  //   auto [mask, box] = model(image, depth);
  // Throws Error when x does not hold whole samples, as many in each, more than the capacity, or
  // integers that are too large.
  template <class... Ranges>
  requires(takes<Ranges...>() || !networks::right<Net>) auto operator()(const Ranges&... x) {
    if constexpr (!networks::right<Net>) {
      return MatrixMap<Element>{nullptr, 0, 0};
    } else {
      const std::int64_t samples = check(x...);
      std::size_t needed = 0;
      for (const Shape& shape : output_shapes<Network>) needed += width_of(shape);
      needed *= std::size_t(samples);
      if (own.size() < needed) own = AlignedBuffer<Element>(needed);
      std::array<Element*, outputs> results;
      Element* next = own.data();
      for (std::size_t i = 0; i < outputs; ++i) {
        results[i] = next;
        next += std::size_t(samples) * width_of(output_shapes<Network>[i]);
      }
      run(predict, results, samples, x...);
      return maps(results, samples, std::make_index_sequence<outputs>{});
    }
  }
  // The same into the caller's memory: model(x, out), with one `out` of samples x outputs numbers
  // for each output.
  template <class... Ranges>
  requires(sizeof...(Ranges) == inputs + outputs && networks::right<Net>) void operator()(
      Ranges&&... x_and_out) const {
    const auto all = std::forward_as_tuple(x_and_out...);
    [&]<std::size_t... In, std::size_t... Out>(std::index_sequence<In...>,
                                               std::index_sequence<Out...>) {
      const std::int64_t samples = check(std::get<In>(all)...);
      (check_room(std::get<inputs + Out>(all), samples * output_shapes<Network>[Out].size()), ...);
      give(predict, std::get<In>(all)...);
      (predict.bind_output_range(int(Out), std::get<inputs + Out>(all)), ...);
      predict.run(samples);
    }
    (std::make_index_sequence<inputs>{}, std::make_index_sequence<outputs>{});
  }

  // What the layer of that name gives for samples x: model.output_of<"branch.0">(x), samples x its
  // numbers. A program of its own, compiled only where it is asked for, and set up by each call.
  // Unknown names are a compile-time error.
  template <FixedString Name, class... Ranges>
  requires(takes<Ranges...>()) Matrix<Element> output_of(const Ranges&... x)
  const {
    using Asked = runtime::OutputOf<Network, Name>;
    using Probe =
        runtime::ProgramOf<Asked, Purpose::inference, dtype, capacity == 1 ? 1 : 0, Mode, Backend>;
    const std::int64_t samples = check(x...);
    Callable probe(Probe::program(), Probe::leaves(), capacity);
    store.bind(probe);
    Matrix<Element> result(samples, output_shape<Asked>.size());
    run(probe, std::array{result.data()}, samples, x...);
    return result;
  }

  // A parameter or state by its name, "0.weight", to read and write: rank 1 a column, higher ranks
  // first extent x the rest. Unknown names are a compile-time error. On a device, what is newer
  // there is brought back, and what is handed out counts as changed by the host when the device is
  // used next: ask again after that.
  template <FixedString Name>
  auto parameter() -> VariableMap<Name> {
    if constexpr (!networks::right<Net>)
      return {nullptr, 0, 0};
    else
      return runtime::map_of<runtime::KeptAs<Initial, Name, Element, Kept>>(
          store, store.list()[std::size_t(runtime::variable_number<Initial, Name>())]);
  }
  // The same, where an unknown name throws Error.
  template <FixedString Name>
  auto get() -> VariableMap<Name> {
    const runtime::Variable* v = store.find(hash(Name.view()));
    if (v == nullptr) fail("model", "no parameter or state is called '%s'", Name.text);
    return runtime::map_of<runtime::KeptAs<Initial, Name, Element, Kept>>(store, *v);
  }
  MatrixMap<Element> view(const runtime::Variable& v) {
    if constexpr (tg::is_half(dtype)) error::raise<error::stored_in_half<error::dtype<dtype>>>();
    return runtime::map_of<Element>(store, v);
  }
  // Every parameter and state, in the order in which the layers declare them.
  std::span<const runtime::Variable> variables() const { return store.list(); }
  using Memory = runtime::MemoryOf<Backend>;
  runtime::Variables<Element, Kept, Memory>& memory() { return store; }
  using Table = runtime::SharedTable<
      runtime::InitialValues<runtime::Inference<Network>, arithmetic_of(dtype)>>;

  // Copies every parameter and state from a model of another network, by their names; those of the
  // layers (or nodes) New and of the head of a tg::ReplaceHead stay as they are:
  //   model.adopt<"head">(trained);
  // What is missing there or has another shape is a compile-time error.
  template <FixedString... New, class Other>
  void adopt(const Other& other) {
    using Adoption = runtime::Adoption<Network, Initial, typename Other::Initial, New...>;
    if constexpr (networks::right<Net> && networks::right<typename Other::Network> &&
                  Adoption::possible()) {
      for (std::size_t i = 0; i < store.list().size(); ++i) {
        if (Adoption::result.from[i] < 0) continue;
        const runtime::Variable& to = store.list()[i];
        other.store.inspect(other.store.list()[std::size_t(Adoption::result.from[i])],
                            [&](const auto* from) {
                              store.visit(to, [&]<class Number>(Number* numbers) {
                                for (int n = 0; n < to.shape.size(); ++n)
                                  numbers[n] = Number(from[n]);
                              });
                            });
      }
    }
  }

  // Safetensors, or NumPy's format where the path ends with .npz ("typegrad/io/npz.hpp"), with the
  // names and layouts of torch.nn.Sequential. A file that cannot be read, or
  // that belongs to another network, throws Error and leaves the model as it was: the error lists
  // the tensors that are missing, unknown, or of another shape or type. Where all fit, but a
  // network of other layers saved them (tg::architecture_hash), options.any_architecture loads
  // them.
  void save(const std::string& path) const {
    runtime::save_model(path, store, architecture_hash<Network>);
  }
  void load(const std::string& path, const LoadOptions& options = {}) {
    runtime::load_model(path, store, architecture_hash<Network>, options);
  }

 private:
  using Predict = runtime::Prediction<Network, dtype, capacity, Mode, Backend>;
  using Callable = runtime::Callable<typename Predict::Program>;
  static constexpr std::size_t width_of(const Shape& shape) { return std::size_t(shape.size()); }
  template <class OtherNet, class OtherBackend, auto... OtherOptions>
  friend class Model;

  // How many samples there are, as many in each input.
  template <class... Ranges>
  static std::int64_t check(const Ranges&... x) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      std::int64_t samples = -1;
      ((samples = check_input<int(I)>(x, samples)), ...);
      return samples;
    }
    (std::index_sequence_for<Ranges...>{});
  }
  template <int Which, class Range>
  static std::int64_t check_input(const Range& x, std::int64_t expected) {
    const std::int64_t samples =
        runtime::count_samples(x, input_shapes<Network>[Which].size(), "model");
    if (expected >= 0 && samples != expected)
      fail("model", "%lld samples in input %d, expected %lld as in the first one",
           (long long)samples, Which, (long long)expected);
    if (capacity > 0 && samples > capacity)
      fail("model", "%lld samples, expected at most %d, its tg::batch", (long long)samples,
           capacity);
    networks::check_given<Network, Which>(x, samples, "model");
    return samples;
  }
  template <class Out>
  static void check_room(const Out& out, std::int64_t expected) {
    if (std::int64_t(out.size()) != expected)
      fail("model", "room for %lld numbers, expected %lld", (long long)out.size(),
           (long long)expected);
  }

  template <std::size_t... Out>
  static auto maps(const std::array<Element*, outputs>& results, std::int64_t samples,
                   std::index_sequence<Out...>) {
    if constexpr (outputs == 1)
      return MatrixMap<Element>{results[0], samples, output_shape<Network>.size()};
    else
      return std::array{
          MatrixMap<Element>{results[Out], samples, output_shapes<Network>[Out].size()}...};
  }

  template <class... Ranges>
  static void give(Callable& function, const Ranges&... x) {
    std::size_t leaf = 0;
    const auto give_one = [&](const auto& range) {
      while (function.leaves().infos[leaf].op != Op::input) ++leaf;
      function.bind_range(leaf++, range);
    };
    (give_one(x), ...);
  }
  template <std::size_t Results, class... Ranges>
  static void run(Callable& function, const std::array<Element*, Results>& results,
                  std::int64_t samples, const Ranges&... x) {
    give(function, x...);
    for (std::size_t i = 0; i < Results; ++i) function.bind_output(int(i), results[i]);
    function.run(samples);
  }

  runtime::Variables<Element, Kept, Memory> store;
  mutable Callable predict;
  AlignedBuffer<Element> own;
};

}  // namespace tg
