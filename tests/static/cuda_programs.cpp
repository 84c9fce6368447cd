// Programs for a GPU: nvcc compiles every kernel that a training step launches, and what runs it.
#include "typegrad/core/config.hpp"

#if defined(__CUDACC__)
#include "tests/static/cuda_program.cuh"
#include "typegrad/graph/scan.hpp"
#include "typegrad/layers/losses.hpp"
#include "typegrad/networks/models/lenet.hpp"
#include "typegrad/solvers/sgd.hpp"

namespace programs {

using namespace tg;

// Loss and gradients.
template <class Net>
struct Step {
  static constexpr auto define(Scope& s) {
    const Var loss = CrossEntropy::define(s, Net::define(s));
    for (Var parameter : s.parameters())
      ir::emit(loss.builder(), Op::train, parameter.shape(), parameter.dtype(),
               ir::operands(parameter, grad(loss, parameter)));
    return outputs(loss);
  }
};
using Images = Step<models::LeNet<Input<1, 16, 16>, 3>>;
using Perceptron = Step<Sequence<Input<20>, Linear<10>, Relu, Linear<3>>>;
// A recurrence, and the way back through it.
struct Recurrence {
  static constexpr Next step(Scope&, Var x, Var h, Var weight) {
    return next(tanh(matmul(weight, h) + x));
  }
};
struct Recurrent {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {5, 3}), weight = s.argument("weight", {3, 3});
    const Var h = scan<Recurrence>(s, over(x), from(s.argument("h", {3})), weight).last();
    return outputs(h, grad(mean(h * h), weight));
  }
};
// The same until it is large.
struct Growth {
  static constexpr Next step(Scope&, Var x, Var h) {
    const Var following = h + x;
    return next(following).until(less(1, following));
  }
};
struct Ending {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {5});
    const Loop loop = scan<Growth>(s, over(x), from(s.constant(0)));
    return outputs(loop.count(), grad(mean(square(loop.states())), x));
  }
};
// One pass over an arena of parameters.
struct Update {
  static constexpr auto define(Scope& s) {
    const Var weight = s.variable("weight", {1000}), gradient = s.argument("gradient", {1000});
    s.update(weight, Sgd::define(s, weight, gradient));
    return std::array<Var, 0>{};
  }
};

template <class Definition, tg::cuda::Kernels kernels = tg::cuda::Kernels::of_waves>
const tg::cuda::Program<tg::cuda::Device>& program() {
  using Plan = tg::cuda::LoweredFor<tests::Source<Definition>, tg::cuda::Device, kernels>;
  return tg::cuda::ProgramOf<Plan>::program();
}

constexpr bool of_waves = true;
static_assert(tg::cuda::Lowered<tests::Source<Update>>::launches(of_waves) == 1);
static_assert(tg::cuda::Lowered<tests::Source<Perceptron>>::launches(of_waves) <
              tg::cuda::Lowered<tests::Source<Perceptron>>::launches(!of_waves));

}  // namespace programs

void train(tg::cuda::Device& device) {
  using namespace programs;
  tg::cuda::Executor<tg::cuda::Device> one(program<Images, tg::cuda::Kernels::one>(), device);
  tg::cuda::Executor<tg::cuda::Device> loops(program<Recurrent, tg::cuda::Kernels::one>(), device);
  tg::cuda::Executor<tg::cuda::Device> ends(program<Ending>(), device);
  tg::cuda::Executor<tg::cuda::Device> leaves(program<Ending, tg::cuda::Kernels::one>(), device);
  tg::cuda::Executor<tg::cuda::Device> waves(program<Perceptron>(), device);
  tg::cuda::Executor<tg::cuda::Device> update(program<Update>(), device);
  one.run(64);
  loops.run(64);
  ends.run(64);
  leaves.run(64);
  waves.run(64);
  update.run(1);
}
#endif
