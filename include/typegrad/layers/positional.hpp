// Where in a sequence a token stands, added to its features.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/math.hpp"
#include "typegrad/layers/fillers/random.hpp"
#include "typegrad/layers/options_of.hpp"

namespace tg {

// x (tokens, features) -> x + positions; for token t and pair k of features, F of them:
//   positions[t, 2 k] = sin(t w), positions[t, 2 k + 1] = cos(t w),   w = 10000^(-2 k / F)
// (Vaswani et al., "Attention is all you need", 2017). Fault: needs_tokens.
struct PositionalEncoding {
  static constexpr Var define(Scope& s, Var x) {
    const Shape shape = x.shape();
    if (shape.rank() != 2) return s.fault(x, {.kind = FaultKind::needs_tokens, .got = shape});
    const int tokens = shape[0], features = shape[1], pairs = (features + 1) / 2;
    const Var t = reshape(s.iota(tokens, x.dtype()), {tokens, 1});
    const Var angle = t * exp(s.iota(pairs, x.dtype()) * (-2 * math::log(10000.0) / features));
    const Shape column{tokens, pairs, 1};
    const Var both = concatenate({reshape(sin(angle), column), reshape(cos(angle), column)}, 2);
    return x + slice(reshape(both, {tokens, 2 * pairs}), 1, 0, features);
  }
};

// x (tokens, features) -> x + weight (tokens, features), which is trained.
// Option: filler (normal, of deviation 0.02). Fault: needs_tokens.
template <auto... Options>
struct LearnedPositions {
  static constexpr Var define(Scope& s, Var x) {
    using options = OptionsOf<LearnedPositions, Options...>;
    options::template allow<Subject::filler>(s);
    if (x.shape().rank() != 2)
      return s.fault(x, {.kind = FaultKind::needs_tokens, .got = x.shape()});
    const auto first = options::template get<Subject::filler>(Normal{.deviation = 0.02});
    return x + s.parameter("weight", x.shape(), first);
  }
};

}  // namespace tg
