// Numbers of 16 bits that hold what is computed in float: bfloat16 and float16.
// SPDX-License-Identifier: MIT
#pragma once
#include <bit>
#include <cstdint>
#include <type_traits>

namespace tg {

// Both round to nearest, ties to the even one; an infinity stays one, and so does a NaN (its first
// bits stay, and it is quiet). To float every one of them is exact. They have no arithmetic of
// their own: a + b is of type float.

// binary32 without its last 16 bits: the range of float, 8 significant bits.
struct bfloat16 {
  std::uint16_t bits;

  bfloat16() = default;
  template <class Number>
  requires std::is_arithmetic_v<Number>
  explicit constexpr bfloat16(Number x) : bfloat16(float(x)) {}
  explicit constexpr bfloat16(float x) : bits() {
    const auto all = std::bit_cast<std::uint32_t>(x);
    const bool nan = (all & 0x7FFFFFFF) > 0x7F800000;
    bits = std::uint16_t((nan ? all | 0x400000 : all + 0x7FFF + (all >> 16 & 1)) >> 16);
  }
  constexpr operator float() const { return std::bit_cast<float>(std::uint32_t(bits) << 16); }
};

// IEEE 754 binary16: 11 significant bits, up to 65504; 2^-14 is the smallest with all of them, and
// 2^-24 the smallest of all.
struct float16 {
  std::uint16_t bits;

  float16() = default;
  template <class Number>
  requires std::is_arithmetic_v<Number>
  explicit constexpr float16(Number x) : float16(float(x)) {}
  explicit constexpr float16(float x) : bits() {
    const auto all = std::bit_cast<std::uint32_t>(x), sign = all >> 16 & 0x8000;
    bits = std::uint16_t(sign | magnitude_of(all & 0x7FFFFFFF));
  }
  constexpr operator float() const {
    const std::uint32_t sign = std::uint32_t(bits & 0x8000) << 16, rest = bits & 0x7FFF;
    if (rest >= 0x7C00) return std::bit_cast<float>(sign | 0x7F800000 | (rest & 0x3FF) << 13);
    if (rest >= 0x0400) return std::bit_cast<float>(sign | ((rest << 13) + exponents_apart));
    const float subnormal = float(rest) * 0x1p-24f;
    return sign ? -subnormal : subnormal;
  }

 private:
  // Of the exponents of float, whose bias is 127, and of these, whose is 15.
  static constexpr std::uint32_t exponents_apart = 112u << 23;

  // Of a positive number, as the bits of a float.
  static constexpr std::uint32_t magnitude_of(std::uint32_t x) {
    if (x > 0x7F800000) return 0x7E00 | (x >> 13 & 0x3FF);
    if (x >= 0x47800000) return 0x7C00;  // 2^16
    if (x >= 0x38800000) return (x - exponents_apart + 0xFFF + (x >> 13 & 1)) >> 13;
    // To a multiple of 2^-24, the unit of 0.5 in float: the addition rounds.
    return std::bit_cast<std::uint32_t>(std::bit_cast<float>(x) + 0.5f) - 0x3F000000;
  }
};

template <class T>
inline constexpr bool is_half_type = std::is_same_v<T, bfloat16> || std::is_same_v<T, float16>;

}  // namespace tg
