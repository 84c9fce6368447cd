// What one element of a tensor is.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "typegrad/core/half.hpp"

namespace tg {

// `floating` stands for the dtype of the model that a definition is recorded for: f32 unless it
// says otherwise.
enum class DType : std::uint8_t { floating, f32, f64, i32, i64, u8, boolean, bf16, f16, i8, i16 };

inline constexpr DType f32 = DType::f32;
inline constexpr DType f64 = DType::f64;
inline constexpr DType i32 = DType::i32;
inline constexpr DType i64 = DType::i64;
inline constexpr DType i8 = DType::i8;
inline constexpr DType i16 = DType::i16;
inline constexpr DType u8 = DType::u8;
inline constexpr DType boolean = DType::boolean;
// How a Model, a Trainer or a Function keeps numbers that it computes in f32: docs/half.md.
inline constexpr DType bf16 = DType::bf16;
inline constexpr DType f16 = DType::f16;

constexpr bool is_floating(DType type) { return type == DType::f32 || type == DType::f64; }

// Integers of less than 32 bits. They only hold values, for sums of them would wrap.
constexpr bool is_short(DType type) {
  return type == DType::u8 || type == DType::i8 || type == DType::i16;
}
// Pre: is_short(type).
constexpr int lowest_of(DType type) {
  return type == DType::u8 ? 0 : type == DType::i8 ? -128 : -32768;
}
constexpr int highest_of(DType type) {
  return type == DType::u8 ? 255 : type == DType::i8 ? 127 : 32767;
}
constexpr bool is_integer(DType type) {
  return type == DType::i32 || type == DType::i64 || is_short(type);
}
constexpr bool is_half(DType type) { return type == DType::bf16 || type == DType::f16; }
// What numbers that are kept so are computed in.
constexpr DType arithmetic_of(DType type) { return is_half(type) ? f32 : type; }
// What arithmetic takes; short integers and boolean only hold values.
constexpr bool is_number(DType type) {
  return is_floating(type) || type == DType::i32 || type == DType::i64;
}

constexpr std::string_view name_of(DType type) {
  constexpr std::string_view names[] = {"floating", "f32",  "f64", "i32", "i64", "u8",
                                        "boolean",  "bf16", "f16", "i8",  "i16"};
  return names[int(type)];
}

// The C++ type that holds one element.
namespace detail {
// clang-format off
template <DType> struct ElementOf { using type = float; };
template <> struct ElementOf<DType::f64> { using type = double; };
template <> struct ElementOf<DType::i32> { using type = std::int32_t; };
template <> struct ElementOf<DType::i64> { using type = std::int64_t; };
template <> struct ElementOf<DType::u8> { using type = std::uint8_t; };
template <> struct ElementOf<DType::i8> { using type = std::int8_t; };
template <> struct ElementOf<DType::i16> { using type = std::int16_t; };
template <> struct ElementOf<DType::boolean> { using type = std::uint8_t; };
template <> struct ElementOf<DType::bf16> { using type = bfloat16; };
template <> struct ElementOf<DType::f16> { using type = float16; };
// clang-format on
}  // namespace detail
template <DType type>
using element_t = typename detail::ElementOf<type>::type;

}  // namespace tg
