// Programs for a GPU: nvcc compiles every kernel that a training step launches, and what runs it.
#include "typegrad/core/config.hpp"

#if defined(__CUDACC__)
#include "typegrad/backends/cuda/executor.hpp"
#include "typegrad/backends/cuda/gpu.cuh"
#include "typegrad/layers/losses.hpp"
#include "typegrad/networks/models/lenet.hpp"
#include "typegrad/runtime/compiled.hpp"
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
// One pass over an arena of parameters.
struct Update {
  static constexpr auto define(Scope& s) {
    const Var weight = s.variable("weight", {1000}), gradient = s.argument("gradient", {1000});
    s.update(weight, Sgd::define(s, weight, gradient));
    return std::array<Var, 0>{};
  }
};

template <class Definition>
struct Source {
  using C = runtime::Compiled<Definition, Purpose::training, f32>;
  static constexpr const ir::Graph& graph = C::optimised;
  static constexpr int leaves = C::recording.leaves.size();
  static constexpr DType dtype = f32, stored_as = f32;
  static constexpr bool fuses = true;
  static constexpr std::uint64_t key_of(int leaf) { return ir::hash_of_name(C::recording, leaf); }
};
template <class Definition, tg::cuda::Kernels kernels = tg::cuda::Kernels::of_steps>
const tg::cuda::Program<tg::cuda::Device>& program() {
  using Plan = tg::cuda::LoweredFor<Source<Definition>, tg::cuda::Device, kernels>;
  return tg::cuda::ProgramOf<Plan>::program();
}

static_assert(tg::cuda::Lowered<Source<Update>>::launches == 1);

}  // namespace programs

void train(tg::cuda::Device& device) {
  using namespace programs;
  tg::cuda::Executor<tg::cuda::Device> one(program<Images, tg::cuda::Kernels::one>(), device);
  tg::cuda::Executor<tg::cuda::Device> steps(program<Perceptron>(), device);
  tg::cuda::Executor<tg::cuda::Device> update(program<Update>(), device);
  one.run(64);
  steps.run(64);
  update.run(1);
}
#endif
