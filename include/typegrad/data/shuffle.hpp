// Things in a random order.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>

#include "typegrad/core/random.hpp"

namespace tg::data {

// Fisher and Yates; every order is equally likely.
template <class T>
void shuffle(T* things, std::size_t count, Random& random) {
  for (std::size_t i = count; i > 1; --i)
    std::swap(things[i - 1], things[random.below(std::uint32_t(i))]);
}

// The order of an epoch: of all `count` numbers from 0 on, from the same beginning in every epoch.
[[gnu::cold]] inline void order_epoch(std::uint32_t* order, std::size_t count, std::uint64_t seed,
                                      std::int64_t epoch) {
  std::iota(order, order + count, 0u);
  Random random(seed, std::uint64_t(epoch));
  shuffle(order, count, random);
}

}  // namespace tg::data
