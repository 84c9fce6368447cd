// The number types of a file of tensors: their names, their sizes, and what they are in C++.
// SPDX-License-Identifier: MIT
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "typegrad/core/dtype.hpp"

namespace tg::io {

static_assert(sizeof(std::size_t) == 8, "files may hold more than 4 GiB");
static_assert(std::endian::native == std::endian::little,
              "files hold little-endian numbers, which are used as they are");

enum class Element : std::uint8_t {
  boolean,
  u8,
  i8,
  u16,
  i16,
  f16,
  bf16,
  u32,
  i32,
  f32,
  u64,
  i64,
  f64
};

struct ElementRow {
  std::string_view name;  // in safetensors
  std::size_t bytes;
  std::uint64_t infinity;  // the exponent's bits, all set in infinity and NaN; 0 for integers
};
inline constexpr ElementRow element_table[] = {
    {"BOOL", 1, 0},
    {"U8", 1, 0},
    {"I8", 1, 0},
    {"U16", 2, 0},
    {"I16", 2, 0},
    {"F16", 2, 0x7C00},
    {"BF16", 2, 0x7F80},
    {"U32", 4, 0},
    {"I32", 4, 0},
    {"F32", 4, 0x7F800000},
    {"U64", 8, 0},
    {"I64", 8, 0},
    {"F64", 8, 0x7FF0000000000000},
};
inline constexpr int element_count = int(sizeof(element_table) / sizeof(element_table[0]));

constexpr const ElementRow& row_of(Element element) { return element_table[int(element)]; }
constexpr std::string_view name_of(Element element) { return row_of(element).name; }
constexpr std::size_t size_of(Element element) { return row_of(element).bytes; }

// `floating`, which stands for a model's own dtype, is stored as f32.
constexpr Element element_of(DType type) {
  constexpr Element elements[] = {Element::f32, Element::f32, Element::f64,     Element::i32,
                                  Element::i64, Element::u8,  Element::boolean, Element::bf16,
                                  Element::f16, Element::i8,  Element::i16};
  return elements[int(type)];
}

// Calls f with a value of the C++ type that `element` is stored as.
template <class F>
constexpr auto with_element(Element element, F&& f) {
  switch (element) {
    case Element::boolean:
    case Element::u8:
      return f(std::uint8_t{});
    case Element::i8:
      return f(std::int8_t{});
    case Element::u16:
      return f(std::uint16_t{});
    case Element::i16:
      return f(std::int16_t{});
    case Element::f16:
      return f(float16{});
    case Element::bf16:
      return f(bfloat16{});
    case Element::u32:
      return f(std::uint32_t{});
    case Element::i32:
      return f(std::int32_t{});
    case Element::f32:
      return f(float{});
    case Element::u64:
      return f(std::uint64_t{});
    case Element::i64:
      return f(std::int64_t{});
    case Element::f64:
      break;
  }
  return f(double{});
}

}  // namespace tg::io
