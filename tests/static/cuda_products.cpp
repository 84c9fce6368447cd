// Large products for a GPU, by cuBLASLt where a build has it, and by kernels of ours.
#include "typegrad/core/config.hpp"

#if defined(__CUDACC__)
#if __has_include(<cublasLt.h>)
#define TYPEGRAD_CUBLASLT 1
#endif
#include "typegrad/backends/cuda/executor.hpp"
#include "typegrad/backends/cuda/gpu.cuh"
#include "typegrad/graph/mathematics.hpp"
#include "typegrad/runtime/compiled.hpp"

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
template <DType type>
struct Source {
  using C = runtime::Compiled<Definition, Purpose::training, arithmetic_of(type)>;
  static constexpr const ir::Graph& graph = C::optimised;
  static constexpr int leaves = C::recording.leaves.size();
  static constexpr DType dtype = arithmetic_of(type), stored_as = type;
  static constexpr bool fuses = true;
  static constexpr std::uint64_t key_of(int leaf) { return ir::hash_of_name(C::recording, leaf); }
};

}  // namespace programs

static_assert(tg::cuda::HasLibrary<tg::cuda::Device>);

template <tg::DType type, tg::cuda::Precision precision>
void run(tg::cuda::Device& device) {
  using Plan = tg::cuda::LoweredFor<programs::Source<type>, tg::cuda::Device,
                                    tg::cuda::Kernels::of_steps, precision>;
  static_assert(Plan::L::precision == precision);
  tg::cuda::Executor<tg::cuda::Device, typename Plan::Element> executor(
      tg::cuda::ProgramOf<Plan>::program(), device);
  executor.run(1024);
}
template void run<tg::f32, tg::cuda::Precision::f32>(tg::cuda::Device&);
template void run<tg::f32, tg::cuda::Precision::tf32>(tg::cuda::Device&);
template void run<tg::bf16, tg::cuda::Precision::f32>(tg::cuda::Device&);
#endif
