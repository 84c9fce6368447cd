// A function of the CPU on variables that live on a device.
// expected-error {{variables_elsewhere<there_are<"n">>}}
#include <typegrad/typegrad.hpp>
#if defined(__CUDACC__)
#include <typegrad/cuda.cuh>
using Gpu = tg::Cuda;
#else
#include <typegrad/backends/cuda/steps.hpp>
#include <typegrad/backends/emulator/gpu.hpp>
struct Gpu {
  template <class Source>
  using Lowered = tg::cuda::LoweredFor<Source, tg::emulator::Device>;
  using Memory = tg::cuda::DeviceMemory<tg::emulator::Device>;
};
#endif

struct Count {
  static constexpr auto define(tg::Scope& s) {
    const tg::Var n = s.shared("n", {3});
    s.update(n, n + 1);
    return outputs(n);
  }
};

#ifdef FIXED
using Counter = tg::Function<Count, Gpu>;
#else
using Counter = tg::Function<Count>;
#endif

void count(tg::Shared<tg::Function<Count, Gpu>>& state) {
  Counter counter(state);
  counter();
}
