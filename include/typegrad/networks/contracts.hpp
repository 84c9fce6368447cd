// What can be asked of a network while it compiles: shapes, parameters, what it is.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/architecture.hpp"
#include "typegrad/networks/record.hpp"
#include "typegrad/networks/report.hpp"

namespace tg {

namespace networks {

// The answer about a network that is wrong: true in every comparison and usable as a number or a
// shape, so that the one error stays alone.
struct Unanswered : Shape {
  constexpr Unanswered() : Shape{1} {}
  template <Number N>
  constexpr operator N() const {
    return N(1);
  }
  template <class T>
  friend constexpr bool operator==(Unanswered, const T&) {
    return true;
  }
  template <class T>
  friend constexpr bool operator!=(Unanswered, const T&) {
    return true;
  }
  template <class T>
  friend constexpr bool operator<(Unanswered, const T&) {
    return true;
  }
  template <class T>
  friend constexpr bool operator>(Unanswered, const T&) {
    return true;
  }
  template <class T>
  friend constexpr bool operator<=(Unanswered, const T&) {
    return true;
  }
  template <class T>
  friend constexpr bool operator>=(Unanswered, const T&) {
    return true;
  }
};

// True when the network is right; else raises the one error that says what is wrong.
template <class Net>
inline constexpr bool right = error::explain<Report<Net, Recorded<Net>>>();

// True when the loss can be computed from what the network gives. What is wrong here is the loss's
// matter, or the network's in training.
template <class Net, class Loss>
constexpr bool check_loss() {
  if constexpr (!right<Net>)
    return false;
  else
    return error::explain<Report<Net, RecordedLoss<Net, Loss>, Loss>>();
}
template <class Net, class Loss>
inline constexpr bool fits = check_loss<Net, Loss>();

constexpr std::size_t count_nodes(const ir::Recording& recording, Op op) {
  std::size_t count = 0;
  for (const ir::Node& node : recording.graph().nodes) count += node.op == op;
  return count;
}
template <std::size_t Count>
constexpr std::array<Shape, Count> shapes_of_nodes(const ir::Recording& recording, Op op) {
  std::array<Shape, Count> shapes;
  std::size_t next = 0;
  for (const ir::Node& node : recording.graph().nodes)
    if (node.op == op) shapes[next++] = node.shape;
  return shapes;
}
constexpr std::int64_t count_numbers(const ir::Recording& recording, Op op) {
  std::int64_t count = 0;
  for (const ir::Node& node : recording.graph().nodes)
    if (node.op == op) count += node.shape.size();
  return count;
}

// The shapes of a network's inputs or outputs, in the order of their declaration.
template <class Net, Op op>
constexpr auto shapes_of() {
  if constexpr (right<Net>)
    return shapes_of_nodes<count_nodes(Recorded<Net>::recording, op)>(Recorded<Net>::recording, op);
  else
    return std::array<Unanswered, 1>{};
}

template <class Net>
constexpr auto count_parameters() {
  if constexpr (right<Net>)
    return count_numbers(Recorded<Net>::recording, Op::parameter);
  else
    return Unanswered{};
}

template <class Net, DType dtype>
constexpr auto count_parameter_bytes() {
  if constexpr (!right<Net>)
    return Unanswered{};
  else
    return count_parameters<Net>() * std::int64_t(sizeof(element_t<dtype>));
}

template <class Net>
constexpr auto hash_architecture() {
  if constexpr (!right<Net>)
    return Unanswered{};
  else
    return ir::architecture_of(Recorded<Net>::recording);
}

}  // namespace networks

// The extents of one sample that goes into the network, or comes out: of each input, in the order
// of the caller's arguments, and of each output.
template <class Net>
inline constexpr auto input_shapes = networks::shapes_of<Net, Op::input>();
template <class Net>
inline constexpr auto output_shapes = networks::shapes_of<Net, Op::output>();
// Of the only one, or the first.
template <class Net>
inline constexpr auto input_shape = input_shapes<Net>[0];
template <class Net>
inline constexpr auto output_shape = output_shapes<Net>[0];
// How many numbers are trained.
template <class Net>
inline constexpr auto parameter_count = networks::count_parameters<Net>();
// The bytes of these numbers, as a file holds them: tg::parameter_bytes<Net, tg::f64>.
template <class Net, DType dtype = f32>
inline constexpr auto parameter_bytes = networks::count_parameter_bytes<Net, dtype>();
// One number for what the network computes in inference from which inputs and parameters: the same
// on every machine, compiler and dtype, another for other layers, options or names. Files carry it.
template <class Net>
inline constexpr auto architecture_hash = networks::hash_architecture<Net>();

}  // namespace tg
