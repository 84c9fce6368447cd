// A matrix that the samples share, times a vector of each sample.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"

namespace tg::cuda {

// y[o][s] = sum over i of W[o][i] x[i][s]; with Transposed W is (Inputs, Outputs). A block makes 8
// outputs of 32 samples, a lane's sample each, and each of its warps sums over a share of the
// inputs: a small product so keeps many multiprocessors busy, and waits for memory once or twice.
// Sums run in the order of the inputs in each share, then of the shares, so that the bits do not
// depend on how many blocks there are. epilogue(c, o, s, four) gets samples s … s + 3 of output o.
template <int Outputs, int Inputs, bool Transposed = false>
struct Product {
  static constexpr int threads = 256, warps = threads / 32;
  static constexpr int block_outputs = 8, block_samples = 32;
  static_assert(sample_unit % block_samples == 0);
  static constexpr int tiles(int stride) {
    return tiles_of(Outputs, block_outputs) * (stride / block_samples);
  }

  template <class C, class Weight, class X, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const Weight& weight, const X& x, int stride,
                                  const Epilogue& epilogue) {
    using T = Computed<X>;
    const auto of_warps = c.template shared<T, warps * block_outputs * block_samples, 1>();
    for_each_tile(c, tiles(stride), [&](int tile) {
      const int first_output = tile % tiles_of(Outputs, block_outputs) * block_outputs;
      const int first_sample = tile / tiles_of(Outputs, block_outputs) * block_samples;
      T sum[block_outputs] = {};
      add_share(c, weight, x, stride, first_output, first_sample + c.lane(), sum);
      TYPEGRAD_DEVICE_UNROLL for (int o = 0; o < block_outputs; ++o)
          of_warps[(c.warp() * block_outputs + o) * block_samples + c.lane()] = sum[o];
      c.barrier();
      for_each_of_block(c, block_outputs * block_samples / 4, [&](int i) {
        Quad<T> total = {};
        for (int w = 0; w < warps; ++w) {
          const Quad<T> four = of_warps.load_quad(w * block_outputs * block_samples + 4 * i);
          for (int k = 0; k < 4; ++k) total.x[k] += four.x[k];
        }
        const int output = first_output + 4 * i / block_samples;
        if (output < Outputs) epilogue(c, output, first_sample + 4 * i % block_samples, total);
      });
      c.barrier();
    });
  }

 private:
  static constexpr int share = tiles_of(Inputs, warps);
  // Inputs at a time, whose weights are the warp's part of shared memory.
  template <class T>
  static constexpr int depth = tiles_of(share < int(128 / sizeof(T)) ? share : int(128 / sizeof(T)),
                                        4) *
                               4;
  // Rows of weights begin in other banks, and at a multiple of four numbers, of either type.
  template <class T>
  static constexpr int pitch = depth<T> + 4;

  // sum[o] += what the warp's inputs give output first_output + o of the lane's sample.
  template <class C, class Weight, class X, class T>
  TYPEGRAD_DEVICE static void add_share(const C& c, const Weight& weight, const X& x, int stride,
                                        int first_output, int sample, T (&sum)[block_outputs]) {
    constexpr int step = depth<T>, of_warp = block_outputs * pitch<T>;
    const auto w = c.template shared<T, warps * of_warp, 0>() + c.warp() * of_warp;
    const int begin = c.warp() * share, end = begin + share < Inputs ? begin + share : Inputs;
    for (int first = begin; first < end; first += step) {
      T number[step];
      TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < step; ++i) number[i] =
          first + i < end ? T(x[(first + i) * stride + sample]) : T(0);
      TYPEGRAD_DEVICE_UNROLL for (int n = 0; n < block_outputs * step; n += 32) {
        const int i = n + c.lane();
        const int o = Transposed ? i % block_outputs : i / step;
        const int input = Transposed ? i / block_outputs : i % step;
        const bool inside = first_output + o < Outputs && first + input < end;
        const int at = Transposed ? (first + input) * Outputs + first_output + o
                                  : (first_output + o) * Inputs + first + input;
        w[o * pitch<T> + input] = inside ? T(weight[at]) : T(0);
      }
      c.warp_barrier();
      TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < step; i += 4) {
        TYPEGRAD_DEVICE_UNROLL for (int o = 0; o < block_outputs; ++o) {
          const Quad<T> four = w.load_quad(o * pitch<T> + i);
          TYPEGRAD_DEVICE_UNROLL for (int k = 0; k < 4; ++k) sum[o] += four.x[k] * number[i + k];
        }
      }
      c.warp_barrier();  // the next weights overwrite these
    }
  }
};

}  // namespace tg::cuda
