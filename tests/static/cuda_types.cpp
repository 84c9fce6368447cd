// Programs in double and with halves in memory: nvcc compiles every kernel of a training step.
#include "typegrad/core/config.hpp"

#if defined(__CUDACC__)
#include "typegrad/backends/cuda/executor.hpp"
#include "typegrad/backends/cuda/gpu.cuh"
#include "typegrad/layers/all.hpp"
#include "typegrad/networks/sequence.hpp"
#include "typegrad/runtime/compiled.hpp"

namespace programs {

using namespace tg;

// Loss, gradients, and new weights.
struct Step {
  using Net =
      Sequence<Input<1, 10, 10>, Conv<3, 3>, Relu, MaxPool<2>, Flatten, Linear<5>, Tanh, Linear<3>>;
  static constexpr Var define(Scope& s) {
    const Var loss = CrossEntropy::define(s, Net::define(s));
    for (Var p : s.parameters()) s.update(p, p - 0.1 * grad(loss, p));
    return loss;
  }
};
template <DType type>
struct Source {
  using C = runtime::Compiled<Step, Purpose::training, arithmetic_of(type)>;
  static constexpr const ir::Graph& graph = C::optimised;
  static constexpr int leaves = C::recording.leaves.size();
  static constexpr DType dtype = arithmetic_of(type), stored_as = type;
  static constexpr bool fuses = true;
  static constexpr std::uint64_t key_of(int leaf) { return ir::hash_of_name(C::recording, leaf); }
};

}  // namespace programs

template <tg::DType type>
void train(tg::cuda::Device& device) {
  using Plan = tg::cuda::LoweredFor<programs::Source<type>, tg::cuda::Device>;
  tg::cuda::Executor<tg::cuda::Device, typename Plan::Element> executor(
      tg::cuda::ProgramOf<Plan>::program(), device);
  executor.run(64);
}
template void train<tg::f64>(tg::cuda::Device&);
template void train<tg::bf16>(tg::cuda::Device&);
template void train<tg::f16>(tg::cuda::Device&);
#endif
