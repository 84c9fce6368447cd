// Normalises each sample by itself.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/fillers/constant.hpp"
#include "typegrad/layers/options_of.hpp"

namespace tg {

// Over the last axes, whose extents are given as for torch.nn.LayerNorm(normalized_shape), or over
// all axes of the sample:
//   y = weight (x - mean) / sqrt(variance + epsilon) + bias,   the biased variance
// weight and bias have the normalised extents (Ba et al., "Layer normalization", 2016).
// LayerNorm<>, LayerNorm<64>, LayerNorm<64, tg::epsilon<1e-6>>. Options: epsilon (1e-5), no_affine.
// Fault: shapes_do_not_match when x does not end with the extents given.
template <auto... Options>
struct LayerNorm {
  static constexpr Var define(Scope& s, Var x) {
    using options = OptionsOf<LayerNorm, Options...>;
    options::template allow<Subject::extent, Subject::epsilon, Subject::affine>(s);
    constexpr double epsilon = options::template get<Subject::epsilon>(1e-5);

    const Shape shape = x.shape(), given = options::extents();
    const int first = given.rank() == 0 ? 0 : shape.rank() - given.rank();
    Shape normalised, kept;  // kept (leading…, 1…)
    for (int axis = 0; axis < shape.rank(); ++axis) kept.append(axis < first ? shape[axis] : 1);
    for (int axis = first < 0 ? 0 : first; axis < shape.rank(); ++axis)
      normalised.append(shape[axis]);
    if (given.rank() > 0 && normalised != given)
      return s.fault(x, {.kind = FaultKind::shapes_do_not_match, .got = shape, .wanted = given});

    const int axes = ir::all_axes(shape) & ~((1 << first) - 1);
    const double share = 1.0 / normalised.size();
    const Var centered = x - reshape(ir::reduce(Op::sum, x, axes) * share, kept);
    const Var variance = ir::reduce(Op::sum, square(centered), axes) * share;
    const Var y = centered / reshape(sqrt(variance + epsilon), kept);
    if constexpr (!options::template get<Subject::affine>(true))
      return y;
    else {
      const Var weight = s.parameter("weight", normalised, Constant{1});
      const Var bias = s.parameter("bias", normalised, Constant{0});
      return y * weight + bias;
    }
  }
};

}  // namespace tg
