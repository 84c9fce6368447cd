// Softmax and log-softmax against their definition in double; large values, -inf and NaN; labels.
// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>

#include "catch.hpp"
#include "fixture.hpp"
#include "typegrad/backends/cpu/kernels/latency_softmax.hpp"
#include "typegrad/backends/cpu/kernels/softmax.hpp"

namespace {
using tg::cpu::width;

template <class T, int V, int Outer, int N, int Inner>
void check_softmax(double scale) {
  constexpr int lanes = V * width<T>, elements = Outer * N * Inner;
  fixture::Values values{N};
  fixture::Buffer<T> x(elements * lanes), y(x.size()), log_y(x.size());
  for (T& element : x) element = T(scale * values.next());
  fixture::StoreLanes<T, V> store{y.data(), N * Inner}, store_log{log_y.data(), N * Inner};
  tg::cpu::softmax<T, V, Outer, N, Inner>(x.data(), store);
  tg::cpu::log_softmax<T, V, Outer, N, Inner>(x.data(), store_log);
  CHECK(store.calls == elements * V);
  CHECK(store_log.calls == elements * V);

  const double tolerance = (sizeof(T) == 4 ? 1e-6 : 1e-14) * (1 + scale);
  int wrong = 0, wrong_flat = 0;
  for (int lane = 0; lane < lanes; lane += 3) {
    fixture::Buffer<T> sample(elements), flat_y(elements), flat_log_y(elements);
    for (int i = 0; i < elements; ++i) sample[i] = x[i * lanes + lane];
    fixture::StoreFlat<T> store_flat{flat_y.data()}, store_flat_log{flat_log_y.data()};
    tg::cpu::latency_softmax<T, Outer, N, Inner>(sample.data(), store_flat);
    tg::cpu::latency_log_softmax<T, Outer, N, Inner>(sample.data(), store_flat_log);
    wrong_flat += store_flat.elements != elements || store_flat_log.elements != elements;
    for (int column = 0; column < Outer * Inner; ++column) {
      const auto at = [&](int i) { return (column / Inner * N + i) * Inner + column % Inner; };
      double maximum = -HUGE_VAL, sum = 0;
      for (int i = 0; i < N; ++i) maximum = std::max(maximum, double(sample[at(i)]));
      for (int i = 0; i < N; ++i) sum += std::exp(double(sample[at(i)]) - maximum);
      for (int i = 0; i < N; ++i) {
        const double expected_log = double(sample[at(i)]) - maximum - std::log(sum);
        const double expected = std::exp(expected_log);
        wrong += !(std::abs(y[at(i) * lanes + lane] - expected) <= tolerance);
        wrong += !(std::abs(log_y[at(i) * lanes + lane] - expected_log) <= tolerance);
        wrong_flat += !(std::abs(flat_y[at(i)] - expected) <= tolerance);
        wrong_flat += !(std::abs(flat_log_y[at(i)] - expected_log) <= tolerance);
      }
    }
  }
  CHECK(wrong == 0);
  CHECK(wrong_flat == 0);
}

}  // namespace

TEMPLATE_TEST_CASE("softmax and its logarithm", "[cpu]", float, double) {
  using T = TestType;
  check_softmax<T, 1, 1, 10, 1>(5);
  check_softmax<T, 2, 3, 5, 7>(1000);  // e^1000 is infinite: the shift is what keeps it
  check_softmax<T, 3, 2, 33, 1>(20);
  check_softmax<T, 1, 1, 1500, 1>(3);  // exponentials computed twice
  check_softmax<T, 1, 2, 3, 20>(3);
}

TEMPLATE_TEST_CASE("softmax of infinities and NaN", "[cpu]", float, double) {
  using T = TestType;
  constexpr int W = width<T>;
  const T inf = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  fixture::Buffer<T> x(3 * W), y(3 * W), log_y(3 * W);
  for (int lane = 0; lane < W; ++lane) x[lane] = T(1), x[W + lane] = T(1), x[2 * W + lane] = -inf;
  x[1] = nan;
  tg::cpu::softmax<T, 1, 1, 3, 1>(x.data(), fixture::StoreLanes<T, 1>{y.data(), 3});
  tg::cpu::log_softmax<T, 1, 1, 3, 1>(x.data(), fixture::StoreLanes<T, 1>{log_y.data(), 3});
  CHECK(y[0] == T(0.5));
  CHECK(y[2 * W] == 0);
  CHECK(log_y[2 * W] == -inf);
  for (int i = 0; i < 3; ++i) {
    CHECK(std::isnan(y[i * W + 1]));
    CHECK(std::isnan(log_y[i * W + 1]));
  }
  fixture::Buffer<T> flat_y(3);
  const T ordinary[3] = {T(1), T(1), -inf}, spoilt[3] = {T(1), nan, -inf};
  tg::cpu::latency_softmax<T, 1, 3, 1>(ordinary, fixture::StoreFlat<T>{flat_y.data()});
  CHECK(flat_y[0] == T(0.5));
  CHECK(flat_y[2] == 0);
  tg::cpu::latency_softmax<T, 1, 3, 1>(spoilt, fixture::StoreFlat<T>{flat_y.data()});
  for (int i = 0; i < 3; ++i) CHECK(std::isnan(flat_y[i]));
}
