// A network with its parameters: predicts, saves, loads.
// SPDX-License-Identifier: MIT
#pragma once
#include <Eigen/Core>

#include "typegrad/core/exception.hpp"
#include "typegrad/core/samples.hpp"
#include "typegrad/networks/integers.hpp"
#include "typegrad/runtime/function.hpp"
#include "typegrad/runtime/model_file.hpp"
#include "typegrad/runtime/options.hpp"
#include "typegrad/runtime/variables.hpp"

namespace tg {

// A rectangle of numbers in somebody's memory, row by row.
template <class T>
using MatrixMap = Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

namespace runtime {

template <class Net>
struct Inference {
  using Network = Net;
  static constexpr Var define(Scope& s) { return Net::define(s); }
};

// Takes the place of a network that is wrong, after the error that says so: nothing else is to go
// wrong.
struct StandIn {
  static constexpr Var define(Scope& s) { return relu(s.input("input", {1})); }
};
template <class Net>
using Usable = std::conditional_t<networks::right<Net>, Net, StandIn>;

// A program whose tiles wait for each other needs to know how many samples a call has.
template <class Function, int Capacity>
constexpr bool knows_capacity() {
  if constexpr (Function::across_levels && Capacity == 0)
    error::raise<error::needs_batch_capacity<error::limit<Capacity>>>();
  return true;
}

// How many samples a range of numbers holds. Throws Error unless it is at least one, whole, and of
// the right width.
template <class Range>
std::int64_t count_samples(const Range& range, std::int64_t width, const char* what) {
  const std::int64_t size = std::int64_t(range.size());
  if constexpr (requires {
                  range.cols();
                  range.rows();
                }) {
    if (range.cols() != width && !(range.cols() == 1 && range.rows() == width))
      throw Error(std::string(what) + ": rows of " + std::to_string(range.cols()) +
                  " numbers, expected rows of " + std::to_string(width));
  }
  if constexpr (requires {
                  range.shape().size();
                  range.count();
                }) {
    if (range.shape().size() != width)
      throw Error(std::string(what) + ": samples of " + std::to_string(range.shape().size()) +
                  " numbers, expected samples of " + std::to_string(width));
  }
  if (size == 0 || size % width != 0)
    throw Error(std::string(what) + ": " + std::to_string(size) +
                " numbers, expected a positive multiple of " + std::to_string(width));
  return size / width;
}

}  // namespace runtime

// tg::Model<Net>, tg::Model<Net, tg::Cpu, tg::f64, tg::batch<1>>: a network on a backend; dtype
// (f32) and the most samples of a call (any number) are options. A wrong network is one
// compile-time error.
template <class Net, class Backend = Cpu, auto... Options>
class Model {
 public:
  static constexpr DType dtype = runtime::floating_option<Options...>();
  static constexpr int capacity = runtime::capacity_option<Options...>();
  using Element = element_t<dtype>;
  using Network = runtime::Usable<Net>;
  using Input = Given<Network, Element>;  // std::int32_t for networks of integers

  // Parameters get their first values from their fillers: the same for the same seed, on every
  // machine and backend.
  explicit Model(std::uint64_t seed = 0)
      : store(Initial::leaves()), predict(Predict::program(), Predict::leaves(), capacity) {
    static_assert(runtime::knows_capacity<Predict, capacity>());
    store.initialise(Initial::leaves(), Initial::nodes(), Initial::rows(), seed);
    store.bind(predict);
  }
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  // x: samples, each input_shape<Net>.size() numbers. Returns samples x outputs in the model's own
  // memory, valid until the next call; it grows only for a larger batch. Throws Error when x does
  // not hold whole samples, more than the capacity, or integers that are too large.
  template <ContiguousOf<Input> Range>
  MatrixMap<Element> operator()(const Range& x) {
    const std::int64_t samples = check(x);
    const std::size_t needed = std::size_t(samples) * outputs;
    if (own.size() < needed) own = cpu::AlignedBuffer<Element>(needed);
    run(x.data(), own.data(), samples);
    return {own.data(), samples, Eigen::Index(outputs)};
  }
  // The same into `out`, which holds samples x outputs numbers.
  template <ContiguousOf<Input> Range, class Out>
  void operator()(const Range& x, Out&& out) const {
    const std::int64_t samples = check(x);
    if (std::int64_t(out.size()) != samples * std::int64_t(outputs))
      throw Error("model: room for " + std::to_string(out.size()) + " numbers, expected " +
                  std::to_string(samples * outputs));
    run(x.data(), out.data(), samples);
  }

  // A parameter or state by its name, "0.weight", to read and write: rank 1 a column, higher ranks
  // first extent x the rest.
  template <FixedString Name>
  MatrixMap<Element> get() {
    const runtime::Variable* v = store.find(hash(Name.view()));
    if (v == nullptr)
      throw Error("model: no parameter or state is called '" + std::string(Name.view()) + "'");
    return view(*v);
  }
  MatrixMap<Element> view(const runtime::Variable& v) {
    const int rows = v.shape.rank() == 0 ? 1 : v.shape[0];
    return {store.data(v), rows, v.shape.size() / rows};
  }
  // Every parameter and state, in the order in which the layers declare them.
  std::span<const runtime::Variable> variables() const { return store.list(); }
  runtime::Variables<Element>& memory() { return store; }

  // Safetensors, with the names and layouts of torch.nn.Sequential. A file that cannot be read, or
  // that belongs to another network, throws Error and leaves the model as it was.
  void save(const std::string& path) const { runtime::save_model(path, store); }
  void load(const std::string& path, bool reject_nan = false) {
    runtime::load_model(path, store, reject_nan);
  }

 private:
  using Initial = runtime::InitialValues<runtime::Inference<Network>, dtype>;
  using Predict = runtime::Function<runtime::Inference<Network>, Purpose::inference, dtype,
                                    capacity == 1 ? 1 : 0>;
  static constexpr std::size_t outputs = std::size_t(output_shape<Network>.size());

  template <class Range>
  std::int64_t check(const Range& x) const {
    const std::int64_t samples = runtime::count_samples(x, input_shape<Network>.size(), "model");
    if (capacity > 0 && samples > capacity)
      throw Error("model: " + std::to_string(samples) + " samples, expected at most " +
                  std::to_string(capacity) + ", its tg::batch");
    networks::check_given<Network, Input>(x.data(), samples, "model");
    return samples;
  }
  void run(const Input* x, Element* out, std::int64_t samples) const {
    for (std::size_t leaf = 0; leaf < predict.leaves().infos.size(); ++leaf)
      if (predict.leaves().infos[leaf].op == Op::input) predict.bind_given(leaf, x);
    predict.bind_output(0, out);
    predict.run(samples);
  }

  runtime::Variables<Element> store;
  mutable runtime::Callable<Element> predict;
  cpu::AlignedBuffer<Element> own;
};

}  // namespace tg
