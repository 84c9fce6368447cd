// What the emulator says of memory whose elements are taken for others, and of halves.
// SPDX-License-Identifier: MIT
#include <typegrad/backends/emulator/device.hpp>

#include "tests/catch.hpp"

using tg::emulator::AnyView;
using tg::emulator::Buffer;
using tg::emulator::launch;
using tg::emulator::View;

namespace {

// y = 2 x, eight numbers in an access; with a Flaw, from an element on that is none of theirs.
template <int Flaw>
struct TwiceInEights {
  static constexpr int threads = 32;
  template <class C, class X, class Y>
  static void run(const C& c, const X& x, const Y& y) {
    auto eight = tg::cuda::numbers_at<8>(x, 8 * c.thread() + Flaw);
    for (float& number : eight.x) number *= 2;
    tg::cuda::put_pack<8>(y, 8 * c.thread(), eight);
  }
};

}  // namespace

TEST_CASE("halves are read as floats and rounded as they are written") {
  std::vector<tg::bfloat16> numbers;
  for (int i = 0; i < 256; ++i) numbers.emplace_back(float(i));
  Buffer<tg::bfloat16> x(numbers, "x"), y(256, "y");
  launch<TwiceInEights<0>>(1, View<const tg::bfloat16>(x.view()), y.view());
  for (int i = 0; i < 256; ++i) CHECK(float(y.host()[std::size_t(i)]) == float(2 * i));
  CHECK_THROWS_WITH((launch<TwiceInEights<4>>(1, View<const tg::bfloat16>(x.view()), y.view())),
                    tg::test::contains("takes 8 elements of x from 4 on"));
}
TEST_CASE("memory is not taken for elements of another size") {
  Buffer<float> x(4, "x");
  const AnyView any(x.view());
  CHECK_NOTHROW(any.as<std::int32_t>());
  CHECK_THROWS_WITH(any.as<double>(), tg::test::contains("x, whose elements have 4 bytes"));
}
