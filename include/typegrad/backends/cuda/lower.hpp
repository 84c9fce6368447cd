// From a plan to a table: each step with the kernel of its signature and the places it works on.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/custom.hpp"
#include "typegrad/backends/cuda/kernel_table.hpp"
#include "typegrad/backends/cuda/kernels/convolution.hpp"
#include "typegrad/backends/cuda/kernels/convolution_weight_gradient.hpp"
#include "typegrad/backends/cuda/kernels/indices.hpp"
#include "typegrad/backends/cuda/kernels/matrix_product.hpp"
#include "typegrad/backends/cuda/kernels/moves.hpp"
#include "typegrad/backends/cuda/kernels/outer_sum.hpp"
#include "typegrad/backends/cuda/kernels/pool.hpp"
#include "typegrad/backends/cuda/kernels/product.hpp"
#include "typegrad/backends/cuda/kernels/reduce.hpp"
#include "typegrad/backends/cuda/kernels/softmax.hpp"
#include "typegrad/backends/cuda/kernels/tensor_product.hpp"
#include "typegrad/backends/cuda/large_product.hpp"
#include "typegrad/backends/cuda/phases.hpp"
#include "typegrad/passes/signature.hpp"

namespace tg::cuda {

// A `P` is a Lowered of program.hpp. Everything here is consteval: no symbol spells P.
namespace lowering {

using namespace passes::signature;

template <class P, int Id, int Which>
inline constexpr bool operand_is_shared = P::graph.operand(Id, Which).space == ir::Space::shared;

// How a value lies in memory.
template <class P, int Id>
using StoredAs = std::conditional_t<P::is_half(Id), typename P::Half, typename P::Element>;
template <class P, int Id, int Which>
using StoredOperand = StoredAs<P, P::sources.operand(P::graph[Id], Which).node>;

// How a product rounds its factors: halves in memory are rounded already, so the sums of tensor
// cores are as exact as others.
template <class P, int Id>
consteval Precision precision_of() {
  using X = StoredOperand<P, Id, 0>;
  if (std::is_same_v<typename P::Element, double>) return Precision::f32;
  if (!is_half_type<X> || !std::is_same_v<X, StoredOperand<P, Id, 1>>) return P::precision;
  return std::is_same_v<X, bfloat16> ? Precision::bf16 : Precision::f16;
}

template <class Kernel, int Operands>
struct Anchor {
  using type = Kernel;
  static constexpr int operands = Operands;
};

template <class P, int Id>
consteval auto permute_type() {
  return []<int... Which>(std::integer_sequence<int, Which...>) {
    constexpr const auto& axes = MovedAxes<P, Id>::value;
    return Anchor<Permute<passes::Axis<axes[Which].extent, axes[Which].step>...>, 1>{};
  }
  (std::make_integer_sequence<int, MovedAxes<P, Id>::value.size()>{});
}

template <class G, Op op>
consteval auto pool_anchor() {
  if constexpr (op == Op::max_pool)
    return Anchor<MaxPool<G>, 1>{};
  else if constexpr (op == Op::average_pool)
    return Anchor<AveragePool<G>, 1>{};
  else if constexpr (op == Op::max_pool_gradient)
    return Anchor<MaxPoolGradient<G>, 2>{};
  else
    return Anchor<AveragePoolGradient<G>, 1>{};
}

// Parts of values that are moved.
template <class P, int Id>
consteval auto move_anchor() {
  constexpr ir::Node node = P::graph[Id];
  constexpr int elements = node.shape.size();
  if constexpr (node.op == Op::concatenate) {
    constexpr int axis = node.attributes[0];
    constexpr int inner = AxisExtents::of(node.shape, axis).inner;
    constexpr auto part = [](int which) {
      return which < P::graph[Id].operands() ? P::graph.operand(Id, which).shape[axis] : 0;
    };
    constexpr auto shared = [](int which) {
      return which < P::graph[Id].operands() &&
             P::graph.operand(Id, which).space == ir::Space::shared;
    };
    return Anchor<
        Concatenate<elements, inner, part(0), shared(0), part(1), shared(1), part(2), shared(2)>,
        node.operands()>{};
  } else {
    constexpr AxisRange range = AxisRange::of(node.attributes);
    constexpr AxisExtents result = AxisExtents::of(node.shape, range.axis);
    constexpr int given = operand_shape<P, Id>(0)[range.axis];
    if constexpr (node.op == Op::slice)
      return Anchor<Slice<elements, given, result.extent, result.inner, range.begin, range.step>,
                    1>{};
    else
      return Anchor<Pad<elements, result.extent, given, result.inner, range.begin, range.step>,
                    1>{};
  }
}

// The kernel of a node for which takes_epilogue() or has_shared_kernel() holds.
template <class P, int Id>
consteval auto anchor_of() {
  constexpr ir::Node node = P::graph[Id];
  constexpr Op op = node.op;
  if constexpr (op == Op::outer ||
                (op == Op::matmul && !passes::is_matrix_times_vector(P::graph, node))) {
    using G = typename decltype(product_type<P, Id>())::type;
    constexpr bool left = !operand_is_shared<P, Id, 0>, right = !operand_is_shared<P, Id, 1>;
    constexpr Precision precision = precision_of<P, Id>();
    if constexpr (precision == Precision::f32 || left || right)
      return Anchor<Multiply<G, left, right>, 2>{};
    else
      return Anchor<TensorMultiply<precision, G>, 2>{};
  } else if constexpr (op == Op::matmul) {
    constexpr int inputs = operand_shape<P, Id>(1)[0];
    constexpr bool transposed = node.attributes[0] != 0;
    constexpr Precision precision = precision_of<P, Id>();
    if constexpr (precision == Precision::f32)
      return Anchor<Product<node.shape[0], inputs, transposed>, 2>{};
    else
      return Anchor<TensorProduct<precision, node.shape[0], inputs, transposed>, 2>{};
  } else if constexpr (op == Op::transpose) {
    return permute_type<P, Id>();
  } else if constexpr (op == Op::convolution) {
    return Anchor<Convolve<typename decltype(convolution_type<P, Id>())::type>, 2>{};
  } else if constexpr (op == Op::convolution_input_gradient) {
    return Anchor<ConvolveBack<typename decltype(convolution_type<P, Id>())::type>, 2>{};
  } else if constexpr (kind_of(op) == Kind::window) {
    return pool_anchor<typename decltype(pool_type<P, Id>())::type, op>();
  } else if constexpr (kind_of(op) == Kind::reduction) {
    constexpr passes::Extents3 e =
        passes::reduction_extents(operand_shape<P, Id>(0), node.attributes[0]);
    return Anchor<Reduce<op, e.outer, e.reduced, e.inner>, 1>{};
  } else if constexpr (kind_of(op) == Kind::row) {
    constexpr passes::Extents3 e = passes::axis_extents(node.shape, node.attributes[0]);
    return Anchor<Softmax<e.outer, e.reduced, e.inner, op == Op::log_softmax>, 1>{};
  } else if constexpr (op == Op::slice || op == Op::pad || op == Op::concatenate) {
    return move_anchor<P, Id>();
  } else if constexpr (op == Op::gather) {
    return Anchor<Gather<operand_shape<P, Id>(0).size(), operand_shape<P, Id>(1)[1],
                         operand_is_shared<P, Id, 0>, operand_is_shared<P, Id, 1>>,
                  2>{};
  } else if constexpr (op == Op::pick) {
    return Anchor<Pick<operand_shape<P, Id>(0)[0]>, 2>{};
  } else {
    static_assert(
        op == Op::one_hot,
        "backends/cuda/lower.hpp lacks the anchor of an op that passes/anchors.hpp promises");
    return Anchor<OneHot<node.shape[0]>, 1>{};
  }
}

// The kernel that sums a node's values across the samples, and the columns of what it gives.
template <class Kernel, int Columns = 1>
struct SumKernel {
  using type = Kernel;
  static constexpr int columns = Columns;
};
template <class P, int Id>
consteval auto sum_kernel() {
  constexpr ir::Node node = P::graph[Id];
  if constexpr (node.op == Op::convolution_weight_gradient) {
    using G = typename decltype(convolution_type<P, Id>())::type;
    return SumKernel<ConvolutionWeightGradient<G>>{};
  } else if constexpr (node.op == Op::outer) {
    constexpr int rows = node.shape[0], columns = node.shape[1];
    constexpr Precision precision = precision_of<P, Id>();
    if constexpr (precision == Precision::f32)
      return SumKernel<OuterSum<rows, columns>, columns>{};
    else
      return SumKernel<TensorOuterSum<precision, rows, columns>, columns>{};
  } else if constexpr (node.op == Op::matmul) {
    return SumKernel<MultiplySum<typename decltype(product_type<P, Id>())::type>>{};
  } else if constexpr (node.op == Op::scatter) {
    return SumKernel<ScatterSum<node.shape[0], node.shape[1], operand_shape<P, Id>(0).size()>>{};
  } else if constexpr (node.op == Op::sum) {
    constexpr passes::Extents3 e =
        passes::reduction_extents(operand_shape<P, Id>(0), node.attributes[0]);
    return SumKernel<ReduceSum<e.outer, e.reduced>>{};
  } else {
    static_assert(node.op == Op::identity,
                  "backends/cuda/lower.hpp has no kernel that sums this op across samples");
    return SumKernel<BatchSum<node.shape.size()>>{};
  }
}

// The order in which its kernel takes a node's operands: that of a convolution's weight gradient
// has dy first.
constexpr int operand_of_kernel(const ir::Node& node, int which) {
  return node.op == Op::convolution_weight_gradient ? 1 - which : which;
}

// The phase of a sum across the samples.
template <class P, int Id, int... Which>
consteval auto sum_of(std::integer_sequence<int, Which...>) {
  constexpr ir::Node node = P::graph[Id];
  using K = decltype(sum_kernel<P, Id>());
  return std::type_identity<phase::Sum<typename K::type, K::columns, StoredAs<P, Id>,
                                       StoredOperand<P, Id, operand_of_kernel(node, Which)>...>>{};
}

// The same where a fused program gets the sums.
template <class P, int Group, int Id, int... Which>
consteval auto fused_sum_of(std::integer_sequence<int, Which...>) {
  constexpr ir::Node node = P::graph[Id];
  using K = decltype(sum_kernel<P, Id>());
  using Program = typename decltype(program_of<P, Group>())::type;
  return std::type_identity<
      phase::FusedSum<typename P::Element, typename P::Half, typename K::type, K::columns, Program,
                      StoredOperand<P, Id, operand_of_kernel(node, Which)>...>>{};
}
template <class P, int Group>
inline constexpr bool is_fused = P::fusion.next[P::fusion.first[Group]] >= 0;

// The phase of a kernel that hands its results to a fused program.
template <class P, int Group, class Kernel, int Id, int... Which>
consteval auto fused_of(std::integer_sequence<int, Which...>) {
  using Program = typename decltype(program_of<P, Group>())::type;
  constexpr bool shared = P::fusion.groups[Group].space == ir::Space::shared;
  return std::type_identity<phase::Group<typename P::Element, typename P::Half, Kernel, Program,
                                         shared, StoredOperand<P, Id, Which>...>>{};
}

template <class P, int Id, bool Shared>
consteval bool has_kernel() {
  return Shared ? has_shared_kernel(P::graph, P::graph[Id])
                : takes_epilogue(P::graph, P::graph[Id]);
}

// The phase of a group, whose anchor is Id.
template <class P, int Group, int Id>
consteval auto group_of() {
  constexpr bool shared = P::fusion.groups[Group].space == ir::Space::shared;
  constexpr int size = P::fusion.groups[Group].size;
  using T = typename P::Element;
  if constexpr (Id < 0) {
    using Kernel = std::conditional_t<shared, SharedElementwise<T, size>,
                                      Elementwise<T, size, P::halves ? 8 : 4>>;
    return fused_of<P, Group, Kernel, Id>(std::integer_sequence<int>{});
  } else if constexpr (P::graph[Id].across && is_fused<P, Group>) {
    return fused_sum_of<P, Group, Id>(std::make_integer_sequence<int, P::graph[Id].operands()>{});
  } else if constexpr (P::graph[Id].across) {
    return sum_of<P, Id>(std::make_integer_sequence<int, P::graph[Id].operands()>{});
  } else if constexpr (is_random(P::graph[Id].op)) {
    return std::type_identity<phase::Random<T, P::graph[Id].op, size, shared>>{};
  } else if constexpr (has_kernel<P, Id, shared>()) {
    using A = decltype(anchor_of<P, Id>());
    return fused_of<P, Group, typename A::type, Id>(std::make_integer_sequence<int, A::operands>{});
  } else if constexpr (P::graph[Id].op == Op::custom) {
    using Row = typename decltype(type_of_row(ir::AddressOf<P::graph[Id].row>{}))::type;
    return std::type_identity<phase::Own<T, Row, size, shared>>{};
  } else {
    static_assert(P::graph[Id].op != Op::result,
                  "typegrad: an operation of several results has no kernel for CUDA");
    if constexpr (P::halves)
      static_assert(!passes::meets_halves(P::graph, Id),
                    "typegrad: the reference's loops read and write no halves");
    return std::type_identity<phase::Reference<T, P::graph[Id].op, shared>>{};
  }
}

// Of the elements of a stored value from `offset` on, in a loop `step` more with each of its steps.
template <class P>
constexpr Place part_of(int id, int offset, int step) {
  Place at = P::plan.place[id];
  at.part += offset;
  at.elements -= offset;
  if (step != 0) at.time_stride = step;
  return at;
}
template <class P>
constexpr Place place_of(int id, int operand) {
  const Source& source = P::sources.operand(P::graph[id], operand);
  return part_of<P>(source.node, source.map.offset, source.map.step);
}

// The places of a group: its anchor's operands, what its program loads, where its results go.
template <class P, int Group, int Id>
consteval Task group_task() {
  Task task;
  int next = 0;
  const auto add = [&](const Place& place) { task.at[std::size_t(next++)] = place; };
  if constexpr (Id >= 0) {
    constexpr ir::Node node = P::graph[Id];
    constexpr bool shared = P::fusion.groups[Group].space == ir::Space::shared;
    const bool reorders = node.across;
    for (int i = 0; i < node.operands(); ++i)
      add(place_of<P>(Id, reorders ? operand_of_kernel(node, i) : i));
    if constexpr (is_random(node.op)) task.key = P::key_of(node.attributes[0]);
    if (node.across ? !is_fused<P, Group> : !has_kernel<P, Id, shared>()) {
      add(P::plan.place[Id]);
      return task;
    }
  }
  const passes::FusedPlan& plan = GroupPlan<P, Group>::value;
  for (const auto& load : plan.loads) add(part_of<P>(load.node, load.offset, load.step));
  for (const auto& store : plan.stores) add(P::plan.place[store.node]);
  return task;
}

// What step `Index` of P's plan runs, as a type.
template <class P, int Index>
consteval auto work_of() {
  constexpr StepPlan plan = P::plan.steps[Index];
  constexpr ir::Node node = P::graph[plan.node < 0 ? 0 : plan.node];
  constexpr int elements = node.shape.size();
  using T = typename P::Element;
  if constexpr (plan.kind == StepKind::group) {
    return group_of<P, plan.group, plan.node>();
  } else if constexpr (plan.kind == StepKind::load) {
    using Given = std::conditional_t<is_floating(node.dtype), T, std::int32_t>;
    using To = StoredAs<P, plan.node>;
    return std::type_identity<phase::LoadSamples<Given, To, elements>>{};
  } else if constexpr (plan.kind == StepKind::output) {
    using From = StoredOperand<P, plan.node, 0>;
    return std::type_identity<phase::StoreSamples<From, T, elements>>{};
  } else if constexpr (plan.kind == StepKind::begin) {
    constexpr bool from = P::graph[P::sources.operand(node, 0).node].space == ir::Space::shared;
    return std::type_identity<
        phase::CopyValue<StoredOperand<P, plan.node, 0>, StoredAs<P, plan.node>, elements, from,
                         node.space == ir::Space::shared>>{};
  } else {
    using From = StoredOperand<P, plan.node, node.op == Op::output ? 0 : 1>;
    using To = std::conditional_t<node.op == Op::update && P::is_half(node.operand[0]),
                                  typename P::Half, T>;
    return std::type_identity<phase::CopyValue<From, To, elements, true, true>>{};
  }
}

// On which memory.
template <class P, int Index>
consteval Task places_of_work() {
  constexpr StepPlan plan = P::plan.steps[Index];
  constexpr int id = plan.node < 0 ? 0 : plan.node;
  constexpr ir::Node node = P::graph[id];
  Task task;
  if constexpr (plan.kind == StepKind::group) {
    task = group_task<P, plan.group, plan.node>();
  } else if constexpr (plan.kind == StepKind::load) {
    task.at[0] = {Base::slot, std::int16_t(passes::leaf_slot(node.attributes[0]))};
    task.at[1] = P::plan.place[id];
  } else if constexpr (plan.kind == StepKind::begin) {
    task.at[0] = place_of<P>(id, 0), task.at[1] = P::plan.place[id];
  } else {
    task.at[0] = place_of<P>(id, node.op == Op::output ? 0 : 1);
    task.at[1] = {Base::slot, target_of(P::graph, id, P::leaves)};
  }
  return task;
}

}  // namespace lowering

template <class Device, class T, class Phase>
void launch_phase(const Frame<Device, T>& frame, const Task& task) {
  if constexpr (HasLibrary<Device> && ProductPhase<Phase>::exists)
    if (launch_product<Phase>(frame, task)) return;
  frame.device->template launch<Phase>(Phase::tiles(frame.batch),
                                       frame.template places<Phase::places>(task), frame.batch,
                                       Phase::extra(task, frame.nodes));
}
template <class Device, class T, class Phase>
void launch_step(const Frame<Device, T>& frame, const Step<Device, T>* row) {
  launch_phase<Device, T, Phase>(frame, row->task);
}

}  // namespace tg::cuda
