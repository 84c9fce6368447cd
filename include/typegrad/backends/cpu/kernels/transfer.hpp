// Samples to lanes and back: rows of the caller's memory, transposed block by block.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "typegrad/backends/cpu/half_vector.hpp"
#include "typegrad/backends/cpu/shuffle.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {
namespace detail {

// Where each lane of a tile reads: the sample's row, the last active one again behind it.
// Pre: 1 <= active.
template <class Source, int Lanes>
struct Rows {
  const Source* row[Lanes];

  Rows(const Source* samples, std::ptrdiff_t stride, int active) {
    for (int lane = 0; lane < Lanes; ++lane)
      row[lane] = samples + (lane < active ? lane : active - 1) * stride;
  }
  Rows(const Source* samples, std::ptrdiff_t stride, const std::int32_t* order, int active) {
    for (int lane = 0; lane < Lanes; ++lane)
      row[lane] = samples + order[lane < active ? lane : active - 1] * stride;
  }
};

// Calls block(first element) for blocks of `Size` that cover all elements; the last one overlaps
// the one before it rather than pass the end. Pre: elements >= Size.
template <int Size, class Block>
TYPEGRAD_INLINE void cover(int elements, Block block) {
  for (int first = 0; first < elements; first += Size) block(std::min(first, elements - Size));
}

template <class T, int V, int Elements, class S>
TYPEGRAD_KERNEL void rows_to_lanes(const Rows<T, V * width<T>>& rows, S* lanes) {
  constexpr int W = width<T>, step = V * W;
  if constexpr (Elements < W) {
    for (int element = 0; element < Elements; ++element)
      for (int lane = 0; lane < step; ++lane)
        lanes[element * step + lane] = S(rows.row[lane][element]);
  } else {
    cover<W>(Elements, [&](int first) TYPEGRAD_INLINE_LAMBDA {
      for (int vector = 0; vector < V; ++vector) {
        Vector<T> tile[W];
        TYPEGRAD_UNROLL
        for (int i = 0; i < W; ++i) tile[i] = load_unaligned(rows.row[vector * W + i] + first);
        transpose<T>(tile);
        TYPEGRAD_UNROLL
        for (int i = 0; i < W; ++i) store(lanes + (first + i) * step + vector * W, tile[i]);
      }
    });
  }
}

// Integers 0 … 255 as T, exactly and without a conversion: put behind the bits of a number whose
// unit is the last bit.
template <class T>
TYPEGRAD_INLINE Vector<T> from_bytes(Mask<T> bytes) {
  constexpr bool single = sizeof(T) == 4;
  constexpr T offset = single ? T(0x1p23) : T(0x1p52);
  constexpr auto offset_bits =
      typename vector_of<T>::lane(single ? 0x4B000000 : 0x4330000000000000);
  const Mask<T> bits = bytes | (Mask<T>{} + offset_bits);
  Vector<T> value;
  std::memcpy(&value, &bits, sizeof value);
  return value - splat(offset);
}

// As above from bytes, sizeof(T) of them travelling together in one lane of the transposition.
template <class T, int V, int Elements>
TYPEGRAD_KERNEL void bytes_to_lanes(const Rows<std::uint8_t, V * width<T>>& rows, T scale,
                                    T* lanes) {
  constexpr int W = width<T>, step = V * W, together = sizeof(T);
  if constexpr (Elements < W * together) {
    for (int element = 0; element < Elements; ++element)
      for (int lane = 0; lane < step; ++lane)
        lanes[element * step + lane] = T(rows.row[lane][element]) * scale;
  } else {
    cover<W * together>(Elements, [&](int first) TYPEGRAD_INLINE_LAMBDA {
      for (int vector = 0; vector < V; ++vector) {
        Vector<T> tile[W];
        TYPEGRAD_UNROLL
        for (int i = 0; i < W; ++i)
          std::memcpy(&tile[i], rows.row[vector * W + i] + first, sizeof tile[i]);
        transpose<T>(tile);
        TYPEGRAD_UNROLL
        for (int i = 0; i < W; ++i) {
          Mask<T> bytes;
          std::memcpy(&bytes, &tile[i], sizeof bytes);
          T* out = lanes + (first + i * together) * step + vector * W;
          TYPEGRAD_UNROLL
          for (int k = 0; k < together; ++k)  // the byte that comes first in memory is the lowest
            store(out + k * step, from_bytes<T>((bytes >> (8 * k)) & 255) * splat(scale));
        }
      }
    });
  }
}

}  // namespace detail

// Rows of `Elements`, `stride` apart -> lanes[element][V*W]. Lanes past the last active sample
// repeat it. Pre: active >= 1 (more than the tile's lanes are left alone); lanes is aligned. Reads
// nothing past the active rows.
template <class T, int V, int Elements, class S>
void load_samples(const T* samples, std::ptrdiff_t stride, int active, S* lanes) {
  detail::rows_to_lanes<T, V, Elements>({samples, stride, active}, lanes);
}

// The same for the rows order[0], order[1], … order[active-1]: a shuffled minibatch is read where
// it lies.
template <class T, int V, int Elements>
void load_samples(const T* samples, std::ptrdiff_t stride, const std::int32_t* order, int active,
                  T* lanes) {
  detail::rows_to_lanes<T, V, Elements>({samples, stride, order, active}, lanes);
}

// The same from bytes: T(byte) * scale.
template <class T, int V, int Elements>
void load_samples(const std::uint8_t* samples, std::ptrdiff_t stride, int active, T scale,
                  T* lanes) {
  detail::bytes_to_lanes<T, V, Elements>({samples, stride, active}, scale, lanes);
}
template <class T, int V, int Elements>
void load_samples(const std::uint8_t* samples, std::ptrdiff_t stride, const std::int32_t* order,
                  int active, T scale, T* lanes) {
  detail::bytes_to_lanes<T, V, Elements>({samples, stride, order, active}, scale, lanes);
}

namespace detail {

// One body for all extents: a transposition is much to compile, and its blocks are all alike.
template <class T, int V, class S, class To>
TYPEGRAD_SHARED_KERNEL void lanes_to_rows(const S* lanes, int elements, int active, To* samples,
                                          std::ptrdiff_t stride) {
  constexpr int W = width<T>, step = V * W;
  cover<W>(elements, [&](int first) TYPEGRAD_INLINE_LAMBDA {
    for (int vector = 0; vector * W < active; ++vector) {
      Vector<T> tile[W];
      TYPEGRAD_UNROLL
      for (int i = 0; i < W; ++i) tile[i] = load(lanes + (first + i) * step + vector * W);
      transpose<T>(tile);
      To* out = samples + vector * W * stride + first;
      TYPEGRAD_UNROLL
      for (int i = 0; i < W; ++i)
        if (vector * W + i < active) store_unaligned(out + i * stride, tile[i]);
    }
  });
}

}  // namespace detail

// lanes[element][V*W] -> the first `active` rows of `Elements`, `stride` apart. Writes nothing
// else.
template <class T, int V, int Elements, class S, class To>
void store_samples(const S* lanes, int active, To* samples, std::ptrdiff_t stride) {
  constexpr int step = V * width<T>;
  if (active > step) active = step;
  if constexpr (Elements < width<T>) {
    for (int lane = 0; lane < active; ++lane)
      for (int element = 0; element < Elements; ++element)
        samples[lane * stride + element] = To(lanes[element * step + lane]);
  } else {
    detail::lanes_to_rows<T, V>(lanes, Elements, active, samples, stride);
  }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
