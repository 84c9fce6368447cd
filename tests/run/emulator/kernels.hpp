// Small kernels, each with a flaw that can be planted: for the emulator and for nvcc.
#pragma once
#include "typegrad/backends/cuda/quad.hpp"
#include "typegrad/core/config.hpp"

namespace kernels {

// y = 2 x; Past: as an off-by-one would have it.
template <int Past>
struct Twice {
  static constexpr int threads = 64;
  template <class C>
  TYPEGRAD_DEVICE static void run(const C& c, typename C::template Global<const float> x,
                                  typename C::template Global<float> y, int count) {
    for (int i = c.block() * threads + c.thread(); i < count + Past; i += c.blocks() * threads)
      y[i] = 2 * x[i];
  }
};

// Reverses each block's part through shared memory.
template <bool Waits>
struct Reverse {
  static constexpr int threads = 64;
  template <class C>
  TYPEGRAD_DEVICE static void run(const C& c, typename C::template Global<const float> x,
                                  typename C::template Global<float> y) {
    const auto part = c.template shared<float, threads>();
    const int i = c.block() * threads + c.thread();
    part[c.thread()] = x[i];
    if (Waits) c.barrier();
    y[i] = part[threads - 1 - c.thread()];
  }
};

// Each block adds up its threads' numbers: in its warps by shuffles, then across them.
enum class Flaw { none, early_lane, one_warp_waits, waits_elsewhere };
template <Flaw flaw>
struct BlockSum {
  static constexpr int threads = 96;
  template <class C>
  TYPEGRAD_DEVICE static void run(const C& c, typename C::template Global<const float> x,
                                  typename C::template Global<float> sums) {
    const auto parts = c.template shared<float, threads / 32>();
    if (flaw == Flaw::early_lane && c.thread() == 40) return;
    float sum = x[c.block() * threads + c.thread()];
    for (int step = 16; step > 0; step /= 2) sum += c.shuffle_xor(sum, step);
    if (c.lane() == 0) parts[c.warp()] = sum;
    if (flaw == Flaw::waits_elsewhere && c.warp() == 1)
      c.barrier();
    else if (flaw != Flaw::one_warp_waits || c.warp() == 0)
      c.barrier();
    if (c.thread() == 0) sums[c.block()] = parts[0] + parts[1] + parts[2];
  }
};

// The whole grid's sum, which the first block makes of the others'.
template <bool Together>
struct GridSum;
struct GridSumBody {
  static constexpr int threads = 32;
  template <class C>
  TYPEGRAD_DEVICE static void run(const C& c, typename C::template Global<float> sums,
                                  typename C::template Global<float> total) {
    if (c.thread() == 0) sums[c.block()] = float(c.block() + 1);
    c.grid_barrier();
    if (c.block() > 0 || c.thread() > 0) return;
    float sum = 0;
    for (int block = 0; block < c.blocks(); ++block) sum += sums[block];
    total[0] = sum;
  }
};
template <>
struct GridSum<false> : GridSumBody {};
template <>
struct GridSum<true> : GridSumBody {
  static constexpr bool cooperative = true;
};

// Copies in fours, from First on.
template <int First>
struct CopyInFours {
  static constexpr int threads = 8;
  template <class C>
  TYPEGRAD_DEVICE static void run(const C& c, typename C::template Global<const float> x,
                                  typename C::template Global<float> y) {
    y.store_quad(4 * c.thread(), (x + First).load_quad(4 * c.thread()));
  }
};

// The sum of neighbours, from First on.
template <int First>
struct SumOfPairs {
  static constexpr int threads = 8;
  template <class C>
  TYPEGRAD_DEVICE static void run(const C& c, typename C::template Global<const float> x,
                                  typename C::template Global<float> y) {
    const tg::cuda::Pair<float> pair = x.load_pair(First + 2 * c.thread());
    y[c.thread()] = pair.x[0] + pair.x[1];
  }
};

// Asks for Bytes of large shared memory, and uses an array of 16 floats there, all but `Short`.
template <int Bytes, int Short = 0>
struct Large {
  static constexpr int threads = 16, large_shared = Bytes;
  template <class C>
  TYPEGRAD_DEVICE static void run(const C& c, typename C::template Global<float> y) {
    const auto all = c.template large_shared<float, 16>().part(0, 16 - Short);
    all[c.thread()] = float(c.thread());
    y[c.thread()] = all[c.thread()];
  }
};

enum class How { atomically, plainly, from_two_threads };
template <How how>
struct Count {
  static constexpr int threads = 32;
  template <class C>
  TYPEGRAD_DEVICE static void run(const C& c, typename C::template Global<float> total) {
    if (how == How::atomically)
      c.add_atomically(total[0], 1.0f);
    else if (how == How::from_two_threads && c.thread() < 2)
      total[0] = float(c.thread());
    else if (how == How::plainly && c.thread() == 0)
      total[0] += 1.0f;
  }
};

// All read a number; one of the last that did writes it, and has only waited for some of the
// others.
enum class WaitsFor { all, own_warp, own_block };
template <WaitsFor others>
struct ReadByMany {
  static constexpr int threads = 96;
  template <class C>
  TYPEGRAD_DEVICE static void run(const C& c, typename C::template Global<float> x,
                                  typename C::template Global<float> y) {
    y[c.block() * threads + c.thread()] = float(x[0]);
    if (others == WaitsFor::own_warp)
      c.warp_barrier();
    else
      c.barrier();
    if (c.block() == c.blocks() - 1 && c.thread() == threads - 1) x[0] = 1.0f;
  }
};

template <int Count>
struct MuchMemory {
  static constexpr int threads = 1;
  template <class C>
  TYPEGRAD_DEVICE static void run(const C& c, typename C::template Global<float> y) {
    const auto a = c.template shared<float, Count>();
    a[0] = 1;
    y[0] = a[0];
  }
};

}  // namespace kernels
