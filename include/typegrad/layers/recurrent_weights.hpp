// The parameters of recurrent layers, together or gate by gate, and a step on them.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/fillers/constant.hpp"
#include "typegrad/layers/fillers/torch_default.hpp"
#include "typegrad/layers/options.hpp"
#include "typegrad/layers/recurrent_fillers.hpp"

namespace tg::recurrent {

// "weight_ih_l0", "bias_hh_l1_reverse": as PyTorch calls them; "W_i", "W_i_l1_reverse": a gate's.
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
template <FixedString Base, int Layer, bool Reverse>
inline constexpr Name parameter_name = [] {
  Name name;
  name.append(Base.view());
  name.append(Layer);
  if (Reverse) name.append("_reverse");
  return name;
}();
template <FixedString Base, class Cell, int Gate, int Layer, bool Reverse>
inline constexpr Name gate_name = [] {
  Name name;
  name.append(Base.view());
  name.append(Cell::names[Gate]);
  if (Layer > 0) name.append("_l"), name.append(Layer);
  if (Reverse) name.append("_reverse");
  return name;
}();

// Of one layer in one direction: W (gates Hidden, features), U (gates Hidden, Hidden), and, unless
// no_bias, b and c (gates Hidden).
template <class Cell, int Hidden, class Options>
struct Weights {
  using States = std::array<Var, std::size_t(Cell::states)>;
  static constexpr bool has_bias = Options::template get<Subject::bias>(true);
  static constexpr bool separate = Options::template get<Subject::gates>(false);

  Var W, U, b{}, c{};

  template <int Layer, bool Reverse>
  static constexpr Weights of(Scope& s, int features) {
    Weights result;
    if constexpr (separate) {
      result.W = joined<"W", Layer, Reverse>(s, features, filler);
      result.U = joined<"U", Layer, Reverse>(s, Hidden, recurrent_filler);
      if constexpr (has_bias) result.b = joined_bias<"b", Layer, Reverse>(s);
      if constexpr (has_bias && Cell::two_biases) result.c = joined_bias<"c", Layer, Reverse>(s);
    } else {
      constexpr int rows = Cell::gates * Hidden;
      const auto parameter = [&]<FixedString Base>(const Shape& shape, const auto& first) {
        return s.parameter(parameter_name<Base, Layer, Reverse>.text, shape, first);
      };
      result.W = parameter.template operator()<"weight_ih_l">({rows, features}, filler);
      result.U = parameter.template operator()<"weight_hh_l">({rows, Hidden},
                                                              gate_by_gate(recurrent_filler));
      if (!has_bias) return result;
      result.b = parameter.template operator()<"bias_ih_l">({rows}, with_forget_gate(forget));
      result.c = parameter.template operator()<"bias_hh_l">({rows}, with_forget_gate(0));
    }
    return result;
  }

  // The states after those `before`; x (features) is what the layer gets in this step.
  constexpr States advance(Scope& s, Var x, const States& before) const {
    Var from_x = matmul(W, x), from_h = matmul(U, before[0]);
    if (b.id() >= 0) from_x = from_x + b;
    if (c.id() >= 0) from_h = from_h + c;
    return Cell::advance(s, from_x, from_h, before);
  }

 private:
  static constexpr TorchDefault usual{Hidden};
  static constexpr auto filler = Options::template get<Subject::filler>(usual);
  static constexpr auto bias_filler = Options::template get<Subject::bias_filler>(usual);
  static constexpr auto recurrent_filler = Options::template get<Subject::recurrent_filler>(filler);
  template <Subject Which>
  static constexpr bool is_given =
      !std::is_same_v<decltype(Options::template get<Which>(NotGiven{})), NotGiven>;
  static constexpr bool forgets =
      Cell::own == Subject::forget_bias && is_given<Subject::forget_bias>;
  static constexpr double forget = Options::template get<Subject::forget_bias>(0.0);

  // A filler that was given for the recurrent matrices sees those of the gates, one by one.
  static constexpr auto gate_by_gate(const auto& of) {
    if constexpr (is_given<Subject::recurrent_filler>)
      return PerGate<Cell::gates, std::remove_cvref_t<decltype(of)>>{of};
    else
      return of;
  }
  static constexpr auto with_forget_gate(double value) {
    if constexpr (forgets)
      return ExceptGate<Cell::gates, std::remove_cvref_t<decltype(bias_filler)>>{
          bias_filler, Cell::forget_gate, value};
    else
      return (void)value, bias_filler;
  }

  // The gates' matrices (inputs, Hidden), transposed, one below the other.
  template <FixedString Base, int Layer, bool Reverse>
  static constexpr Var joined(Scope& s, int inputs, const auto& first) {
    return [&]<int... Gate>(std::integer_sequence<int, Gate...>) {
      return concatenate(
          {transpose(s.parameter(gate_name<Base, Cell, Gate, Layer, Reverse>.text, {inputs, Hidden},
                                 Transposed<std::remove_cvref_t<decltype(first)>>{first}))...});
    }
    (std::make_integer_sequence<int, Cell::gates>{});
  }
  template <FixedString Base, int Layer, bool Reverse>
  static constexpr Var joined_bias(Scope& s) {
    return [&]<int... Gate>(std::integer_sequence<int, Gate...>) {
      return concatenate({bias_of_gate<Base, Gate, Layer, Reverse>(s)...});
    }
    (std::make_integer_sequence<int, Cell::gates>{});
  }
  template <FixedString Base, int Gate, int Layer, bool Reverse>
  static constexpr Var bias_of_gate(Scope& s) {
    const char* const name = gate_name<Base, Cell, Gate, Layer, Reverse>.text;
    if constexpr (forgets)
      if (Gate == Cell::forget_gate) return s.parameter(name, {Hidden}, Constant{forget});
    return s.parameter(name, {Hidden}, bias_filler);
  }
};

}  // namespace tg::recurrent
