// Uniform random numbers of all samples of a tile at once: Philox with a lane per sample.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstring>

#include "typegrad/core/config.hpp"
#include "typegrad/core/random.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {
namespace detail {

// Vectors of `Count` numbers, whatever the width of a register.
template <class T, int Count>
struct Several {
  typedef T type __attribute__((vector_size(sizeof(T) * Count)));
};

// tg::philox, each word the low half of a number of 64 bits, or of each in a vector of them.
template <class Words>
TYPEGRAD_INLINE void philox_words(Words (&counter)[4], std::uint64_t key) {
  constexpr std::uint64_t low = 0xFFFFFFFFu;
  std::uint32_t key0 = std::uint32_t(key), key1 = std::uint32_t(key >> 32);
  TYPEGRAD_UNROLL for (int round = 0; round < 10; ++round) {
    const Words product0 = counter[0] * std::uint64_t(0xD2511F53u);
    const Words product1 = counter[2] * std::uint64_t(0xCD9E8D57u);
    counter[0] = (product1 >> 32) ^ counter[1] ^ std::uint64_t(key0);
    counter[1] = product1 & low;
    counter[2] = (product0 >> 32) ^ counter[3] ^ std::uint64_t(key1);
    counter[3] = product0 & low;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
}

}  // namespace detail

// out[element][lane] = element of sample first_sample + lane in the stream `key`, as
// reference::fill_random gives it for Op::uniform.
template <class T, int Lanes>
TYPEGRAD_KERNEL void uniform_lanes(std::uint64_t key, std::uint64_t first_sample, T* out,
                                   int elements) {
  constexpr int together = Lanes % (TYPEGRAD_VECTOR_BYTES / 8) == 0 ? TYPEGRAD_VECTOR_BYTES / 8 : 1;
  using Words = typename detail::Several<std::uint64_t, together>::type;
  using Numbers = typename detail::Several<T, together>::type;
  for (int lane = 0; lane < Lanes; lane += together) {
    Words sample{};
    for (int i = 0; i < together; ++i) sample[i] = first_sample + std::uint64_t(lane + i);
    for (int element = 0; element < elements; element += 4) {
      Words words[4] = {Words{} + std::uint64_t(element / 4), Words{}, sample & 0xFFFFFFFFu,
                        sample >> 32};
      detail::philox_words(words, key);
      for (int i = 0; i < 4 && element + i < elements; ++i) {
        const Numbers numbers =
            __builtin_convertvector(words[i] >> 8, Numbers) * T(1.0 / 16777216.0);
        std::memcpy(out + (element + i) * Lanes + lane, &numbers, sizeof numbers);
      }
    }
  }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
