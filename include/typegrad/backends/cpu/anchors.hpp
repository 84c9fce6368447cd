// The anchors of groups as types: which kernel computes them, from which operands.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/epilogue.hpp"
#include "typegrad/backends/cpu/kernels/batch_sum.hpp"
#include "typegrad/backends/cpu/kernels/convolution.hpp"
#include "typegrad/backends/cpu/kernels/convolution_input_gradient.hpp"
#include "typegrad/backends/cpu/kernels/convolution_weight_gradient.hpp"
#include "typegrad/backends/cpu/kernels/flat.hpp"
#include "typegrad/backends/cpu/kernels/matrix_product.hpp"
#include "typegrad/backends/cpu/kernels/matrix_product_sum.hpp"
#include "typegrad/backends/cpu/kernels/outer_sum.hpp"
#include "typegrad/backends/cpu/kernels/permute.hpp"
#include "typegrad/backends/cpu/kernels/pool.hpp"
#include "typegrad/backends/cpu/kernels/product.hpp"
#include "typegrad/backends/cpu/kernels/reduce.hpp"
#include "typegrad/backends/cpu/kernels/softmax.hpp"
#include "typegrad/backends/cpu/kernels/transfer.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// Each has: operands, the number of locations that it reads first; columns, of the result as its
// kernel counts elements; run(addresses of the operands…, epilogue). In memory an operand is of
// type T, or of a half that the kernel converts as it reads.
namespace anchor {

template <int Outputs, int Inputs, WeightOrder Order>
struct Product {
  static constexpr int operands = 2, columns = 1;
  template <class T, int V, class W, class X, class E>
  static TYPEGRAD_INLINE void run(const W* w, const X* x, const E& epilogue) {
    product<T, V, Outputs, Inputs, Order>(w, x, epilogue.used_vectors(), epilogue);
  }
};

template <class G, PerSample Which>
struct Multiply {
  static constexpr int operands = 2, columns = G::columns;
  template <class T, int V, class A, class B, class E>
  static TYPEGRAD_INLINE void run(const A* a, const B* b, const E& epilogue) {
    matrix_product<T, V, G, Which>(a, b, epilogue);
  }
};

template <int Last, class... Axes>
struct Permute {
  static constexpr int operands = 1, columns = Last;
  template <class T, int V, class X, class E>
  static TYPEGRAD_INLINE void run(const X* x, const E& epilogue) {
    permute<T, V, Axes...>(x, epilogue);
  }
};

template <class G>
struct Convolve {
  static constexpr int operands = 2, columns = G::output_height * G::output_width;
  template <class T, int V, class X, class W, class E>
  static TYPEGRAD_INLINE void run(const X* x, const W* w, const E& epilogue) {
    convolution<T, V, G>(x, w, epilogue);
  }
};
template <class G>
struct ConvolveBack {
  static constexpr int operands = 2, columns = G::height * G::width;
  template <class T, int V, class Y, class W, class E>
  static TYPEGRAD_INLINE void run(const Y* dy, const W* w, const E& epilogue) {
    convolution_input_gradient<T, V, G>(dy, w, epilogue);
  }
};

template <class G, Op Which>
struct Pool {
  static constexpr bool back = Which == Op::max_pool_gradient || Which == Op::average_pool_gradient;
  static constexpr int operands = Which == Op::max_pool_gradient ? 2 : 1;
  static constexpr int columns = back ? G::height * G::width : G::out_height * G::out_width;
  template <class T, int V, class X, class E>
  static TYPEGRAD_INLINE void run(const X* x, const E& epilogue) {
    if constexpr (Which == Op::max_pool)
      max_pool<T, V, G>(x, epilogue);
    else if constexpr (Which == Op::average_pool)
      average_pool<T, V, G>(x, epilogue);
    else
      average_pool_gradient<T, V, G>(x, epilogue);
  }
  template <class T, int V, class X, class Y, class E>
  static TYPEGRAD_INLINE void run(const X* x, const Y* dy, const E& epilogue) {
    max_pool_gradient<T, V, G>(x, dy, epilogue);
  }
};

template <Op Which, int Outer, int Reduced, int Inner>
struct Reduce {
  static constexpr int operands = 1, columns = Inner;
  template <class T, int V, class X, class E>
  static TYPEGRAD_INLINE void run(const X* x, const E& epilogue) {
    if constexpr (Which == Op::sum)
      reduce<fold::Sum, T, V, Outer, Reduced, Inner>(x, epilogue);
    else if constexpr (Which == Op::max)
      reduce<fold::Maximum, T, V, Outer, Reduced, Inner>(x, epilogue);
    else
      reduce<fold::FirstMaximum, T, V, Outer, Reduced, Inner>(x, epilogue);
  }
};

template <Op Which, int Outer, int Count, int Inner>
struct Softmax {
  static constexpr int operands = 1, columns = Count * Inner;
  template <class T, int V, class X, class E>
  static TYPEGRAD_INLINE void run(const X* x, const E& epilogue) {
    if constexpr (Which == Op::softmax)
      softmax<T, V, Outer, Count, Inner>(x, epilogue);
    else
      log_softmax<T, V, Outer, Count, Inner>(x, epilogue);
  }
};

// The label is a per-sample number: one vector comparison per class.
template <int Classes>
struct Pick {
  static constexpr int operands = 2, columns = 1;
  template <class T, int V, class X, class L, class E>
  static TYPEGRAD_INLINE void run(const X* x, const L* labels, const E& epilogue) {
    for (int vector = 0; vector < V; ++vector) {
      const Vector<T> label = load(labels + vector * width<T>);
      Vector<T> picked{};
      for (int c = 0; c < Classes; ++c)
        picked = select<T>(label == splat(T(c)), load(x + (c * V + vector) * width<T>), picked);
      epilogue(0, 0, vector, picked);
    }
  }
};
template <int Classes>
struct OneHot {
  static constexpr int operands = 1, columns = 1;
  template <class T, int V, class L, class E>
  static TYPEGRAD_INLINE void run(const L* labels, const E& epilogue) {
    for (int c = 0; c < Classes; ++c)
      for (int vector = 0; vector < V; ++vector)
        epilogue(
            c, 0, vector,
            select<T>(load(labels + vector * width<T>) == splat(T(c)), splat(T(1)), Vector<T>{}));
  }
};

// No anchor: element-wise work alone.
template <int Elements>
struct Nothing {
  static constexpr int operands = 0, columns = 1;
  template <class T, int V, class E>
  static TYPEGRAD_INLINE void run(const E& epilogue) {
    for (int element = 0; element < Elements; ++element)
      for (int vector = 0; vector < V; ++vector) epilogue(element, 0, vector, Vector<T>{});
  }
};

}  // namespace anchor

// Which operands of an anchor are halves in memory: bit i says it of operand i.
template <class T, class Half, unsigned Halves, int Operand>
using StoredOperand = std::conditional_t<(Halves >> Operand & 1) != 0, Half, T>;

// One symbol per signature: an anchor, its extents, what is fused with it, and what is stored how.
template <class T, int V, class Anchor, class Program, class Half = T, unsigned Halves = 0>
TYPEGRAD_KERNEL void run_group(const Frame<T>& frame, const Step<T>& step) {
  using A = StoredOperand<T, Half, Halves, 0>;
  using B = StoredOperand<T, Half, Halves, 1>;
  const Epilogue<T, V, Anchor::columns, Program, Half> epilogue(frame, &step.at[Anchor::operands]);
  if constexpr (Anchor::operands == 0)
    Anchor::template run<T, V>(epilogue);
  else if constexpr (Anchor::operands == 1)
    Anchor::template run<T, V>(frame.template at<A>(step.at[0]), epilogue);
  else
    Anchor::template run<T, V>(frame.template at<A>(step.at[0]), frame.template at<B>(step.at[1]),
                               epilogue);
}

// Shared values: elements [begin, end) of them, which threads may share.
template <class T, class Program, class Half = T>
TYPEGRAD_KERNEL void run_shared(const Frame<T>& frame, const Step<T>& step) {
  flat_loop<T>(frame.begin, frame.end, Epilogue<T, 1, 1, Program, Half>(frame, &step.at[0]));
}

// Results larger than this leave the caches before anybody reads them all.
inline constexpr std::int64_t streamed_bytes = std::int64_t(8) << 20;

// The same for results of that size.
template <class T, class Program, class Half = T>
TYPEGRAD_KERNEL void run_shared_streaming(const Frame<T>& frame, const Step<T>& step) {
  const Epilogue<T, 1, 1, Program, Half> epilogue(frame, &step.at[0]);
  if (!epilogue.can_stream()) return flat_loop<T>(frame.begin, frame.end, epilogue);
  const int whole = frame.begin + (frame.end - frame.begin) / width<T> * width<T>;
  for (int element = frame.begin; element < whole; element += width<T>)
    epilogue.template flat<true>(0, element, Vector<T>{}, width<T>);
  store_fence();
  flat_loop<T>(whole, frame.end, epilogue);
}

// Sums across the samples: this tile's share, added to its part. X, Y: the operands in memory.
template <class T, int V, int Channels, int Positions, class X = T>
void run_batch_sum(const Frame<T>& frame, const Step<T>& step) {
  const X* const x = frame.template at<X>(step.at[0]);
  if constexpr (Positions == 1)
    batch_sum<T, V, Channels>(x, frame.active, frame.at(step.at[1]), !frame.first_of_part);
  else
    channel_batch_sum<T, V, Channels, Positions>(x, frame.active, frame.at(step.at[1]),
                                                 !frame.first_of_part);
}
template <class T, int V, class G, class X = T, class Y = T>
void run_weight_gradient(const Frame<T>& frame, const Step<T>& step) {
  convolution_weight_gradient<T, V, G>(frame.template at<X>(step.at[0]),
                                       frame.template at<Y>(step.at[1]), frame.active,
                                       frame.at(step.at[2]), !frame.first_of_part);
}
template <class T, int V, class G, class X = T, class Y = T>
void run_product_sum(const Frame<T>& frame, const Step<T>& step) {
  matrix_product_sum<T, V, G>(frame.template at<X>(step.at[0]), frame.template at<Y>(step.at[1]),
                              frame.active, frame.at(step.at[2]), !frame.first_of_part);
}
template <class T, int V, int Rows, int Columns, class Y = T, class X = T, class RoundedTo = X>
void run_outer_sum(const Frame<T>& frame, const Step<T>& step) {
  outer_sum<T, V, Rows, Columns, RoundedTo>(
      frame.at(step.at[2]), frame.template at<Y>(step.at[0]), step.at[0].tile_stride,
      frame.template at<X>(step.at[1]), Columns, frame.chunk_samples, frame.begin, frame.end,
      !frame.first_chunk);
}

// Between samples and lanes. S, From: the lanes in memory.
template <class T, int V, int Elements, class S = T>
void run_load(const Frame<T>& frame, const Step<T>& step) {
  load_samples<T, V, Elements>(frame.at(step.at[0]), Elements, frame.active,
                               frame.template at<S>(step.at[1]));
}
template <class T, int V, int Elements, class From = T, class To = From>
void run_store(const Frame<T>& frame, const Step<T>& step) {
  store_samples<T, V, Elements>(frame.template at<From>(step.at[0]), frame.active,
                                frame.template at<To>(step.at[1]), Elements);
}

template <class T>
void run_add_partials(const Frame<T>& frame, const Step<T>& step) {
  add_partials<T>(frame.at(step.at[0]), frame.part_stride, frame.part_count, 0, step.extent,
                  frame.at(step.at[1]));
}
template <class T, class From = T, class To = T>
void run_copy(const Frame<T>& frame, const Step<T>& step) {
  const From* const from = frame.template at<From>(step.at[0]);
  To* const to = frame.template at<To>(step.at[1]);
  if constexpr (std::is_same_v<From, To>)
    std::memmove(to, from, sizeof(To) * std::size_t(step.extent));
  else
    for (int i = 0; i < step.extent; i += width<T>)
      store_first(to + i, load_first(from + i, step.extent - i), step.extent - i);
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
