// From a fault to its error: one class template each, asserting in its own body.
// SPDX-License-Identifier: MIT
#pragma once
#include <type_traits>
#include <utility>

#include "typegrad/core/error/layers.hpp"
#include "typegrad/core/error/loops.hpp"
#include "typegrad/core/error/symbols.hpp"
#include "typegrad/core/fault.hpp"

namespace tg::error {

// window<3> for a square, window<3, 5> else.
template <template <int...> class Word, int Height, int Width>
using extent_word = std::conditional_t<Height == Width, Word<Height>, Word<Height, Width>>;

// Writes a shape as Word<extents…>.
constexpr int kept_rank(const Shape& shape) {
  return shape.rank() < Shape::max_rank ? shape.rank() : Shape::max_rank;
}
template <class Report, template <int...> class Word, bool Wanted>
consteval auto spell_shape() {
  return []<int... Axis>(std::integer_sequence<int, Axis...>) {
    constexpr const Shape& shape = Wanted ? Report::fault.wanted : Report::fault.got;
    return static_cast<Word<shape[Axis]...>*>(nullptr);
  }
  (std::make_integer_sequence<int, kept_rank(Wanted ? Report::fault.wanted : Report::fault.got)>{});
}
template <class Report, template <int...> class Word, bool Wanted = false>
using shape_word = std::remove_pointer_t<decltype(spell_shape<Report, Word, Wanted>())>;

template <class Report>
consteval auto spell_name() {
  constexpr int length = [] {
    int n = 0;
    while (Report::fault.name[n] != 0) ++n;
    return n;
  }();
  char text[length + 1]{};
  for (int i = 0; i < length; ++i) text[i] = Report::fault.name[i];
  return FixedString<length + 1>(text);
}

// Raises a fault by instantiating its class, in a body whose return type is asked for but which is
// never evaluated: for clang, what names a class whose static_assert has failed is wrong too, and
// would be a second error.
template <class Error>
auto instantiate() {
  (void)sizeof(Error);
}
template <class Error>
constexpr void raise() {
  using Raised [[maybe_unused]] = decltype(instantiate<Error>());
}

// The same with the words that the report has beside them.
template <class Error, class More>
struct AddWords;
template <template <class...> class Error, class... Words, class... More>
struct AddWords<Error<Words...>, words<More...>> {
  using type = Error<Words..., More...>;
};
template <class Report, class Error>
constexpr void raise() {
  raise<typename AddWords<Error, typename Report::More>::type>();
}

// A Report has `static constexpr Fault fault`, the words `At` (at_layer<…>) and `Layer` (layer<…>),
// and `More`, words<…> that come last: operation<…> and written_at<…>, where they are known. Raises
// the class of its fault, which says the rest; true when there is none.
template <class Report>
constexpr bool explain() {
  constexpr FaultKind kind = Report::fault.kind;
  if constexpr (kind == FaultKind::none) {
    return true;
  } else {
    using At = typename Report::At;
    using Layer = typename Report::Layer;
    using Got = shape_word<Report, got_shape>;
    using Wanted = shape_word<Report, wanted_shape, true>;
    using Left = shape_word<Report, left_shape>;
    using Right = shape_word<Report, right_shape, true>;
    constexpr auto n = Report::fault.numbers;
    // clang-format off
    if constexpr (kind == FaultKind::needs_vector) raise<Report, needs_vector<At, Layer, Got>>();
    else if constexpr (kind == FaultKind::needs_image) raise<Report, needs_image<At, Layer, Got>>();
    else if constexpr (kind == FaultKind::needs_integers) raise<Report, needs_integers<At, Layer, Got>>();
    else if constexpr (kind == FaultKind::needs_tokens) raise<Report, needs_tokens<At, Layer, Got>>();
    else if constexpr (kind == FaultKind::heads_do_not_divide) raise<Report, heads_do_not_divide<At, Layer, width<n[0]>, heads<n[1]>>>();
    else if constexpr (kind == FaultKind::groups_do_not_divide) raise<Report, groups_do_not_divide<At, Layer, channels<n[0]>, groups<n[1]>>>();
    else if constexpr (kind == FaultKind::window_does_not_fit) raise<Report, window_does_not_fit<At, Layer, Got, extent_word<window, n[0], n[1]>>>();
    else if constexpr (kind == FaultKind::window_does_not_tile) raise<Report, window_does_not_tile<At, Layer, Got, extent_word<window, n[0], n[1]>, extent_word<stride, n[2], n[3]>>>();
    else if constexpr (kind == FaultKind::padding_too_large) raise<Report, padding_too_large<At, Layer, extent_word<window, n[0], n[1]>, extent_word<padding, n[2], n[3]>>>();
    else if constexpr (kind == FaultKind::output_padding_too_large) raise<Report, output_padding_too_large<At, Layer, extent_word<output_padding, n[0], n[1]>, extent_word<stride, n[2], n[3]>>>();
    else if constexpr (kind == FaultKind::rate_out_of_range) raise<Report, rate_out_of_range<At, Layer>>();
    else if constexpr (kind == FaultKind::reshape_changes_size) raise<Report, reshape_changes_size<At, Layer, Got, Wanted>>();
    else if constexpr (kind == FaultKind::network_without_input) raise<Report, network_without_input<Layer>>();
    else if constexpr (kind == FaultKind::empty_network) raise<Report, empty_network<Layer>>();
    else if constexpr (kind == FaultKind::target_does_not_fit) raise<Report, target_does_not_fit<Layer, Got>>();
    else if constexpr (kind == FaultKind::extent_not_positive) raise<Report, extent_not_positive<At, Layer, Wanted>>();
    else if constexpr (kind == FaultKind::name_used_twice) raise<Report, name_used_twice<At, Layer, name<spell_name<Report>()>>>();
    else if constexpr (kind == FaultKind::gradient_of_non_scalar) raise<Report, gradient_of_non_scalar<Got>>();
    else if constexpr (kind == FaultKind::not_differentiable) raise<Report, not_differentiable<At, Layer, name<spell_name<Report>()>>>();
    else if constexpr (kind == FaultKind::shapes_do_not_match) raise<Report, shapes_do_not_match<At, Layer, Left, Right>>();
    else if constexpr (kind == FaultKind::dtypes_do_not_match) raise<Report, dtypes_do_not_match<At, Layer, dtype<DType(n[0])>, dtype<DType(n[1])>>>();
    else if constexpr (kind == FaultKind::needs_numbers) raise<Report, needs_numbers<At, Layer, dtype<DType(n[0])>>>();
    else if constexpr (kind == FaultKind::needs_floating) raise<Report, needs_floating<At, Layer, dtype<DType(n[0])>>>();
    else if constexpr (kind == FaultKind::parts_do_not_divide) raise<Report, parts_do_not_divide<At, Layer, axis<n[0]>, length<n[1]>, Got>>();
    else if constexpr (kind == FaultKind::disconnected_gradient) raise<Report, disconnected_gradient<At, Layer, name<spell_name<Report>()>, Got>>();
    else if constexpr (kind == FaultKind::gradient_does_not_fit) raise<Report, gradient_does_not_fit<At, Layer, Got, Wanted>>();
    else if constexpr (kind == FaultKind::extents_do_not_chain) raise<Report, extents_do_not_chain<At, Layer, Left, Right>>();
    else if constexpr (kind == FaultKind::axis_out_of_range) raise<Report, axis_out_of_range<At, Layer, axis<n[0]>, Got>>();
    else if constexpr (kind == FaultKind::slice_out_of_range) raise<Report, slice_out_of_range<At, Layer, axis<n[0]>, begin<n[1]>, length<n[2]>, Got>>();
    else if constexpr (kind == FaultKind::parts_do_not_join) raise<Report, parts_do_not_join<At, Layer, axis<n[0]>, Left, Right>>();
    else if constexpr (kind == FaultKind::rank_too_large) raise<Report, rank_too_large<At, Layer>>();
    else if constexpr (kind == FaultKind::too_many_nodes) raise<Report, too_many_nodes<limit<n[0]>>>();
    else if constexpr (kind == FaultKind::needs_batch_capacity) raise<Report, needs_batch_capacity<At, Layer>>();
    else if constexpr (kind == FaultKind::update_does_not_fit) raise<Report, update_does_not_fit<At, Layer, name<spell_name<Report>()>, Got, dtype<DType(n[0])>, Wanted, dtype<DType(n[1])>>>();
    else if constexpr (kind == FaultKind::updated_twice) raise<Report, updated_twice<At, Layer, name<spell_name<Report>()>>>();
    else if constexpr (kind == FaultKind::given_does_not_fit) raise<Report, given_does_not_fit<At, Layer, name<spell_name<Report>()>, Got, dtype<DType(n[0])>, Wanted, dtype<DType(n[1])>>>();
    else if constexpr (kind == FaultKind::substitute_does_not_fit) raise<Report, substitute_does_not_fit<At, Layer, Got, dtype<DType(n[0])>, Wanted, dtype<DType(n[1])>>>();
    else if constexpr (kind == FaultKind::no_half_form) raise<Report, no_half_form<At, Layer, name<spell_name<Report>()>, dtype<DType(n[0])>>>();
    else if constexpr (kind == FaultKind::no_kernel) raise<Report, no_kernel<At, Layer, name<spell_name<Report>()>>>();
    else if constexpr (kind == FaultKind::half_in_a_definition) raise<Report, half_in_a_definition<At, Layer, dtype<DType(n[0])>>>();
    else if constexpr (kind == FaultKind::branches_do_not_match) raise<Report, branches_do_not_match<At, Layer, Left, Right>>();
    else if constexpr (kind == FaultKind::tied_shapes_differ) raise<Report, tied_shapes_differ<At, Layer, name<spell_name<Report>()>, Got, Wanted>>();
    else if constexpr (kind == FaultKind::loop_without_steps) raise<Report, loop_without_steps<At, Layer>>();
    else if constexpr (kind == FaultKind::loop_too_long) raise<Report, loop_too_long<At, Layer, Got, steps<n[0]>>>();
    else if constexpr (kind == FaultKind::loop_taps) raise<Report, loop_taps<At, Layer, taps<n[0], n[1]>, Got>>();
    else if constexpr (kind == FaultKind::loop_states) raise<Report, loop_states<At, Layer, states<n[0]>, states<n[1]>>>();
    else if constexpr (kind == FaultKind::loop_state_changes) raise<Report, loop_state_changes<At, Layer, Got, Wanted>>();
    else if constexpr (kind == FaultKind::loop_condition) raise<Report, loop_condition<At, Layer, Got>>();
    else if constexpr (kind == FaultKind::loop_in_a_loop) raise<Report, loop_in_a_loop<At, Layer>>();
    else if constexpr (kind == FaultKind::loop_across) raise<Report, loop_across<At, Layer>>();
    else if constexpr (kind == FaultKind::loop_checkpoint) raise<Report, loop_checkpoint<At, Layer, steps<n[0]>, steps<n[1]>>>();
    // clang-format on
    return false;
  }
}

}  // namespace tg::error
