// A matrix that the samples share, times a vector of each sample.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"

namespace tg::cuda {

// y[o][s] = sum over i of W[o][i] x[i][s]; with Transposed W is (Inputs, Outputs). A block makes 32
// outputs of 64 samples, a thread 2 of 4; both factors pass through shared memory, 16 inputs at a
// time, in the order of the inputs, so that the bits do not depend on how many blocks there are.
// epilogue(c, o, s, four) gets samples s … s + 3 of output o.
template <int Outputs, int Inputs, bool Transposed = false>
struct Product {
  static constexpr int threads = 256, block_outputs = 32, block_samples = sample_unit, depth = 16;
  static constexpr int thread_outputs = 2, threads_across = block_samples / 4;
  static_assert(threads_across * block_outputs / thread_outputs == threads);
  static constexpr int tiles(int stride) {
    return tiles_of(Outputs, block_outputs) * (stride / block_samples);
  }

  template <class C, class Weight, class X, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const Weight& weight, const X& x, int stride,
                                  const Epilogue& epilogue) {
    using T = Computed<X>;
    const auto w_tile = c.template shared<T, depth * block_outputs, 0>();
    const auto x_tile = c.template shared<T, depth * block_samples, 1>();
    const int my_output = c.thread() / threads_across * thread_outputs;
    const int my_sample = c.thread() % threads_across * 4;
    for_each_tile(c, tiles(stride), [&](int tile) {
      const int first_output = tile % tiles_of(Outputs, block_outputs) * block_outputs;
      const int first_sample = tile / tiles_of(Outputs, block_outputs) * block_samples;
      Quad<T> sum[thread_outputs] = {};
      for (int first = 0; first < Inputs; first += depth) {
        for_each_of_block(c, depth * block_outputs, [&](int i) {
          const int output = first_output + (Transposed ? i % block_outputs : i / depth);
          const int input = first + (Transposed ? i / block_outputs : i % depth);
          const bool inside = output < Outputs && input < Inputs;
          const int at = Transposed ? input * Outputs + output : output * Inputs + input;
          w_tile[(input - first) * block_outputs + output - first_output] =
              inside ? T(weight[at]) : T(0);
        });
        for_each_of_block(c, depth * threads_across, [&](int i) {
          const int input = first + i / threads_across, sample = i % threads_across * 4;
          Quad<T> four = {};
          if (input < Inputs) four = numbers_at<4>(x, input * stride + first_sample + sample);
          x_tile.store_quad(i / threads_across * block_samples + sample, four);
        });
        c.barrier();
        for (int i = 0; i < depth; ++i) {
          const Quad<T> four = x_tile.load_quad(i * block_samples + my_sample);
          for (int o = 0; o < thread_outputs; ++o) {
            const T w = w_tile[i * block_outputs + my_output + o];
            for (int k = 0; k < 4; ++k) sum[o].x[k] += w * four.x[k];
          }
        }
        c.barrier();
      }
      for (int o = 0; o < thread_outputs; ++o)
        if (first_output + my_output + o < Outputs)
          epilogue(c, first_output + my_output + o, first_sample + my_sample, sum[o]);
    });
  }
};

}  // namespace tg::cuda
