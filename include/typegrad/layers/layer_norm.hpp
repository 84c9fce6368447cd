// Normalises each sample by itself.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/fillers/constant.hpp"
#include "typegrad/layers/options_of.hpp"
#include "typegrad/layers/standardise.hpp"

namespace tg {

// Over the last axes, whose extents are given as for torch.nn.LayerNorm(normalized_shape), or over
// all axes of the sample:
//   y = weight (x - mean) / sqrt(variance + epsilon) + bias,   the biased variance
// weight and bias have the normalised extents (Ba et al., "Layer normalization", 2016).
// LayerNorm<>, LayerNorm<64>, LayerNorm<64, tg::epsilon<1e-6>>. Options: epsilon (1e-5), no_affine.
// Faults: shapes_do_not_match when x does not end with the extents given, needs_vector for a
// number.
template <auto... Options>
struct LayerNorm {
  static constexpr Var define(Scope& s, Var x) {
    using options = OptionsOf<LayerNorm, Options...>;
    options::template allow<Subject::extent, Subject::epsilon, Subject::affine>(s);
    constexpr double epsilon = options::template get<Subject::epsilon>(1e-5);

    const Shape shape = x.shape(), given = options::extents();
    if (shape.rank() < 1) return s.fault(x, {.kind = FaultKind::needs_vector, .got = shape});
    const layer_options::NormalisedAxes axes(shape, given);
    if (!axes.fit())
      return s.fault(x, {.kind = FaultKind::shapes_do_not_match, .got = shape, .wanted = given});

    const Var y = reshape(layer_options::standardise(axes.rows_of(x), epsilon), shape);
    if constexpr (!options::template get<Subject::affine>(true))
      return y;
    else {
      const Var weight = s.parameter("weight", axes.extents, Constant{1});
      const Var bias = s.parameter("bias", axes.extents, Constant{0});
      return y * weight + bias;
    }
  }
};

}  // namespace tg
