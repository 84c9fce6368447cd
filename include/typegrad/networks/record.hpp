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

// A network and its loss: output 0 is the network's, output 1 the loss. A loss is a definition from
// a prediction to one shared number, `static constexpr Var define(Scope&, Var)`, as a metric is.
template <class Net, class Loss>
constexpr ir::Recording record(Purpose purpose = Purpose::training, DType floating = f32) {
  ir::Recording recording;
  recording.builder.floating = floating;
  Scope scope{recording, purpose};
  const Var y = Net::define(scope);
  const Var cost = Loss::define(scope, y);
  ir::emit(&recording.builder, Op::output, y.shape(), y.dtype(), ir::operands(y), {0});
  ir::emit(&recording.builder, Op::output, cost.shape(), cost.dtype(), ir::operands(cost), {1});
  return recording;
}

// The same as a constant: recorded once for all who ask.
template <class Net, Purpose purpose = Purpose::inference, DType floating = f32>
struct Recorded {
  static constexpr ir::Recording recording = record<Net>(purpose, floating);
};

template <class Net, class Loss, Purpose purpose = Purpose::training, DType floating = f32>
struct RecordedLoss {
  static constexpr ir::Recording recording = record<Net, Loss>(purpose, floating);
};

}  // namespace tg
