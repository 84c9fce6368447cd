// What a function asks of its definition while it compiles, and of integers that it is given.
// SPDX-License-Identifier: MIT
#pragma once
#include <tuple>
#include <vector>

#include "typegrad/runtime/inference.hpp"
#include "typegrad/runtime/memory.hpp"
#include "typegrad/runtime/observe.hpp"
#include "typegrad/runtime/options.hpp"
#include "typegrad/runtime/signature.hpp"

namespace tg {

namespace runtime {

// True; what is wrong with a function's definition is an error.
template <class Plan, class Signature, class Backend, int Capacity, auto... Options>
consteval bool explain_function() {
  constexpr bool is_debugged = has_option<DebugMode, Options...>();
  constexpr bool is_observed = is_debugged || has_option<Observed, Options...>();
  if constexpr (Plan::right && is_debugged && !MemoryOf<Backend>::is_host)
    error::raise<error::debug_mode_needs_the_host<error::backend<Backend>>>();
  else if constexpr (Plan::right && is_observed && tg::is_half(Plan::Source::stored_as))
    error::raise<error::stored_in_half<error::dtype<Plan::Source::stored_as>>>();
  else if constexpr (Plan::right && has_option<AllowUnusedInputs, Options...>())
    return knows_capacity<Plan, Capacity>();
  else if constexpr (Plan::right)
    return Signature::every_input_is_read() && knows_capacity<Plan, Capacity>();
  return true;
}

// A tg::Tensor that may be written.
template <class Range>
inline constexpr bool is_tensor = requires(Range& range) {
  range.write();
  range.part();
};

// Whether these are so many arguments and then a tensor for each of so many results.
template <std::size_t arguments, std::size_t results, class... Ranges>
consteval bool gives_tensors() {
  if constexpr (results == 0 || sizeof...(Ranges) != arguments + results)
    return false;
  else
    return []<std::size_t... Out>(std::index_sequence<Out...>) {
      using All = std::tuple<std::remove_reference_t<Ranges>...>;
      return (is_tensor<std::tuple_element_t<arguments + Out, All>> && ...);
    }
  (std::make_index_sequence<results>{});
}

// Post: `to` holds the integers, as numbers of another type.
template <class To, class From>
void convert(std::vector<To>& to, const From* from, std::size_t count) {
  to.resize(count);
  for (std::size_t i = 0; i < count; ++i) to[i] = To(from[i]);
}

}  // namespace runtime

}  // namespace tg
