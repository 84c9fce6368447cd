// Products on tensor cores, of factors of any size: a block makes 64 x 64 numbers at a time.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/matrix_product.hpp"
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/mma.hpp"
#include "typegrad/backends/cuda/quad.hpp"

namespace tg::cuda {

// Along which extent of a factor neighbours lie together in memory: the one that is summed over, or
// the other one.
enum class Neighbours { summed, others };

// 64 rows and columns of sum over k of left(row, k) right(column, k), whose factors are rounded to
// `precision`; sums are float, in the order of k, so the bits do not depend on the number of
// blocks. Both factors pass through shared memory, 16 words of them at a time (mma.hpp). Each of 8
// warps makes 32 rows of 16 columns.
template <Precision precision>
struct TensorTile {
  using W = Words<precision>;
  static constexpr int threads = 256, side = 64, words = 16;
  static constexpr int pitch = words + 8;  // a half-warp's pairs meet all banks
  static constexpr int depth = words * W::numbers;
  static constexpr int warp_rows = 32, warp_columns = 16, warps_across = side / warp_columns;
  static_assert(side / warp_rows * warps_across * 32 == threads);

  // left(row, k) and right(column, k) are asked for rows and columns of the tile, and give 0 past
  // the ends of the factors; give(row, column, pair) gets columns `column` and `column + 1`.
  template <Neighbours of_left, Neighbours of_right, class C, class AtLeft, class AtRight,
            class Give>
  TYPEGRAD_DEVICE static void run(const C& c, int extent, const AtLeft& left, const AtRight& right,
                                  const Give& give) {
    const auto left_words = c.template shared<float, side * pitch, 0>();
    const auto right_words = c.template shared<float, side * pitch, 1>();
    const int first_row = c.warp() / warps_across * warp_rows;
    const int first_column = c.warp() % warps_across * warp_columns;
    Sum sums[warp_rows / 16][warp_columns / 8] = {};
    for (int first = 0; first < extent; first += depth) {
      stage<of_left, of_right>(c, left_words, right_words, first, left, right);
      c.barrier();
      TYPEGRAD_DEVICE_UNROLL for (int word = 0; word < words; word += 8)
          multiply(c, left_words + (first_row * pitch + word),
                   right_words + (first_column * pitch + word), sums);
      c.barrier();  // the next words overwrite these
    }
    TYPEGRAD_DEVICE_UNROLL for (int m = 0; m < warp_rows / 16; ++m) {
      TYPEGRAD_DEVICE_UNROLL for (int n = 0; n < warp_columns / 8; ++n) {
        TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < 4; i += 2)
            give(first_row + m * 16 + Sum::row(c.lane(), i),
                 first_column + n * 8 + Sum::column(c.lane(), i),
                 Pair<float>{{sums[m][n].x[i], sums[m][n].x[i + 1]}});
      }
    }
  }

 private:
  // Where number i of a factor's words is.
  template <Neighbours neighbours>
  struct Where {
    int element, word;
    TYPEGRAD_DEVICE explicit Where(int i)
        : element(neighbours == Neighbours::summed ? i / words : i % side),
          word(neighbours == Neighbours::summed ? i % words : i / side) {}
  };
  template <Neighbours of_left, Neighbours of_right, class C, class To, class AtLeft, class AtRight>
  TYPEGRAD_DEVICE static void stage(const C& c, const To& left_words, const To& right_words,
                                    int first, const AtLeft& left, const AtRight& right) {
    constexpr int all = side * words;
    const auto word_at = [&](const auto& at, const auto& where) {
      const int number = first + where.word / 8 * W::tile;
      return word_of<precision>(c, [&](int j) -> float {
        return at(where.element, number + W::number(where.word % 8, j));
      });
    };
    in_batches_of_block(
        c, 2 * all,
        [&](int i) {
          return i < all ? word_at(left, Where<of_left>(i))
                         : word_at(right, Where<of_right>(i - all));
        },
        [&](int i, float word) {
          if (i < all) {
            const Where<of_left> to(i);
            left_words[to.element * pitch + to.word] = word;
          } else {
            const Where<of_right> to(i - all);
            right_words[to.element * pitch + to.word] = word;
          }
        });
  }
  template <class C, class From, int M, int N>
  TYPEGRAD_DEVICE static void multiply(const C& c, const From& left, const From& right,
                                       Sum (&sums)[M][N]) {
    const int mine = c.lane() / 4 * pitch + c.lane() % 4 * 2;
    Right factors[N];
    TYPEGRAD_DEVICE_UNROLL for (int n = 0; n < N; ++n) {
      const Pair<float> pair = right.load_pair(mine + n * 8 * pitch);
      factors[n] = {{pair.x[0], pair.x[1]}};
    }
    TYPEGRAD_DEVICE_UNROLL for (int m = 0; m < M; ++m) {
      const Pair<float> upper = left.load_pair(mine + m * 16 * pitch);
      const Pair<float> lower = left.load_pair(mine + (m * 16 + 8) * pitch);
      const Left factor{{upper.x[0], lower.x[0], upper.x[1], lower.x[1]}};
      TYPEGRAD_DEVICE_UNROLL for (int n = 0; n < N; ++n)
          multiply_add<precision>(c, sums[m][n], factor, factors[n]);
    }
  }
};

// y[o][s] = sum over i of W[o][i] x[i][s]; with Transposed W is (Inputs, Outputs). epilogue(c, o,
// s, pair) gets samples s and s + 1 of output o.
template <Precision precision, int Outputs, int Inputs, bool Transposed = false>
struct TensorProduct {
  using Tile = TensorTile<precision>;
  static constexpr int threads = Tile::threads, side = Tile::side;
  static_assert(side == sample_unit);
  static constexpr int tiles(int stride) { return tiles_of(Outputs, side) * (stride / side); }

  template <class C, class Weight, class X, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const Weight& weight, const X& x, int stride,
                                  const Epilogue& epilogue) {
    constexpr Neighbours along = Transposed ? Neighbours::others : Neighbours::summed;
    for_each_tile(c, tiles(stride), [&](int tile) {
      const int first_output = tile % tiles_of(Outputs, side) * side;
      const int first_sample = tile / tiles_of(Outputs, side) * side;
      Tile::template run<along, Neighbours::others>(
          c, Inputs,
          [&](int row, int input) -> float {
            const int output = first_output + row;
            if (output >= Outputs || input >= Inputs) return 0;
            return weight[Transposed ? input * Outputs + output : output * Inputs + input];
          },
          [&](int sample, int input) -> float {
            if (input >= Inputs) return 0;
            return x[input * stride + first_sample + sample];
          },
          [&](int row, int sample, const Pair<float>& pair) {
            if (first_output + row < Outputs)
              epilogue(c, first_output + row, first_sample + sample, pair);
          });
    });
  }
};

// y[b][r][c] = sum over k of a[b][r][k] b[b][k][c], of matrices that the samples share: see
// Multiply. epilogue(c, element, 0, value) gets each number.
template <Precision precision, class G>
struct TensorMultiply {
  using Tile = TensorTile<precision>;
  static constexpr int threads = Tile::threads, side = Tile::side;
  static constexpr int across = tiles_of(G::columns, side), down = tiles_of(G::rows, side);
  static constexpr int tiles(int) { return G::batches * down * across; }

  template <class C, class A, class B, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const A& a, const B& b, int stride,
                                  const Epilogue& epilogue) {
    constexpr auto left = G::swapped_left ? Neighbours::others : Neighbours::summed;
    constexpr auto right = G::swapped_right ? Neighbours::summed : Neighbours::others;
    for_each_tile(c, tiles(stride), [&](int tile) {
      const int batch = tile / (down * across);
      const int first_row = tile / across % down * side, first_column = tile % across * side;
      Tile::template run<left, right>(
          c, G::depth,
          [&](int row, int k) -> float {
            if (first_row + row >= G::rows || k >= G::depth) return 0;
            return a[detail::left_element<G>(batch, first_row + row, k)];
          },
          [&](int column, int k) -> float {
            if (first_column + column >= G::columns || k >= G::depth) return 0;
            return b[detail::right_element<G>(batch, k, first_column + column)];
          },
          [&](int row, int column, const Pair<float>& pair) {
            const int first = (batch * G::rows + first_row + row) * G::columns + first_column;
            for (int i = 0; i < 2; ++i)
              if (first_row + row < G::rows && first_column + column + i < G::columns)
                epilogue(c, first + column + i, 0, pair.x[i]);
          });
    });
  }
};

// dw[r][k] = sum over s < count of a[r][s] b[k][s]. epilogue(c, r, k, value) gets each element.
template <Precision precision, int Rows, int Columns>
struct TensorOuterSum {
  using Tile = TensorTile<precision>;
  static constexpr int threads = Tile::threads, side = Tile::side;
  static constexpr int tiles() { return tiles_of(Rows, side) * tiles_of(Columns, side); }

  template <class C, class A, class B, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const A& a, const B& b, int stride, int count,
                                  const Epilogue& epilogue) {
    for_each_tile(c, tiles(), [&](int tile) {
      const int first_row = tile / tiles_of(Columns, side) * side;
      const int first_column = tile % tiles_of(Columns, side) * side;
      Tile::template run<Neighbours::summed, Neighbours::summed>(
          c, count,
          [&](int row, int sample) -> float {
            if (first_row + row >= Rows || sample >= count) return 0;
            return a[(first_row + row) * stride + sample];
          },
          [&](int column, int sample) -> float {
            if (first_column + column >= Columns || sample >= count) return 0;
            return b[(first_column + column) * stride + sample];
          },
          [&](int row, int column, const Pair<float>& pair) {
            for (int i = 0; i < 2; ++i)
              if (first_row + row < Rows && first_column + column + i < Columns)
                epilogue(c, first_row + row, first_column + column + i, pair.x[i]);
          });
    });
  }
};

}  // namespace tg::cuda
