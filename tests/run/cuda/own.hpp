// Operations of one's own with kernels for a GPU.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/graph/indexing.hpp"
#include "typegrad/graph/operation.hpp"

namespace own {

// x^3, element by element.
struct Cube {
  static constexpr const char* name = "cube";
  template <class T>
  static constexpr T value(T x) {
    return x * x * x;
  }
  static constexpr tg::Var gradient(tg::Var x, tg::Var, tg::Var dy) { return 3 * x * x * dy; }
};
struct Fma {
  static constexpr const char* name = "fma";
  template <class T>
  static constexpr T value(T a, T b, T c) {
    return a * b + c;
  }
};

// The dot product of its operands: a thread a sample.
struct Dot {
  static constexpr const char* name = "own dot";
  static constexpr tg::Shape shape(const tg::Shape&, const tg::Shape&) { return {}; }
  template <class T>
  static constexpr void compute(const tg::OperationCall<T>& call) {
    call.out[0] = 0;
    for (int i = 0; i < call.shape[0].size(); ++i) call.out[0] += call.in[0][i] * call.in[1][i];
  }
  static constexpr std::array<tg::Var, 2> gradient(tg::Var a, tg::Var b, tg::Var, tg::Var dy) {
    return {dy * b, dy * a};
  }
  struct Cuda {
    static constexpr int threads = 64;
    template <class C, class Call>
    TYPEGRAD_DEVICE static void run(const C& c, const Call& call) {
      tg::cuda::for_each_number(c, 1, call.samples, [&](int, int sample) {
        typename Call::Number sum = 0;
        for (int i = 0; i < call.extents.operand[0].size(); ++i)
          sum += call(0, i, sample) * call(1, i, sample);
        call.put(0, sample, sum);
      });
    }
  };
};

// Running sums, x (n) -> (n): a block a sample, whose threads meet in shared memory.
struct RunningSum {
  static constexpr const char* name = "running sum";
  static constexpr tg::Shape shape(const tg::Shape& x) { return x; }
  template <class T>
  static constexpr void compute(const tg::OperationCall<T>& call) {
    T sum = 0;
    for (int i = 0; i < call.result.size(); ++i) call.out[i] = sum += call.in[0][i];
  }
  struct Cuda {
    static constexpr int threads = 32, most = 64;
    static constexpr int tiles(int, int samples) { return samples; }
    template <class C, class Call>
    TYPEGRAD_DEVICE static void run(const C& c, const Call& call) {
      const int n = call.extents.result.size();
      const auto x = c.template shared<typename Call::Number, most>();
      tg::cuda::for_each_tile(c, call.samples, [&](int sample) {
        tg::cuda::for_each_of_block(c, n, [&](int i) { x[i] = call(0, i, sample); });
        c.barrier();
        tg::cuda::for_each_of_block(c, n, [&](int i) {
          typename Call::Number sum = 0;
          for (int k = 0; k <= i; ++k) sum += x[k];
          call.put(i, sample, sum);
        });
        c.barrier();  // the next sample overwrites this one
      });
    }
  };
};

}  // namespace own
