// Updates, random numbers and solvers on the emulated GPU.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/dropout.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/sequence.hpp"
#include "typegrad/solvers/adam.hpp"
#include "typegrad/solvers/sgd.hpp"
#include "typegrad/training/step.hpp"

namespace tg::test {
namespace {

// Updates that read each other's old values, in whole and in part.
struct Simultaneous {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2});
    const Var a = s.shared("a", {3, 2}), b = s.shared("b", {3, 2}), c = s.shared("c", {2});
    const Var d = s.shared("d", {3, 2});
    s.update(a, b);
    s.update(b, a);
    s.update(c, c + mean(a) + sum(slice(reshape(b, {6}), 0, 1, 3)) + batch_mean(x));
    s.update(d, d + broadcast(slice(reshape(d, {6}), 0, 0, 2), {3, 2}));
    return outputs(a, x * c);
  }
};

struct Noise {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {1});
    return outputs(s.uniform("mask", {5}) + 0 * x, s.normal("noise", {3, 2}) + 0 * x);
  }
};

template <class Solver>
constexpr bool passes_once() {
  using L = typename OnCuda<fitting::SolverUpdate<Solver, 1030, false, true>>::Plan::L;
  return L::launches <= 2 && L::plan.shared_size < 1030;
}

// Of a step that classifies: what the logits' gradient is made of is in the group of the softmax.
// (The labels' share of it is there by then, unless the network has hardly any layers.)
template <class Net>
constexpr bool softmax_makes_its_gradient() {
  using L = typename OnCuda<fitting::TrainingStep<Net, CrossEntropy>, Purpose::training>::Plan::L;
  for (int softmax = 0; softmax < L::graph.size(); ++softmax)
    for (int e = 0; e < L::graph.size(); ++e)
      if (L::graph[softmax].op == Op::log_softmax && L::graph[e].op == Op::exp)
        return L::fusion.group[e] == L::fusion.group[softmax];
  return false;
}

}  // namespace

TEST_CASE("softmax, cross entropy and its gradient are one kernel") {
  static_assert(softmax_makes_its_gradient<
                Sequence<Input<4>, Linear<8>, Tanh, Linear<8>, Tanh, Linear<3>>>());
}
TEST_CASE("updates happen at once") { check_on_device(kernels_of<Simultaneous>()); }
TEST_CASE("solvers") {
  check_on_device(kernels_of<fitting::SolverUpdate<Adam, 1030>>(), {1});
  check_on_device(kernels_of<fitting::SolverUpdate<Sgd, 70>>(), {1});
  // Single numbers first, then one pass over the arena: nothing as large is kept between them.
  static_assert(passes_once<Adam>() && passes_once<AdamW>() && passes_once<Sgd>());
  static_assert(OnCuda<fitting::SolverUpdate<Adam, 1030>>::Plan::L::launches == 2);
}

TEST_CASE("random numbers are the CPU's, to the bit") {
  constexpr int samples = 67, elements[] = {5, 6};
  std::vector<float> x(samples, 1.0f), cpu[2];
  ThreadPool pool(1);
  cpu::Executor<float> host(runtime::ProgramOf<Noise, Purpose::inference, f32>::program(), 0, pool);
  emulator::Device device;
  cuda::Executor<emulator::Device> gpu(OnCuda<Noise>::program(), device);
  emulator::Buffer<float> given(x, "x"), masks(5 * samples, "masks"), noise(6 * samples, "noise");
  emulator::Buffer<float>* const results[] = {&masks, &noise};
  host.bind(passes::leaf_slot(0), x.data());
  gpu.bind(passes::leaf_slot(0), given.view());
  for (int i = 0; i < 2; ++i) {
    cpu[i].resize(std::size_t(samples * elements[i]));
    host.bind(passes::output_slot(3, i), cpu[i].data());
    gpu.bind(passes::output_slot(3, i), results[i]->view());
  }
  for (const std::uint64_t call : {0, 1}) {
    host.run(samples, 5, call);
    gpu.run(samples, 5, call);
    for (int i = 0; i < 2; ++i) CHECK(results[i]->host() == cpu[i]);
  }
}

}  // namespace tg::test
