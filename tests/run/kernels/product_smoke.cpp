// product: both weight orders, extents that tiles do not divide, 1 to 3 vectors a tile.
// SPDX-License-Identifier: MIT
#include "kernels.hpp"
#include "typegrad/backends/cpu/kernels/product.hpp"

namespace {
using namespace tg::test;

template <class T, int V, int Outputs, int Inputs, WeightOrder Order>
void check() {
  constexpr int lanes = V * width<T>;
  Buffer<T> w(Outputs * Inputs, 1), x(Inputs * lanes, 2), whole(Outputs * lanes);
  product<T, V, Outputs, Inputs, Order>(w.data(), x.data(), V, StoreLanes<T, V, 1>{whole.data()});
  std::vector<double> expected(std::size_t(Outputs * lanes));
  for (int o = 0; o < Outputs; ++o)
    for (int k = 0; k < Inputs; ++k)
      for (int lane = 0; lane < lanes; ++lane)
        expected[std::size_t(o * lanes + lane)] +=
            double(w[Order == WeightOrder::rows ? o * Inputs + k : k * Outputs + o]) *
            double(x[k * lanes + lane]);
  CAPTURE(sizeof(T), V, Outputs, Inputs, int(Order));
  CHECK(largest_error(whole, expected, Inputs) <= 1);

  // Of fewer vectors, the same; behind them, the last lane again, whatever x has there.
  for (int used = 1; used < V; ++used) {
    Buffer<T> some(Outputs * lanes);
    product<T, V, Outputs, Inputs, Order>(w.data(), x.data(), used,
                                          StoreLanes<T, V, 1>{some.data()});
    int wrong = 0;
    for (int o = 0; o < Outputs; ++o)
      for (int lane = 0; lane < lanes; ++lane)
        wrong += some[o * lanes + lane] != whole[o * lanes + std::min(lane, used * width<T> - 1)];
    CAPTURE(used);
    CHECK(wrong == 0);
  }
}

template <class T, int V, int Outputs, int Inputs>
void check_orders() {
  check<T, V, Outputs, Inputs, WeightOrder::rows>();
  check<T, V, Outputs, Inputs, WeightOrder::transposed>();
}

TEST_CASE("product equals a plain loop") {
  check_orders<float, 1, 1, 1>();
  check_orders<float, 1, 10, 84>();
  check_orders<float, 1, 25, 3>();
  check_orders<float, 1, 50, 17>();
  check_orders<float, 2, 13, 7>();
  check_orders<float, 2, 30, 16>();
  check_orders<float, 3, 10, 33>();
  check_orders<float, 3, 17, 5>();
  check_orders<double, 1, 29, 11>();
  check_orders<double, 2, 7, 40>();
  check_orders<double, 3, 9, 2>();
}

}  // namespace
