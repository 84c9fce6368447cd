// bfloat16 and float16: every pattern of bits, every tie, in words and in vectors.
// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstring>
#include <limits>

#include "tests/catch.hpp"
#include "typegrad/backends/cpu/half_vector.hpp"

namespace tg::test {
namespace {

constexpr int patterns = 1 << 16;

template <class S>
constexpr S from_bits(int bits) {
  S number{};
  number.bits = std::uint16_t(bits);
  return number;
}
constexpr bool is_nan(float x) { return x != x; }
template <class S>
inline constexpr int significant = std::is_same_v<S, bfloat16> ? 8 : 11;
template <class S>
inline constexpr int least_exponent = std::is_same_v<S, bfloat16> ? -133 : -24;  // of the smallest
template <class S>
inline constexpr float largest = std::is_same_v<S, bfloat16> ? 0x1.FEp127f : 65504.f;

// The definition: the nearest number of `significant` bits, no finer than the smallest one.
template <class S>
float nearest(float x) {
  if (is_nan(x) || std::isinf(x) || x == 0) return x;
  const int unit = std::max(std::ilogb(x) - significant<S> + 1, least_exponent<S>);
  const double rounded = std::ldexp(std::nearbyint(std::ldexp(double(x), -unit)), unit);
  return std::abs(rounded) > double(largest<S>)
             ? std::copysign(std::numeric_limits<float>::infinity(), x)
             : float(rounded);
}

template <class S>
bool same(S a, S b) {
  return is_nan(a) ? is_nan(b) : a.bits == b.bits;
}

// A vector at a time, all lanes different, as kernels read and write them.
template <class S>
void store_by_vectors(const float (&x)[cpu::width<float>], S (&y)[cpu::width<float>]) {
  cpu::store(y, cpu::load_unaligned(x));
}

}  // namespace

TEMPLATE_TEST_CASE("Every half becomes a float and itself again", "[half]", bfloat16, float16) {
  int different = 0, nan = 0, infinite = 0;
  for (int bits = 0; bits < patterns; ++bits) {
    const auto half = from_bits<TestType>(bits);
    const float number = half;
    nan += is_nan(number);
    infinite += std::isinf(number);
    different += !same(half, TestType(number)) || nearest<TestType>(number) != number;
    different -= is_nan(number);  // which equals nothing, not even itself
  }
  CHECK(different == 0);
  CHECK(infinite == 2);
  CHECK(nan == 2 * ((1 << (significant<TestType> - 1)) - 1));
}

TEMPLATE_TEST_CASE("A float becomes the nearest half, of two the even one", "[half]", bfloat16,
                   float16) {
  int wrong = 0;
  const auto look = [&](float x) {
    const TestType half(x);
    wrong += is_nan(x) ? !is_nan(half) : float(half) != nearest<TestType>(x);
    wrong += std::signbit(float(half)) != std::signbit(x);
  };
  // Between each two neighbours: a little more than the lower one, the middle, and around it.
  for (int bits = 0; bits + 1 < patterns; ++bits) {
    const float below = from_bits<TestType>(bits), above = from_bits<TestType>(bits + 1);
    if (!std::isfinite(below) || !std::isfinite(above)) continue;
    const float middle = below + (above - below) / 2;
    for (const float x : {below, std::nextafter(below, above), std::nextafter(middle, below),
                          middle, std::nextafter(middle, above)})
      look(x);
  }
  for (std::uint64_t bits = 0; bits < std::uint64_t(1) << 32; bits += 4099)
    look(std::bit_cast<float>(std::uint32_t(bits)));
  CHECK(wrong == 0);
}

TEMPLATE_TEST_CASE("Vectors are converted as numbers are", "[half]", bfloat16, float16) {
  constexpr int W = cpu::width<float>;
  int wrong = 0;
  for (int first = 0; first < patterns; first += W) {
    TestType halves[W], again[W];
    float numbers[W];
    for (int lane = 0; lane < W; ++lane) halves[lane] = from_bits<TestType>(first + lane);
    cpu::store_unaligned(numbers, cpu::load(halves));
    store_by_vectors(numbers, again);
    for (int lane = 0; lane < W; ++lane) {
      const float expected = halves[lane];
      wrong += is_nan(expected) ? !is_nan(numbers[lane]) : numbers[lane] != expected;
      wrong += !same(halves[lane], again[lane]);
    }
  }
  for (std::uint64_t bits = 0; bits < std::uint64_t(1) << 32; bits += 1021 * W) {
    float numbers[W];
    TestType halves[W];
    for (int lane = 0; lane < W; ++lane)
      numbers[lane] = std::bit_cast<float>(std::uint32_t(bits + std::uint64_t(lane) * 1021));
    store_by_vectors(numbers, halves);
    for (int lane = 0; lane < W; ++lane) wrong += !same(halves[lane], TestType(numbers[lane]));
  }
  CHECK(wrong == 0);
}

TEMPLATE_TEST_CASE("The first numbers of a vector, and nothing behind them", "[half]", bfloat16,
                   float16) {
  constexpr int W = cpu::width<float>;
  TestType from[W], to[W];
  for (int lane = 0; lane < W; ++lane) from[lane] = TestType(lane + 1);
  for (int count = 0; count <= W; ++count) {
    for (TestType& number : to) number = TestType(-7);
    cpu::store_first(to, cpu::load_first(from, count), W);
    for (int lane = 0; lane < W; ++lane)
      CHECK(float(to[lane]) == float(lane < count ? lane + 1 : 0));
    for (TestType& number : to) number = TestType(-7);
    cpu::store_first(to, cpu::load(from), count);
    for (int lane = 0; lane < W; ++lane)
      CHECK(float(to[lane]) == float(lane < count ? lane + 1 : -7));
  }
}

// What a constant expression says.
static_assert(bfloat16(1.f).bits == 0x3F80 && float16(1.f).bits == 0x3C00);
static_assert(float(bfloat16(0x1.01p0f)) == 1 && float(bfloat16(0x1.03p0f)) == 0x1.04p0f);  // ties
static_assert(float(float16(65519.f)) == 65504 && float16(65520.f).bits == 0x7C00);
static_assert(float(float16(0x1p-24f)) == 0x1p-24f && float16(0x1p-25f).bits == 0);
static_assert(float16(0x1.8p-24f).bits == 2 && float16(-0.f).bits == 0x8000);
static_assert(is_nan(bfloat16(std::bit_cast<float>(0x7F800001u))));

}  // namespace tg::test
