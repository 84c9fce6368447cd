// A user's operation: what its meaning says.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/reference/call.hpp"
#include "typegrad/graph/custom.hpp"

namespace tg::reference {

template <class T>
constexpr void custom(const Call<T>& call) {
  OperationCall<T> own;
  for (int i = 0; i < call.node.operands(); ++i)
    own.in[i] = call.in[i], own.shape[i] = call.shape(i);
  own.out = call.out;
  own.result = call.node.shape;
  call.node.row->template compute<T>()(own);
}

}  // namespace tg::reference
