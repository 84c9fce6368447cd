// An operation of one's own on a GPU, in half precision: its kernel reads numbers as they are
// computed with.
// expected-error {{no_half_form<at_layer<1>, layer<CubeLayer>, name<"cube">, dtype<tg::DType::bf16>>}}
#include <typegrad/typegrad.hpp>

#include "typegrad/backends/cuda/host.hpp"
#include "typegrad/backends/emulator/gpu.hpp"

struct Cube {
  static constexpr const char* name = "cube";
  template <class T>
  static constexpr T value(T x) {
    return x * x * x;
  }
};
struct CubeLayer {
#ifdef FIXED
  static constexpr tg::Var define(tg::Scope&, tg::Var x) { return x * x * x; }
#else
  static constexpr tg::Var define(tg::Scope&, tg::Var x) { return tg::operation<Cube>(x); }
#endif
};
using Net = tg::Sequence<tg::Input<4>, tg::Linear<2>, CubeLayer>;

struct Gpu : tg::cuda::Table {
  template <class Source>
  using Lowered = tg::cuda::LoweredFor<Source, tg::emulator::Device>;
};

void use(tg::Model<Net, Gpu, tg::bf16>& model, const std::vector<float>& x) { model(x); }
