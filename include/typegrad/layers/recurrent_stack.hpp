// Recurrent layers one on the other, in one direction or both: behind Rnn, Lstm and Gru.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/options_of.hpp"
#include "typegrad/layers/recurrent_cells.hpp"
#include "typegrad/layers/recurrent_options.hpp"
#include "typegrad/layers/recurrent_weights.hpp"

namespace tg::recurrent {

// The layers of one Rnn, Lstm or Gru: what each loop goes over, and where its states begin.
template <class Layer, class Cell, int Hidden, auto... Options>
class Stack {
  using options = OptionsOf<Layer, Options...>;
  using Weights = recurrent::Weights<Cell, Hidden, options>;
  static constexpr bool has_mask = options::template get<Subject::mask>(false);
  static constexpr bool both = options::template get<Subject::directions>(false);
  static constexpr bool last = options::template get<Subject::result>(false);
  static constexpr int layers = options::template get<Subject::depth>(1);
  static constexpr int directions = both ? 2 : 1;

 public:
  using States = typename Weights::States;
  static constexpr Shape state_shape{layers * directions, Hidden};

  // Whether the layer can be called with so many inputs beside x.
  static constexpr bool takes(std::size_t more) {
    const std::size_t states = more - (has_mask ? 1 : 0);
    return states == 0 || states == Cell::states;
  }

  // x, then the mask if there is one, then the first values of the states, if they are given.
  static constexpr Var define(Scope& s, Var x, std::span<const Var> more) {
    options::template allow<Subject::bias, Subject::mask, Subject::directions, Subject::result,
                            Subject::depth, Subject::filler, Subject::bias_filler,
                            Subject::recurrent_filler, Subject::gates, Cell::own>(s);
    const Shape shape = x.shape();
    if (shape.rank() != 2) return s.fault(x, {.kind = FaultKind::needs_tokens, .got = shape});
    if (Hidden < 1 || layers < 1)
      return s.fault(x, {.kind = FaultKind::extent_not_positive, .wanted = {Hidden, layers}});
    for (std::size_t i = 0; i < more.size(); ++i) {
      const Shape wanted = has_mask && i == 0 ? Shape{shape[0]} : state_shape;
      if (more[i].shape() != wanted)
        return s.fault(
            x, {.kind = FaultKind::shapes_do_not_match, .got = more[i].shape(), .wanted = wanted});
    }
    return all_layers<0>(s, x, more);
  }

  // One step of all layers, on the same parameters as define: x (features), each state (layers,
  // Hidden) -> the states after it. The output of the last layer is the last row of the first.
  static constexpr States step(Scope& s, Var x, const States& before) {
    static_assert(!both && !has_mask, "a step goes forward, and is not masked");
    if (x.shape().rank() != 1) {
      s.recording()->fail({.kind = FaultKind::needs_vector, .got = x.shape()});
      return before;
    }
    for (const Var& state : before)
      if (state.shape() != state_shape) {
        s.recording()->fail(
            {.kind = FaultKind::shapes_do_not_match, .got = state.shape(), .wanted = state_shape});
        return before;
      }
    std::array<std::array<Var, layers>, std::size_t(Cell::states)> after;
    one_step<0>(s, x, before, after);
    States result;
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = concatenate(after[i]);
    return result;
  }

 private:
  template <int Number>
  static constexpr Var all_layers(Scope& s, Var x, std::span<const Var> more) {
    constexpr bool top = Number + 1 == layers;
    const Loop forward = one<Number, false>(s, x, more);
    Var y = top && last ? forward.last() : forward.states_by_row();
    if constexpr (both) {
      const Loop back = one<Number, true>(s, x, more);
      y = concatenate({y, top && last ? back.last() : back.states_by_row()}, top && last ? 0 : 1);
    }
    if constexpr (top)
      return y;
    else
      return all_layers<Number + 1>(s, y, more);
  }

  // Fills row `Number` and those that follow of the states after the step, (1, Hidden) each.
  template <int Number>
  static constexpr void one_step(
      Scope& s, Var x, const States& before,
      std::array<std::array<Var, layers>, std::size_t(Cell::states)>& after) {
    States own;
    for (std::size_t i = 0; i < own.size(); ++i) own[i] = loops::row_of(before[i], Number);
    own = Weights::template of<Number, false>(s, x.shape()[0]).advance(s, x, own);
    for (std::size_t i = 0; i < own.size(); ++i) after[i][Number] = reshape(own[i], {1, Hidden});
    if constexpr (Number + 1 < layers) one_step<Number + 1>(s, own[0], before, after);
  }

  template <int Number, bool Reverse>
  static constexpr Loop one(Scope& s, Var x, std::span<const Var> more) {
    loops::Given given;
    given.add(over(x));
    if (has_mask) given.add(over(more[0]));
    constexpr std::size_t masks = has_mask ? 1 : 0;
    for (std::size_t i = 0; i < Cell::states; ++i)
      given.add(from(more.size() > masks
                         ? loops::row_of(more[masks + i], Number * directions + (Reverse ? 1 : 0))
                         : s.constant(0, {Hidden})));
    const Weights own = Weights::template of<Number, Reverse>(s, x.shape()[1]);
    ScanOptions how;
    how.backwards = Reverse;
    return loops::Recorder(s, given, how).record([&](const loops::Values& of) {
      States before;
      for (std::size_t i = 0; i < before.size(); ++i) before[i] = of[int(1 + masks + i)];
      const States after = own.advance(s, of[0], before);
      Next result;
      for (std::size_t i = 0; i < after.size(); ++i)
        result.states.push_back(has_mask ? select(of[1], after[i], before[i]) : after[i]);
      return result;
    });
  }
};

}  // namespace tg::recurrent
