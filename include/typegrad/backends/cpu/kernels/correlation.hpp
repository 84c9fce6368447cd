// The engine under convolution and its input gradient: correlation in register tiles.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/kernels/tile.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// The columns of one line of destinations: q = 0 … count-1 lies at column first + q * step; its tap
// t reads the source column offset + q * source_step + t * tap_step, if there is one, times the
// weight of column weight + t * weight_step.
template <int Count, int First, int Step, int Taps, int Weight, int WeightStep, int Offset,
          int SourceStep, int TapStep, int SourceWidth>
struct Line {
  static constexpr int count = Count, taps = Taps, source_step = SourceStep, tap_step = TapStep;
  static constexpr int offset = Offset, source_width = SourceWidth;
  static constexpr int column(int q) { return First + q * Step; }
  static constexpr int weight(int tap) { return Weight + tap * WeightStep; }
  static constexpr int source(int q, int tap) { return Offset + q * SourceStep + tap * TapStep; }
  static constexpr bool inside(int q, int tap) {
    return source(q, tap) >= 0 && source(q, tap) < SourceWidth;
  }
  static constexpr bool inside(int q) {  // with every tap; the taps between lie between
    return Taps == 0 || (inside(q, 0) && inside(q, Taps - 1));
  }
};

// The kernel rows that meet the source for one row of destinations: row `weight` of the kernel
// meets row `source`, the next ones follow in the plan's steps.
struct RowTaps {
  int count, weight, source;
};

// How a line's columns fall into tiles of `size`: `left` tiles touch the left border, then
// `interior` ones do not, then tiles, the last one perhaps smaller, that may touch the right one.
struct LineTiles {
  int size, left, interior, all;
};
template <class Line>
constexpr LineTiles line_tiles(int size) {
  LineTiles tiles{size, 0, 0, (Line::count + size - 1) / size};
  const int whole = Line::count / size;
  const auto inside = [size](int tile) {
    return Line::inside(tile * size) && Line::inside(tile * size + size - 1);
  };
  while (tiles.left < whole && !inside(tiles.left)) ++tiles.left;
  while (tiles.left + tiles.interior < whole && inside(tiles.left + tiles.interior))
    ++tiles.interior;
  return tiles;
}

// Kernels up to this width are unrolled; border tiles up to this number have bodies of their own.
inline constexpr int unrolled_taps = 9, border_bodies = 6;

// Asks for the weights that A channels have of the source's channel `inner`, where those of two
// such channels lie further apart than the hardware looks ahead, and are more than the first cache
// keeps.
template <class Plan, int A, class W>
TYPEGRAD_INLINE void ask_for_weights(const W* w, int inner) {
  constexpr int size = (A - 1) * Plan::outer_step + Plan::kernel_height * Plan::kernel_width;
  constexpr int line = 64 / int(sizeof(W));
  if constexpr (Plan::inner_step > Plan::outer_step &&
                long(Plan::inner) * Plan::inner_step * sizeof(W) > (1 << 15)) {
    TYPEGRAD_UNROLL for (int first = 0; first < size; first += line)
        __builtin_prefetch(w + inner * Plan::inner_step + first);
    __builtin_prefetch(w + inner * Plan::inner_step + size - 1);
  }
}

// One tile of A channels x B positions from q on. A tile at the border (First >= 0) has its q as a
// constant, so that its missing taps cost nothing.
template <class T, int V, class Plan, class Line, int A, int B, int First, class W, class X,
          class Epilogue>
TYPEGRAD_INLINE void correlate_tile(const W* __restrict w, const X* __restrict x, RowTaps rows,
                                    int q, int channel, int row, const Epilogue& epilogue) {
  constexpr bool border = First >= 0;
  constexpr int step = V * width<T>, base = border ? First : -1;
  constexpr int unrolled = Line::taps <= unrolled_taps ? Line::taps : 1;
  Vector<T> sums[A][B * V];
  clear<T>(sums);
  const int count = Plan::kernel_height == 1 && rows.count > 0 ? 1 : rows.count;
  const W* weights = w + rows.weight * Plan::kernel_width;
  const X* lines =
      x + (rows.source * Line::source_width + (border ? 0 : q * Line::source_step)) * step;
  for (int inner = 0; inner < Plan::inner; ++inner) {
    ask_for_weights<Plan, A>(w, inner + 4);
    for (int r = 0; r < count; ++r) {
      const W* taps =
          weights + inner * Plan::inner_step + r * (Plan::row_weight_step * Plan::kernel_width);
      const X* line = lines + (inner * Plan::source_height + r * Plan::row_source_step) *
                                  (Line::source_width * step);
      for (int outer_tap = 0; outer_tap < Line::taps; outer_tap += unrolled) {
        TYPEGRAD_UNROLL for (int inner_tap = 0; inner_tap < unrolled; ++inner_tap) {
          const int tap = unrolled == 1 ? outer_tap : inner_tap;
          const W* tap_weights = taps + Line::weight(tap);
          const X* const from = of_tap(line);
          if constexpr (A <= B * V) {
            Vector<T> held[A];
            TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) held[a] =
                splat(tap_weights[a * Plan::outer_step]);
            TYPEGRAD_UNROLL for (int b = 0; b < B; ++b) {
              if (border && !Line::inside(base + b, tap)) continue;
              TYPEGRAD_UNROLL for (int v = 0; v < V; ++v) {
                const Vector<T> value = kept_for_tap<T>(
                    load(from + (Line::source(border ? base + b : b, tap) * V + v) * width<T>));
                TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) sums[a][b * V + v] += held[a] * value;
              }
            }
          } else {
            Vector<T> held[B * V] = {};
            TYPEGRAD_UNROLL for (int b = 0; b < B; ++b) {
              if (border && !Line::inside(base + b, tap)) continue;
              TYPEGRAD_UNROLL for (int v = 0; v < V; ++v) held[b * V + v] = kept_for_tap<T>(
                  load(from + (Line::source(border ? base + b : b, tap) * V + v) * width<T>));
            }
            TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
              const Vector<T> weight = splat(tap_weights[a * Plan::outer_step]);
              TYPEGRAD_UNROLL for (int b = 0; b < B; ++b) {
                if (border && !Line::inside(base + b, tap)) continue;
                TYPEGRAD_UNROLL for (int v = 0; v < V; ++v) sums[a][b * V + v] +=
                    weight * held[b * V + v];
              }
            }
          }
        }
      }
    }
  }
  TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
    TYPEGRAD_UNROLL for (int b = 0; b < B; ++b) {
      TYPEGRAD_UNROLL for (int v = 0; v < V; ++v) epilogue(
          channel + a, row * Plan::destination_width + Line::column((border ? base : q) + b), v,
          sums[a][b * V + v]);
    }
  }
}

// One position with its taps clipped at run time: for borders with too many different bodies.
template <class T, int V, class Plan, class Line, int A, class W, class X, class Epilogue>
TYPEGRAD_INLINE void correlate_position(const W* __restrict w, const X* __restrict x, RowTaps rows,
                                        int q, int channel, int row, const Epilogue& epilogue) {
  Vector<T> sums[A][V];
  clear<T>(sums);
  int first = 0, last = Line::taps;
  while (first < last && !Line::inside(q, first)) ++first;
  while (last > first && !Line::inside(q, last - 1)) --last;
  for (int inner = 0; inner < Plan::inner; ++inner)
    for (int r = 0; r < rows.count; ++r)
      for (int tap = first; tap < last; ++tap) {
        const W* weights = w + inner * Plan::inner_step +
                           (rows.weight + r * Plan::row_weight_step) * Plan::kernel_width +
                           Line::weight(tap);
        const X* line =
            x + ((inner * Plan::source_height + rows.source + r * Plan::row_source_step) *
                     Line::source_width +
                 Line::source(q, tap)) *
                    (V * width<T>);
        Vector<T> values[V];
        TYPEGRAD_UNROLL for (int v = 0; v < V; ++v) values[v] = load(line + v * width<T>);
        TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
          const Vector<T> weight = splat(weights[a * Plan::outer_step]);
          TYPEGRAD_UNROLL for (int v = 0; v < V; ++v) sums[a][v] += weight * values[v];
        }
      }
  TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
    TYPEGRAD_UNROLL for (int v = 0; v < V; ++v)
        epilogue(channel + a, row * Plan::destination_width + Line::column(q), v, sums[a][v]);
  }
}

// One row of destinations of A channels.
template <class T, int V, class Plan, class Line, int A, int B, class W, class X, class Epilogue>
TYPEGRAD_INLINE void correlate_line(const W* w, const X* x, RowTaps rows, int channel, int row,
                                    const Epilogue& epilogue) {
  constexpr LineTiles tiles = line_tiles<Line>(B);
  constexpr int right = tiles.left + tiles.interior;
  constexpr bool bodies =
      Line::taps <= unrolled_taps && tiles.all - tiles.interior <= border_bodies;
  const auto border = [&]<int First, int... Tile>(std::integer_sequence<int, Tile...>)
      TYPEGRAD_INLINE_LAMBDA {
    (correlate_tile<T, V, Plan, Line, A,
                    (Line::count - (First + Tile) * B < B ? Line::count % B : B),
                    (First + Tile) * B>(w, x, rows, 0, channel, row, epilogue),
     ...);
  };
  if constexpr (bodies)
    border.template operator()<0>(std::make_integer_sequence<int, tiles.left>{});
  else
    for (int q = 0; q < tiles.left * B; ++q)
      correlate_position<T, V, Plan, Line, A>(w, x, rows, q, channel, row, epilogue);
  if constexpr (tiles.interior > 0)
    for (int q = tiles.left * B; q < right * B; q += B)
      correlate_tile<T, V, Plan, Line, A, B, -1>(w, x, rows, q, channel, row, epilogue);
  if constexpr (bodies)
    border.template operator()<right>(std::make_integer_sequence<int, tiles.all - right>{});
  else
    for (int q = right * B; q < Line::count; ++q)
      correlate_position<T, V, Plan, Line, A>(w, x, rows, q, channel, row, epilogue);
}

// All destinations of the columns of one line type.
template <class T, int V, class Plan, class Line, class W, class X, class Epilogue>
TYPEGRAD_INLINE void correlate_columns(const W* w, const X* x, const Epilogue& epilogue) {
  constexpr TileShape tile = tile_shape<V>(Plan::outer, Line::count);
  constexpr int whole = Plan::outer / tile.rows * tile.rows, rest = Plan::outer - whole;
  constexpr long source_size =
      long(Plan::inner) * Plan::source_height * Line::source_width * V * width<T>;
  for (int group = 0; group < Plan::groups; ++group) {
    const W* weights = w + group * Plan::group_step;
    const X* source = x + group * source_size;
    const auto line = [&]<int A>(int outer, int row) TYPEGRAD_INLINE_LAMBDA {
      correlate_line<T, V, Plan, Line, A, tile.columns>(weights + outer * Plan::outer_step, source,
                                                        Plan::row_taps(row),
                                                        group * Plan::outer + outer, row, epilogue);
    };
    // A large source is read once: its rows go through all tiles of channels.
    if constexpr (source_size * sizeof(T) > (1 << 19)) {
      for (int row = 0; row < Plan::destination_height; ++row) {
        for (int outer = 0; outer < whole; outer += tile.rows)
          line.template operator()<tile.rows>(outer, row);
        if constexpr (rest > 0) line.template operator()<rest>(whole, row);
      }
    } else {
      for (int outer = 0; outer < whole; outer += tile.rows)
        for (int row = 0; row < Plan::destination_height; ++row)
          line.template operator()<tile.rows>(outer, row);
      if constexpr (rest > 0)
        for (int row = 0; row < Plan::destination_height; ++row)
          line.template operator()<rest>(whole, row);
    }
  }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
