// uniform_lanes: the reference's numbers to the bit, for any number of lanes.
// SPDX-License-Identifier: MIT
#include "typegrad/backends/cpu/kernels/uniform.hpp"

#include "kernels.hpp"
#include "typegrad/backends/reference/random.hpp"

namespace {
using namespace tg::test;

template <class T, int Lanes>
void check(std::uint64_t first_sample) {
  CAPTURE(sizeof(T), Lanes, first_sample);
  constexpr int elements = 11;
  constexpr std::uint64_t key = 0x123456789ABCDEF;
  Buffer<T> got(elements * Lanes), expected(elements * Lanes);
  uniform_lanes<T, Lanes>(key, first_sample, got.data(), elements);
  for (int lane = 0; lane < Lanes; ++lane)
    tg::reference::fill_random<T>(tg::Op::uniform, key, first_sample + std::uint64_t(lane),
                                  {expected.data() + lane, Lanes}, elements);
  CHECK(std::equal(got.begin(), got.end(), expected.begin()));
}

TEST_CASE("uniform_lanes gives the reference's numbers") {
  check<float, width<float>>(5);
  check<float, 2 * width<float>>((1ull << 32) - 7);
  check<float, 1>(9);
  check<double, width<double>>(3);
  check<double, 3 * width<double>>(0);
}

}  // namespace
