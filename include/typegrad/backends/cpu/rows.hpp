// Rows of tables that integers choose: read them, add to them. Extents are run-time numbers.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/backends/cpu/frame.hpp"
#include "typegrad/backends/cpu/half_vector.hpp"
#include "typegrad/backends/cpu/shuffle.hpp"
#include "typegrad/passes/whole_numbers.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// The caller's std::int32_t, a sample's one after the other, as lanes of T.
template <class T, int Lanes>
void run_load_integers(const Frame<T>& frame, const Step<T>& step) {
  const int elements = frame.nodes[step.node].shape.size();
  const std::int32_t* given = reinterpret_cast<const std::int32_t*>(frame.slots[step.at[0].slot]) +
                              frame.first_sample * elements;
  T* const lanes = frame.at(step.at[1]);
  for (int lane = 0; lane < Lanes; ++lane)
    for (int element = 0; element < elements; ++element)
      lanes[element * Lanes + lane] =
          T(given[std::min(lane, frame.active - 1) * elements + element]);
  if (!std::all_of(lanes, lanes + elements * Lanes, passes::is_exact<T>))
    frame.failure->note(passes::not_exact<T>);
}

// lanes[element][lane] = row[lane][element] for `width` elements: blocks of them are transposed.
template <class T, int Lanes, class Row, class S>
void rows_to_lanes(const Row* const (&row)[Lanes], int width, S* lanes) {
  constexpr int W = cpu::width<T>;
  int first = 0;
  if constexpr (Lanes % W == 0)
    for (; first + W <= width; first += W)
      for (int lane = 0; lane < Lanes; lane += W) {
        Vector<T> block[W];
        TYPEGRAD_UNROLL for (int i = 0; i < W; ++i) block[i] =
            load_unaligned(row[lane + i] + first);
        transpose<T>(block);
        TYPEGRAD_UNROLL for (int i = 0; i < W; ++i)
            store(lanes + (first + i) * Lanes + lane, block[i]);
      }
  for (; first < width; ++first)
    for (int lane = 0; lane < Lanes; ++lane) lanes[first * Lanes + lane] = S(row[lane][first]);
}

// step.at: the integers in lanes, the table (in memory of type Row), the result in lanes (S).
template <class T, int Lanes, class Row = T, class S = T>
void run_gather(const Frame<T>& frame, const Step<T>& step) {
  const ir::Node& node = frame.nodes[step.node];
  const int width = node.shape[node.shape.rank() - 1], count = node.shape.size() / width;
  const T* indices = frame.at(step.at[0]);
  const Row* const table = frame.template at<Row>(step.at[1]);
  S* out = frame.template at<S>(step.at[2]);
  for (int i = 0; i < count; ++i, indices += Lanes, out += width * Lanes) {
    const Row* row[Lanes];
    for (int lane = 0; lane < Lanes; ++lane)
      row[lane] = table + std::ptrdiff_t(indices[lane]) * width;
    rows_to_lanes<T, Lanes>(row, width, out);
  }
}

// Rows that threads take at a time: each of them looks at all integers.
inline constexpr int scatter_row_block = 16;

// Rows [begin, end) of the table's gradient, over the samples of a chunk, in their order: the same
// bits for any number of threads. step.at: the integers in lanes, what is added sample by sample
// (of type Row), the gradient.
template <class T, int Lanes, class Row = T>
void run_scatter_sum(const Frame<T>& frame, const Step<T>& step) {
  const ir::Node& node = frame.nodes[step.node];
  const int width = node.shape[1], count = frame.nodes[node.operand[0]].shape.size();
  const T* const tiles = frame.at(step.at[0]);
  const Row* dy = frame.template at<Row>(step.at[1]);
  T* const out = frame.at(step.at[2]);
  if (frame.first_chunk)
    std::fill(out + std::ptrdiff_t(frame.begin) * width, out + std::ptrdiff_t(frame.end) * width,
              T(0));
  for (int sample = 0; sample < frame.chunk_samples; ++sample) {
    const T* indices =
        tiles + std::ptrdiff_t(sample / Lanes) * step.at[0].tile_stride + sample % Lanes;
    for (int i = 0; i < count; ++i, indices += Lanes, dy += width) {
      const int row = int(*indices);
      if (row < frame.begin || row >= frame.end) continue;
      T* const to = out + std::ptrdiff_t(row) * width;
      for (int k = 0; k < width; ++k) to[k] += dy[k];
    }
  }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
