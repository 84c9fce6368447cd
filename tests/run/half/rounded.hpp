// A layer in half precision, output and gradients, against the reference that rounds where memory
// does.
// SPDX-License-Identifier: MIT
#pragma once
#include <cmath>
#include <vector>

#include "tests/catch.hpp"
#include "tests/run/backends/subject.hpp"
#include "typegrad/backends/reference/evaluation.hpp"

namespace tg::test {

template <class S>
constexpr float rounded(float x) {
  return S(x);
}

// How far numbers are from others, in units of the largest of those.
struct Distance {
  double largest = 0, typical = 0;  // the root of the mean square
};
inline Distance distance(const std::vector<float>& a, const std::vector<float>& b) {
  double most = 1e-30, worst = 0, squares = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    most = std::max(most, std::abs(double(b[i])));
    const double d = std::abs(double(a[i]) - double(b[i]));
    worst = std::isnan(d) ? INFINITY : std::max(worst, d);
    squares += d * d;
  }
  return {worst / most, std::sqrt(squares / double(b.size())) / most};
}

// A definition D (a Probe) and memory for its leaves.
template <class D, DType stored_as, Purpose purpose, class Backend>
class HalfSubject {
 public:
  using Program = runtime::ProgramOf<D, purpose, stored_as, 0, Mode<>, Backend>;
  using L = typename Program::Plan::L;
  using S = element_t<stored_as>;
  static constexpr ir::Recording recording = record<D>(purpose, f32);

  explicit HalfSubject(int sample_count) : samples(sample_count) { forget(); }

  // Leaves as they were at first: a call may have updated states.
  void forget() {
    values.clear(), halves.clear(), integers.clear();
    const Leaves all = Program::leaves();
    for (std::size_t leaf = 0; leaf < all.infos.size(); ++leaf) {
      const auto& info = all.infos[leaf];
      const bool per_sample = info.op == Op::input || info.op == Op::label;
      values.emplace_back(std::size_t(info.shape.size() * (per_sample ? samples : 1)));
      halves.emplace_back(values.back().size());
      integers.emplace_back(values.back().size());
      Random random(leaf, 17);
      for (std::size_t i = 0; i < values.back().size(); ++i) {
        float number = float(random.between(info.op == Op::state ? 0.5 : -1, 1));
        if (!is_floating(info.dtype) && info.op != Op::state) number = float(random.below(3));
        if (info.op == Op::parameter) number = S(number);
        values.back()[i] = number;
        halves.back()[i] = S(number);
        integers.back()[i] = int(number);
      }
    }
  }

  // Outputs, then the gradients of the parameters: by the backend, on so many threads of the CPU …
  std::vector<std::vector<float>> computed(int threads) {
    using Executor = typename L::Program::Executor;
    if constexpr (std::is_same_v<Backend, Cpu>) {
      ThreadPool pool(threads);
      Executor executor(Program::program(), samples, pool);
      return computed_by(executor);
    } else {
      Executor executor(Program::program(), samples);
      return computed_by(executor);
    }
  }
  template <class Executor>
  std::vector<std::vector<float>> computed_by(Executor& executor) {
    const Leaves all = Program::leaves();
    std::vector<std::vector<float>> results = room();
    std::size_t next = outputs();
    for (std::size_t leaf = 0; leaf < all.infos.size(); ++leaf) {
      const auto& info = all.infos[leaf];
      void* memory = values[leaf].data();
      if (info.op == Op::parameter) memory = halves[leaf].data();
      if (!is_floating(info.dtype) && info.op != Op::state) memory = integers[leaf].data();
      executor.bind(passes::leaf_slot(int(leaf)), static_cast<float*>(memory));
      if (info.op == Op::parameter && next < results.size())
        executor.bind(passes::gradient_slot(int(leaf)), results[next++].data());
    }
    for (std::size_t i = 0; i < outputs(); ++i)
      executor.bind(2 * int(all.infos.size()) + int(i), results[i].data());
    executor.run(samples, 5, 3);
    return results;
  }

  // … and by the reference, which rounds, or does not.
  std::vector<std::vector<float>> expected(bool rounds) const {
    static constexpr auto nodes = passes::rounded_nodes<L>();
    reference::Bindings<float> bindings(recording, 5, 3);
    for (std::size_t leaf = 0; leaf < values.size(); ++leaf)
      bindings.set(int(leaf), values[leaf].data());
    const reference::Rounding<float> rounding{&rounded<S>, rounds ? nodes.data() : nullptr};
    reference::Evaluation<float> evaluation(L::graph, bindings, samples,
                                            reference::reference_rows<float>, rounding);
    std::vector<std::vector<float>> results(room().size());
    for (int id = 0; id < L::graph.size(); ++id) {
      const ir::Node& node = L::graph[id];
      if (node.op != Op::output && node.op != Op::train) continue;
      const float* numbers = evaluation.value(id);
      results[place_of(node)] = std::vector<float>(
          numbers, numbers + evaluation.size(node.operand[node.op == Op::output ? 0 : 1]));
    }
    return results;
  }

 private:
  using Leaves = runtime::Leaves;

  static std::size_t outputs() {
    std::size_t count = 0;
    for (const ir::Node& node : L::graph.nodes) count += node.op == Op::output;
    return count;
  }
  static std::size_t place_of(const ir::Node& sink) {
    if (sink.op == Op::output) return std::size_t(sink.attributes[0]);
    std::size_t place = outputs();
    const Leaves all = Program::leaves();
    for (int leaf = 0; leaf < L::graph[sink.operand[0]].attributes[0]; ++leaf)
      place += all.infos[std::size_t(leaf)].op == Op::parameter;
    return place;
  }
  std::vector<std::vector<float>> room() const {
    std::vector<std::vector<float>> results(outputs());
    for (const ir::Node& node : L::graph.nodes)
      if (node.op == Op::output) {
        const ir::Node& value = L::graph[node.operand[0]];
        const bool per_sample = value.space == ir::Space::per_sample;
        results[std::size_t(node.attributes[0])].resize(
            std::size_t(value.shape.size() * (per_sample ? samples : 1)));
      }
    if (purpose == Purpose::training)
      for (const auto& info : Program::leaves().infos)
        if (info.op == Op::parameter) results.emplace_back(std::size_t(info.shape.size()));
    return results;
  }

  int samples;
  std::vector<std::vector<float>> values;  // of each leaf
  std::vector<std::vector<S>> halves;
  std::vector<std::vector<std::int32_t>> integers;
};

// 1. Every output and gradient is the rounding reference's, but for numbers that fell to the other
//    side of a tie, and what follows from them: within `units` of rounding of the largest number.
// 2. Rounding is where the reference has it: that one is far nearer than the one that does not
//    round, together for all results.
// 3. The bits are the same for any number of threads.
template <class D, DType stored_as, Purpose purpose, class Backend = Cpu>
void check_rounding(int samples, double units) {
  HalfSubject<D, stored_as, purpose, Backend> subject(samples);
  const auto got = subject.computed(1), with = subject.expected(true),
             without = subject.expected(false);
  const double unit = stored_as == bf16 ? 0x1p-8 : 0x1p-11;
  double near = 0, far = 0;
  CAPTURE(name_of(stored_as), samples);
  for (std::size_t i = 0; i < got.size(); ++i) {
    CAPTURE(i);
    CHECK(distance(got[i], with[i]).largest < units * unit);
    near += distance(got[i], with[i]).typical;
    far += distance(got[i], without[i]).typical;
  }
  CAPTURE(near / unit, far / unit);
  CHECK(near < far / 2);
  subject.forget();
  CHECK(subject.computed(3) == got);
}

// A layer between numbers that are rounded, in training and in both halves.
template <class L, int... Extents>
void check_half_layer(double units = 4) {
  check_rounding<Probe<L, Extents...>, bf16, Purpose::training>(37, units);
  check_rounding<Probe<L, Extents...>, f16, Purpose::training>(37, units);
}
template <class Backend, class L, int... Extents>
void check_half_layer_on(double units = 4) {
  check_rounding<Probe<L, Extents...>, bf16, Purpose::training, Backend>(37, units);
  check_rounding<Probe<L, Extents...>, f16, Purpose::training, Backend>(37, units);
}

}  // namespace tg::test
