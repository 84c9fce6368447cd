// The fused network on the emulated GPU against plain loops: widths, depths, activations, samples.
#include <typegrad/backends/cuda/kernels/mlp.hpp>
#include <typegrad/backends/emulator/device.hpp>

#include "epilogues.hpp"
#include "mlp.hpp"
#include "tests/catch.hpp"

using tg::cuda::Activate;
using tg::cuda::Activation;
using tg::cuda::Mlp;
using tg::cuda::Precision;
using tg::emulator::Buffer;
using tg::emulator::launch;
using tg::emulator::View;

namespace {

using To = epilogues::InColumns<View<float>>;
using Relu = Activate<Activation::relu>;
using Tanh = Activate<Activation::tanh>;

template <class Net, Precision precision>
void check(const Numbers& parameters, const Numbers& x, const Numbers& y, int samples) {
  const int stride = stride_of(samples);
  double worst = 0;
  for (int s = 0; s < samples; ++s) {
    const auto right = narrow::forward<Net>(parameters, x.data() + s * Net::inputs).y;
    for (int o = 0; o < Net::outputs; ++o)
      worst = std::max(worst, std::abs(y[std::size_t(o * stride + s)] - right[std::size_t(o)]));
  }
  CHECK(worst < narrow::tolerance(precision));
}

template <int Inputs, int Width, int Hidden, int Outputs, class F, Precision precision, int Warps>
void infers(int samples, int blocks) {
  using Net = Mlp<Inputs, Width, Hidden, Outputs, F, precision>;
  INFO(Inputs << ", " << Width << " x " << Hidden << ", " << Outputs << "; " << samples
              << " samples, precision " << int(precision));
  const int stride = stride_of(samples);
  const Numbers w = narrow::parameters<Net>(1), x = random_numbers(samples * Inputs, 2);
  Buffer<float> parameters(w, "parameters"), given(in_lanes(x, Inputs, samples), "x"),
      y(std::size_t(Outputs * stride), "y");
  launch<tg::cuda::MlpInference<Net, Warps>>(blocks, View<const float>(parameters.view()),
                                             View<const float>(given.view()), stride,
                                             To{y.view(), stride});
  check<Net, precision>(w, x, y.host(), samples);
}

}  // namespace

TEST_CASE("a fused network of every width, exact") {
  infers<3, 16, 1, 1, Relu, Precision::f32, 2>(1, 1);
  infers<16, 16, 3, 20, Tanh, Precision::f32, 2>(33, 2);
  infers<5, 32, 2, 7, Relu, Precision::f32, 2>(130, 2);
  infers<64, 64, 2, 64, Tanh, Precision::f32, 4>(64, 1);
  infers<2, 128, 1, 3, Relu, Precision::f32, 1>(33, 1);
}
TEST_CASE("a fused network of every width on tensor cores") {
  infers<3, 16, 1, 1, Relu, Precision::tf32, 2>(1, 1);
  infers<16, 16, 3, 20, Tanh, Precision::bf16, 2>(33, 2);
  infers<5, 32, 2, 7, Relu, Precision::tf32, 2>(130, 2);
  infers<64, 64, 2, 64, Tanh, Precision::bf16, 4>(64, 1);
  infers<2, 128, 1, 3, Relu, Precision::tf32, 1>(33, 1);
  infers<20, 128, 1, 3, Relu, Precision::bf16, 2>(33, 1);
}
