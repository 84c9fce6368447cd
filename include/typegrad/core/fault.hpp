// What can be wrong with a definition, as a value: recording notes the first fault and goes on.
// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <cstdint>

#include "typegrad/core/dtype.hpp"
#include "typegrad/core/shape.hpp"

namespace tg {

// Each has its sentence and its words in core/error.hpp.
enum class FaultKind : std::uint8_t {
  none,
  already_raised,  // by the layer itself, where its options can be named
  needs_vector,
  needs_image,
  needs_integers,
  needs_tokens,
  heads_do_not_divide,
  groups_do_not_divide,
  window_does_not_fit,
  window_does_not_tile,
  padding_too_large,
  output_padding_too_large,
  rate_out_of_range,
  reshape_changes_size,
  network_without_input,
  empty_network,
  target_does_not_fit,
  extent_not_positive,
  name_used_twice,
  gradient_of_non_scalar,
  not_differentiable,
  shapes_do_not_match,
  dtypes_do_not_match,
  needs_numbers,
  needs_floating,
  parts_do_not_divide,
  disconnected_gradient,
  gradient_does_not_fit,
  extents_do_not_chain,
  axis_out_of_range,
  slice_out_of_range,
  parts_do_not_join,
  rank_too_large,
  too_many_nodes,
  needs_batch_capacity,
  update_does_not_fit,
  updated_twice,
  given_does_not_fit,
  substitute_does_not_fit,
  no_half_form,
  no_kernel,
  half_in_a_definition,
  branches_do_not_match,
  tied_shapes_differ,
  // Of loops: core/error/loops.hpp.
  loop_without_steps,
  loop_too_long,
  loop_taps,
  loop_states,
  loop_state_changes,
  loop_condition,
  loop_in_a_loop,
  loop_across,
  loop_checkpoint,
};

struct Fault {
  FaultKind kind = FaultKind::none;
  std::int16_t scope = -1;       // who was recording: an index into ir::Recording::scopes
  std::int16_t place = -1;       // which line of the user's: an index into ir::Builder::places
  Shape got{}, wanted{};         // for `shapes_do_not_match`: the left and the right one
  std::array<int, 4> numbers{};  // channels, groups, window, stride, axis …: what error.hpp says
  const char* name = "";

  constexpr explicit operator bool() const { return kind != FaultKind::none; }
};

}  // namespace tg
