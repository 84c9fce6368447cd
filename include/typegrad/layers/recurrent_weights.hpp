// The parameters of recurrent layers, by PyTorch's names, and a step on them.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/fillers/torch_default.hpp"
#include "typegrad/layers/options.hpp"

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

// Of one layer in one direction: W (gates Hidden, features), U (gates Hidden, Hidden), and, unless
// no_bias, b and c (gates Hidden).
template <class Cell, int Hidden, class Options>
struct Weights {
  using States = std::array<Var, std::size_t(Cell::states)>;
  static constexpr bool has_bias = Options::template get<Subject::bias>(true);

  Var W, U, b, c;

  template <int Number, bool Reverse>
  static constexpr Weights of(Scope& s, int features) {
    const auto parameter = [&]<FixedString Base>(const Shape& shape, const auto& filler) {
      return s.parameter(parameter_name<Base, Number, Reverse>.text, shape, filler);
    };
    constexpr TorchDefault usual{Hidden};
    constexpr auto filler = Options::template get<Subject::filler>(usual);
    constexpr int rows = Cell::gates * Hidden;
    Weights result;
    result.W = parameter.template operator()<"weight_ih_l">({rows, features}, filler);
    result.U = parameter.template operator()<"weight_hh_l">({rows, Hidden}, filler);
    if (!has_bias) return result;
    result.b = parameter.template operator()<"bias_ih_l">({rows}, usual);
    result.c = parameter.template operator()<"bias_hh_l">({rows}, usual);
    return result;
  }

  // The states after those `before`; x (features) is what the layer gets in this step.
  constexpr States advance(Scope& s, Var x, const States& before) const {
    Var from_x = matmul(W, x), from_h = matmul(U, before[0]);
    if (has_bias) from_x = from_x + b, from_h = from_h + c;
    return Cell::advance(s, from_x, from_h, before);
  }
};

}  // namespace tg::recurrent
