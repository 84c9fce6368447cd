// The anchors of the latency layout: one sample at a time, vectors along features.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/epilogue.hpp"
#include "typegrad/backends/cpu/kernels/flat.hpp"
#include "typegrad/backends/cpu/kernels/latency_convolution.hpp"
#include "typegrad/backends/cpu/kernels/latency_input_gradient.hpp"
#include "typegrad/backends/cpu/kernels/latency_matrix_product.hpp"
#include "typegrad/backends/cpu/kernels/latency_pool.hpp"
#include "typegrad/backends/cpu/kernels/latency_product.hpp"
#include "typegrad/backends/cpu/kernels/latency_reduce.hpp"
#include "typegrad/backends/cpu/kernels/latency_softmax.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// As tg::cpu::anchor: operands, columns, run(addresses, epilogue).
namespace latency {

template <int Outputs, int Inputs, WeightOrder Order>
struct Product {
  static constexpr int operands = 2;
  template <class T, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const E& epilogue) {
    latency_product<T, Outputs, Inputs, Order>(p[0], p[1], epilogue);
  }
};

template <class G>
struct Multiply {
  static constexpr int operands = 2;
  template <class T, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const E& epilogue) {
    latency_matrix_product<T, G>(p[0], p[1], epilogue);
  }
};

template <class... Axes>
struct Permute {
  static constexpr int operands = 1;
  template <class T, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const E& epilogue) {
    latency_permute<T, Axes...>(p[0], epilogue);
  }
};

template <class G>
struct Convolve {
  static constexpr int operands = 2;
  template <class T, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const E& epilogue) {
    latency_convolution<T, G>(p[0], p[1], epilogue);
  }
};

template <class G>
struct ConvolveBack {
  static constexpr int operands = 2;
  template <class T, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const E& epilogue) {
    latency_input_gradient<T, G>(p[0], p[1], epilogue);
  }
};

template <class G, Op Which>
struct Pool {
  static constexpr int operands = 1;
  template <class T, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const E& epilogue) {
    if constexpr (Which == Op::max_pool)
      latency_max_pool<T, G>(p[0], epilogue);
    else if constexpr (Which == Op::average_pool_gradient)
      latency_average_pool_gradient<T, G>(p[0], epilogue);
    else
      latency_average_pool<T, G>(p[0], epilogue);
  }
};

template <Op Which, int Outer, int Reduced, int Inner>
struct Reduce {
  static constexpr int operands = 1;
  template <class T, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const E& epilogue) {
    if constexpr (Which == Op::sum)
      latency_reduce<fold::Sum, T, Outer, Reduced, Inner>(p[0], epilogue);
    else if constexpr (Which == Op::max)
      latency_reduce<fold::Maximum, T, Outer, Reduced, Inner>(p[0], epilogue);
    else
      latency_reduce<fold::FirstMaximum, T, Outer, Reduced, Inner>(p[0], epilogue);
  }
};

template <Op Which, int Outer, int Count, int Inner>
struct Softmax {
  static constexpr int operands = 1;
  template <class T, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const E& epilogue) {
    if constexpr (Which == Op::softmax)
      latency_softmax<T, Outer, Count, Inner>(p[0], epilogue);
    else
      latency_log_softmax<T, Outer, Count, Inner>(p[0], epilogue);
  }
};

template <int Elements>
struct Nothing {
  static constexpr int operands = 0;
  template <class T, class E>
  static TYPEGRAD_INLINE void run(T* const*, const E& epilogue) {
    flat_loop<T>(0, Elements, epilogue);
  }
};

}  // namespace latency

template <class T, class Anchor, class Program>
TYPEGRAD_KERNEL void run_latency(const Frame<T>& frame, const Step<T>& step) {
  T* p[Anchor::operands + 1];
  for (int i = 0; i < Anchor::operands; ++i) p[i] = frame.at(step.at[i]);
  Anchor::template run<T>(p, Epilogue<T, 1, 1, Program>(frame, &step.at[Anchor::operands]));
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
