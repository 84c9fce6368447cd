// How many samples a call has at most: tg::batch<64>, an option of a type.
// SPDX-License-Identifier: MIT
#pragma once

namespace tg {

template <int Capacity>
struct Batch {
  static_assert(Capacity > 0,
                "tg::batch<N> is the largest number of samples of a call: at least 1");
  static constexpr int capacity = Capacity;
};
template <int Capacity>
inline constexpr Batch<Capacity> batch{};

}  // namespace tg
