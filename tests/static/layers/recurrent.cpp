// Extents and parameters of recurrent layers, and loops in constant expressions.
// SPDX-License-Identifier: MIT
#include "typegrad/layers/recurrent.hpp"

#include "typegrad/backends/reference/evaluation.hpp"
#include "typegrad/graph/scan.hpp"
#include "typegrad/layers/embedding.hpp"
#include "typegrad/layers/input.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/tokens.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg::test {

template <class Layer>
using Net = Sequence<Input<7, 5>, Layer>;

static_assert(output_shape<Net<Lstm<6>>> == Shape{7, 6});
static_assert(output_shape<Net<Gru<6, bidirectional>>> == Shape{7, 12});
static_assert(output_shape<Net<Rnn<6, last_state>>> == Shape{6});
static_assert(output_shape<Net<Lstm<6, stacked<2>, bidirectional, last_state>>> == Shape{12});
// PyTorch's numbers: gates (inputs + hidden + 2) hidden, for each layer and direction.
static_assert(parameter_count<Net<Lstm<6>>> == 4 * (5 + 6 + 2) * 6);
static_assert(parameter_count<Net<Gru<6, no_bias>>> == 3 * (5 + 6) * 6);
static_assert(parameter_count<Net<Rnn<6, stacked<2>, bidirectional>>> ==
              2 * (5 + 6 + 2) * 6 + 2 * (12 + 6 + 2) * 6);

// A label for each of 40 words.
using Tagger = Sequence<Tokens<40>, Embedding<100, 16>, Lstm<8, bidirectional>, Linear<9>>;
static_assert(output_shape<Tagger> == Shape{40, 9});

// A step alone has the states, and as many parameters, as the layer has.
template <class Layer>
constexpr bool steps_with(const Shape& states, int parameters) {
  ir::Recording recording;
  Scope s{recording};
  typename Layer::Stack::States before;
  const char* const names[]{"h", "c"};
  for (std::size_t i = 0; i < before.size(); ++i) before[i] = s.input(names[i], states);
  for (const Var& after : Layer::step(s, s.input("x", {5}), before))
    if (after.shape() != states) return false;
  int count = 0;
  for (const Var& parameter : s.parameters()) count += parameter.shape().size();
  return !recording.fault() && count == parameters;
}
static_assert(steps_with<Lstm<6>>({1, 6}, parameter_count<Net<Lstm<6>>>));
static_assert(steps_with<Gru<6, stacked<3>, no_bias>>(
    {3, 6}, parameter_count<Net<Gru<6, stacked<3>, no_bias>>>));
static_assert(!steps_with<Rnn<6>>({6}, parameter_count<Net<Rnn<6>>>));

// A^k as Theano's tutorial has it, while compiling.
struct Times {
  static constexpr Next step(Scope&, Var power, Var a) { return next(power * a); }
};
template <int K>
constexpr double power_of_nine() {
  ir::Recording recording;
  Scope s{recording};
  const Var a = s.argument("a", {10});
  const Var power = reduce<Times, steps<K>>(s, from(s.constant(1, {10})), a);
  const double values[10]{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  reference::Bindings<double> bindings(recording);
  bindings.set(a, values);
  reference::Evaluation<double> evaluation(bindings);
  return evaluation.value(power)[9];
}
static_assert(power_of_nine<0>() == 1 && power_of_nine<2>() == 81 && power_of_nine<4>() == 6561);

}  // namespace tg::test
