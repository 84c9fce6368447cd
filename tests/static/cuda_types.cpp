// Programs in double and with halves in memory: nvcc compiles every kernel of a training step.
#include "typegrad/core/config.hpp"

#if defined(__CUDACC__)
#include "tests/static/cuda_program.cuh"
#include "typegrad/layers/all.hpp"
#include "typegrad/networks/sequence.hpp"

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

}  // namespace programs

template <tg::DType type>
void train(tg::cuda::Device& device) {
  using Plan = tg::cuda::LoweredFor<tests::Source<programs::Step, tg::Purpose::training, type>,
                                    tg::cuda::Device>;
  tg::cuda::Executor<tg::cuda::Device, typename Plan::Element> executor(
      tg::cuda::ProgramOf<Plan>::program(), device);
  executor.run(64);
}
template void train<tg::f64>(tg::cuda::Device&);
template void train<tg::bf16>(tg::cuda::Device&);
template void train<tg::f16>(tg::cuda::Device&);
#endif
