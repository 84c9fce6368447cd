// Options of Model, Function and Trainer: dtype, batch capacity, purpose, mode, in any order.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/batch.hpp"
#include "typegrad/core/dtype.hpp"
#include "typegrad/graph/scope.hpp"
#include "typegrad/passes/mode.hpp"

namespace tg {

// An option of tg::Function: inputs that nothing reads are no error. Like those that only pruned
// nodes read they are no arguments.
struct AllowUnusedInputs {};
inline constexpr AllowUnusedInputs allow_unused_inputs{};

namespace runtime {

template <class Option>
constexpr int capacity_of(Option) {
  return 0;
}
template <int Capacity>
constexpr int capacity_of(Batch<Capacity>) {
  return Capacity;
}

// The first dtype among the options, else f32: how numbers are stored. What they are computed in is
// its arithmetic_of.
template <auto... Options>
constexpr DType floating_option() {
  DType result = f32;
  [[maybe_unused]] const auto look = [&](auto option) {
    if constexpr (std::is_same_v<decltype(option), DType>) result = option;
  };
  (look(Options), ...);
  return result;
}
// The capacity that tg::batch<N> gives, else 0: any number of samples.
template <auto... Options>
constexpr int capacity_option() {
  return (0 + ... + capacity_of(Options));
}

// What s.training() says: tg::training among the options, else inference.
template <auto... Options>
constexpr Purpose purpose_option() {
  Purpose result = Purpose::inference;
  [[maybe_unused]] const auto look = [&](auto option) {
    if constexpr (std::is_same_v<decltype(option), Purpose>) result = option;
  };
  (look(Options), ...);
  return result;
}

// Whether T is the type of one of the options. (remove_cvref: nvcc writes decltype(Options) to the
// host compiler as decltype((Options)), a reference.)
template <class T, auto... Options>
constexpr bool has_option() {
  return (std::is_same_v<std::remove_cvref_t<decltype(Options)>, T> || ...);
}

// How a mode among the options, and what is included or excluded by name, come together.
template <class M>
struct ModeSoFar;
template <class Base, class... Changes>
struct ModeSoFar<Mode<Base, Changes...>> {
  using type = Mode<Base, Changes...>;

  constexpr auto operator+(FastRun) const { return ModeSoFar<Mode<FastRun, Changes...>>{}; }
  constexpr auto operator+(FastCompile) const { return ModeSoFar<Mode<FastCompile, Changes...>>{}; }
  constexpr auto operator+(NoOptimisation) const {
    return ModeSoFar<Mode<NoOptimisation, Changes...>>{};
  }
  template <class Option>
  constexpr auto operator+(Option) const {
    if constexpr (!requires { Option::changes_mode; })
      return *this;
    else if constexpr (Option::all_known())
      return ModeSoFar<Mode<Base, Changes..., Option>>{};
    else
      return *this;
  }
};
// tg::fast_run, tg::fast_compile or tg::no_optimisation among the options, else the first; with
// every tg::include and tg::exclude. Error: unknown_optimisation.
template <auto... Options>
using mode_option = typename decltype((ModeSoFar<Mode<>>{} + ... + Options))::type;

}  // namespace runtime
}  // namespace tg
