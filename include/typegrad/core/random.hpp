// Counter-based random numbers: a number depends on its key and place alone.
// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace tg {

// Philox4x32 with 10 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC
// 2011). Four words from a counter of 128 bits and a key of 64.
constexpr std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                              std::uint64_t key) {
  std::uint32_t key0 = std::uint32_t(key), key1 = std::uint32_t(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t(0xD2511F53u) * counter[0];
    const std::uint64_t product1 = std::uint64_t(0xCD9E8D57u) * counter[2];
    counter = {std::uint32_t(product1 >> 32) ^ counter[1] ^ key0, std::uint32_t(product1),
               std::uint32_t(product0 >> 32) ^ counter[3] ^ key1, std::uint32_t(product0)};
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter;
}

// A name's hash (FNV-1a), for keys: random numbers belong to a name.
constexpr std::uint64_t hash(std::string_view text, std::uint64_t seed = 14695981039346656037ull) {
  for (char c : text) seed = (seed ^ std::uint8_t(c)) * 1099511628211ull;
  return seed;
}

// Element `element` of sample `sample` in the stream `key`, as 32 random bits.
constexpr std::uint32_t random_bits(std::uint64_t key, std::uint64_t sample,
                                    std::uint32_t element) {
  const auto words =
      philox({element / 4, 0u, std::uint32_t(sample), std::uint32_t(sample >> 32)}, key);
  return words[element % 4];
}

// Uniform in [0, 1): 24 bits, exact in float and double alike.
template <class T>
constexpr T uniform(std::uint32_t bits) {
  return T(bits >> 8) * T(1.0 / 16777216.0);
}

// A small generator for code that draws in sequence (data sets, shuffles): philox over a running
// counter.
class Random {
 public:
  using result_type = std::uint32_t;
  constexpr explicit Random(std::uint64_t seed, std::uint64_t stream = 0)
      : key(seed), stream_of(stream) {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return 0xFFFFFFFFu; }
  constexpr result_type operator()() {
    if (position == 4) {
      words = philox({std::uint32_t(block), std::uint32_t(block >> 32), std::uint32_t(stream_of),
                      std::uint32_t(stream_of >> 32)},
                     key);
      ++block;
      position = 0;
    }
    return words[position++];
  }
  // Uniform in [0, 1).
  constexpr double unit() { return tg::uniform<double>((*this)()); }
  constexpr double between(double low, double high) { return low + (high - low) * unit(); }
  // Uniform in 0 … bound-1. Pre: bound > 0.
  constexpr std::uint32_t below(std::uint32_t bound) {
    return std::uint32_t((std::uint64_t((*this)()) * bound) >> 32);
  }

 private:
  std::uint64_t key, stream_of, block = 0;
  std::array<std::uint32_t, 4> words{};
  int position = 4;
};

}  // namespace tg
