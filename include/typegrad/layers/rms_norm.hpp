// Divides each sample by its root mean square.
// SPDX-License-Identifier: MIT
#pragma once
#include <limits>

#include "typegrad/layers/fillers/constant.hpp"
#include "typegrad/layers/options_of.hpp"
#include "typegrad/layers/standardise.hpp"

namespace tg {

// Over the last axes, whose extents are given as for torch.nn.RMSNorm(normalized_shape), or over
// all axes of the sample:
//   y = weight x / sqrt(mean(x^2) + epsilon)
// weight has the normalised extents (Zhang and Sennrich, "Root mean square layer normalization",
// 2019). RmsNorm<>, RmsNorm<64>, RmsNorm<64, tg::epsilon<1e-6>>. Options: epsilon (the dtype's
// machine epsilon), no_affine. Faults: shapes_do_not_match when x does not end with the extents
// given, needs_vector for a number.
template <auto... Options>
struct RmsNorm {
  static constexpr Var define(Scope& s, Var x) {
    using options = OptionsOf<RmsNorm, Options...>;
    options::template allow<Subject::extent, Subject::epsilon, Subject::affine>(s);
    const double machine = x.dtype() == f64 ? double(std::numeric_limits<double>::epsilon())
                                            : double(std::numeric_limits<float>::epsilon());

    const Shape shape = x.shape(), given = options::extents();
    if (shape.rank() < 1) return s.fault(x, {.kind = FaultKind::needs_vector, .got = shape});
    const layer_options::NormalisedAxes axes(shape, given);
    if (!axes.fit())
      return s.fault(x, {.kind = FaultKind::shapes_do_not_match, .got = shape, .wanted = given});

    const Var rows = axes.rows_of(x), squares = layer_options::mean_of_rows(square(rows));
    const double epsilon = options::template get<Subject::epsilon>(machine);
    const Var y = reshape(rows * (1 / sqrt(squares + epsilon)), shape);
    if constexpr (!options::template get<Subject::affine>(true))
      return y;
    else
      return y * s.parameter("weight", axes.extents, Constant{1});
  }
};

}  // namespace tg
