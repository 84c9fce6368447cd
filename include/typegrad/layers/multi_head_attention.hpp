// Tokens look at each other: self-attention with several heads.
// SPDX-License-Identifier: MIT
#pragma once
#include <limits>

#include "typegrad/layers/attention_options.hpp"
#include "typegrad/layers/dropout.hpp"
#include "typegrad/layers/fillers/constant.hpp"
#include "typegrad/layers/fillers/torch_default.hpp"
#include "typegrad/layers/fillers/xavier.hpp"
#include "typegrad/layers/linear.hpp"

namespace tg {

namespace attention {

// 1 where a token (row) may see another (column): itself and those before it. (tokens, tokens)
constexpr Var causal_mask(Scope& s, int tokens) {
  const Var place = s.iota(tokens);
  return less_equal(reshape(place, {1, tokens}), reshape(place, {tokens, 1}));
}

// softmax(q k' / sqrt(depth)) v, of (heads, tokens, depth) each; Drop acts on what the softmax
// gives.
template <class Drop>
constexpr Var attend(Scope& s, Var q, Var k, Var v, bool masked) {
  const int tokens = q.shape()[1], depth = q.shape()[2];
  Var scores = matmul(q, transpose(k)) * (1 / math::sqrt(double(depth)));
  if (masked)
    scores = select(causal_mask(s, tokens), scores, -std::numeric_limits<double>::infinity());
  return matmul(Drop::define(s, softmax(scores)), v);
}

}  // namespace attention

// x (tokens, width) -> y (tokens, width). Each of `Heads` heads h projects every token to a query,
// a key and a value of width / Heads numbers, q_h, k_h and v_h (tokens, width / Heads):
//   y = out_proj(concat over h of softmax(q_h k_h' / sqrt(width / Heads)) v_h)
// torch.nn.MultiheadAttention(width, Heads, batch_first=True) of (x, x, x), with its parameters:
// in_proj_weight (3 width, width) and in_proj_bias (3 width), queries first, then keys, then
// values; out_proj.weight (width, width), out_proj.bias (width). (Vaswani et al., "Attention is all
// you need", 2017.)
// Options: causal (a token sees itself and those before it), dropout (of the softmax's results; 0),
// no_bias. Faults: needs_tokens, heads_do_not_divide.
template <int Heads, auto... Options>
struct MultiHeadAttention {
  static constexpr Var define(Scope& s, Var x) {
    using options = OptionsOf<MultiHeadAttention, Options...>;
    options::template allow<Subject::mask, Subject::rate, Subject::bias>(s);
    constexpr bool has_bias = options::template get<Subject::bias>(true);
    constexpr double rate = options::template get<Subject::rate>(0.0);

    const Shape shape = x.shape();
    if (shape.rank() != 2) return s.fault(x, {.kind = FaultKind::needs_tokens, .got = shape});
    const int tokens = shape[0], width = shape[1];
    if (Heads < 1 || width % Heads != 0)
      return s.fault(x, {.kind = FaultKind::heads_do_not_divide, .numbers = {width, Heads}});

    const Var weight = s.parameter("in_proj_weight", {3 * width, width}, Xavier{});
    const Var bias = has_bias ? s.parameter("in_proj_bias", {3 * width}, Constant{0}) : weight;
    // Projection `which`, head by head: (heads, tokens, width / heads)
    const auto project = [&](int which) {
      Var y = matmul(x, transpose(slice(weight, 0, which * width, width)));
      if constexpr (has_bias) y = y + slice(bias, 0, which * width, width);
      return transpose(reshape(y, {tokens, Heads, width / Heads}), {1, 0, 2});
    };
    const Var seen = attention::attend<Dropout<rate>>(s, project(0), project(1), project(2),
                                                      options::template get<Subject::mask>(false));
    s.enter("out_proj");
    const Var y = layers::linear<has_bias>(s, reshape(transpose(seen, {1, 0, 2}), shape), width,
                                           TorchDefault{}, Constant{0});
    s.leave();
    return y;
  }
};

}  // namespace tg
