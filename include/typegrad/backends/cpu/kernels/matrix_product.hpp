// Products of matrices of which one or both are per sample, in the lanes layout.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/kernels/tile.hpp"
#include "typegrad/passes/geometry.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// Some columns of the right factor of every sample, packed: at any stride they lie in the first
// cache together.
inline constexpr int product_panel_bytes = 24576;

// A x B sums over k of left(a, k) right(b, k), vectors; give(a, b, sum). What the loop holds in
// registers is the smaller side.
template <class T, int A, int B, int Depth, class Left, class Right, class Give>
TYPEGRAD_INLINE void product_block(Left left, Right right, Give give) {
  Vector<T> sums[A][B];
  clear<T>(sums);
  for (int k = 0; k < Depth; ++k) {
    if constexpr (A <= B) {
      Vector<T> held[A];
      TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) held[a] = in_register<T>(left(a, k));
      TYPEGRAD_UNROLL for (int b = 0; b < B; ++b) {
        const Vector<T> factor = in_register<T>(right(b, k));
        TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) sums[a][b] += held[a] * factor;
      }
    } else {
      Vector<T> held[B];
      TYPEGRAD_UNROLL for (int b = 0; b < B; ++b) held[b] = in_register<T>(right(b, k));
      TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
        const Vector<T> factor = in_register<T>(left(a, k));
        TYPEGRAD_UNROLL for (int b = 0; b < B; ++b) sums[a][b] += factor * held[b];
      }
    }
  }
  TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
    TYPEGRAD_UNROLL for (int b = 0; b < B; ++b) give(a, b, sums[a][b]);
  }
}

// A matrix as a product reads it: element (i, k) of place h lies at h * batch + i * step + k *
// along.
template <int Batch, int Step, int Along>
struct MatrixOrder {
  static constexpr int batch = Batch, step = Step, along = Along;
};
template <class G>
using LeftOrder =
    MatrixOrder<G::rows * G::depth, G::swapped_left ? 1 : G::depth, G::swapped_left ? G::rows : 1>;
template <class G>
using RightOrder = MatrixOrder<G::depth * G::columns, G::swapped_right ? G::depth : 1,
                               G::swapped_right ? 1 : G::columns>;

// For every tile of `Extent` the body of its size: body<Size>(first).
template <int Extent, int Tile, class Body>
TYPEGRAD_INLINE void for_tiles(Body body) {
  int first = 0;
  for (; first + Tile <= Extent; first += Tile) body.template operator()<Tile>(first);
  if constexpr (Extent % Tile > 0) body.template operator()<Extent % Tile>(first);
}

// One factor per sample, the other shared. x: (Extent, depth) vectors of samples in the order X;
// w: (Others, depth) numbers in the order W. give(i, j, sum): i counts x's rows, j those of w.
template <class T, int V, int Extent, int Others, int Depth, class X, class W, class In,
          class Weight, class Give>
TYPEGRAD_INLINE void shared_product(const In* x, const Weight* w, Give give) {
  constexpr TileShape shape = tile_shape<1>(Extent, Others);
  constexpr int lanes = V * width<T>;
  // x's rows stay in the cache for all of w.
  for_tiles<Extent, shape.rows>([&]<int A>(int i) TYPEGRAD_INLINE_LAMBDA {
    for_tiles<Others, shape.columns>([&]<int B>(int j) TYPEGRAD_INLINE_LAMBDA {
      const In* const from_x = x + i * X::step * lanes;
      const Weight* const from_w = w + j * W::step;
      product_block<T, A, B, Depth>(
          [&](int a, int k) TYPEGRAD_INLINE_LAMBDA {
            return load(from_x + (a * X::step + k * X::along) * lanes);
          },
          [&](int b, int k)
              TYPEGRAD_INLINE_LAMBDA { return splat(from_w[b * W::step + k * W::along]); },
          [&](int a, int b, Vector<T> sum) TYPEGRAD_INLINE_LAMBDA { give(i + a, j + b, sum); });
    });
  });
}

// Both factors per sample: (Rows, depth) and (Columns, depth) vectors of samples in the orders L
// and R. give(i, j, sum).
template <class T, int V, int Rows, int Columns, int Depth, class L, class R, class Left,
          class Right, class Give>
TYPEGRAD_INLINE void lanes_product(const Left* left, const Right* right, Give give) {
  constexpr TileShape shape = tile_shape<1>(Rows, Columns);
  constexpr int lanes = V * width<T>, vector_bytes = TYPEGRAD_VECTOR_BYTES;
  constexpr bool packs =
      Rows > shape.rows && Depth * shape.columns * vector_bytes <= product_panel_bytes;
  for_tiles<Columns, shape.columns>([&]<int B>(int j) TYPEGRAD_INLINE_LAMBDA {
    alignas(64) T panel[packs ? Depth * B * width<T> : width<T>];
    const Right* const from = right + j * R::step * lanes;
    if constexpr (packs)
      for (int k = 0; k < Depth; ++k) TYPEGRAD_UNROLL
    for (int b = 0; b < B; ++b)
      store(panel + (k * B + b) * width<T>, load(from + (b * R::step + k * R::along) * lanes));
    for_tiles<Rows, shape.rows>([&]<int A>(int i) TYPEGRAD_INLINE_LAMBDA {
      const Left* const rows = left + i * L::step * lanes;
      product_block<T, A, B, Depth>(
          [&](int a, int k)
              TYPEGRAD_INLINE_LAMBDA { return load(rows + (a * L::step + k * L::along) * lanes); },
          [&](int b, int k) TYPEGRAD_INLINE_LAMBDA {
            return packs ? load(panel + (k * B + b) * width<T>)
                         : load(from + (b * R::step + k * R::along) * lanes);
          },
          [&](int a, int b, Vector<T> sum) TYPEGRAD_INLINE_LAMBDA { give(i + a, j + b, sum); });
    });
  });
}

// Which factors are per sample: (elements) [V * width]; the other is a plain array.
enum class PerSample { left, right, both };

// y[h, i, j] = sum over k of a[h, i, k] b[h, k, j] in every lane, for G::batches places h; a and b
// may lie with their last two axes swapped. epilogue(h * rows + i, j, vector, y) stores it.
template <class T, int V, class G, PerSample Which, class A, class B, class Epilogue>
TYPEGRAD_KERNEL void matrix_product(const A* __restrict a, const B* __restrict b,
                                    const Epilogue& epilogue) {
  using L = LeftOrder<G>;
  using R = RightOrder<G>;
  constexpr int lanes = V * width<T>;
  const Epilogue stores = epilogue;  // a copy: its pointers stay in registers
  for (int h = 0; h < G::batches; ++h)
    for (int vector = 0; vector < V; ++vector) {
      const A* const left = Which == PerSample::right
                                ? a + h * L::batch
                                : a + h * L::batch * lanes + vector * width<T>;
      const B* const right = Which == PerSample::left
                                 ? b + h * R::batch
                                 : b + h * R::batch * lanes + vector * width<T>;
      const auto give = [&](int i, int j, Vector<T> sum)
                            TYPEGRAD_INLINE_LAMBDA { stores(h * G::rows + i, j, vector, sum); };
      if constexpr (Which == PerSample::left)
        shared_product<T, V, G::rows, G::columns, G::depth, L, R>(left, right, give);
      else if constexpr (Which == PerSample::right)
        shared_product<T, V, G::columns, G::rows, G::depth, R, L>(
            right, left,
            [&](int j, int i, Vector<T> sum) TYPEGRAD_INLINE_LAMBDA { give(i, j, sum); });
      else
        lanes_product<T, V, G::rows, G::columns, G::depth, L, R>(left, right, give);
    }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
