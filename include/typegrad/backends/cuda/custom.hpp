// Runs a user's operation on a device: its kernel, or, of an element-wise one, its value.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/frame.hpp"
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/graph/operation.hpp"

namespace tg::cuda {

// Extents of a user's operation, which its kernel learns when it runs.
struct OwnExtents {
  Shape operand[ir::max_operands] = {};
  Shape result;
  bool per_sample[ir::max_operands] = {};
};

// What a user's kernel is told. An operation that has one says `struct Cuda` with
//   static constexpr int threads                     of a block: at least, as c.threads() says;
//   static void run(const C& c, const Call& call)    TYPEGRAD_DEVICE, a template of both: what
//   thread c.thread() of block c.block() does; C is said in backends/emulator/device.hpp;
//   static constexpr int tiles(int elements, int samples)    if it exists: blocks that have
//   something to do; else as many as have a thread for each number of the result.
// It does its work with any number of blocks: for_each_number, for_each_tile and their like share
// it out (kernels/tiles.hpp). Samples behind a call's last repeat it; a value that all samples
// share is of one.
template <class T, class Places>
struct OwnCall {
  using Number = T;

  OwnExtents extents;
  int operands, samples;
  const Places& places;

  // Element `element` of an operand, of a sample.
  TYPEGRAD_DEVICE T operator()(int operand, int element, int sample) const {
    const auto from = places.of[operand].template as<const T>();
    return from[extents.per_sample[operand] ? element * samples + sample : element];
  }
  TYPEGRAD_DEVICE void put(int element, int sample, T value) const {
    places.of[operands].template as<T>()[element * samples + sample] = value;
  }
};

// A thread for each number.
template <class Row>
struct OwnValue {
  static constexpr int threads = 256;

  template <class C, class Call>
  TYPEGRAD_DEVICE static void run(const C& c, const Call& call) {
    for_each_number(c, call.extents.result.size(), call.samples, [&](int element, int sample) {
      call.put(element, sample,
               value(call, element, sample, std::make_integer_sequence<int, Row::operands>{}));
    });
  }

 private:
  template <class Call, int... Operand>
  TYPEGRAD_DEVICE static auto value(const Call& call, int element, int sample,
                                    std::integer_sequence<int, Operand...>) {
    return Row::Definition::value(call(Operand, element, sample)...);
  }
};

template <class Row>
struct OwnKernel {
  using type = OwnValue<Row>;
};
template <class Row>
requires(Row::has_own_cuda) struct OwnKernel<Row> {
  using type = typename Row::Definition::Cuda;
};

namespace phase {

// See phases.hpp. Row is the operation's OperationRow, Elements are those of its result.
template <class T, class Row, int Elements, bool Shared>
struct Own {
  using Extra = OwnExtents;
  using Kernel = typename OwnKernel<Row>::type;
  static constexpr int threads = Kernel::threads, places = Row::operands + 1;

  static Extra extra(const Task& task, const ir::Node* nodes) {
    const ir::Node& node = nodes[task.node];
    Extra extents{.result = node.shape};
    for (int i = 0; i < Row::operands; ++i) {
      const ir::Node& operand = nodes[node.operand[i]];
      extents.operand[i] = operand.shape;
      extents.per_sample[i] = operand.space == ir::Space::per_sample;
    }
    return extents;
  }
  template <class Batch>
  static constexpr int tiles(const Batch& batch) {
    const int samples = Shared ? 1 : batch.stride;
    if constexpr (requires { Kernel::tiles(Elements, samples); })
      return Kernel::tiles(Elements, samples);
    else
      return tiles_of(Elements * samples, threads);
  }
  template <class C, class Places, class Batch>
  TYPEGRAD_DEVICE static void run(const C& c, const Places& at, const Batch& batch,
                                  const Extra& extents) {
    Kernel::run(c, OwnCall<T, Places>{extents, Row::operands, Shared ? 1 : batch.stride, at});
  }
};

}  // namespace phase
}  // namespace tg::cuda
