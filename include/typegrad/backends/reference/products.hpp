// The reference's matrix rows: products, outer products, orthonormal matrices.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/reference/buffer.hpp"
#include "typegrad/backends/reference/call.hpp"
#include "typegrad/core/math.hpp"
#include "typegrad/graph/products.hpp"

namespace tg::reference {

// y[h, i, j] = sum_k a[h, i, k] b[h, k, j] for all leading axes h; a vector b has one column.
// attributes: is a, is b transposed.
template <class T>
constexpr void matmul(const Call<T>& call) {
  const auto e = ir::ProductExtents::of(call.shape(0), call.shape(1), call.node.attributes);
  const bool transposed_a = call.node.attributes[0] != 0,
             transposed_b = call.node.attributes[1] != 0;
  const int row_a = transposed_a ? 1 : e.depth, along_a = transposed_a ? e.rows : 1;
  const int column_b = transposed_b ? e.depth : 1, along_b = transposed_b ? 1 : e.columns;
  for (int h = 0; h < e.batches; ++h)
    for (int i = 0; i < e.rows; ++i)
      for (int j = 0; j < e.columns; ++j)
        call.out[(h * e.rows + i) * e.columns + j] =
            dot(call.in[0].from(h * e.rows * e.depth + i * row_a, along_a),
                call.in[1].from(h * e.depth * e.columns + j * column_b, along_b), e.depth);
}

template <class T>
constexpr void outer(const Call<T>& call) {
  const int rows = call.node.shape[0], columns = call.node.shape[1];
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j) call.out[i * columns + j] = call.in[0][i] * call.in[1][j];
}

// Rows are made orthonormal when there are fewer of them than columns, else columns: Gram and
// Schmidt's process, done twice (Giraud et al., "The loss of orthogonality in the Gram-Schmidt
// process", 2005). Lengths are positive, so the result is torch.nn.init.orthogonal_'s, the Q of a
// QR with a positive diagonal of R. Pre: full rank, as random ones are.
template <class T>
constexpr void orthogonal(const Call<T>& call) {
  const int rows = call.node.shape[0], columns = call.node.shape[1];
  const bool by_rows = rows < columns;
  const int count = by_rows ? rows : columns, length = by_rows ? columns : rows;
  const auto place = [&](int i, int k) { return by_rows ? k * length + i : i * count + k; };
  // v (length, count): a vector is a column
  const Buffer<T> v(std::size_t(length) * count), shadow(count);
  for (int i = 0; i < length; ++i)
    for (int k = 0; k < count; ++k) v[i * count + k] = call.in[0][place(i, k)];
  for (int k = 0; k < 2 * count; ++k) {
    const int q = k % count;
    T square = T(0);
    for (int i = 0; i < length; ++i) square += v[i * count + q] * v[i * count + q];
    const T norm = math::sqrt(square);
    for (int i = 0; i < length; ++i) v[i * count + q] /= norm;
    for (int j = q + 1; j < count; ++j) shadow[j] = T(0);
    for (int i = 0; i < length; ++i)
      for (int j = q + 1; j < count; ++j) shadow[j] += v[i * count + q] * v[i * count + j];
    for (int i = 0; i < length; ++i)
      for (int j = q + 1; j < count; ++j) v[i * count + j] -= v[i * count + q] * shadow[j];
  }
  for (int i = 0; i < length; ++i)
    for (int k = 0; k < count; ++k) call.out[place(i, k)] = v[i * count + k];
}

}  // namespace tg::reference
