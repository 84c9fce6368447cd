// The values of random leaves: which key, which formula. Every backend is held to them.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/reference/call.hpp"
#include "typegrad/core/math.hpp"
#include "typegrad/graph/name.hpp"

namespace tg::reference {

// Every bit of x decides about every bit of the result (SplitMix64; Steele et al., 2014).
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

// The stream of a random leaf in a call: its name alone says which, wherever it is in the graph.
constexpr std::uint64_t random_key(std::uint64_t hash_of_name, std::uint64_t seed,
                                   std::uint64_t step = 0) {
  return mix(hash_of_name ^ mix(seed + 0x9E3779B97F4A7C15u * (step + 1)));
}
constexpr std::uint64_t random_key(const ir::Recording& recording, int leaf, std::uint64_t seed,
                                   std::uint64_t step = 0) {
  return random_key(ir::hash_of_name(recording, leaf), seed, step);
}

// Box and Muller ("A note on the generation of random normal deviates", 1958): two words of 24 bits
// make two numbers, the cosine for an even element, the sine for the odd one after it. In double,
// so that float and double round the same number.
constexpr double normal(std::uint32_t even_bits, std::uint32_t odd_bits, bool odd) {
  const double radius = math::sqrt(-2 * math::log(1 - uniform<double>(even_bits)));
  const double angle = 2 * math::series::pi * uniform<double>(odd_bits);
  return radius * (odd ? math::sin(angle) : math::cos(angle));
}

// Elements 4 block … 4 block + 3 of a sample's Op::uniform or Op::normal; a shared leaf is sample
// 0. With w(e) = random_bits(key, sample, e), element e is uniform(w(e)), or normal(w(e & ~1), w(e
// | 1), e & 1).
template <class T>
constexpr std::array<T, 4> random_four(Op op, std::uint64_t key, std::uint64_t sample, int block) {
  const auto words =
      philox({std::uint32_t(block), 0u, std::uint32_t(sample), std::uint32_t(sample >> 32)}, key);
  std::array<T, 4> four{};
  for (int i = 0; i < 4; ++i)
    four[i] = op == Op::uniform ? uniform<T>(words[i])
                                : T(normal(words[i & ~1], words[i | 1], (i & 1) != 0));
  return four;
}

// Elements 0 … n-1 of them.
template <class T>
constexpr void fill_random(Op op, std::uint64_t key, std::uint64_t sample, View<T> out, int n) {
  for (int first = 0; first < n; first += 4) {
    const auto four = random_four<T>(op, key, sample, first / 4);
    for (int i = 0; i < 4 && first + i < n; ++i) out[first + i] = four[i];
  }
}

}  // namespace tg::reference
