// The reference's element-wise rows: the op's scalar meaning, element by element.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/reference/call.hpp"
#include "typegrad/graph/meaning.hpp"

namespace tg::reference {

template <class T>
constexpr void elementwise(const Call<T>& call) {
  const Op op = call.node.op;
  const int n = call.size();
  const View<const T> a = call.in[0], b = call.in[1], c = call.in[2];
  const View<T> out = call.out;
  switch (kind_of(op)) {
    case Kind::unary:
      for (int i = 0; i < n; ++i) out[i] = meaning<T>(op, a[i]);
      break;
    case Kind::binary:
      for (int i = 0; i < n; ++i) out[i] = meaning<T>(op, a[i], b[i]);
      break;
    default:
      for (int i = 0; i < n; ++i) out[i] = meaning<T>(op, a[i], b[i], c[i]);
  }
}

// Every dtype is held as T, so a cast to integers removes the fraction, as PyTorch does.
template <class T>
constexpr void cast(const Call<T>& call) {
  const bool integer = !is_floating(call.node.dtype), truth = call.node.dtype == DType::boolean;
  for (int i = 0, n = call.size(); i < n; ++i) {
    const T x = call.in[0][i];
    const bool has_fraction = x > T(-9e15) && x < T(9e15);
    call.out[i] = truth ? T(x != T(0)) : integer && has_fraction ? T((long long)(x)) : x;
  }
}

}  // namespace tg::reference
