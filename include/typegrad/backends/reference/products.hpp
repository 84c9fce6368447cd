// The reference's matrix rows: products, outer products, orthonormal matrices.
// SPDX-License-Identifier: MIT
#pragma once
#include <type_traits>

#include "typegrad/backends/reference/call.hpp"
#include "typegrad/core/math.hpp"

namespace tg::reference {

// The sum of a[i] b[i] over n elements, in order.
template <class T>
constexpr auto dot(View<T> a, View<T> b, int n) {
  std::remove_const_t<T> total = 0;
  for (int i = 0; i < n; ++i) total += a[i] * b[i];
  return total;
}

// y[i, j] = sum_k a[i, k] b[k, j]; a vector b has one column. attributes: is a, is b transposed.
template <class T>
constexpr void matmul(const Call<T>& call) {
  const Shape &a = call.shape(0), &b = call.shape(1);
  const bool transposed_a = call.node.attributes[0] != 0,
             transposed_b = call.node.attributes[1] != 0;
  const int columns = call.node.shape.rank() == 1 ? 1 : call.node.shape[1];
  const int depth = a[transposed_a ? 0 : 1], columns_b = b.rank() == 1 ? 1 : b[1];
  const int row_a = transposed_a ? 1 : a[1], along_a = transposed_a ? a[1] : 1;
  const int column_b = transposed_b ? columns_b : 1, along_b = transposed_b ? 1 : columns_b;
  for (int i = 0; i < call.node.shape[0]; ++i)
    for (int j = 0; j < columns; ++j)
      call.out[i * columns + j] =
          dot<const T>({&call.in[0][i * row_a], along_a * call.in[0].stride},
                       {&call.in[1][j * column_b], along_b * call.in[1].stride}, depth);
}

template <class T>
constexpr void outer(const Call<T>& call) {
  const int rows = call.node.shape[0], columns = call.node.shape[1];
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j) call.out[i * columns + j] = call.in[0][i] * call.in[1][j];
}

// Rows are made orthonormal when there are fewer of them than columns, else columns: Gram and
// Schmidt's process, each vector twice (Giraud et al., "The loss of orthogonality in the
// Gram-Schmidt process", 2005). Lengths are positive, so the result is torch.nn.init.orthogonal_'s,
// the Q of a QR with a positive diagonal of R. Pre: full rank, as random ones are.
template <class T>
constexpr void orthogonal(const Call<T>& call) {
  const int rows = call.node.shape[0], columns = call.node.shape[1];
  const bool by_rows = rows < columns;
  const int count = by_rows ? rows : columns, length = by_rows ? columns : rows;
  const int next = by_rows ? columns : 1, stride = (by_rows ? 1 : columns) * call.out.stride;
  for (int i = 0; i < rows * columns; ++i) call.out[i] = call.in[0][i];
  for (int k = 0; k < count; ++k) {
    const View<T> v{&call.out[k * next], stride};
    for (int j = 0; j < 2 * k; ++j) {
      const View<T> q{&call.out[j % k * next], stride};
      const T shadow = dot(q, v, length);
      for (int i = 0; i < length; ++i) v[i] -= shadow * q[i];
    }
    const T norm = math::sqrt(dot(v, v, length));
    for (int i = 0; i < length; ++i) v[i] /= norm;
  }
}

}  // namespace tg::reference
