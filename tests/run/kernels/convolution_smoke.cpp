// convolution and convolution_input_gradient over a grid of geometries.
// SPDX-License-Identifier: MIT
#include "convolution.hpp"
#include "typegrad/backends/cpu/kernels/convolution.hpp"
#include "typegrad/backends/cpu/kernels/convolution_input_gradient.hpp"

namespace {
using namespace tg::test;

template <class T, int V, class G>
struct Forward {
  static void run() {
    constexpr int lanes = V * width<T>;
    CAPTURE(G::height, G::width, G::kernel_height, G::kernel_width, V);
    Buffer<T> x(input_size<G> * lanes, 1), w(weight_size<G>, 2), y(output_size<G> * lanes);
    using Store = StoreLanes<T, V, G::output_height * G::output_width>;
    convolution<T, V, G>(x.data(), w.data(), Store{y.data()});
    std::vector<double> expected(std::size_t(y.size()));
    for_each_term<G>([&](int output, int weight, int input) {
      for (int lane = 0; lane < lanes; ++lane)
        expected[std::size_t(output * lanes + lane)] +=
            double(w[weight]) * double(x[input * lanes + lane]);
    });
    CHECK(largest_error(y, expected, G::group_channels * G::kernel_size) <= 1);
  }
};

template <class T, int V, class G>
struct InputGradient {
  static void run() {
    constexpr int lanes = V * width<T>;
    CAPTURE(G::height, G::width, G::kernel_height, G::kernel_width, V);
    Buffer<T> dy(output_size<G> * lanes, 1), w(weight_size<G>, 2), dx(input_size<G> * lanes);
    using Store = StoreLanes<T, V, G::height * G::width>;
    convolution_input_gradient<T, V, G>(dy.data(), w.data(), Store{dx.data()});
    std::vector<double> expected(std::size_t(dx.size()));
    for_each_term<G>([&](int output, int weight, int input) {
      for (int lane = 0; lane < lanes; ++lane)
        expected[std::size_t(input * lanes + lane)] +=
            double(w[weight]) * double(dy[output * lanes + lane]);
    });
    CHECK(largest_error(dx, expected, G::group_outputs * G::kernel_size) <= 1);
  }
};

TEST_CASE("convolution equals a plain loop") { over_geometries<Forward>(); }
TEST_CASE("convolution_input_gradient equals a plain loop") { over_geometries<InputGradient>(); }

}  // namespace
