// Tensor cores' products, as the emulator runs them: each factor rounded, each number where it is
// said to be.
#include <typegrad/backends/cuda/mma.hpp>
#include <typegrad/backends/emulator/device.hpp>

#include "samples.hpp"
#include "tests/catch.hpp"

using tg::cuda::Precision;
using tg::emulator::Buffer;
using tg::emulator::launch;
using tg::emulator::View;

namespace {

// C = A B of one tile, A (16, K) and B (K, 8) by rows.
template <Precision precision>
struct OneTile {
  static constexpr int threads = 32, depth = tg::cuda::Words<precision>::tile;
  template <class C>
  static void run(const C& c, View<const float> a, View<const float> b, View<float> result) {
    using namespace tg::cuda;
    using W = Words<precision>;
    Left left;
    Right right;
    for (int i = 0; i < 4; ++i)
      left.word[i] = word_of<precision>(c, [&](int j) -> float {
        return a[Left::row(c.lane(), i) * depth + W::number(Left::word_index(c.lane(), i), j)];
      });
    for (int i = 0; i < 2; ++i)
      right.word[i] = word_of<precision>(c, [&](int j) -> float {
        return b[W::number(c.lane() % 4 * 2 + i, j) * 8 + c.lane() / 4];
      });
    Sum sum = {};
    multiply_add<precision>(c, sum, left, right);
    for (int i = 0; i < 4; ++i)
      result[Sum::row(c.lane(), i) * 8 + Sum::column(c.lane(), i)] = sum.x[i];
  }
};

// The nearest number of so many significant bits.
double rounded(double x, int bits) {
  int exponent = 0;
  const double scale = std::ldexp(1.0, bits);
  const double mantissa = std::frexp(x, &exponent);
  return std::ldexp(std::round(mantissa * scale) / scale, exponent);
}

template <Precision precision>
double worst(int bits) {
  using Kernel = OneTile<precision>;
  constexpr int depth = Kernel::depth;
  Buffer<float> a(random_numbers(16 * depth, 1), "a"), b(random_numbers(depth * 8, 2), "b"),
      result(16 * 8, "c");
  launch<Kernel>(1, View<const float>(a.view()), View<const float>(b.view()), result.view());
  double difference = 0;
  for (int r = 0; r < 16; ++r)
    for (int n = 0; n < 8; ++n) {
      double sum = 0;
      for (int k = 0; k < depth; ++k)
        sum += rounded(a.host()[std::size_t(r * depth + k)], bits) *
               rounded(b.host()[std::size_t(k * 8 + n)], bits);
      difference = std::max(difference, std::abs(sum - result.host()[std::size_t(r * 8 + n)]));
    }
  return difference;
}

}  // namespace

TEST_CASE("a tile's product is that of the rounded factors") {
  CHECK(worst<Precision::tf32>(11) < 1e-6);
  CHECK(worst<Precision::tf32>(24) > 1e-5);
  CHECK(worst<Precision::bf16>(8) < 1e-6);
  CHECK(worst<Precision::bf16>(24) > 1e-4);
  CHECK(worst<Precision::f16>(11) < 1e-6);
  CHECK(worst<Precision::f16>(24) > 1e-5);
}

TEST_CASE("halves go away from 0 in tf32 and to the even number in bf16 and f16") {
  const int nobody = 0;  // no context is asked
  using tg::cuda::bf16_pair, tg::cuda::f16_pair, tg::cuda::rounded_to_tf32;
  CHECK(rounded_to_tf32(nobody, 1 + 0x1p-11f) == 1 + 0x1p-10f);
  CHECK(rounded_to_tf32(nobody, -1 - 0x1p-11f) == -1 - 0x1p-10f);
  CHECK(rounded_to_tf32(nobody, 1 + 0x1.8p-12f) == 1);
  CHECK(std::isnan(rounded_to_tf32(nobody, NAN)));
  CHECK(std::isinf(rounded_to_tf32(nobody, INFINITY)));
  const auto both = std::bit_cast<std::uint32_t>(bf16_pair(nobody, 1 + 0x1p-8f, -2));
  CHECK(both == 0xC0003F80);
  CHECK(std::bit_cast<std::uint32_t>(f16_pair(nobody, 1 + 0x1p-11f, -2)) == 0xC0003C00);
}
