// matrix_product and matrix_product_sum: every side per sample, every transposition, odd extents.
// SPDX-License-Identifier: MIT
#include "kernels.hpp"
#include "typegrad/backends/cpu/kernels/latency_matrix_product.hpp"
#include "typegrad/backends/cpu/kernels/matrix_product_sum.hpp"

namespace {
using namespace tg::test;

// Element (i, k) of place h, as a plain loop finds it.
template <class G>
int left_index(int h, int i, int k) {
  return h * G::rows * G::depth + (G::swapped_left ? k * G::rows + i : i * G::depth + k);
}
template <class G>
int right_index(int h, int k, int j) {
  return h * G::depth * G::columns + (G::swapped_right ? j * G::depth + k : k * G::columns + j);
}

template <class T, int V, class G, PerSample Which>
void check_product() {
  constexpr int lanes = V * width<T>;
  constexpr int left_lanes = Which == PerSample::right ? 1 : lanes;
  constexpr int right_lanes = Which == PerSample::left ? 1 : lanes;
  CAPTURE(sizeof(T), V, G::batches, G::rows, G::columns, G::depth, int(Which));
  Buffer<T> a(G::batches * G::rows * G::depth * left_lanes, 1),
      b(G::batches * G::depth * G::columns * right_lanes, 2),
      y(G::batches * G::rows * G::columns * lanes);
  matrix_product<T, V, G, Which>(a.data(), b.data(), StoreLanes<T, V, G::columns>{y.data()});
  std::vector<double> expected;
  for (int h = 0; h < G::batches; ++h)
    for (int i = 0; i < G::rows; ++i)
      for (int j = 0; j < G::columns; ++j)
        for (int lane = 0; lane < lanes; ++lane) {
          double sum = 0;
          for (int k = 0; k < G::depth; ++k)
            sum += double(a[left_index<G>(h, i, k) * left_lanes + lane % left_lanes]) *
                   double(b[right_index<G>(h, k, j) * right_lanes + lane % right_lanes]);
          expected.push_back(sum);
        }
  CHECK(largest_error(y, expected, G::depth) <= 1);
}

// Lanes from `active` on are NaN and must not be met.
template <class T, int V, class G>
void check_sum(int active) {
  constexpr int lanes = V * width<T>, size = G::batches * G::rows * G::columns;
  CAPTURE(sizeof(T), V, G::batches, G::rows, G::columns, G::depth, active);
  Buffer<T> a(G::batches * G::rows * G::depth * lanes, 1),
      b(G::batches * G::depth * G::columns * lanes, 2), gw(size);
  std::vector<double> expected;
  for (int h = 0; h < G::batches; ++h)
    for (int i = 0; i < G::rows; ++i)
      for (int j = 0; j < G::columns; ++j) {
        double sum = 0;
        for (int k = 0; k < G::depth; ++k)
          for (int lane = 0; lane < active; ++lane)
            sum += double(a[left_index<G>(h, i, k) * lanes + lane]) *
                   double(b[right_index<G>(h, k, j) * lanes + lane]);
        expected.push_back(sum);
      }
  for (int i = 0; i < a.size(); ++i)
    if (i % lanes >= active) a[i] = std::numeric_limits<T>::quiet_NaN();
  for (int i = 0; i < b.size(); ++i)
    if (i % lanes >= active) b[i] = std::numeric_limits<T>::quiet_NaN();
  matrix_product_sum<T, V, G>(a.data(), b.data(), active, gw.data(), false);
  CHECK(largest_error(gw, expected, G::depth * active) <= 1);
  matrix_product_sum<T, V, G>(a.data(), b.data(), active, gw.data(), true);
  for (double& value : expected) value *= 2;
  CHECK(largest_error(gw, expected, G::depth * active) <= 2);
}

// One sample in plain arrays.
template <class T, class G>
void check_latency() {
  CAPTURE(sizeof(T), G::batches, G::rows, G::columns, G::depth);
  Buffer<T> a(G::batches * G::rows * G::depth, 1), b(G::batches * G::depth * G::columns, 2),
      y(G::batches * G::rows * G::columns);
  latency_matrix_product<T, G>(a.data(), b.data(), StoreFlat<T>{y.data()});
  std::vector<double> expected;
  for (int h = 0; h < G::batches; ++h)
    for (int i = 0; i < G::rows; ++i)
      for (int j = 0; j < G::columns; ++j) {
        double sum = 0;
        for (int k = 0; k < G::depth; ++k)
          sum += double(a[left_index<G>(h, i, k)]) * double(b[right_index<G>(h, k, j)]);
        expected.push_back(sum);
      }
  CHECK(largest_error(y, expected, G::depth) <= 1);
}

template <class T, int V, int Batches, int Rows, int Columns, int Depth, bool Left, bool Right>
void check() {
  using G = MatrixProduct<Batches, Rows, Columns, Depth, Left, Right>;
  check_product<T, V, G, PerSample::left>();
  check_product<T, V, G, PerSample::right>();
  check_product<T, V, G, PerSample::both>();
  check_latency<T, G>();
  for (int active : {1, width<T> - 1, V * width<T>}) check_sum<T, V, G>(active);
}

TEST_CASE("products of matrices per sample equal plain loops") {
  check<float, 1, 1, 1, 1, 1, false, false>();
  check<float, 1, 2, 9, 20, 7, false, false>();
  check<float, 1, 3, 5, 33, 8, false, true>();
  check<float, 2, 1, 13, 6, 40, true, false>();
  check<double, 1, 2, 26, 3, 5, true, true>();
  check<double, 3, 1, 4, 17, 3, true, false>();
}

TEST_CASE("products too deep for a panel equal plain loops") {
  check<float, 1, 1, 7, 19, 150, false, false>();
}

}  // namespace
