// The array of a fixed size: zeros at first, moved and not copied, each element destroyed once.
// SPDX-License-Identifier: MIT
#include "typegrad/core/heap_array.hpp"

#include <type_traits>
#include <utility>

#include "catch.hpp"

namespace {

struct Counted {
  static inline int alive = 0;
  Counted() { ++alive; }
  ~Counted() { --alive; }
  Counted(const Counted&) = delete;
};

}  // namespace

TEST_CASE("an array begins with zeros and has the size that was asked for", "[cpu]") {
  const tg::HeapArray<double> numbers(3);
  CHECK(numbers.size() == 3);
  for (double number : numbers) CHECK(number == 0);
  numbers[2] = 5;
  CHECK(numbers.end()[-1] == 5);
  CHECK(tg::HeapArray<double>().empty());
  CHECK(tg::HeapArray<double>(0).empty());
}

TEST_CASE("an array hands over its elements when it moves", "[cpu]") {
  static_assert(!std::is_copy_constructible_v<tg::HeapArray<int>>);
  static_assert(!std::is_copy_assignable_v<tg::HeapArray<int>>);
  {
    tg::HeapArray<Counted> first(4);
    const Counted* const where = first.data();
    tg::HeapArray<Counted> second(std::move(first));
    CHECK(second.data() == where);
    CHECK(first.empty());
    second = tg::HeapArray<Counted>(2);
    CHECK(second.size() == 2);
    CHECK(Counted::alive == 2);
  }
  CHECK(Counted::alive == 0);
}
