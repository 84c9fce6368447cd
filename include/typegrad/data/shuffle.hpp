// Things in a random order.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <utility>

#include "typegrad/core/random.hpp"

namespace tg::data {

// Fisher and Yates; every order is equally likely.
template <class T>
void shuffle(T* things, std::size_t count, Random& random) {
  for (std::size_t i = count; i > 1; --i)
    std::swap(things[i - 1], things[random.below(std::uint32_t(i))]);
}

}  // namespace tg::data
