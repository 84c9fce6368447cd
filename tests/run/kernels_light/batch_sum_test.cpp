// Sums across samples: only the active lanes count, and what lies in the others never matters.
// SPDX-License-Identifier: MIT
#include "typegrad/backends/cpu/kernels/batch_sum.hpp"

#include <cmath>
#include <limits>

#include "catch.hpp"
#include "fixture.hpp"
#include "typegrad/backends/cpu/kernels/flat.hpp"

namespace {
using tg::cpu::width;

template <class T, int V, int Channels, int Positions>
void check_batch_sums() {
  constexpr int lanes = V * width<T>, elements = Channels * Positions;
  for (int active = 1; active <= lanes; ++active) {
    fixture::Values values{std::uint64_t(active)};
    fixture::Buffer<T> x(elements * lanes);
    for (int i = 0; i < elements * lanes; ++i)
      x[i] = i % lanes < active ? T(values.next()) : std::numeric_limits<T>::quiet_NaN();
    fixture::Buffer<T> sum(elements, T(100)), added(elements, T(100));
    fixture::Buffer<T> channel_sum(Channels, T(100)), channel_added(Channels, T(100));
    tg::cpu::batch_sum<T, V, elements>(x.data(), active, sum.data(), false);
    tg::cpu::batch_sum<T, V, elements>(x.data(), active, added.data(), true);
    tg::cpu::channel_batch_sum<T, V, Channels, Positions>(x.data(), active, channel_sum.data(),
                                                          false);
    tg::cpu::channel_batch_sum<T, V, Channels, Positions>(x.data(), active, channel_added.data(),
                                                          true);
    int wrong = 0;
    for (int channel = 0; channel < Channels; ++channel) {
      double of_channel = 0;
      for (int position = 0; position < Positions; ++position) {
        const int element = channel * Positions + position;
        double of_element = 0;
        for (int lane = 0; lane < active; ++lane) of_element += double(x[element * lanes + lane]);
        of_channel += of_element;
        wrong += !(std::abs(sum[element] - of_element) <= 1e-5);
        wrong += !(std::abs(added[element] - 100 - of_element) <= 1e-4);
      }
      wrong += !(std::abs(channel_sum[channel] - of_channel) <= 1e-4);
      wrong += !(std::abs(channel_added[channel] - 100 - of_channel) <= 1e-3);
    }
    CHECK(wrong == 0);
  }
}

// The order of additions is part of the contract: ((p0 + p1) + p2) + …
template <class T>
void check_partials(int partials, int begin, int end) {
  const int stride = end + 5;
  fixture::Buffer<T> all((partials - 1) * stride + end), out(end, T(-1));
  fixture::Values values{std::uint64_t(end)};
  values.fill(all);
  tg::cpu::add_partials<T>(all.data(), stride, partials, begin, end, out.data());
  int wrong = 0;
  for (int i = 0; i < end; ++i) {
    T sum = all[i];
    for (int p = 1; p < partials; ++p) sum += all[p * stride + i];
    wrong += out[i] != (i < begin ? T(-1) : sum);
  }
  CHECK(wrong == 0);
}

template <class T>
struct MarkElements {
  int* seen;
  void flat(int row, int element, tg::cpu::Vector<T>, int count) const {
    for (int i = 0; i < count; ++i) seen[element + i] += 1 + row;
  }
};

}  // namespace

TEMPLATE_TEST_CASE("sums across samples", "[cpu]", float, double) {
  using T = TestType;
  check_batch_sums<T, 1, 1, 1>();
  check_batch_sums<T, 1, 6, 9>();
  check_batch_sums<T, 2, 16, 7>();
  check_batch_sums<T, 3, 19, 2>();
}

TEMPLATE_TEST_CASE("partial sums add up in order", "[cpu]", float, double) {
  check_partials<TestType>(1, 0, 40);
  check_partials<TestType>(8, 0, 77);
  check_partials<TestType>(3, width<TestType>, 3 * width<TestType> + 1);
}

TEMPLATE_TEST_CASE("a flat loop meets each element once", "[cpu]", float, double) {
  constexpr int W = width<TestType>;
  for (int begin : {0, W})
    for (int end : {begin, begin + 1, begin + W, begin + 3 * W - 1}) {
      fixture::Buffer<int> seen(begin + 3 * W, 0);
      tg::cpu::flat_loop<TestType>(begin, end, MarkElements<TestType>{seen.data()});
      int wrong = 0;
      for (int i = 0; i < int(seen.size()); ++i) wrong += seen[i] != (i >= begin && i < end);
      CHECK(wrong == 0);
    }
}
