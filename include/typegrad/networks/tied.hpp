// One tensor in several places of a network.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scope.hpp"

namespace tg {

// L, whose parameters and states are those of the network's other places tied by this name, where
// they are called the same. tg::Tied<"words", tg::Linear<64, tg::no_bias>> in two places is one
// matrix "weight"; two layers of other kinds share what has one name and keep the rest.
// The first place owns what is shared: it has its filler and its name in files, which hold it once,
// as safetensors.torch.save_model and load_model do for a torch.nn.Module whose modules share it.
// Fault: tied_shapes_differ.
template <FixedString Name, class L>
struct Tied {
  template <std::same_as<Var>... Vars>
  requires requires(Scope& s, Vars... x) { L::define(s, x...); }
  static constexpr auto define(Scope& s, Vars... x) {
    Scope tied = s.tied(Name.text);
    return L::define(tied, x...);
  }
};

}  // namespace tg
