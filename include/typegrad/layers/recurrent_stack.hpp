// Recurrent layers one on the other, in one direction or both: behind Rnn, Lstm and Gru.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/fillers/torch_default.hpp"
#include "typegrad/layers/options_of.hpp"
#include "typegrad/layers/recurrent_cells.hpp"
#include "typegrad/layers/recurrent_options.hpp"

namespace tg::recurrent {

// "weight_ih_l0", "bias_hh_l1_reverse": as PyTorch calls them.
struct Name {
  char text[32]{};
  int length = 0;

  constexpr void append(std::string_view piece) {
    for (char c : piece) text[length++] = c;
  }
  constexpr void append(int number) {
    if (number >= 10) append(number / 10);
    text[length++] = char('0' + number % 10);
  }
};
template <FixedString Base, int Index, bool Reverse>
inline constexpr Name parameter_name = [] {
  Name name;
  name.append(Base.view());
  name.append(Index);
  if (Reverse) name.append("_reverse");
  return name;
}();

// The layers of one Rnn, Lstm or Gru: what each loop goes over, and where its states begin.
template <class Layer, class Cell, int Hidden, auto... Options>
class Stack {
  using options = OptionsOf<Layer, Options...>;
  static constexpr bool has_bias = options::template get<Subject::bias>(true);
  static constexpr bool has_mask = options::template get<Subject::mask>(false);
  static constexpr bool both = options::template get<Subject::directions>(false);
  static constexpr bool last = options::template get<Subject::result>(false);
  static constexpr int layers = options::template get<Subject::depth>(1);
  static constexpr int directions = both ? 2 : 1;

 public:
  // Whether the layer can be called with so many inputs beside x.
  static constexpr bool takes(std::size_t more) {
    const std::size_t states = more - (has_mask ? 1 : 0);
    return states == 0 || states == Cell::states;
  }

  // x, then the mask if there is one, then the first values of the states, if they are given.
  static constexpr Var define(Scope& s, Var x, std::span<const Var> more) {
    options::template allow<Subject::bias, Subject::mask, Subject::directions, Subject::result,
                            Subject::depth, Subject::activation>(s);
    const Shape shape = x.shape();
    if (shape.rank() != 2) return s.fault(x, {.kind = FaultKind::needs_tokens, .got = shape});
    if (Hidden < 1 || layers < 1)
      return s.fault(x, {.kind = FaultKind::extent_not_positive, .wanted = {Hidden, layers}});
    for (std::size_t i = 0; i < more.size(); ++i) {
      const Shape wanted =
          has_mask && i == 0 ? Shape{shape[0]} : Shape{layers * directions, Hidden};
      if (more[i].shape() != wanted)
        return s.fault(
            x, {.kind = FaultKind::shapes_do_not_match, .got = more[i].shape(), .wanted = wanted});
    }
    return all_layers<0>(s, x, more);
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
    const auto parameter = [&]<FixedString Base>(const Shape& shape) {
      return s.parameter(parameter_name<Base, Number, Reverse>.text, shape, TorchDefault{Hidden});
    };
    constexpr int rows = Cell::gates * Hidden;
    const Var W = parameter.template operator()<"weight_ih_l">({rows, x.shape()[1]});
    const Var U = parameter.template operator()<"weight_hh_l">({rows, Hidden});
    const Var b = has_bias ? parameter.template operator()<"bias_ih_l">({rows}) : W;
    const Var c = has_bias ? parameter.template operator()<"bias_hh_l">({rows}) : U;
    ScanOptions how;
    how.backwards = Reverse;
    return loops::Recorder(s, given, how).record([&](const loops::Values& of) {
      std::array<Var, Cell::states> before;
      for (std::size_t i = 0; i < before.size(); ++i) before[i] = of[int(1 + masks + i)];
      Var from_x = matmul(W, of[0]), from_h = matmul(U, before[0]);
      if (has_bias) from_x = from_x + b, from_h = from_h + c;
      const auto after = Cell::advance(s, from_x, from_h, before);
      Next result;
      for (std::size_t i = 0; i < after.size(); ++i)
        result.states.push_back(has_mask ? select(of[1], after[i], before[i]) : after[i]);
      return result;
    });
  }
};

}  // namespace tg::recurrent
