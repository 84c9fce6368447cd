// Weight gradients of convolutions over a grid, with idle lanes; sums of lanes; parts of vectors.
// SPDX-License-Identifier: MIT
#include "typegrad/backends/cpu/kernels/convolution_weight_gradient.hpp"

#include "convolution.hpp"

namespace {
using namespace tg::test;

template <class T, int V, class G>
struct WeightGradientCheck {
  static void run() {
    constexpr int lanes = V * width<T>;
    for (int active : {lanes, lanes - 1, width<T>, 1}) {
      CAPTURE(G::height, G::width, G::kernel_height, G::kernel_width, V, active);
      Buffer<T> x(input_size<G> * lanes, 1), dy(output_size<G> * lanes, 2), gw(weight_size<G>);
      for (Buffer<T>* values : {&x, &dy})
        for (int i = 0; i < values->size(); ++i)
          if (i % lanes >= active) (*values)[i] = std::numeric_limits<T>::quiet_NaN();
      std::vector<double> expected(std::size_t(gw.size()));
      for_each_term<G>([&](int output, int weight, int input) {
        for (int lane = 0; lane < active; ++lane)
          expected[std::size_t(weight)] +=
              double(dy[output * lanes + lane]) * double(x[input * lanes + lane]);
      });
      constexpr int terms = G::output_height * G::output_width * lanes;
      convolution_weight_gradient<T, V, G>(x.data(), dy.data(), active, gw.data(), false);
      CHECK(largest_error(gw, expected, terms) <= 1);
      convolution_weight_gradient<T, V, G>(x.data(), dy.data(), active, gw.data(), true);
      for (double& value : expected) value *= 2;
      CHECK(largest_error(gw, expected, terms) <= 2);
    }
  }
};

TEST_CASE("convolution_weight_gradient equals a plain loop") {
  over_geometries<WeightGradientCheck>();
}

template <class T, int Count>
void check_lane_sums() {
  Buffer<T> values(Count * width<T>, 3), sums(width<T>);
  Vector<T> vectors[Count];
  for (int k = 0; k < Count; ++k) vectors[k] = load(values.data() + k * width<T>);
  store(sums.data(), lane_sums<T>(vectors));
  for (int k = 0; k < Count; ++k) {
    double expected = 0;
    for (int lane = 0; lane < width<T>; ++lane) expected += double(values[k * width<T> + lane]);
    CHECK(double(sums[k]) == expected);  // exact: the numbers have 12 bits
    CHECK(double(sum_lanes<T>(vectors[k])) == expected);
  }
}

TEST_CASE("lane_sums adds each vector's lanes") {
  check_lane_sums<float, width<float>>();
  check_lane_sums<float, width<float> - 1>();
  check_lane_sums<float, 1>();
  check_lane_sums<double, width<double>>();
  check_lane_sums<double, 1>();
}

template <class T>
void check_first_lanes() {
  for (int count = 0; count <= width<T>; ++count) {
    Buffer<T> from(count, 4), to(width<T>);
    const Vector<T> read = load_first(from.data(), count);
    store_first(to.data(), read + T(8), count);
    for (int lane = 0; lane < width<T>; ++lane) {
      CHECK(read[lane] == (lane < count ? from[lane] : T(0)));
      CHECK((lane < count ? to[lane] == from[lane] + T(8) : to[lane] != to[lane]));
    }
  }
}

TEST_CASE("load_first and store_first touch the first elements alone") {
  check_first_lanes<float>();
  check_first_lanes<double>();
}

}  // namespace
