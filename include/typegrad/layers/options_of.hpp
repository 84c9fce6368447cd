// How a layer reads the options that it was given.
// SPDX-License-Identifier: MIT
#pragma once
#include <type_traits>

#include "typegrad/core/error.hpp"
#include "typegrad/graph/scope.hpp"
#include "typegrad/layers/options.hpp"

namespace tg {

namespace layer_options {

// remove_cvref: nvcc writes decltype(Value) to the host compiler as decltype((Value)), a reference.
template <auto Value, Subject Which>
constexpr bool is_about() {
  using Type = std::remove_cvref_t<decltype(Value)>;
  if constexpr (std::is_integral_v<Type>) return Which == Subject::extent;
  if constexpr (requires { Type::subject; }) return Type::subject == Which;
  return false;
}
template <auto Value, Subject Which>
inline constexpr bool about = is_about<Value, Which>();

template <class Layer, auto Value, Subject... Known>
constexpr void check(Scope& s) {
  if constexpr ((!about<Value, Known> && ...)) {
    error::raise<error::unknown_option<error::layer<Layer>, error::option<Value>>>();
    s.recording()->fail({.kind = FaultKind::already_raised});
  }
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
inline constexpr bool repeated = Which != Subject::extent &&
                                 (0 + ... + int(about<Given, Which>)) > 1;

template <auto Value>
constexpr void append(Shape& extents) {
  if constexpr (about<Value, Subject::extent>) extents.append(int(Value));
}

}  // namespace layer_options

// The options that a user gave to `Layer`.
template <class Layer, auto... Given>
struct OptionsOf {
  // Any other option, or two about the same, is one error in words.
  template <Subject... Known>
  static constexpr void allow(Scope& s) {
    (layer_options::check<Layer, Given, Known...>(s), ...);
    if constexpr ((layer_options::repeated<Known, Given...> || ...)) {
      error::raise<error::option_given_twice<error::layer<Layer>>>();
      s.recording()->fail({.kind = FaultKind::already_raised});
    }
  }
  template <Subject Which>
  static constexpr auto get(auto fallback) {
    return layer_options::find<Which, Given...>(fallback);
  }
  // The plain numbers among them, in order.
  static constexpr Shape extents() {
    Shape result;
    (layer_options::append<Given>(result), ...);
    return result;
  }
};

// A kernel is a number or tg::kernel<height, width>; anything else is an unknown option.
template <class Layer, auto Value>
constexpr Extent2 kernel_extent(Scope& s) {
  if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(Value)>>) {
    return {Value, Value};
  } else {
    layer_options::check<Layer, Value, Subject::kernel>(s);
    if constexpr (layer_options::about<Value, Subject::kernel>)
      return Value.value;
    else
      return {};
  }
}

}  // namespace tg
