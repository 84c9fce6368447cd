// Convolutions on the emulated GPU, and their gradients, against one nest of plain loops.
#include <typegrad/backends/cuda/kernels/convolution.hpp>
#include <typegrad/backends/cuda/kernels/convolution_weight_gradient.hpp>
#include <typegrad/backends/emulator/device.hpp>
#include <typegrad/passes/geometry.hpp>

#include "epilogues.hpp"
#include "samples.hpp"
#include "tests/catch.hpp"

using tg::emulator::Buffer;
using tg::emulator::launch;
using tg::emulator::View;
using tg::passes::Convolution;

namespace {

// What visit(y, x, w) is told of: every product of the convolution, by its elements' numbers.
template <class G, class Visit>
void each_product(const Visit& visit) {
  for (int o = 0; o < G::outputs; ++o)
    for (int i = 0; i < G::group_channels; ++i)
      for (int ky = 0; ky < G::kernel_height; ++ky)
        for (int kx = 0; kx < G::kernel_width; ++kx)
          for (int row = 0; row < G::output_height; ++row)
            for (int column = 0; column < G::output_width; ++column) {
              const int y = row * G::stride_height - G::padding_height + ky * G::dilation_height;
              const int x = column * G::stride_width - G::padding_width + kx * G::dilation_width;
              if (y < 0 || y >= G::height || x < 0 || x >= G::width) continue;
              const int channel = o / G::group_outputs * G::group_channels + i;
              visit((o * G::output_height + row) * G::output_width + column,
                    (channel * G::height + y) * G::width + x,
                    ((o * G::group_channels + i) * G::kernel_height + ky) * G::kernel_width + kx);
            }
}

bool all_near(const Numbers& lanes, const std::vector<double>& rows, int elements, int samples) {
  const int stride = stride_of(samples);
  bool right = true;
  for (int s = 0; s < samples; ++s)
    for (int e = 0; e < elements; ++e)
      right =
          right && near(lanes[std::size_t(e * stride + s)], rows[std::size_t(s * elements + e)]);
  return right;
}

template <class G>
void convolves(int samples, int blocks) {
  INFO(G::channels << " x " << G::height << " x " << G::width << " to " << G::outputs << ", "
                   << samples << " samples, " << blocks << " blocks");
  constexpr int inputs = G::channels * G::height * G::width;
  constexpr int outputs = G::outputs * G::output_height * G::output_width;
  constexpr int weights = G::outputs * G::group_channels * G::kernel_size;
  const int stride = stride_of(samples);
  const Numbers w = random_numbers(weights, 1), x = random_numbers(samples * inputs, 2),
                dy = random_numbers(samples * outputs, 3);
  std::vector<double> y(dy.size()), dx(x.size()), dw(w.size());
  each_product<G>([&](int at_y, int at_x, int at_w) {
    for (int s = 0; s < samples; ++s) {
      const auto here_y = std::size_t(s * outputs + at_y), here_x = std::size_t(s * inputs + at_x),
                 here_w = std::size_t(at_w);
      y[here_y] += double(w[here_w]) * x[here_x];
      dx[here_x] += double(w[here_w]) * dy[here_y];
      dw[here_w] += double(dy[here_y]) * x[here_x];
    }
  });

  Buffer<float> weight(w, "weight"), given(in_lanes(x, inputs, samples), "x"),
      adjoint(in_lanes(dy, outputs, samples), "dy"), result(std::size_t(outputs * stride), "y"),
      back(std::size_t(inputs * stride), "dx"), gradient(weights, "dw");
  using To = epilogues::InColumns<View<float>>;
  launch<tg::cuda::Convolve<G>>(blocks, View<const float>(given.view()),
                                View<const float>(weight.view()), stride,
                                To{result.view(), stride});
  CHECK(all_near(result.host(), y, outputs, samples));
  launch<tg::cuda::ConvolveBack<G>>(blocks, View<const float>(adjoint.view()),
                                    View<const float>(weight.view()), stride,
                                    To{back.view(), stride});
  CHECK(all_near(back.host(), dx, inputs, samples));
  launch<tg::cuda::ConvolutionWeightGradient<G>>(blocks, View<const float>(adjoint.view()),
                                                 View<const float>(given.view()), stride, samples,
                                                 epilogues::InVector<View<float>>{gradient.view()});
  bool right = true;
  for (int i = 0; i < weights; ++i)
    right = right && near(gradient.host()[std::size_t(i)], dw[std::size_t(i)]);
  CHECK(right);
}

template <class G>
void at_several_sizes() {
  convolves<G>(1, 1);
  convolves<G>(33, 3);
  convolves<G>(64, 40);
}

}  // namespace

TEST_CASE("convolutions of one channel and of several") {
  at_several_sizes<Convolution<1, 8, 8, 3, 5, 5>>();
  at_several_sizes<Convolution<3, 7, 9, 10, 3, 3>>();
}
TEST_CASE("with stride, padding, dilation, groups and rectangular windows") {
  at_several_sizes<Convolution<4, 9, 7, 6, 3, 2, 2, 1, 1, 1>>();
  at_several_sizes<Convolution<4, 8, 8, 4, 3, 3, 1, 1, 2, 2, 2, 2>>();
  at_several_sizes<Convolution<6, 5, 6, 6, 3, 3, 1, 1, 1, 1, 1, 1, 6>>();
  at_several_sizes<Convolution<4, 5, 20, 2, 1, 3, 1, 2, 0, 1, 1, 1, 2>>();
}
TEST_CASE("with kernels wider than what is taken at a time") {
  at_several_sizes<Convolution<2, 3, 24, 3, 2, 11>>();
  at_several_sizes<Convolution<1, 3, 40, 2, 2, 9, 1, 2, 0, 3, 1, 2>>();
}
TEST_CASE("with more weights than shared memory holds at once") {
  convolves<Convolution<70, 3, 3, 9, 3, 3, 1, 1, 1, 1>>(2, 4);
}
