// From a plan to a table: each step with the kernel of its signature and the places it works on.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/epilogue.hpp"
#include "typegrad/backends/cuda/kernels/convolution.hpp"
#include "typegrad/backends/cuda/kernels/elementwise.hpp"
#include "typegrad/backends/cuda/kernels/fallback.hpp"
#include "typegrad/backends/cuda/kernels/indices.hpp"
#include "typegrad/backends/cuda/kernels/matrix_product.hpp"
#include "typegrad/backends/cuda/kernels/outer_sum.hpp"
#include "typegrad/backends/cuda/kernels/pool.hpp"
#include "typegrad/backends/cuda/kernels/product.hpp"
#include "typegrad/backends/cuda/kernels/reduce.hpp"
#include "typegrad/backends/cuda/kernels/softmax.hpp"
#include "typegrad/backends/cuda/kernels/transfer.hpp"
#include "typegrad/passes/signature.hpp"

namespace tg::cuda {

// A kernel of so many operands, with a fused program for its results: one symbol per signature.
template <class Kernel, int Operands, class Program>
struct WithEpilogue {
  static constexpr int threads = Kernel::threads;

  template <class C, class Places>
  TYPEGRAD_DEVICE static void run(const C& c, const Places& places, int stride) {
    const Epilogue<Program, Operands, Places> epilogue(places, stride);
    if constexpr (Operands == 0)
      Kernel::run(c, stride, epilogue);
    else if constexpr (Operands == 1)
      Kernel::run(c, places.at[0], stride, epilogue);
    else
      Kernel::run(c, places.at[0], places.at[1], stride, epilogue);
  }
};

// How steps are launched. A value that samples share is one of stride 1.
namespace launching {

template <class Device, class Kernel, int Operands, class Program, bool Shared>
void group(const Frame<Device>& frame, const Step<Device>& step) {
  const int stride = Shared ? 1 : frame.stride;
  frame.device->template launch<WithEpilogue<Kernel, Operands, Program>>(
      Kernel::tiles(stride), places_of<Operands + places_of_program<Program>>(frame, step), stride);
}

template <class Device, Op op, bool Shared>
void fallback(const Frame<Device>& frame, const Step<Device>& step) {
  const int stride = Shared ? 1 : frame.stride;
  NodeCopy what{.node = frame.nodes[step.node]};
  for (int i = 0; i < what.node.operands(); ++i)
    what.operand[i] = frame.nodes[what.node.operand[i]];
  frame.device->template launch<Fallback<op>>(Fallback<op>::tiles(stride), what,
                                              places_of<ir::max_operands + 1>(frame, step), stride);
}

template <class Device, Op op, bool Shared>
void random(const Frame<Device>& frame, const Step<Device>& step) {
  const int stride = Shared ? 1 : frame.stride;
  frame.device->template launch<RandomNumbers<op>>(RandomNumbers<op>::tiles(step.extent, stride),
                                                   step.key, frame.call, frame.at(step.at[0]),
                                                   step.extent, stride);
}

// Sums across the samples: of one operand, of two.
template <class Device, class Kernel>
void sum(const Frame<Device>& frame, const Step<Device>& step) {
  using To = ToMemory<typename Frame<Device>::View>;
  frame.device->template launch<Kernel>(Kernel::tiles(), frame.at(step.at[0]), frame.stride,
                                        frame.samples, To{frame.at(step.at[1])});
}
template <class Device, class Kernel, int Columns = 1>
void sum_of_products(const Frame<Device>& frame, const Step<Device>& step) {
  using To = ToMemory<typename Frame<Device>::View, Columns>;
  frame.device->template launch<Kernel>(Kernel::tiles(), frame.at(step.at[0]), frame.at(step.at[1]),
                                        frame.stride, frame.samples, To{frame.at(step.at[2])});
}

template <class Device, int Elements, class Given>
void load(const Frame<Device>& frame, const Step<Device>& step) {
  frame.device->template launch<Load<Elements>>(
      Load<Elements>::tiles(frame.stride), frame.at(step.at[0]).template as<Given>(), AsTheyCome{},
      frame.samples, frame.at(step.at[1]), frame.stride);
}
template <class Device, int Elements>
void store(const Frame<Device>& frame, const Step<Device>& step) {
  frame.device->template launch<Store<Elements>>(Store<Elements>::tiles(frame.samples),
                                                 frame.at(step.at[0]), frame.stride, frame.samples,
                                                 frame.at(step.at[1]));
}
template <class Device, bool FromShared, bool ToShared>
void copy(const Frame<Device>& frame, const Step<Device>& step) {
  const int from = FromShared ? 1 : frame.stride, to = ToShared ? 1 : frame.stride;
  frame.device->template launch<Copy>(Copy::tiles(step.extent, to), frame.at(step.at[0]), from,
                                      frame.at(step.at[1]), to, step.extent);
}

}  // namespace launching

// A `P` is a Lowered of program.hpp. Everything here is consteval: no symbol spells P.
namespace lowering {

using namespace passes::signature;

template <class P, int Id, int Which>
inline constexpr bool operand_is_shared = P::graph.operand(Id, Which).space == ir::Space::shared;

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

// The kernel of a node for which has_kernel() holds; void: the reference's loops.
template <class P, int Id>
consteval auto anchor_of() {
  constexpr ir::Node node = P::graph[Id];
  constexpr Op op = node.op;
  if constexpr (op == Op::outer ||
                (op == Op::matmul && !passes::is_matrix_times_vector(P::graph, node))) {
    using G = typename decltype(product_type<P, Id>())::type;
    return Anchor<Multiply<G, !operand_is_shared<P, Id, 0>, !operand_is_shared<P, Id, 1>>, 2>{};
  } else if constexpr (op == Op::matmul) {
    constexpr int inputs = operand_shape<P, Id>(1)[0];
    return Anchor<Product<node.shape[0], inputs, node.attributes[0] != 0>, 2>{};
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
  } else if constexpr (op == Op::pick) {
    return Anchor<Pick<operand_shape<P, Id>(0)[0]>, 2>{};
  } else {
    static_assert(
        op == Op::one_hot,
        "backends/cuda/lower.hpp lacks the anchor of an op that passes/anchors.hpp promises");
    return Anchor<OneHot<node.shape[0]>, 1>{};
  }
}

// Values that samples share have these kernels, too, as those of one sample.
constexpr bool has_shared_kernel(const ir::Graph& graph, const ir::Node& node) {
  switch (node.op) {
    case Op::matmul:
    case Op::outer:
    case Op::transpose:
    case Op::softmax:
    case Op::log_softmax:
      return true;
    case Op::sum:
    case Op::max:
    case Op::argmax:
      return passes::reduction_extents(graph[node.operand[0]].shape, node.attributes[0]).together;
    default:
      return false;
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

template <class P, int Group, class S>
constexpr void place_program(S& step, int at) {
  const passes::FusedPlan& plan = GroupPlan<P, Group>::value;
  for (const auto& load : plan.loads)
    step.at[std::size_t(at++)] = part_of<P>(load.node, load.offset, load.step);
  for (const auto& store : plan.stores) step.at[std::size_t(at++)] = P::plan.place[store.node];
}
template <class P, int Id, class S>
constexpr void place_operands(S& step) {
  for (int i = 0; i < P::graph[Id].operands(); ++i) step.at[std::size_t(i)] = place_of<P>(Id, i);
}

// Sums across the samples.
template <class P, class Device, int Id>
consteval void lower_across(Step<Device>& step) {
  constexpr ir::Node node = P::graph[Id];
  place_operands<P, Id>(step);
  step.at[std::size_t(node.operands())] = P::plan.place[Id];
  if constexpr (node.op == Op::convolution_weight_gradient) {
    using G = typename decltype(convolution_type<P, Id>())::type;
    step.launch = launching::sum_of_products<Device, ConvolutionWeightGradient<G>>;
    const Place x = step.at[0];  // the kernel takes dy first
    step.at[0] = step.at[1], step.at[1] = x;
  } else if constexpr (node.op == Op::outer) {
    using Kernel = OuterSum<node.shape[0], node.shape[1]>;
    step.launch = launching::sum_of_products<Device, Kernel, node.shape[1]>;
  } else if constexpr (node.op == Op::matmul) {
    using G = typename decltype(product_type<P, Id>())::type;
    step.launch = launching::sum_of_products<Device, MultiplySum<G>>;
  } else if constexpr (node.op == Op::scatter) {
    constexpr int indices = operand_shape<P, Id>(0).size();
    using Kernel = ScatterSum<node.shape[0], node.shape[1], indices>;
    step.launch = launching::sum_of_products<Device, Kernel>;
  } else if constexpr (node.op == Op::sum) {
    constexpr passes::Extents3 e =
        passes::reduction_extents(operand_shape<P, Id>(0), node.attributes[0]);
    step.launch = launching::sum<Device, ReduceSum<e.outer, e.reduced>>;
  } else {
    static_assert(node.op == Op::identity,
                  "backends/cuda/lower.hpp has no kernel that sums this op across samples");
    step.launch = launching::sum<Device, BatchSum<node.shape.size()>>;
  }
}

template <class P, class Device, int Group, int Id>
consteval void lower_group(Step<Device>& step) {
  constexpr bool shared = P::fusion.groups[Group].space == ir::Space::shared;
  constexpr int size = P::fusion.groups[Group].size;
  if constexpr (Id < 0) {
    using Program = typename decltype(program_of<P, Group>())::type;
    using Kernel = std::conditional_t<shared, SharedElementwise<size>, Elementwise<size>>;
    step.launch = launching::group<Device, Kernel, 0, Program, shared>;
    place_program<P, Group>(step, 0);
  } else if constexpr (P::graph[Id].across) {
    lower_across<P, Device, Id>(step);
  } else if constexpr (P::graph[Id].op == Op::uniform || P::graph[Id].op == Op::normal) {
    step.launch = launching::random<Device, P::graph[Id].op, shared>;
    step.key = P::key_of(P::graph[Id].attributes[0]);
    step.at[0] = P::plan.place[Id];
    step.extent = size;
  } else if constexpr (shared ? has_shared_kernel(P::graph, P::graph[Id])
                              : passes::has_kernel(P::graph, P::graph[Id])) {
    using A = decltype(anchor_of<P, Id>());
    using Program = typename decltype(program_of<P, Group>())::type;
    step.launch = launching::group<Device, typename A::type, A::operands, Program, shared>;
    place_operands<P, Id>(step);
    place_program<P, Group>(step, A::operands);
  } else {
    static_assert(P::graph[Id].op != Op::custom && P::graph[Id].op != Op::result,
                  "typegrad: an operation of one's own has no kernel for CUDA");
    step.launch = launching::fallback<Device, P::graph[Id].op, shared>;
    place_operands<P, Id>(step);
    step.at[std::size_t(P::graph[Id].operands())] = P::plan.place[Id];
  }
}

}  // namespace lowering

// Step `Index` of P's plan.
template <class P, class Device, int Index>
consteval Step<Device> lower() {
  constexpr StepPlan plan = P::plan.steps[Index];
  constexpr int id = plan.node < 0 ? 0 : plan.node;
  constexpr ir::Node node = P::graph[id];
  constexpr int elements = node.shape.size();
  Step<Device> step{.node = plan.node, .region = plan.region, .extent = elements};
  step.repeats = ir::repeats_of(P::graph, plan.region);
  if constexpr (plan.kind == StepKind::group) {
    lowering::lower_group<P, Device, plan.group, plan.node>(step);
  } else if constexpr (plan.kind == StepKind::load) {
    using Given = std::conditional_t<is_floating(node.dtype), float, std::int32_t>;
    step.launch = launching::load<Device, elements, Given>;
    step.at[0] = {Base::slot, std::int16_t(passes::leaf_slot(node.attributes[0]))};
    step.at[1] = P::plan.place[id];
  } else if constexpr (plan.kind == StepKind::begin) {
    constexpr bool from = P::graph[P::sources.operand(node, 0).node].space == ir::Space::shared;
    step.launch = launching::copy<Device, from, node.space == ir::Space::shared>;
    step.at[0] = lowering::place_of<P>(id, 0), step.at[1] = P::plan.place[id];
  } else {
    if constexpr (plan.kind == StepKind::output)
      step.launch = launching::store<Device, elements>;
    else
      step.launch = launching::copy<Device, true, true>;
    step.at[0] = lowering::place_of<P>(id, node.op == Op::output ? 0 : 1);
    step.at[1] = {Base::slot, P::target(id)};
  }
  return step;
}

}  // namespace tg::cuda
