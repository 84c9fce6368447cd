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
// kernel counts elements; run(p, frame, epilogue), p being the operands' addresses.
namespace anchor {

template <int Outputs, int Inputs, WeightOrder Order>
struct Product {
  static constexpr int operands = 2, columns = 1;
  template <class T, int V, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const Frame<T>&, const E& epilogue) {
    product<T, V, Outputs, Inputs, Order>(p[0], p[1], epilogue);
  }
};

template <class G, PerSample Which>
struct Multiply {
  static constexpr int operands = 2, columns = G::columns;
  template <class T, int V, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const Frame<T>&, const E& epilogue) {
    matrix_product<T, V, G, Which>(p[0], p[1], epilogue);
  }
};

template <int Last, class... Axes>
struct Permute {
  static constexpr int operands = 1, columns = Last;
  template <class T, int V, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const Frame<T>&, const E& epilogue) {
    permute<T, V, Axes...>(p[0], epilogue);
  }
};

template <class G>
struct Convolve {
  static constexpr int operands = 2, columns = G::output_height * G::output_width;
  template <class T, int V, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const Frame<T>&, const E& epilogue) {
    convolution<T, V, G>(p[0], p[1], epilogue);
  }
};
template <class G>
struct ConvolveBack {
  static constexpr int operands = 2, columns = G::height * G::width;
  template <class T, int V, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const Frame<T>&, const E& epilogue) {
    convolution_input_gradient<T, V, G>(p[0], p[1], epilogue);
  }
};

template <class G, Op Which>
struct Pool {
  static constexpr bool back = Which == Op::max_pool_gradient || Which == Op::average_pool_gradient;
  static constexpr int operands = Which == Op::max_pool_gradient ? 2 : 1;
  static constexpr int columns = back ? G::height * G::width : G::out_height * G::out_width;
  template <class T, int V, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const Frame<T>&, const E& epilogue) {
    if constexpr (Which == Op::max_pool)
      max_pool<T, V, G>(p[0], epilogue);
    else if constexpr (Which == Op::average_pool)
      average_pool<T, V, G>(p[0], epilogue);
    else if constexpr (Which == Op::max_pool_gradient)
      max_pool_gradient<T, V, G>(p[0], p[1], epilogue);
    else
      average_pool_gradient<T, V, G>(p[0], epilogue);
  }
};

template <Op Which, int Outer, int Reduced, int Inner>
struct Reduce {
  static constexpr int operands = 1, columns = Inner;
  template <class T, int V, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const Frame<T>&, const E& epilogue) {
    if constexpr (Which == Op::sum)
      reduce<fold::Sum, T, V, Outer, Reduced, Inner>(p[0], epilogue);
    else if constexpr (Which == Op::max)
      reduce<fold::Maximum, T, V, Outer, Reduced, Inner>(p[0], epilogue);
    else
      reduce<fold::FirstMaximum, T, V, Outer, Reduced, Inner>(p[0], epilogue);
  }
};

template <Op Which, int Outer, int Count, int Inner>
struct Softmax {
  static constexpr int operands = 1, columns = Count * Inner;
  template <class T, int V, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const Frame<T>&, const E& epilogue) {
    if constexpr (Which == Op::softmax)
      softmax<T, V, Outer, Count, Inner>(p[0], epilogue);
    else
      log_softmax<T, V, Outer, Count, Inner>(p[0], epilogue);
  }
};

// The label is a per-sample number: one vector comparison per class.
template <int Classes>
struct Pick {
  static constexpr int operands = 2, columns = 1;
  template <class T, int V, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const Frame<T>&, const E& epilogue) {
    for (int vector = 0; vector < V; ++vector) {
      const Vector<T> label = load<T>(p[1] + vector * width<T>);
      Vector<T> picked{};
      for (int c = 0; c < Classes; ++c)
        picked =
            select<T>(label == splat(T(c)), load<T>(p[0] + (c * V + vector) * width<T>), picked);
      epilogue(0, 0, vector, picked);
    }
  }
};
template <int Classes>
struct OneHot {
  static constexpr int operands = 1, columns = 1;
  template <class T, int V, class E>
  static TYPEGRAD_INLINE void run(T* const* p, const Frame<T>&, const E& epilogue) {
    for (int c = 0; c < Classes; ++c)
      for (int vector = 0; vector < V; ++vector)
        epilogue(
            c, 0, vector,
            select<T>(load<T>(p[0] + vector * width<T>) == splat(T(c)), splat(T(1)), Vector<T>{}));
  }
};

// No anchor: element-wise work alone.
template <int Elements>
struct Nothing {
  static constexpr int operands = 0, columns = 1;
  template <class T, int V, class E>
  static TYPEGRAD_INLINE void run(T* const*, const Frame<T>&, const E& epilogue) {
    for (int element = 0; element < Elements; ++element)
      for (int vector = 0; vector < V; ++vector) epilogue(element, 0, vector, Vector<T>{});
  }
};

}  // namespace anchor

// One symbol per signature: an anchor, its extents, and what is fused with it.
template <class T, int V, class Anchor, class Program>
TYPEGRAD_KERNEL void run_group(const Frame<T>& frame, const Step<T>& step) {
  T* p[Anchor::operands + 1];
  for (int i = 0; i < Anchor::operands; ++i) p[i] = frame.at(step.at[i]);
  Anchor::template run<T, V>(
      p, frame, Epilogue<T, V, Anchor::columns, Program>(frame, &step.at[Anchor::operands]));
}

// Shared values: elements [begin, end) of them, which threads may share.
template <class T, class Program>
TYPEGRAD_KERNEL void run_shared(const Frame<T>& frame, const Step<T>& step) {
  flat_loop<T>(frame.begin, frame.end, Epilogue<T, 1, 1, Program>(frame, &step.at[0]));
}

// Results larger than this leave the caches before anybody reads them all.
inline constexpr std::int64_t streamed_bytes = std::int64_t(8) << 20;

// The same for results of that size.
template <class T, class Program>
TYPEGRAD_KERNEL void run_shared_streaming(const Frame<T>& frame, const Step<T>& step) {
  const Epilogue<T, 1, 1, Program> epilogue(frame, &step.at[0]);
  if (!epilogue.can_stream()) return flat_loop<T>(frame.begin, frame.end, epilogue);
  const int whole = frame.begin + (frame.end - frame.begin) / width<T> * width<T>;
  for (int element = frame.begin; element < whole; element += width<T>)
    epilogue.template flat<true>(0, element, Vector<T>{}, width<T>);
  store_fence();
  flat_loop<T>(whole, frame.end, epilogue);
}

// Sums across the samples: this tile's share, added to its part.
template <class T, int V, int Channels, int Positions>
void run_batch_sum(const Frame<T>& frame, const Step<T>& step) {
  if constexpr (Positions == 1)
    batch_sum<T, V, Channels>(frame.at(step.at[0]), frame.active, frame.at(step.at[1]),
                              !frame.first_of_part);
  else
    channel_batch_sum<T, V, Channels, Positions>(frame.at(step.at[0]), frame.active,
                                                 frame.at(step.at[1]), !frame.first_of_part);
}
template <class T, int V, class G>
void run_weight_gradient(const Frame<T>& frame, const Step<T>& step) {
  convolution_weight_gradient<T, V, G>(frame.at(step.at[0]), frame.at(step.at[1]), frame.active,
                                       frame.at(step.at[2]), !frame.first_of_part);
}
template <class T, int V, class G>
void run_product_sum(const Frame<T>& frame, const Step<T>& step) {
  matrix_product_sum<T, V, G>(frame.at(step.at[0]), frame.at(step.at[1]), frame.active,
                              frame.at(step.at[2]), !frame.first_of_part);
}
template <class T, int V, int Rows, int Columns>
void run_outer_sum(const Frame<T>& frame, const Step<T>& step) {
  outer_sum<T, V, Rows, Columns>(frame.at(step.at[2]), frame.at(step.at[0]), step.at[0].tile_stride,
                                 frame.at(step.at[1]), Columns, frame.chunk_samples, frame.begin,
                                 frame.end, !frame.first_chunk);
}

template <class T, int V, int Elements>
void run_load(const Frame<T>& frame, const Step<T>& step) {
  load_samples<T, V, Elements>(frame.at(step.at[0]), Elements, frame.active, frame.at(step.at[1]));
}
template <class T, int V, int Elements>
void run_store(const Frame<T>& frame, const Step<T>& step) {
  store_samples<T, V, Elements>(frame.at(step.at[0]), frame.active, frame.at(step.at[1]), Elements);
}

template <class T, int V, int Elements>
void run_output(const Frame<T>& frame, const Step<T>& step) {
  T* const out = frame.at(step.at[1]);
  if constexpr (can_stream<T, Elements>)
    if (frame.samples * Elements * std::int64_t(sizeof(T)) >= streamed_bytes &&
        reinterpret_cast<std::uintptr_t>(out) % 64 == 0)
      return store_samples<T, V, Elements, true>(frame.at(step.at[0]), frame.active, out, Elements);
  store_samples<T, V, Elements>(frame.at(step.at[0]), frame.active, out, Elements);
}

template <class T>
void run_add_partials(const Frame<T>& frame, const Step<T>& step) {
  add_partials<T>(frame.at(step.at[0]), frame.part_stride, frame.part_count, 0, step.extent,
                  frame.at(step.at[1]));
}
template <class T>
void run_copy(const Frame<T>& frame, const Step<T>& step) {
  std::memmove(frame.at(step.at[1]), frame.at(step.at[0]), sizeof(T) * std::size_t(step.extent));
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
