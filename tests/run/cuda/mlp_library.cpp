// The fused network's gradient is that of the same tg::Sequence on the CPU.
#include <typegrad/backends/cuda/kernels/mlp_gradient.hpp>
#include <typegrad/backends/emulator/device.hpp>
#include <typegrad/typegrad.hpp>

#include "epilogues.hpp"
#include "samples.hpp"
#include "tests/catch.hpp"

using tg::emulator::Buffer;
using tg::emulator::launch;
using tg::emulator::View;

namespace {

constexpr int samples = 70, inputs = 5, outputs = 3;
using Layers = tg::Sequence<tg::Input<inputs>, tg::Linear<32>, tg::Gelu, tg::Linear<32>, tg::Gelu,
                            tg::Linear<outputs>>;
using Fused = tg::cuda::Mlp<inputs, 32, 2, outputs, tg::cuda::Activate<tg::cuda::Activation::gelu>>;
static_assert(tg::parameter_count<Layers> == Fused::parameters);

// The parameters in the order of PyTorch's nn.Sequential.
Numbers parameters_of(auto& model) {
  Numbers all;
  const auto add = [&](auto tensor) {
    for (Eigen::Index r = 0; r < tensor.rows(); ++r)
      for (Eigen::Index k = 0; k < tensor.cols(); ++k) all.push_back(float(tensor(r, k)));
  };
  add(model.template get<"0.weight">()), add(model.template get<"0.bias">());
  add(model.template get<"2.weight">()), add(model.template get<"2.bias">());
  add(model.template get<"4.weight">()), add(model.template get<"4.bias">());
  return all;
}

// The mean of (y - t)^2.
struct Loss {
  View<const float> target;
  int stride;
  template <class C>
  float operator()(const C&, int element, int sample, float y) const {
    return 2 * (y - target[element * stride + sample]) / (samples * outputs);
  }
};

}  // namespace

TEST_CASE("one step of Sgd moves a model by the fused network's gradient") {
  const Numbers x = random_numbers(samples * inputs, 1), t = random_numbers(samples * outputs, 2);
  tg::Model<Layers, tg::Cpu, tg::f64> model;
  tg::Trainer trainer{model, tg::MeanSquaredError{}, tg::Sgd{.learning_rate = 1},
                      tg::batch<samples>};
  const Numbers before = parameters_of(model);
  const std::vector<double> x64(x.begin(), x.end()), t64(t.begin(), t.end());
  trainer.step(x64, t64);
  const Numbers after = parameters_of(model);

  using Kernel = tg::cuda::MlpGradient<Fused>;
  const int stride = stride_of(samples), parts = Kernel::parts(stride), blocks = 2;
  Buffer<float> parameters(before, "parameters"), given(in_lanes(x, inputs, samples), "x"),
      target(in_lanes(t, outputs, samples), "target"),
      sums(std::size_t(parts * Fused::parameters), "parts"),
      kept(std::size_t(blocks * Kernel::kept_floats), "kept"),
      gradient(Fused::parameters, "gradient");
  launch<Kernel>(blocks, View<const float>(parameters.view()), View<const float>(given.view()),
                 stride, samples, sums.view(), kept.view(), Loss{target.view(), stride});
  launch<tg::cuda::AddParts<Fused::parameters>>(1, View<const float>(sums.view()), parts,
                                                epilogues::InVector<View<float>>{gradient.view()});
  double largest = 0, worst = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double step = double(before[i]) - after[i];
    largest = std::max(largest, std::abs(step));
    worst = std::max(worst, std::abs(step - gradient.host()[i]));
  }
  CHECK(largest > 0.01);
  CHECK(worst < 1e-5 * largest);
}
