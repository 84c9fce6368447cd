// What one element of a tensor is.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace tg {

// `floating` stands for the dtype of the model that a definition is recorded for: f32 unless it
// says otherwise.
enum class DType : std::uint8_t { floating, f32, f64, i32, i64, u8, boolean };

inline constexpr DType f32 = DType::f32;
inline constexpr DType f64 = DType::f64;
inline constexpr DType i32 = DType::i32;
inline constexpr DType i64 = DType::i64;
inline constexpr DType u8 = DType::u8;
inline constexpr DType boolean = DType::boolean;

constexpr bool is_floating(DType type) { return type == DType::f32 || type == DType::f64; }

constexpr bool is_integer(DType type) {
  return type == DType::i32 || type == DType::i64 || type == DType::u8;
}
// What arithmetic takes; u8 and boolean only hold values.
constexpr bool is_number(DType type) {
  return is_floating(type) || type == DType::i32 || type == DType::i64;
}

constexpr std::string_view name_of(DType type) {
  constexpr std::string_view names[] = {"floating", "f32", "f64", "i32", "i64", "u8", "boolean"};
  return names[int(type)];
}

// The C++ type that holds one element.
template <DType type>
using element_t = std::conditional_t<
    type == DType::f64, double,
    std::conditional_t<
        type == DType::i32, std::int32_t,
        std::conditional_t<
            type == DType::i64, std::int64_t,
            std::conditional_t<type == DType::u8 || type == DType::boolean, std::uint8_t, float>>>>;

}  // namespace tg
