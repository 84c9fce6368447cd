// Debug mode on a GPU: it compares numbers in the host's memory.
// expected-error {{debug_mode_needs_the_host<backend<Gpu>>}}
#include <typegrad/typegrad.hpp>

#include "typegrad/backends/cuda/steps.hpp"
#include "typegrad/backends/emulator/gpu.hpp"
#include "typegrad/runtime/debug.hpp"
#include "typegrad/runtime/watch_device.hpp"

struct Gpu : tg::cuda::Table {
  template <class Source>
  using Lowered = tg::cuda::LoweredFor<Source, tg::emulator::Device>;
  using Memory = tg::cuda::DeviceMemory<tg::emulator::Device>;
};
struct Square {
  static constexpr tg::Var define(tg::Scope& s) { return tg::square(s.input("x", {3})); }
};

#ifdef FIXED
tg::Function<Square, Gpu, tg::observed> function;
#else
tg::Function<Square, Gpu, tg::debug_mode> function;
#endif
