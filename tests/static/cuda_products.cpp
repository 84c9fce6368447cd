// Large products for a GPU, by cuBLASLt where a build has it, and by kernels of ours.
#include "typegrad/core/config.hpp"

#if defined(__CUDACC__)
#if __has_include(<cublasLt.h>)
#define TYPEGRAD_CUBLASLT 1
#endif
#include "tests/static/cuda_program.cuh"
#include "typegrad/graph/mathematics.hpp"

namespace programs {

using namespace tg;

// A layer and its gradients, and a product of matrices that the samples share.
struct Definition {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {512}), w = s.parameter("w", {256, 512}, Zeros{});
    const Var a = s.parameter("a", {512, 256}, Zeros{});
    const Var y = tanh(matmul(w, x) + s.parameter("b", {256}, Zeros{}));
    const Var cost = sum(y) + sum(matmul(w, a));
    s.update(w, w - 0.1 * grad(cost, w));
    return outputs(cost, y);
  }
};

}  // namespace programs

static_assert(tg::cuda::HasLibrary<tg::cuda::Device>);

template <tg::DType type, tg::cuda::Precision precision>
void run(tg::cuda::Device& device) {
  using Plan =
      tg::cuda::LoweredFor<tests::Source<programs::Definition, tg::Purpose::training, type>,
                           tg::cuda::Device, tg::cuda::Kernels::of_steps, precision>;
  static_assert(Plan::L::precision == precision);
  tg::cuda::Executor<tg::cuda::Device, typename Plan::Element> executor(
      tg::cuda::ProgramOf<Plan>::program(), device);
  executor.run(1024);
}
template void run<tg::f32, tg::cuda::Precision::f32>(tg::cuda::Device&);
template void run<tg::f32, tg::cuda::Precision::tf32>(tg::cuda::Device&);
template void run<tg::bf16, tg::cuda::Precision::f32>(tg::cuda::Device&);
#endif
