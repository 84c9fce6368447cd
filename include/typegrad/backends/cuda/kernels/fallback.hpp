// Operations without a kernel of their own, by the reference's loops; random numbers.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/frame.hpp"
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"
#include "typegrad/backends/reference/compute.hpp"
#include "typegrad/backends/reference/random.hpp"

namespace tg::cuda {

// What the reference asks about a node, by value: a device cannot follow the host's pointers.
struct NodeCopy {
  ir::Node node{};
  Array<ir::Node, ir::max_operands> operand{};
};

// One sample a thread; a value that the samples share is one of stride 1. Places: the operands,
// then the result. Correct, not fast.
template <class T, Op op>
struct Fallback {
  static constexpr int threads = 64;
  static constexpr int tiles(int stride) { return tiles_of(stride, threads); }

  template <class C, class Places>
  TYPEGRAD_DEVICE static void run(const C& c, const NodeCopy& what, const Places& places,
                                  int stride) {
    const ir::Node& node = what.node;
    for_each_number(c, 1, stride, [&](int, int sample) {
      const ir::Node* operands[ir::max_operands] = {};
      reference::View<const T> in[ir::max_operands];
      for (int i = 0; i < node.operands(); ++i) {
        const ir::Node& operand = what.operand[i];
        const bool in_lanes = operand.space == ir::Space::per_sample;
        operands[i] = &operand;
        in[i] = places.of[i].template as<const T>().reads(
            in_lanes ? sample : 0, operand.shape.size(), in_lanes ? stride : 1);
      }
      constexpr reference::Row<T> row = reference::reference_row<T>(op);
      row({node, operands, in,
           places.of[node.operands()].template as<T>().writes(sample, node.shape.size(), stride)});
    });
  }
};

// Random leaves, keyed by name, call, sample and element. call: the seed, and the number of the
// call.
template <Op op>
struct RandomNumbers {
  static constexpr int threads = 128;
  static constexpr int tiles(int elements, int stride) {
    return tiles_of(tiles_of(elements, 4) * stride, threads);
  }

  template <class C, class Out>
  TYPEGRAD_DEVICE static void run(const C& c, std::uint64_t name,
                                  typename C::template Global<const std::uint64_t> call,
                                  const Out& out, int elements, int stride) {
    const std::uint64_t key = reference::random_key(name, call[0], call[1]);
    for_each_number(c, tiles_of(elements, 4), stride, [&](int block, int sample) {
      const auto four =
          reference::random_four<Computed<Out>>(op, key, std::uint64_t(sample), block);
      for (int i = 0; i < 4 && 4 * block + i < elements; ++i)
        out[(4 * block + i) * stride + sample] = four[std::size_t(i)];
    });
  }
};

}  // namespace tg::cuda
