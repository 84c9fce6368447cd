// What a step runs, as types: a kernel, what it reads and writes, what becomes of its results.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/epilogue.hpp"
#include "typegrad/backends/cuda/frame.hpp"
#include "typegrad/backends/cuda/kernels/elementwise.hpp"
#include "typegrad/backends/cuda/kernels/fallback.hpp"
#include "typegrad/backends/cuda/kernels/transfer.hpp"

// Each has: threads, of a block, which may have wave_threads instead; places, how many of the
// step's it uses; tiles(batch), the blocks that have something to do; Extra, what else it must be
// told, and extra(task, nodes), which says it; run(c, places, batch, extra). It is one symbol for
// its signature, never for a network, and computes the same with any number of blocks. A value that
// the samples share is one of stride 1.
namespace tg::cuda::phase {

struct Nothing {};
struct TellsNothing {
  using Extra = Nothing;
  static Nothing extra(const Task&, const ir::Node*) { return {}; }
};

// A kernel, with a fused program for its results, computed in T; halves are of type Half. Operand:
// what each of the kernel's has in memory.
template <class T, class Half, class Kernel, class Program, bool Shared, class... Operand>
struct Group : TellsNothing {
  static constexpr int threads = Kernel::threads, operands = sizeof...(Operand);
  static constexpr int places = operands + places_of_program<Program>;

  template <class Batch>
  static constexpr int tiles(const Batch& batch) {
    return Kernel::tiles(Shared ? 1 : batch.stride);
  }
  template <class C, class Places, class Batch>
  TYPEGRAD_DEVICE static void run(const C& c, const Places& at, const Batch& batch, Nothing) {
    const int stride = Shared ? 1 : batch.stride;
    const Epilogue<T, Half, Program, operands, Places, Shared> epilogue(at, stride);
    run_kernel(c, at, stride, epilogue, std::make_integer_sequence<int, operands>{});
  }

 private:
  template <class C, class Places, class E, int... Which>
  TYPEGRAD_DEVICE static void run_kernel(const C& c, const Places& at, int stride,
                                         const E& epilogue, std::integer_sequence<int, Which...>) {
    Kernel::run(c, at.of[Which].template as<const Operand>()..., stride, epilogue);
  }
};

// A sum across the samples, of one or two operands, written as To; it has so many columns, if it
// is a matrix.
template <class Kernel, int Columns, class To, class... Operand>
struct Sum : TellsNothing {
  static constexpr int threads = Kernel::threads, operands = sizeof...(Operand);
  static constexpr int places = operands + 1;

  template <class Batch>
  static constexpr int tiles(const Batch&) {
    return Kernel::tiles();
  }
  template <class C, class Places, class Batch>
  TYPEGRAD_DEVICE static void run(const C& c, const Places& at, const Batch& batch, Nothing) {
    run_kernel(c, at, batch, std::make_integer_sequence<int, operands>{});
  }

 private:
  template <class C, class Places, class Batch, int... Which>
  TYPEGRAD_DEVICE static void run_kernel(const C& c, const Places& at, const Batch& batch,
                                         std::integer_sequence<int, Which...>) {
    const auto result = at.of[operands].template as<To>();
    const ToMemory<std::remove_const_t<decltype(result)>, Columns> to{result};
    Kernel::run(c, at.of[Which].template as<const Operand>()..., batch.stride, batch.samples, to);
  }
};

// A sum across the samples, with a fused program for what it gives.
template <class T, class Half, class Kernel, int Columns, class Program, class... Operand>
struct FusedSum : TellsNothing {
  static constexpr int threads = Kernel::threads, operands = sizeof...(Operand);
  static constexpr int places = operands + places_of_program<Program>;

  template <class Batch>
  static constexpr int tiles(const Batch&) {
    return Kernel::tiles();
  }
  template <class C, class Places, class Batch>
  TYPEGRAD_DEVICE static void run(const C& c, const Places& at, const Batch& batch, Nothing) {
    using E = Epilogue<T, Half, Program, operands, Places, true>;
    run_kernel(c, at, batch, OfSums<E, Columns>{E(at, 1)},
               std::make_integer_sequence<int, operands>{});
  }

 private:
  template <class C, class Places, class Batch, class To, int... Which>
  TYPEGRAD_DEVICE static void run_kernel(const C& c, const Places& at, const Batch& batch,
                                         const To& to, std::integer_sequence<int, Which...>) {
    Kernel::run(c, at.of[Which].template as<const Operand>()..., batch.stride, batch.samples, to);
  }
};

// The caller's samples, numbers or integers, to lanes.
template <class Given, class To, int Elements>
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
                at.of[1].template as<To>(), batch.stride);
  }
};
template <class From, class T, int Elements>
struct StoreSamples : TellsNothing {
  using Kernel = Store<Elements>;
  static constexpr int threads = Kernel::threads, places = 2;

  template <class Batch>
  static constexpr int tiles(const Batch& batch) {
    return Kernel::tiles(batch.samples);
  }
  template <class C, class Places, class Batch>
  TYPEGRAD_DEVICE static void run(const C& c, const Places& at, const Batch& batch, Nothing) {
    Kernel::run(c, at.of[0].template as<const From>(), batch.stride, batch.samples,
                at.of[1].template as<T>());
  }
};

template <class From, class To, int Elements, bool FromShared, bool ToShared>
struct CopyValue : TellsNothing {
  static constexpr int threads = Copy::threads, places = 2;

  template <class Batch>
  static constexpr int tiles(const Batch& batch) {
    return Copy::tiles(Elements, ToShared ? 1 : batch.stride);
  }
  template <class C, class Places, class Batch>
  TYPEGRAD_DEVICE static void run(const C& c, const Places& at, const Batch& batch, Nothing) {
    Copy::run(c, at.of[0].template as<const From>(), FromShared ? 1 : batch.stride,
              at.of[1].template as<To>(), ToShared ? 1 : batch.stride, Elements);
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
