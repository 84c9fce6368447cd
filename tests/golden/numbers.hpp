// Samples and labels that C++ and Python make alike.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <vector>

namespace tg::test {

// Multiples of 2^-23 in [-1, 1), as generate.py's numbers().
template <class T>
std::vector<T> numbers(int count, std::uint32_t stream) {
  std::vector<T> result;
  for (int i = 0; i < count; ++i) {
    std::uint32_t h = std::uint32_t(i) * 2654435761u + stream * 40503u;
    h = (h ^ h >> 15) * 0x85EBCA6Bu;
    h = (h ^ h >> 13) * 0xC2B2AE35u;
    h ^= h >> 16;
    result.push_back(T(int(h >> 8) - (1 << 23)) / (1 << 23));
  }
  return result;
}
inline std::vector<std::int32_t> labels(int count, int classes, std::uint32_t stream) {
  std::vector<std::int32_t> result;
  for (double number : numbers<double>(count, stream))
    result.push_back(std::int32_t((number + 1) / 2 * classes));
  return result;
}

}  // namespace tg::test
