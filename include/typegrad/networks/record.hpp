// A definition as a graph.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scope.hpp"
#include "typegrad/graph/substitute.hpp"

namespace tg {

// What a definition returns when it has several results: return tg::outputs(a, b).
template <class... Vars>
constexpr std::array<Var, sizeof...(Vars)> outputs(Vars... vars) {
  return {vars...};
}

// Records Definition::define(scope), whose result is a Var or tg::outputs(…). Never fails: what is
// wrong is in the result's fault.
template <class Definition>
constexpr ir::Recording record(Purpose purpose = Purpose::inference, DType floating = f32) {
  ir::Recording recording;
  recording.builder.graph.floating = floating;
  recording.builder.notes_places = true;
  Scope scope{recording, purpose};
  int index = 0;
  const auto output = [&](Var value) {
    recording.builder.place = value.node().place;
    ir::emit(&recording.builder, Op::output, value.shape(), value.dtype(), ir::operands(value),
             {std::int16_t(index++)});
  };
  if constexpr (!requires { Definition::define(scope); }) {
    recording.fail({.kind = FaultKind::network_without_input});
  } else {
    const auto results = Definition::define(scope);
    if constexpr (requires { results.id(); })
      output(results);
    else
      for (Var result : results) output(result);
  }
  return recording;
}

// The same as a constant: recorded once for all who ask.
template <class Net, Purpose purpose = Purpose::inference, DType floating = f32>
struct Recorded {
  static constexpr ir::Recording recording = record<Net>(purpose, floating);
};

// A network and its loss: output 0 is the network's, output 1 the loss. A loss is a definition from
// a prediction to one shared number, `static constexpr Var define(Scope&, Var)`, as a metric is.
template <class Net, class Loss>
struct WithLoss {
  static constexpr auto define(Scope& s) {
    const Var prediction = Net::define(s);
    return outputs(prediction, Loss::define(s, prediction));
  }
};
template <class Net, class Loss, Purpose purpose = Purpose::training, DType floating = f32>
using RecordedLoss = Recorded<WithLoss<Net, Loss>, purpose, floating>;

}  // namespace tg
