// How a layer reads the options that it was given.
// SPDX-License-Identifier: MIT
#pragma once
#include <type_traits>

#include "typegrad/core/error.hpp"
#include "typegrad/layers/options.hpp"

namespace tg {

namespace layer_options {

// remove_cvref, not remove_const: nvcc writes decltype(Value) to the host compiler as
// decltype((Value)), a reference.
template <auto Value, Subject Which>
inline constexpr bool about =
    std::is_base_of_v<tg::Option<Which>, std::remove_cvref_t<decltype(Value)>>;

template <class Layer, auto Value, Subject... Known>
constexpr void check() {
  if constexpr ((!about<Value, Known> && ...))
    (void)sizeof(error::unknown_option<error::layer<Layer>, error::option<Value>>);
}

// The value of the first option about `Which`, or the fallback.
template <Subject Which>
constexpr auto find(auto fallback) {
  return fallback;
}
template <Subject Which, auto First, auto... Rest>
constexpr auto find(auto fallback) {
  if constexpr (about<First, Which>)
    return First.value;
  else
    return find<Which, Rest...>(fallback);
}

template <Subject Which, auto... Given>
inline constexpr int count = (0 + ... + int(about<Given, Which>));

}  // namespace layer_options

// The options that a user gave to `Layer`.
template <class Layer, auto... Given>
struct OptionsOf {
  // Any other option, or two about the same, is one error in words.
  template <Subject... Known>
  static constexpr void allow() {
    (layer_options::check<Layer, Given, Known...>(), ...);
    if constexpr (((layer_options::count < Known, Given... >> 1) || ...))
      (void)sizeof(error::option_given_twice<error::layer<Layer>>);
  }
  template <Subject Which>
  static constexpr auto get(auto fallback) {
    return layer_options::find<Which, Given...>(fallback);
  }
};

// A kernel is a number or tg::kernel<height, width>.
template <class Layer, auto Value>
constexpr Extent2 kernel_extent() {
  if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(Value)>>) {
    return {Value, Value};
  } else {
    layer_options::check<Layer, Value, Subject::kernel>();
    if constexpr (layer_options::about<Value, Subject::kernel>)
      return Value.value;
    else
      return {};
  }
}

}  // namespace tg
