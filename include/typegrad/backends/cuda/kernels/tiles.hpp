// How work is shared out on a device: tiles in order, each a block's.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>

#include "typegrad/core/config.hpp"

// On a device a per-sample value is [element][sample]: neighbouring threads have neighbouring
// samples, so that what they read and write lies together, whatever the value's shape. `stride` is
// the number of samples for which there is room, a multiple of `sample_unit`.
namespace tg::cuda {

inline constexpr int sample_unit = 64;

constexpr int tiles_of(int extent, int tile) { return (extent + tile - 1) / tile; }

// Calls work(tile) for each of `count` tiles, block by block. As every kernel is written so, it
// does its work with any number of blocks, and is a part of a larger kernel as well.
template <class C, class Work>
TYPEGRAD_DEVICE void for_each_tile(const C& c, int count, const Work& work) {
  for (int tile = c.block(); tile < count; tile += c.blocks()) work(tile);
}

// The same, a warp each: all its lanes come to work(task).
template <class C, class Work>
TYPEGRAD_DEVICE void for_each_of_warps(const C& c, int count, const Work& work) {
  for (int task = c.block() * c.warps() + c.warp(); task < count; task += c.blocks() * c.warps())
    work(task);
}

// The sum of what the lanes of a warp have, in each of them: they meet in a tree.
template <class C, class T>
TYPEGRAD_DEVICE T sum_of_lanes(const C& c, T x) {
  for (int step = 16; step > 0; step /= 2) x += c.shuffle_xor(x, step);
  return x;
}

// Calls work(i) for the `count` elements of something that a block's threads do together.
template <class C, class Work>
TYPEGRAD_DEVICE void for_each_of_block(const C& c, int count, const Work& work) {
  for (int i = c.thread(); i < count; i += c.threads()) work(i);
}

// Calls work(element, sample) for each number of a per-sample value: a thread each, neighbours have
// neighbouring samples.
template <class C, class Work>
TYPEGRAD_DEVICE void for_each_number(const C& c, int elements, int stride, const Work& work) {
  for (int i = c.block() * c.threads() + c.thread(); i < elements * stride;
       i += c.blocks() * c.threads())
    work(i / stride, i % stride);
}

// finish(i, begin(i)) for i < count, two begun before the first is finished: what both read is
// under way together.
template <class C, class Begin, class Finish>
TYPEGRAD_DEVICE void in_pairs(const C& c, int count, const Begin& begin, const Finish& finish) {
  const int step = c.blocks() * c.threads();
  int i = c.block() * c.threads() + c.thread();
  for (; i < count - step; i += 2 * step) {
    const auto first = begin(i), second = begin(i + step);
    finish(i, first);
    finish(i + step, second);
  }
  if (i < count) finish(i, begin(i));
}

// write(i, read(i)) for i < count, 16 reads before their writes: so they are under way together,
// though the compiler cannot know that no write changes what the next one reads.
template <class Read, class Write>
TYPEGRAD_DEVICE void in_batches(int count, const Read& read, const Write& write) {
  constexpr int batch = 16;
  for (int first = 0; first < count; first += batch) {
    decltype(read(0)) value[batch];
    TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < batch; ++i) if (first + i < count) value[i] =
        read(first + i);
    TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < batch; ++i) if (first + i < count)
        write(first + i, value[i]);
  }
}
// The same by a block's threads together.
template <class C, class Read, class Write>
TYPEGRAD_DEVICE void in_batches_of_block(const C& c, int count, const Read& read,
                                         const Write& write) {
  const int mine = tiles_of(count - c.thread(), c.threads());
  const auto number = [&](int i) { return i * c.threads() + c.thread(); };
  in_batches(
      mine, [&](int i) { return read(number(i)); },
      [&](int i, const auto& value) { write(number(i), value); });
}

}  // namespace tg::cuda
