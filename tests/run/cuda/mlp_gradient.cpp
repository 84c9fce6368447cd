// The fused network's gradient on the emulated GPU against plain loops in double.
#include <typegrad/backends/cuda/kernels/mlp_gradient.hpp>
#include <typegrad/backends/emulator/device.hpp>

#include "epilogues.hpp"
#include "mlp.hpp"
#include "tests/catch.hpp"

using narrow::Doubles;
using tg::cuda::Activate;
using tg::cuda::Activation;
using tg::cuda::Mlp;
using tg::cuda::MlpGradient;
using tg::cuda::Precision;
using tg::emulator::Buffer;
using tg::emulator::launch;
using tg::emulator::View;

namespace {

using To = epilogues::InColumns<View<float>>;

// Half the squared distance to a target: dy = y - t.
struct Distance {
  View<const float> target;
  View<float> y;
  int stride;
  template <class C>
  float operator()(const C&, int element, int sample, float value) const {
    y[element * stride + sample] = value;
    return value - target[element * stride + sample];
  }
};

struct Gradients {
  Doubles parameters, x, y;
};

template <class Net>
Gradients plainly(const Numbers& w, const Numbers& x, const Numbers& target, int samples) {
  Gradients all{Doubles(w.size()), {}, {}};
  for (int s = 0; s < samples; ++s) {
    const float* given = x.data() + s * Net::inputs;
    const Doubles y = narrow::forward<Net>(w, given).y;
    const Doubles dx = narrow::add_gradient<Net>(w, given, target.data() + s * Net::outputs,
                                                 all.parameters.data());
    all.y.insert(all.y.end(), y.begin(), y.end());
    all.x.insert(all.x.end(), dx.begin(), dx.end());
  }
  return all;
}

double worst(const Numbers& a, const Doubles& b) {
  double largest = 0, difference = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    largest = std::max(largest, std::abs(b[i]));
    difference = std::max(difference, std::abs(a[i] - b[i]));
  }
  return a.size() == b.size() ? difference / largest : 1;
}
Numbers in_rows(const Numbers& lanes, int elements, int samples) {
  Numbers rows;
  for (int s = 0; s < samples; ++s)
    for (int e = 0; e < elements; ++e)
      rows.push_back(lanes[std::size_t(e * stride_of(samples) + s)]);
  return rows;
}

template <int Inputs, int Width, int Hidden, int Outputs, Precision precision, int MostParts = 256>
Numbers gradient(int samples, int blocks) {
  using Net = Mlp<Inputs, Width, Hidden, Outputs, Activate<Activation::tanh>, precision>;
  using Kernel = MlpGradient<Net, MostParts>;
  INFO(Inputs << ", " << Width << " x " << Hidden << ", " << Outputs << "; " << samples
              << " samples, precision " << int(precision));
  const int stride = stride_of(samples), parts = Kernel::parts(stride);
  const Numbers w = narrow::parameters<Net>(1), x = random_numbers(samples * Inputs, 2),
                t = random_numbers(samples * Outputs, 3);
  Buffer<float> parameters(w, "parameters"), given(in_lanes(x, Inputs, samples), "x"),
      target(in_lanes(t, Outputs, samples), "target"), y(std::size_t(Outputs * stride), "y"),
      dx(std::size_t(Inputs * stride), "dx"), sums(std::size_t(parts * Net::parameters), "parts"),
      kept(std::size_t(blocks * Kernel::kept_floats), "kept"), total(Net::parameters, "gradient");
  launch<Kernel>(blocks, View<const float>(parameters.view()), View<const float>(given.view()),
                 stride, samples, sums.view(), kept.view(),
                 Distance{target.view(), y.view(), stride}, To{dx.view(), stride});
  launch<tg::cuda::AddParts<Net::parameters>>(blocks, View<const float>(sums.view()), parts,
                                              epilogues::InVector<View<float>>{total.view()});
  const Gradients right = plainly<Net>(w, x, t, samples);
  CHECK(worst(in_rows(y.host(), Outputs, samples), right.y) < narrow::tolerance(precision));
  CHECK(worst(in_rows(dx.host(), Inputs, samples), right.x) < narrow::tolerance(precision));
  CHECK(worst(total.host(), right.parameters) < narrow::tolerance(precision));
  return total.host();
}

}  // namespace

TEST_CASE("the gradient of a fused network of every width, exact") {
  gradient<20, 16, 3, 17, Precision::f32>(1, 1);
  gradient<5, 32, 2, 7, Precision::f32>(130, 2);
  gradient<64, 64, 1, 40, Precision::f32>(64, 1);
  gradient<2, 128, 1, 3, Precision::f32>(33, 1);
}
TEST_CASE("the gradient of a fused network of every width on tensor cores") {
  gradient<20, 16, 3, 17, Precision::bf16>(1, 1);
  gradient<5, 32, 2, 7, Precision::tf32>(130, 2);
  gradient<2, 128, 1, 3, Precision::tf32>(33, 1);
}
TEST_CASE(
    "a fused gradient has the same bits for any number of blocks, also where a part has several "
    "tiles") {
  const auto f32 = gradient<4, 16, 2, 2, Precision::f32, 2>;
  CHECK(f32(1000, 1) == f32(1000, 3));
  const auto bf16 = gradient<20, 16, 3, 17, Precision::bf16>;
  CHECK(bf16(600, 1) == bf16(600, 3));
}
