// Layers around which their input goes: x + f(x).
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/merges.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg {

// The layers on the way around a tg::Residual, where the body changes the shape.
template <class... Layers>
struct Shortcut {};

namespace networks {

template <class Body, class Skip>
struct ResidualOf {
  static constexpr int layers = 2;
  static constexpr std::array<std::string_view, 2> names{"body", "shortcut"};
  template <int I>
  using layer = std::conditional_t<I == 0, Body, Skip>;

  static constexpr Var define(Scope& s, Var x) {
    const Var y = s.layer<"body", Body>(x);
    if constexpr (Skip::elements > 0) x = s.layer<"shortcut", Skip>(x);
    return Add::define(s, x, y);
  }
};

}  // namespace networks

// tg::Residual<Layers…>: y = x + Sequence<Layers…>(x) (He et al., "Deep residual learning for image
// recognition", 2015). tg::Residual<tg::Shortcut<tg::Conv<32, 1, tg::stride<2>>>, Layers…>: the
// same with layers on the way of x. Parameters are called as those of a torch.nn.Module with two
// nn.Sequential, "body.0.weight" and "shortcut.0.weight". Fault: branches_do_not_match.
template <class... Layers>
struct Residual : networks::ResidualOf<Sequence<Layers...>, Sequence<>> {};
template <class... Around, class... Layers>
struct Residual<Shortcut<Around...>, Layers...>
    : networks::ResidualOf<Sequence<Layers...>, Sequence<Around...>> {};

}  // namespace tg
