// Products of small tiles that the lanes of a warp make together: fragments, and a portable twin.
// SPDX-License-Identifier: MIT
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>

#include "typegrad/core/config.hpp"
#include "typegrad/core/half.hpp"

namespace tg::cuda {

// How a product rounds its factors. Sums are float always; f32 rounds nothing and has no tensor
// cores.
enum class Precision { f32, tf32, bf16, f16 };

// A product of tiles is (16 rows x 8 words) (8 words x 8 columns) -> 16 x 8 sums, += (PTX:
// mma.sync.m16n8k8 with tf32, m16n8k16 with halves). A word is what a register holds of a factor
// along the summed extent: one number, or two halves. Lane 4 g + t has
//   of Left    row g + 8 (i % 2)  and word 2 t + i / 2,
//   of Right   word 2 t + i       and column g,
//   of Sum     row g + 8 (i / 2)  and column 2 t + i % 2.
// (PTX numbers a lane's two words t and t + 4. Both factors call them 2 t and 2 t + 1, so the sum
// is the same, a lane's words lie together in memory, and the sums of one product are words of the
// next without leaving their lane.)
struct Left {
  float word[4];
  static constexpr int row(int lane, int i) { return lane / 4 + 8 * (i % 2); }
  static constexpr int word_index(int lane, int i) { return lane % 4 * 2 + i / 2; }
};
struct Right {
  float word[2];
};
struct Sum {
  float x[4];
  static constexpr int row(int lane, int i) { return lane / 4 + 8 * (i / 2); }
  static constexpr int column(int lane, int i) { return lane % 4 * 2 + i % 2; }
};

// Which numbers of its tile's summed extent a word holds.
template <Precision precision>
struct Words {
  static_assert(precision != Precision::f32,
                "tensor cores round the factors: see kernels/warp_product.hpp");
  static constexpr bool halves = precision != Precision::tf32;
  static constexpr int numbers = halves ? 2 : 1;
  static constexpr int tile = 8 * numbers;
  // The i-th of word w: of halves so that a lane's two words are columns of two neighbouring Sums.
  static constexpr int number(int w, int i) { return halves ? w / 2 * 2 + w % 2 * 8 + i : w; }
};

// What follows has an overload for the context of a device (mma.cuh): an instruction each. These
// run everywhere else.

// To tf32, 10 bits behind the point, halves away from 0.
template <class C>
TYPEGRAD_DEVICE float rounded_to_tf32(const C&, float x) {
  if (x != x) return x;
  return std::bit_cast<float>((std::bit_cast<std::uint32_t>(x) + 0x1000) & 0xFFFFE000);
}
// Two numbers as halves, `low` in the low half of the word, ties to the even one.
template <class C>
TYPEGRAD_DEVICE float bf16_pair(const C&, float low, float high) {
  return std::bit_cast<float>(std::uint32_t(bfloat16(low).bits) | std::uint32_t(bfloat16(high).bits)
                                                                      << 16);
}
template <class C>
TYPEGRAD_DEVICE float f16_pair(const C&, float low, float high) {
  return std::bit_cast<float>(std::uint32_t(float16(low).bits) | std::uint32_t(float16(high).bits)
                                                                     << 16);
}
// The word of numbers at(0), at(1).
template <Precision precision, class C, class At>
TYPEGRAD_DEVICE float word_of(const C& c, const At& at) {
  if constexpr (precision == Precision::bf16)
    return bf16_pair(c, at(0), at(1));
  else if constexpr (precision == Precision::f16)
    return f16_pair(c, at(0), at(1));
  else
    return rounded_to_tf32(c, at(0));
}

// sum += left right. All lanes of the warp come.
template <Precision precision, class C>
TYPEGRAD_DEVICE void multiply_add(const C& c, Sum& sum, const Left& left, const Right& right) {
  struct Given {
    Left left;
    Right right;
  };
  const auto product = [](float a, float b) {
    if constexpr (precision == Precision::tf32) return a * b;
    using Half = std::conditional_t<precision == Precision::f16, float16, bfloat16>;
    const auto half = [](float word, int shift) -> float {
      return std::bit_cast<Half>(std::uint16_t(std::bit_cast<std::uint32_t>(word) >> shift));
    };
    return half(a, 0) * half(b, 0) + half(a, 16) * half(b, 16);
  };
  const auto all = c.every_lane(Given{left, right});
  for (int i = 0; i < 4; ++i)
    for (int word = 0; word < 8; ++word) {
      const int row = Sum::row(c.lane(), i), column = Sum::column(c.lane(), i);
      const Given& a = all[std::size_t(row % 8 * 4 + word / 2)];
      const Given& b = all[std::size_t(column * 4 + word / 2)];
      sum.x[i] += product(a.left.word[row / 8 + word % 2 * 2], b.right.word[word % 2]);
    }
}

}  // namespace tg::cuda
