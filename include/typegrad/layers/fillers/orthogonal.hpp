// A random matrix with orthonormal rows, or columns where there are fewer.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scope.hpp"

namespace tg {

// The first extent against all others: (outputs, inputs * kernel). torch.nn.init.orthogonal_
// (Saxe et al., "Exact solutions to the nonlinear dynamics of learning in deep linear networks",
// 2013).
struct Orthogonal {
  double gain = 1;

  constexpr Var define(Scope& s, const Shape& shape) const {
    const int rows = shape.rank() == 0 ? 1 : shape[0];
    const Shape matrix{rows, shape.size() / rows};
    const Var normal = s.normal("normal", matrix);
    const Var orthonormal =
        ir::emit(normal.builder(), Op::orthogonal, matrix, normal.dtype(), ir::operands(normal));
    return reshape(orthonormal, shape) * gain;
  }
};

}  // namespace tg
