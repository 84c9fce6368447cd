// An operation of one's own whose meaning alone is known, on a GPU: it has no kernel there.
// expected-error {{no_kernel<at_layer<1>, layer<Middle>, name<"own middle">, backend<Gpu>, written_at<"}}
// expected-error {{no_kernel.cpp:29">}}
#include <typegrad/typegrad.hpp>

#include "typegrad/backends/cuda/host.hpp"
#include "typegrad/backends/emulator/gpu.hpp"

struct Mean {
  static constexpr const char* name = "own middle";
  static constexpr tg::Shape shape(const tg::Shape&) { return {1}; }
  template <class T>
  static constexpr void compute(const tg::OperationCall<T>& call) {
    call.out[0] = (call.in[0][0] + call.in[0][1]) / 2;
  }
#ifdef FIXED
  struct Cuda {
    static constexpr int threads = 64;
    template <class C, class Call>
    TYPEGRAD_DEVICE static void run(const C& c, const Call& call) {
      tg::cuda::for_each_number(c, 1, call.samples, [&](int, int sample) {
        call.put(0, sample, (call(0, 0, sample) + call(0, 1, sample)) / 2);
      });
    }
  };
#endif
};
struct Middle {
  static constexpr tg::Var define(tg::Scope&, tg::Var x) { return tg::operation<Mean>(x); }
};
using Net = tg::Sequence<tg::Input<4>, tg::Linear<2>, Middle>;

struct Gpu : tg::cuda::Table {
  template <class Source>
  using Lowered = tg::cuda::LoweredFor<Source, tg::emulator::Device>;
};

void use(tg::Model<Net, Gpu>& model, const std::vector<float>& x) { model(x); }
