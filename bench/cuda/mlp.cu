// The fused network, 64 wide with 4 hidden layers, on 2^18 samples: inference, and training with
// the squared error and Sgd. Checks its numbers before it times anything.
// SPDX-License-Identifier: MIT
#include <cmath>

#include "bench/cuda/measure.cuh"
#include "tests/run/cuda/mlp.hpp"
#include "typegrad/backends/cuda/kernels/mlp_gradient.hpp"
#include "typegrad/backends/cuda/mma.cuh"

using namespace tg::cuda;
using tg::bench::Array;

namespace {

constexpr int width = 64, hidden_layers = 4, samples = 1 << 18;
template <Precision precision>
using Net = Mlp<width, width, hidden_layers, width, Activate<Activation::relu>, precision>;

struct Write {
  View<float> y;
  int stride;
  __device__ void operator()(const Context&, int element, int sample, float value) const {
    y[std::int64_t(element) * stride + sample] = value;
  }
};
// Of the mean of (y - t)^2.
struct SquaredError {
  View<const float> target;
  int stride;
  float scale;
  __device__ float operator()(const Context&, int element, int sample, float y) const {
    return scale * (y - target[std::int64_t(element) * stride + sample]);
  }
};
struct Sgd {
  View<float> parameters;
  float rate;
  __device__ void operator()(const Context&, int i, float gradient) const {
    parameters[i] -= rate * gradient;
  }
};

// A network on the device, its samples, and what a step needs.
template <Precision precision>
struct Work {
  using N = Net<precision>;
  using Inference = MlpInference<N>;
  using Gradient = MlpGradient<N>;
  using Given = View<const float>;
  int count, stride = stride_of(count);
  int inference_blocks = tg::bench::blocks_at_once<Inference, Given, Given, int, Write>();
  int blocks = tg::bench::blocks_at_once<Gradient, Given, Given, int, int, View<float>, View<float>,
                                         SquaredError>();
  Numbers start = narrow::parameters<N>(1), inputs = random_numbers(count * width, 2),
          targets = random_numbers(count * width, 3);
  Array parameters{start}, x{in_lanes(inputs, width, count)}, t{in_lanes(targets, width, count)};
  Array y{std::size_t(stride) * width}, kept{std::size_t(blocks) * Gradient::kept_floats};
  Array parts{std::size_t(Gradient::parts(stride)) * N::parameters};

  void infer() const {
    launch<Inference>(nullptr, inference_blocks, parameters.given(), x.given(), stride,
                      Write{y.view(), stride});
  }
  void train(float rate) const {
    launch<Gradient>(nullptr, blocks, parameters.given(), x.given(), stride, count, parts.view(),
                     kept.view(), SquaredError{t.given(), stride, 2.0f / (float(count) * width)});
    launch<AddParts<N::parameters>>(nullptr, blocks, parts.given(), Gradient::parts(stride),
                                    Sgd{parameters.view(), rate});
  }
};

// The largest difference from plain loops in double, relative to the largest number.
template <Precision precision>
bool is_right() {
  const Work<precision> work{.count = 1000};
  using N = Net<precision>;
  work.infer();
  const Numbers y = work.y.host();
  std::vector<double> gradient(N::parameters);
  double worst = 0, largest = 0;
  for (int s = 0; s < work.count; ++s) {
    const auto right = narrow::forward<N>(work.start, work.inputs.data() + s * width).y;
    for (int o = 0; o < width; ++o)
      worst =
          std::max(worst, std::abs(right[std::size_t(o)] - y[std::size_t(o * work.stride + s)]));
    narrow::add_gradient<N>(work.start, work.inputs.data() + s * width,
                            work.targets.data() + s * width, gradient.data());
  }
  work.train(1);
  const Numbers after = work.parameters.host();
  double worst_gradient = 0;
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const double right = 2 * gradient[i] / (double(work.count) * width);
    largest = std::max(largest, std::abs(right));
    worst_gradient = std::max(worst_gradient, std::abs(work.start[i] - after[i] - right));
  }
  const double tolerance = narrow::tolerance(precision);
  const bool right = worst < tolerance && worst_gradient < 4 * tolerance * largest + 1e-6;
  std::fprintf(stderr, "  outputs differ by %.1e, gradients by %.1e of the largest: %s\n", worst,
               worst_gradient / largest, right ? "right" : "WRONG");
  return right;
}

template <Precision precision>
bool report(const tg::bench::Table& table, tg::bench::Rate rate) {
  const std::string name = tg::bench::rate_names[int(rate)];
  std::fprintf(stderr, "%s\n", name.c_str());
  if (!is_right<precision>()) return false;
  const Work<precision> work{.count = samples};
  constexpr double flops = 2.0 * (hidden_layers + 1) * width * width * samples;
  constexpr double bytes = 2.0 * width * sizeof(float) * samples;  // x and y, or x and t
  // Weights' gradients need as much again, and those of all inputs but the network's own.
  constexpr double training = 3 * flops - 2.0 * width * width * samples;
  const std::string begin = "MLP 64 wide, 4 hidden layers, ", end = " of 2^18 samples, " + name;
  table.row(begin + "inference" + end, tg::bench::seconds([&] { work.infer(); }), {bytes, flops, 1},
            rate);
  table.row(begin + "training step" + end, tg::bench::seconds([&] { work.train(1e-3f); }),
            {bytes, training, 2}, rate);
  return true;
}

}  // namespace

int main() {
  if (!tg::bench::device_is_there()) return 77;
  const tg::bench::Table table("mlp");
  using tg::bench::Rate;
  const bool right = report<Precision::f32>(table, Rate::f32) &
                     report<Precision::tf32>(table, Rate::tf32) &
                     report<Precision::bf16>(table, Rate::bf16);
  return right ? 0 : 1;
}
