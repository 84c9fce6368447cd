// What a step runs, as types: a kernel, what it reads and writes, what becomes of its results.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/epilogue.hpp"
#include "typegrad/backends/cuda/frame.hpp"
#include "typegrad/backends/cuda/kernels/elementwise.hpp"
#include "typegrad/backends/cuda/kernels/fallback.hpp"
#include "typegrad/backends/cuda/kernels/transfer.hpp"

// Each has: threads, of a block; places, how many of the step's it uses; tiles(batch), the blocks
// that have something to do; Extra, what else it must be told, and extra(task, nodes), which says
// it; run(c, places, batch, extra). It is one symbol for its signature, never for a network, and
// computes the same with any number of blocks. A value that the samples share is one of stride 1.
namespace tg::cuda::phase {

struct Nothing {};
struct TellsNothing {
  using Extra = Nothing;
  static Nothing extra(const Task&, const ir::Node*) { return {}; }
};

// A kernel of so many operands, with a fused program for its results, computed in T.
template <class T, class Kernel, int Operands, class Program, bool Shared>
struct Group : TellsNothing {
  static constexpr int threads = Kernel::threads;
  static constexpr int places = Operands + places_of_program<Program>;

  template <class Batch>
  static constexpr int tiles(const Batch& batch) {
    return Kernel::tiles(Shared ? 1 : batch.stride);
  }
  template <class C, class Places, class Batch>
  TYPEGRAD_DEVICE static void run(const C& c, const Places& at, const Batch& batch, Nothing) {
    const int stride = Shared ? 1 : batch.stride;
    const Epilogue<T, Program, Operands, Places> epilogue(at, stride);
    if constexpr (Operands == 0)
      Kernel::run(c, stride, epilogue);
    else if constexpr (Operands == 1)
      Kernel::run(c, operand(at, 0), stride, epilogue);
    else if constexpr (Operands == 2)
      Kernel::run(c, operand(at, 0), operand(at, 1), stride, epilogue);
    else
      Kernel::run(c, operand(at, 0), operand(at, 1), operand(at, 2), stride, epilogue);
  }

 private:
  template <class Places>
  TYPEGRAD_DEVICE static auto operand(const Places& at, int which) {
    return at.of[which].template as<const T>();
  }
};

// A sum across the samples, of one or two operands; it has so many columns, if it is a matrix.
template <class T, class Kernel, int Operands, int Columns = 1>
struct Sum : TellsNothing {
  static constexpr int threads = Kernel::threads, places = Operands + 1;

  template <class Batch>
  static constexpr int tiles(const Batch&) {
    return Kernel::tiles();
  }
  template <class C, class Places, class Batch>
  TYPEGRAD_DEVICE static void run(const C& c, const Places& at, const Batch& batch, Nothing) {
    const auto result = at.of[Operands].template as<T>();
    const ToMemory<std::remove_const_t<decltype(result)>, Columns> to{result};
    const auto first = at.of[0].template as<const T>();
    if constexpr (Operands == 1)
      Kernel::run(c, first, batch.stride, batch.samples, to);
    else
      Kernel::run(c, first, at.of[1].template as<const T>(), batch.stride, batch.samples, to);
  }
};

// The caller's samples, numbers or integers, to lanes.
template <class T, int Elements, class Given>
struct LoadSamples : TellsNothing {
  using Kernel = Load<Elements>;
  static constexpr int threads = Kernel::threads, places = 2;

  template <class Batch>
  static constexpr int tiles(const Batch& batch) {
    return Kernel::tiles(batch.stride);
  }
  template <class C, class Places, class Batch>
  TYPEGRAD_DEVICE static void run(const C& c, const Places& at, const Batch& batch, Nothing) {
    Kernel::run(c, at.of[0].template as<const Given>(), AsTheyCome{}, batch.samples,
                at.of[1].template as<T>(), batch.stride);
  }
};
template <class T, int Elements>
struct StoreSamples : TellsNothing {
  using Kernel = Store<Elements>;
  static constexpr int threads = Kernel::threads, places = 2;

  template <class Batch>
  static constexpr int tiles(const Batch& batch) {
    return Kernel::tiles(batch.samples);
  }
  template <class C, class Places, class Batch>
  TYPEGRAD_DEVICE static void run(const C& c, const Places& at, const Batch& batch, Nothing) {
    Kernel::run(c, at.of[0].template as<const T>(), batch.stride, batch.samples,
                at.of[1].template as<T>());
  }
};

template <class T, int Elements, bool FromShared, bool ToShared>
struct CopyValue : TellsNothing {
  static constexpr int threads = Copy::threads, places = 2;

  template <class Batch>
  static constexpr int tiles(const Batch& batch) {
    return Copy::tiles(Elements, ToShared ? 1 : batch.stride);
  }
  template <class C, class Places, class Batch>
  TYPEGRAD_DEVICE static void run(const C& c, const Places& at, const Batch& batch, Nothing) {
    Copy::run(c, at.of[0].template as<const T>(), FromShared ? 1 : batch.stride,
              at.of[1].template as<T>(), ToShared ? 1 : batch.stride, Elements);
  }
};

// A random leaf. Its extra is the hash of its name.
template <class T, Op op, int Elements, bool Shared>
struct Random {
  using Extra = std::uint64_t;
  using Kernel = RandomNumbers<op>;
  static constexpr int threads = Kernel::threads, places = 1;

  static Extra extra(const Task& task, const ir::Node*) { return task.key; }
  template <class Batch>
  static constexpr int tiles(const Batch& batch) {
    return Kernel::tiles(Elements, Shared ? 1 : batch.stride);
  }
  template <class C, class Places, class Batch>
  TYPEGRAD_DEVICE static void run(const C& c, const Places& at, const Batch& batch, Extra name) {
    Kernel::run(c, name, batch.call, at.of[0].template as<T>(), Elements,
                Shared ? 1 : batch.stride);
  }
};

// The reference's loops.
template <class T, Op op, bool Shared>
struct Reference {
  using Extra = NodeCopy;
  using Kernel = Fallback<T, op>;
  static constexpr int threads = Kernel::threads, places = ir::max_operands + 1;

  static Extra extra(const Task& task, const ir::Node* nodes) {
    NodeCopy what{.node = nodes[task.node]};
    for (int i = 0; i < what.node.operands(); ++i) what.operand[i] = nodes[what.node.operand[i]];
    return what;
  }
  template <class Batch>
  static constexpr int tiles(const Batch& batch) {
    return Kernel::tiles(Shared ? 1 : batch.stride);
  }
  template <class C, class Places, class Batch>
  TYPEGRAD_DEVICE static void run(const C& c, const Places& at, const Batch& batch,
                                  const Extra& what) {
    Kernel::run(c, what, at, Shared ? 1 : batch.stride);
  }
};

}  // namespace tg::cuda::phase
