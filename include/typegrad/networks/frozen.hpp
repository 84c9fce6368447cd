// A part of a network that is not trained.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scope.hpp"

namespace tg {

// L, as it is: its parameters are kept, saved and loaded under the same names, but they are no
// parameters of the training step, so that no gradient of theirs, no memory and no kernel for one
// exists. Dropout and BatchNorm in it behave as in inference. Gradients flow through it to what
// lies before, if that is trained.
template <class L>
struct Frozen {
  template <std::same_as<Var>... Vars>
  requires requires(Scope& s, Vars... x) { L::define(s, x...); }
  static constexpr auto define(Scope& s, Vars... x) {
    Scope frozen = s.frozen();
    return L::define(frozen, x...);
  }
};

}  // namespace tg
