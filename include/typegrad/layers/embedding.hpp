// Vectors for the words of a vocabulary.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/fillers/random.hpp"
#include "typegrad/layers/options_of.hpp"

namespace tg {

// x (…), integers in 0 … Vocabulary-1 -> (…, Width), a row of weight (Vocabulary, Width) for each.
// torch.nn.Embedding. Option: filler (of mean 0 and variance 1). Faults: needs_integers,
// rank_too_large, extent_not_positive.
template <int Vocabulary, int Width, auto... Options>
struct Embedding {
  static constexpr Var define(Scope& s, Var x) {
    using options = OptionsOf<Embedding, Options...>;
    options::template allow<Subject::filler>(s);
    if (Vocabulary < 1 || Width < 1)
      return s.fault(x, {.kind = FaultKind::extent_not_positive, .wanted = {Vocabulary, Width}});
    if (x.dtype() != i32) return s.fault(x, {.kind = FaultKind::needs_integers, .got = x.shape()});
    const Var weight = s.parameter("weight", {Vocabulary, Width},
                                   options::template get<Subject::filler>(Normal{}));
    return gather(weight, x);
  }
};

}  // namespace tg
