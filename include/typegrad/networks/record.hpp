// A network as a graph: its input "input", its output 0.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scope.hpp"

namespace tg {

// Never fails: what is wrong is in the result's `fault`.
template <class Net>
constexpr ir::Recording record(Purpose purpose = Purpose::inference, DType floating = f32) {
  ir::Recording recording;
  recording.builder.floating = floating;
  Scope scope{recording, purpose};
  if constexpr (requires { Net::define(scope); }) {
    const Var y = Net::define(scope);
    ir::emit(&recording.builder, Op::output, y.shape(), y.dtype(), ir::operands(y));
  } else {
    recording.fail({.kind = FaultKind::network_without_input});
  }
  return recording;
}

// The same as a constant: recorded once for all who ask.
template <class Net, Purpose purpose = Purpose::inference, DType floating = f32>
struct Recorded {
  static constexpr ir::Recording recording = record<Net>(purpose, floating);
};

}  // namespace tg
