// What a kernel's signature is made of: the extents of a node and a fused program, as types.
// SPDX-License-Identifier: MIT
#pragma once
#include <type_traits>
#include <utility>

#include "typegrad/passes/anchors.hpp"
#include "typegrad/passes/fused.hpp"
#include "typegrad/passes/geometry.hpp"

// A `P` has static constexpr members graph, sources, fusion, and is_half(node). Everything here is
// consteval: no symbol spells P.
namespace tg::passes::signature {

template <class P, int Group>
struct GroupPlan {
  static constexpr FusedPlan value =
      extract_fused(P::graph, P::sources, P::fusion, Group, P::is_half);
};

// The fused program of a group as a type.
template <class P, int Group>
consteval auto program_of() {
  return []<int... L, int... C, int... S>(std::integer_sequence<int, L...>,
                                          std::integer_sequence<int, C...>,
                                          std::integer_sequence<int, S...>) {
    constexpr const FusedPlan& plan = GroupPlan<P, Group>::value;
    return std::type_identity<
        Fused<plan.anchored, Codes<plan.loads[L].code.pack()...>, Codes<plan.computes[C].pack()...>,
              Codes<plan.stores[S].code.pack()...>>>{};
  }
  (std::make_integer_sequence<int, GroupPlan<P, Group>::value.loads.size()>{},
   std::make_integer_sequence<int, GroupPlan<P, Group>::value.computes.size()>{},
   std::make_integer_sequence<int, GroupPlan<P, Group>::value.stores.size()>{});
}

template <class P, int Id>
constexpr const Shape& operand_shape(int which) {
  return P::graph[P::graph[Id].operand[which]].shape;
}

// x, w and y of a convolution or one of its gradients.
template <class P, int Id>
consteval auto convolution_type() {
  constexpr ir::Node node = P::graph[Id];
  constexpr ConvolutionWindow n = ConvolutionWindow::of(node.attributes);
  constexpr Shape x =
      node.op == Op::convolution_input_gradient ? node.shape : operand_shape<P, Id>(0);
  constexpr Shape w =
      node.op == Op::convolution_weight_gradient ? node.shape : operand_shape<P, Id>(1);
  return std::type_identity<Convolution<x[0], x[1], x[2], w[0], w[2], w[3], n.stride.height,
                                        n.stride.width, n.padding.height, n.padding.width,
                                        n.dilation.height, n.dilation.width, n.groups>>{};
}

// A product of matrices, or the outer product of vectors.
template <class P, int Id>
consteval auto product_type() {
  constexpr ir::Node node = P::graph[Id];
  constexpr Shape a = operand_shape<P, Id>(0), b = operand_shape<P, Id>(1);
  if constexpr (node.op == Op::outer) {
    return std::type_identity<MatrixProduct<1, a[0], b[0], 1, false, false>>{};
  } else {
    constexpr auto e = ir::ProductExtents::of(a, b, node.attributes);
    return std::type_identity<MatrixProduct<e.batches, e.rows, e.columns, e.depth,
                                            node.attributes[0] != 0, node.attributes[1] != 0>>{};
  }
}

template <class P, int Id>
struct MovedAxes {
  static constexpr auto value =
      merge_axes(P::graph[Id].shape, P::graph.operand(Id, 0).shape, P::graph[Id].attributes);
};

template <class P, int Id>
consteval auto pool_type() {
  constexpr ir::Node node = P::graph[Id];
  constexpr PoolWindow n = PoolWindow::of(node.attributes);
  constexpr Shape x = node.op == Op::max_pool_gradient || node.op == Op::average_pool_gradient
                          ? node.shape
                          : operand_shape<P, Id>(0);
  return std::type_identity<
      Pooling<x[0], x[1], x[2], n.kernel.height, n.kernel.width, n.stride.height, n.stride.width,
              n.padding.height, n.padding.width>>{};
}

}  // namespace tg::passes::signature
