// What can be asked of a network while it compiles: shapes and the number of parameters.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/networks/record.hpp"
#include "typegrad/networks/report.hpp"

namespace tg {

namespace networks {

// The answer about a network that is wrong: equal to everything and usable as a number or a shape,
// so that the one error stays alone.
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

enum class Question { output_shape, input_shape, parameter_count };

template <class Net>
constexpr Shape shape_of(Op op) {
  for (const ir::Node& node : Recorded<Net>::recording.graph().nodes)
    if (node.op == op) return node.shape;
  return {};
}

template <class Net, Question question>
constexpr auto answer() {
  if constexpr (!right<Net>) {
    return Unanswered{};
  } else if constexpr (question == Question::parameter_count) {
    std::int64_t count = 0;
    for (const ir::Node& node : Recorded<Net>::recording.graph().nodes)
      if (node.op == Op::parameter) count += node.shape.size();
    return count;
  } else {
    return shape_of<Net>(question == Question::input_shape ? Op::input : Op::output);
  }
}

}  // namespace networks

// The extents of one sample that comes out of the network, or goes into it.
template <class Net>
inline constexpr auto output_shape = networks::answer<Net, networks::Question::output_shape>();
template <class Net>
inline constexpr auto input_shape = networks::answer<Net, networks::Question::input_shape>();
// How many numbers are trained.
template <class Net>
inline constexpr auto parameter_count =
    networks::answer<Net, networks::Question::parameter_count>();

}  // namespace tg
