// What the files of static_asserts share: numbers that agree up to rounding.
// SPDX-License-Identifier: MIT
#pragma once

namespace tg::test {

// Within 1e-12 of the larger of 1 and |b|.
constexpr bool near(double a, double b) {
  const double difference = a < b ? b - a : a - b, size = b < 0 ? -b : b;
  return difference <= 1e-12 * (size < 1 ? 1 : size);
}

template <class A, class B>
constexpr bool near(const A& a, const B& b, int count) {
  for (int i = 0; i < count; ++i)
    if (!near(double(a[i]), double(b[i]))) return false;
  return true;
}

}  // namespace tg::test
