// Reductions within a sample, in lanes and in plain arrays, against loops.
// SPDX-License-Identifier: MIT
#include "typegrad/backends/cpu/kernels/reduce.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "fixture.hpp"
#include "typegrad/backends/cpu/kernels/latency_reduce.hpp"

namespace {
using tg::cpu::width;
namespace fold = tg::cpu::fold;

struct Expected {
  double sum = 0, product = 1, maximum = -HUGE_VAL, minimum = HUGE_VAL;
  int first = 0;
  explicit Expected(const std::vector<double>& x) {
    for (int i = 0; i < int(x.size()); ++i) {
      sum += x[i];
      product *= x[i];
      if (std::isnan(maximum)) continue;
      if (x[i] > maximum || std::isnan(x[i])) first = i;
      maximum = std::isnan(x[i]) ? x[i] : std::max(maximum, x[i]);
      minimum = std::isnan(x[i]) ? x[i] : std::min(minimum, x[i]);
    }
  }
};

bool near(double got, double expected, double tolerance) {
  if (std::isnan(expected)) return std::isnan(got);
  return got == expected || std::abs(got - expected) <= tolerance * (1 + std::abs(expected));
}

template <template <class> class Fold, class T, int V, int Outer, int Reduced, int Inner>
void run_both(fixture::Buffer<T>& x, fixture::Buffer<T>& out, fixture::Buffer<T>& flat_out) {
  constexpr int lanes = V * width<T>, inputs = Outer * Reduced * Inner;
  fixture::StoreLanes<T, V> store{out.data(), Inner};
  tg::cpu::reduce<Fold, T, V, Outer, Reduced, Inner>(x.data(), store);
  CHECK(store.calls == Outer * Inner * V);
  for (int lane = 0; lane < lanes; lane += 5) {
    fixture::Buffer<T> sample(inputs);
    for (int i = 0; i < inputs; ++i) sample[i] = x[i * lanes + lane];
    fixture::StoreFlat<T> store_flat{flat_out.data() + lane * Outer * Inner};
    tg::cpu::latency_reduce<Fold, T, Outer, Reduced, Inner>(sample.data(), store_flat);
    CHECK(store_flat.elements == Outer * Inner);
  }
}

template <class T, int V, int Outer, int Reduced, int Inner>
void check_reduce(double share_of_nan) {
  constexpr int lanes = V * width<T>, outputs = Outer * Inner;
  fixture::Values values{Reduced};
  fixture::Buffer<T> x(Outer * Reduced * Inner * lanes);
  for (T& element : x)
    element = std::abs(values.next()) < share_of_nan ? std::numeric_limits<T>::quiet_NaN()
                                                     : T(values.coarse() + 0.125);
  fixture::Buffer<T> sum(outputs * lanes), product(outputs * lanes), maximum(outputs * lanes),
      minimum(outputs * lanes), first(outputs * lanes);
  fixture::Buffer<T> flat_sum(outputs * lanes), flat_product(outputs * lanes),
      flat_maximum(outputs * lanes), flat_minimum(outputs * lanes), flat_first(outputs * lanes);
  run_both<fold::Sum, T, V, Outer, Reduced, Inner>(x, sum, flat_sum);
  run_both<fold::Product, T, V, Outer, Reduced, Inner>(x, product, flat_product);
  run_both<fold::Maximum, T, V, Outer, Reduced, Inner>(x, maximum, flat_maximum);
  run_both<fold::Minimum, T, V, Outer, Reduced, Inner>(x, minimum, flat_minimum);
  run_both<fold::FirstMaximum, T, V, Outer, Reduced, Inner>(x, first, flat_first);

  int wrong = 0, wrong_flat = 0;
  for (int out = 0; out < outputs; ++out)
    for (int lane = 0; lane < lanes; ++lane) {
      std::vector<double> row(Reduced);
      for (int i = 0; i < Reduced; ++i)
        row[i] = x[((out / Inner * Reduced + i) * Inner + out % Inner) * lanes + lane];
      const Expected expected{row};
      const int at = out * lanes + lane, flat_at = lane * outputs + out;
      wrong += !near(sum[at], expected.sum, 1e-5) || !near(product[at], expected.product, 1e-5);
      wrong += !near(maximum[at], expected.maximum, 0) || !near(minimum[at], expected.minimum, 0);
      wrong += first[at] != T(expected.first);
      if (lane % 5 != 0) continue;
      wrong_flat += !near(flat_sum[flat_at], expected.sum, 1e-5);
      wrong_flat += !near(flat_product[flat_at], expected.product, 1e-5);
      wrong_flat += !near(flat_maximum[flat_at], expected.maximum, 0);
      wrong_flat += !near(flat_minimum[flat_at], expected.minimum, 0);
      wrong_flat += flat_first[flat_at] != T(expected.first);
    }
  CHECK(wrong == 0);
  CHECK(wrong_flat == 0);
}

}  // namespace

TEMPLATE_TEST_CASE("reductions within a sample", "[cpu]", float, double) {
  using T = TestType;
  for (double nan : {0.0, 0.1}) {
    check_reduce<T, 1, 1, 1, 1>(nan);
    check_reduce<T, 2, 1, 10, 1>(nan);
    check_reduce<T, 1, 19, 83, 1>(nan);
    check_reduce<T, 3, 2, 5, 7>(nan);
    check_reduce<T, 1, 3, 33, 20>(nan);
  }
}
