// A user's operations, in a program for a GPU: nvcc compiles their kernels for the device.
#include "typegrad/core/config.hpp"

#if defined(__CUDACC__)
#include "tests/run/cuda/own.hpp"
#include "typegrad/backends/cuda/executor.hpp"
#include "typegrad/backends/cuda/gpu.cuh"
#include "typegrad/runtime/compiled.hpp"

namespace programs {

using namespace tg;

struct Definition {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {5}), w = s.shared("w", {5});
    const Var dot = operation<own::Dot>(operation<own::Cube>(x), w);
    return outputs(dot, operation<own::RunningSum>(w), operation<own::Fma>(x, w, x),
                   grad(sum(dot), w));
  }
};
struct Source {
  using C = runtime::Compiled<Definition, Purpose::inference, f32>;
  static constexpr const ir::Graph& graph = C::optimised;
  static constexpr int leaves = C::recording.leaves.size();
  static constexpr DType dtype = f32, stored_as = f32;
  static constexpr bool fuses = true;
  static constexpr std::uint64_t key_of(int leaf) { return ir::hash_of_name(C::recording, leaf); }
};

}  // namespace programs

void run(tg::cuda::Device& device) {
  using Plan = tg::cuda::LoweredFor<programs::Source, tg::cuda::Device>;
  tg::cuda::Executor<tg::cuda::Device> executor(tg::cuda::ProgramOf<Plan>::program(), device);
  executor.run(64);
}
#endif
