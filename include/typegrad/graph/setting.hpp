// Numbers that a definition reads from an aggregate.
// SPDX-License-Identifier: MIT
#pragma once
#include <type_traits>

#include "typegrad/core/random.hpp"

namespace tg::ir {

// How to read the member of an aggregate whose address is known.
template <auto Member>
struct MemberReader;
template <class A, class Value, Value A::*Member>
struct MemberReader<Member> {
  using Aggregate = A;
  // Tells members apart; never 0. (Addresses of functions cannot be compared in sanitized builds.)
  static constexpr std::uint64_t key() { return hash(__PRETTY_FUNCTION__) | 1; }
  // Where there is none, what a new one has.
  static constexpr double read(const void* aggregate) {
    if (aggregate != nullptr) return double(static_cast<const A*>(aggregate)->*Member);
    if constexpr (std::is_default_constructible_v<A>) return double(A{}.*Member);
    return 0;
  }
};

}  // namespace tg::ir
