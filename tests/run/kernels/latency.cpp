// latency_product and latency_convolution: one sample, vectors along features.
// SPDX-License-Identifier: MIT
#include "convolution.hpp"
#include "typegrad/backends/cpu/kernels/latency_convolution.hpp"
#include "typegrad/backends/cpu/kernels/latency_product.hpp"

namespace {
using namespace tg::test;

template <class T, int Outputs, int Inputs, WeightOrder Order>
void check_product() {
  CAPTURE(sizeof(T), Outputs, Inputs, int(Order));
  constexpr bool rows = Order == WeightOrder::rows;
  Buffer<T> w(Outputs * Inputs, 1), x(Inputs, 2), y(Outputs);
  latency_product<T, Outputs, Inputs, Order>(w.data(), x.data(), StoreFlat<T>{y.data()});
  std::vector<double> expected(Outputs);
  for (int o = 0; o < Outputs; ++o)
    for (int k = 0; k < Inputs; ++k)
      expected[std::size_t(o)] += double(w[rows ? o * Inputs + k : k * Outputs + o]) * double(x[k]);
  CHECK(largest_error(y, expected, Inputs) <= 1);

  // What lies beside a row belongs to another output: infinity there must not reach this one.
  if (Outputs < 2) return;
  for (int k = 0; k < Inputs; ++k) w[rows ? k : k * Outputs] = std::numeric_limits<T>::infinity();
  latency_product<T, Outputs, Inputs, Order>(w.data(), x.data(), StoreFlat<T>{y.data()});
  y[0] = T(expected[0] = 0);
  CHECK(largest_error(y, expected, Inputs) <= 1);
}

template <class T, int Outputs, int Inputs>
void check_orders() {
  check_product<T, Outputs, Inputs, WeightOrder::rows>();
  check_product<T, Outputs, Inputs, WeightOrder::transposed>();
}

TEST_CASE("latency_product equals a plain loop") {
  check_orders<float, 1, 1>();
  check_orders<float, 10, 84>();
  check_orders<float, 3, 7>();
  check_orders<float, 84, 33>();
  check_orders<float, 16, 64>();
  check_orders<float, 37, 15>();
  check_orders<double, 21, 13>();
}

// Without vectors' worth of samples: V is ignored.
template <class T, int V, class G>
struct Latency {
  static void run() {
    CAPTURE(G::height, G::width, G::kernel_height, G::kernel_width);
    Buffer<T> x(input_size<G>, 1), w(weight_size<G>, 2), y(output_size<G>);
    latency_convolution<T, G>(x.data(), w.data(), StoreFlat<T>{y.data()});
    std::vector<double> expected(std::size_t(y.size()));
    for_each_term<G>([&](int output, int weight, int input) {
      expected[std::size_t(output)] += double(w[weight]) * double(x[input]);
    });
    CHECK(largest_error(y, expected, G::group_channels * G::kernel_size) <= 1);
  }
};

TEST_CASE("latency_convolution equals a plain loop") {
  over_geometries<Latency>();
  Latency<float, 1, Convolution<9, 41, 43, 3, 3, 3, 1, 1, 1, 1>>::run();  // bands of rows
  Latency<double, 1, Convolution<5, 40, 61, 2, 5, 3, 2, 2, 1, 1>>::run();
}

}  // namespace
