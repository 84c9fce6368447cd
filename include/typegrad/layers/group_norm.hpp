// Normalises groups of channels of each sample by themselves.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/fillers/constant.hpp"
#include "typegrad/layers/options_of.hpp"
#include "typegrad/layers/standardise.hpp"

namespace tg {

// x (C, …), its channels in Count groups of neighbours, each over its channels and positions:
//   y = weight (x - mean) / sqrt(variance + epsilon) + bias,   the biased variance
// weight and bias (C). torch.nn.GroupNorm (Wu and He, "Group normalization", 2018).
// Options: epsilon (1e-5), no_affine. Faults: needs_vector for a number, groups_do_not_divide.
template <int Count, auto... Options>
struct GroupNorm {
  static constexpr Var define(Scope& s, Var x) {
    using options = OptionsOf<GroupNorm, Options...>;
    options::template allow<Subject::epsilon, Subject::affine>(s);
    constexpr double epsilon = options::template get<Subject::epsilon>(1e-5);

    const Shape shape = x.shape();
    if (shape.rank() < 1) return s.fault(x, {.kind = FaultKind::needs_vector, .got = shape});
    if (Count < 1 || shape[0] % Count != 0)
      return s.fault(
          x, {.kind = FaultKind::groups_do_not_divide, .got = shape, .numbers = {shape[0], Count}});
    const Var rows = reshape(x, {Count, shape.size() / Count});
    const Var y = reshape(layer_options::standardise(rows, epsilon), shape);
    if constexpr (!options::template get<Subject::affine>(true))
      return y;
    else {
      const Shape channels{shape[0]};
      Shape along{shape[0]};
      for (int axis = 1; axis < shape.rank(); ++axis) along.append(1);
      const Var weight = s.parameter("weight", channels, Constant{1});
      const Var bias = s.parameter("bias", channels, Constant{0});
      return y * reshape(weight, along) + reshape(bias, along);
    }
  }
};

}  // namespace tg
