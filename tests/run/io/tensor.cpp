// Numbers of every type of a file, as C++ numbers.
// SPDX-License-Identifier: MIT
#include "typegrad/io/tensor.hpp"

#include <cmath>
#include <limits>

#include "tests/catch.hpp"

using tg::io::Element;
using tg::io::tensor;

namespace {

template <class Stored>
std::vector<double> numbers(Element element, const std::vector<Stored>& stored) {
  const auto view = tensor("x", element, {std::int64_t(stored.size())}, stored.data());
  std::vector<double> result(view.size());
  view.copy_to(result.data());
  return result;
}

}  // namespace

TEST_CASE("every type of a file is read as its value") {
  using Numbers = std::vector<double>;
  CHECK(numbers<std::uint8_t>(Element::boolean, {0, 1}) == Numbers{0, 1});
  CHECK(numbers<std::uint8_t>(Element::u8, {255}) == Numbers{255});
  CHECK(numbers<std::int8_t>(Element::i8, {-128}) == Numbers{-128});
  CHECK(numbers<std::uint16_t>(Element::u16, {65535}) == Numbers{65535});
  CHECK(numbers<std::int16_t>(Element::i16, {-32768}) == Numbers{-32768});
  CHECK(numbers<std::uint32_t>(Element::u32, {4294967295u}) == Numbers{4294967295.0});
  CHECK(numbers<std::int32_t>(Element::i32, {-7}) == Numbers{-7});
  CHECK(numbers<std::uint64_t>(Element::u64, {1ull << 63}) == Numbers{0x1p63});
  CHECK(numbers<std::int64_t>(Element::i64, {-(1ll << 40)}) == Numbers{-0x1p40});
  CHECK(numbers<float>(Element::f32, {0.1f}) == Numbers{0.1f});
  CHECK(numbers<double>(Element::f64, {0.1}) == Numbers{0.1});
}

TEST_CASE("16-bit floating-point numbers are read exactly") {
  const auto f16 = numbers<std::uint16_t>(
      Element::f16, {0x0000, 0x8000, 0x3C00, 0xC000, 0x7BFF, 0x0400, 0x03FF, 0x8001, 0x3555});
  CHECK(f16 == std::vector<double>{0, -0.0, 1, -2, 65504, 0x1p-14, 0x1p-14 - 0x1p-24, -0x1p-24,
                                   0.333251953125});
  CHECK(std::signbit(f16[1]));
  const auto special = numbers<std::uint16_t>(Element::f16, {0x7C00, 0xFC00, 0x7E00});
  CHECK(special[0] == std::numeric_limits<double>::infinity());
  CHECK(special[1] == -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(special[2]));
  CHECK(numbers<std::uint16_t>(Element::bf16, {0x3F80, 0xC040, 0x0001}) ==
        std::vector<double>{1, -3, 0x1p-133});
}

TEST_CASE("numbers that are not finite are found in every floating-point type") {
  const std::uint16_t f16[] = {0x7BFF, 0x7C00}, bf16[] = {0x7F7F, 0xFFC0};
  const float f32[] = {0, -INFINITY};
  const double f64[] = {1e308, NAN};
  CHECK(tensor("", Element::f16, {2}, f16).first_not_finite() == 1);
  CHECK(tensor("", Element::bf16, {2}, bf16).first_not_finite() == 1);
  CHECK(tensor("", Element::f32, {2}, f32).first_not_finite() == 1);
  CHECK(tensor("", Element::f64, {2}, f64).first_not_finite() == 1);
  CHECK(tensor("", Element::f64, {1}, f64).first_not_finite() == 1);  // none: the size
  CHECK(tensor("", Element::i16, {2}, f16).first_not_finite() == 2);
}

TEST_CASE("the elements are those of the library's dtypes") {
  CHECK(tg::io::element_of(tg::f32) == Element::f32);
  CHECK(tg::io::element_of(tg::f64) == Element::f64);
  CHECK(tg::io::element_of(tg::i32) == Element::i32);
  CHECK(tg::io::element_of(tg::i64) == Element::i64);
  CHECK(tg::io::element_of(tg::u8) == Element::u8);
  CHECK(tg::io::element_of(tg::i8) == Element::i8);
  CHECK(tg::io::element_of(tg::i16) == Element::i16);
  CHECK(tg::io::element_of(tg::boolean) == Element::boolean);
  CHECK(tg::io::element_of(tg::DType::floating) == Element::f32);
}

TEST_CASE("sizes do not overflow") {
  std::size_t bytes = 0;
  CHECK(tg::io::bytes_of(Element::f32, {}, bytes));
  CHECK(bytes == 4);
  CHECK(tg::io::bytes_of(Element::f64, {2, 0, 3}, bytes));
  CHECK(bytes == 0);
  CHECK(tg::io::bytes_of(Element::u8, {std::numeric_limits<std::int64_t>::max()}, bytes));
  CHECK_FALSE(tg::io::bytes_of(Element::i16, {std::numeric_limits<std::int64_t>::max()}, bytes));
  CHECK_FALSE(tg::io::bytes_of(Element::u8, {1ll << 32, 1ll << 32}, bytes));
  CHECK_FALSE(tg::io::bytes_of(Element::u8, {-1, 0}, bytes));
  CHECK_FALSE(tg::io::bytes_of(Element::u8, {0, -1}, bytes));
}
