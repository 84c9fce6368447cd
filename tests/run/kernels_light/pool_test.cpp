// Pooling and its gradients against loops over windows: overlaps, gaps, borders, equal maxima, NaN.
// SPDX-License-Identifier: MIT
#include "typegrad/backends/cpu/kernels/pool.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "fixture.hpp"
#include "typegrad/backends/cpu/kernels/latency_pool.hpp"

namespace {
using tg::cpu::Pooling;
using tg::cpu::width;

// One sample by definition, in double.
template <class G>
struct Expected {
  std::vector<double> maximum, mean, maximum_gradient, mean_gradient;

  Expected(const std::vector<double>& x, const std::vector<double>& dy)
      : maximum(G::channels * G::positions),
        mean(maximum.size()),
        maximum_gradient(x.size()),
        mean_gradient(x.size()) {
    for (int out = 0; out < G::channels * G::positions; ++out) {
      const int channel = out / G::positions, row = out % G::positions / G::out_width;
      double best = -std::numeric_limits<double>::infinity(), sum = 0;
      int best_at = -1;
      const auto visit = [&](auto&& body) {
        for (int i = 0; i < G::kernel_height; ++i)
          for (int j = 0; j < G::kernel_width; ++j) {
            const int h = row * G::stride_height - G::pad_height + i;
            const int w = out % G::out_width * G::stride_width - G::pad_width + j;
            if (h >= 0 && h < G::height && w >= 0 && w < G::width)
              body((channel * G::height + h) * G::width + w);
          }
      };
      visit([&](int at) {
        sum += x[at];
        if (best_at < 0 || x[at] > best || (std::isnan(x[at]) && !std::isnan(best)))
          best = x[at], best_at = at;
      });
      maximum[out] = best;
      mean[out] = sum / (G::kernel_height * G::kernel_width);
      maximum_gradient[best_at] += dy[out];
      visit([&](int at) { mean_gradient[at] += dy[out] / (G::kernel_height * G::kernel_width); });
    }
  }
};

bool same(double got, double expected) {
  if (std::isnan(expected)) return std::isnan(got);
  return got == expected || std::abs(got - expected) <= 1e-6 * (1 + std::abs(expected));
}

template <class T, int V, class G>
void check_pool() {
  constexpr int lanes = V * width<T>, inputs = G::channels * G::height * G::width;
  constexpr int outputs = G::channels * G::positions;
  fixture::Values values{inputs};
  fixture::Buffer<T> x(inputs * lanes), dy(outputs * lanes), y(dy.size()), mean(dy.size()),
      dx(x.size()), mean_dx(x.size());
  for (T& element : x) element = T(values.coarse());  // few values: equal maxima are common
  values.fill(dy);

  fixture::StoreLanes<T, V> store_y{y.data(), G::positions}, store_mean{mean.data(), G::positions};
  fixture::StoreLanes<T, V> store_dx{dx.data(), G::height * G::width},
      store_mean_dx{mean_dx.data(), G::height * G::width};
  tg::cpu::max_pool<T, V, G>(x.data(), store_y);
  tg::cpu::average_pool<T, V, G>(x.data(), store_mean);
  tg::cpu::max_pool_gradient<T, V, G>(x.data(), dy.data(), store_dx);
  tg::cpu::average_pool_gradient<T, V, G>(dy.data(), store_mean_dx);
  CHECK(store_y.calls == outputs * V);
  CHECK(store_mean.calls == outputs * V);
  CHECK(store_dx.calls == inputs * V);
  CHECK(store_mean_dx.calls == inputs * V);

  int wrong_y = 0, wrong_mean = 0, wrong_dx = 0, wrong_mean_dx = 0, wrong_flat = 0;
  for (int lane = 0; lane < lanes; ++lane) {
    std::vector<double> sample(inputs), gradient(outputs);
    fixture::Buffer<T> flat_x(inputs), flat_y(outputs), flat_mean(outputs);
    for (int i = 0; i < inputs; ++i) sample[i] = flat_x[i] = x[i * lanes + lane];
    for (int i = 0; i < outputs; ++i) gradient[i] = dy[i * lanes + lane];
    const Expected<G> expected{sample, gradient};
    fixture::StoreFlat<T> store_flat_y{flat_y.data()}, store_flat_mean{flat_mean.data()};
    tg::cpu::latency_max_pool<T, G>(flat_x.data(), store_flat_y);
    tg::cpu::latency_average_pool<T, G>(flat_x.data(), store_flat_mean);
    wrong_flat += store_flat_y.elements != outputs || store_flat_mean.elements != outputs;
    for (int i = 0; i < outputs; ++i) {
      wrong_y += y[i * lanes + lane] != T(expected.maximum[i]);
      wrong_mean += !same(mean[i * lanes + lane], expected.mean[i]);
      wrong_flat += flat_y[i] != T(expected.maximum[i]) || !same(flat_mean[i], expected.mean[i]);
    }
    for (int i = 0; i < inputs; ++i) {
      wrong_dx += !same(dx[i * lanes + lane], expected.maximum_gradient[i]);
      wrong_mean_dx += !same(mean_dx[i * lanes + lane], expected.mean_gradient[i]);
    }
  }
  CHECK(wrong_y == 0);
  CHECK(wrong_mean == 0);
  CHECK(wrong_dx == 0);
  CHECK(wrong_mean_dx == 0);
  CHECK(wrong_flat == 0);
}

// A NaN anywhere in a window is its maximum, and the gradient of that window is somewhere in it.
template <class T>
void check_nan() {
  using G = Pooling<1, 4, 4, 2, 2, 2, 2, 0, 0>;
  constexpr int lanes = width<T>;
  const T nan = std::numeric_limits<T>::quiet_NaN();
  for (int at = 0; at < 16; ++at) {
    fixture::Buffer<T> x(16 * lanes, T(1)), y(4 * lanes), dy(4 * lanes, nan), dx(16 * lanes);
    x[at * lanes] = nan;
    tg::cpu::max_pool<T, 1, G>(x.data(), fixture::StoreLanes<T, 1>{y.data(), 4});
    tg::cpu::max_pool_gradient<T, 1, G>(x.data(), dy.data(),
                                        fixture::StoreLanes<T, 1>{dx.data(), 16});
    fixture::Buffer<T> flat(16, T(1)), flat_y(4);
    flat[at] = nan;
    tg::cpu::latency_max_pool<T, G>(flat.data(), fixture::StoreFlat<T>{flat_y.data()});
    for (int window = 0; window < 4; ++window) {
      const bool hit = window == at / 8 * 2 + at % 4 / 2;
      CHECK(std::isnan(y[window * lanes]) == hit);
      CHECK(std::isnan(flat_y[window]) == hit);
      CHECK_FALSE(std::isnan(y[window * lanes + 1]));
      int received = 0;
      for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 2; ++j)
          received += std::isnan(dx[((window / 2 * 2 + i) * 4 + window % 2 * 2 + j) * lanes]);
      CHECK(received == 1);
    }
  }
}

}  // namespace

TEMPLATE_TEST_CASE("pooling", "[cpu]", float, double) {
  using T = TestType;
  check_pool<T, 1, Pooling<2, 8, 36, 2, 2, 2, 2, 0, 0>>();  // tiles; wider than two vectors
  check_pool<T, 2, Pooling<3, 7, 5, 2, 2, 2, 2, 0, 0>>();   // a rest that no window sees
  check_pool<T, 1, Pooling<1, 9, 8, 2, 1, 3, 2, 0, 0>>();   // gaps between windows
  check_pool<T, 3, Pooling<2, 9, 7, 3, 3, 2, 2, 0, 0>>();   // overlaps
  check_pool<T, 1, Pooling<2, 8, 21, 3, 2, 2, 1, 1, 1>>();  // overlaps and borders
  check_pool<T, 1, Pooling<1, 5, 6, 2, 2, 2, 2, 1, 1>>();   // borders without overlaps
  check_pool<T, 2, Pooling<2, 7, 7, 7, 7, 7, 7, 0, 0>>();   // one window
  check_pool<T, 1, Pooling<1, 11, 9, 3, 5, 4, 3, 0, 2>>();
}

TEMPLATE_TEST_CASE("a maximum over NaN is NaN", "[cpu]", float, double) { check_nan<TestType>(); }
