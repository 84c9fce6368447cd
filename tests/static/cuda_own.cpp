// A user's operations, in a program for a GPU: nvcc compiles their kernels for the device.
#include "typegrad/core/config.hpp"

#if defined(__CUDACC__)
#include "tests/run/cuda/own.hpp"
#include "tests/static/cuda_program.cuh"

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

}  // namespace programs

void run(tg::cuda::Device& device) {
  using Plan = tg::cuda::LoweredFor<tests::Source<programs::Definition, tg::Purpose::inference>,
                                    tg::cuda::Device>;
  tg::cuda::Executor<tg::cuda::Device> executor(tg::cuda::ProgramOf<Plan>::program(), device);
  executor.run(64);
}
#endif
