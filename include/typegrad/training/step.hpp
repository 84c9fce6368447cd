// What a Trainer compiles: a training step, an evaluation, a solver's update.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/logic.hpp"
#include "typegrad/layers/losses.hpp"
#include "typegrad/layers/metrics.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/runtime/compiled.hpp"
#include "typegrad/runtime/model.hpp"

namespace tg::fitting {

// Whether the targets of a compiled definition are labels.
template <class Compiled>
inline constexpr bool has_label = networks::count_nodes(Compiled::recording, Op::label) > 0;

// Elements of the arena in which the parameters lie.
constexpr int size_of_arena(const ir::Recording& recording) {
  int size = 0;
  for (const ir::Node& node : recording.graph().nodes)
    if (node.op == Op::parameter) size += (node.shape.size() + 15) / 16 * 16;
  return size;
}

// What is shown beside the loss: accuracy for classes, nothing otherwise.
template <class Loss>
inline constexpr bool has_accuracy = std::is_same_v<Loss, CrossEntropy>;

template <class Loss>
constexpr auto loss_and_metric(Scope& s, Var loss, Var prediction) {
  if constexpr (has_accuracy<Loss>)
    return outputs(loss, Accuracy::define(s, prediction));
  else
    return outputs(loss);
}

// The network, or, after the error that a trainer cannot train it, another one in its place.
template <class Net>
consteval auto trainable() {
  constexpr std::size_t inputs = input_shapes<Net>.size(), outputs = output_shapes<Net>.size();
  if constexpr (inputs == 1 && outputs == 1 && parameter_count < Net >> 0) {
    return std::type_identity<Net>{};
  } else {
    if constexpr (inputs == 1 && outputs == 1)
      error::raise<error::nothing_to_train<error::layer<Net>>>();
    else
      error::raise<
          error::trainer_takes_one<error::inputs<int(inputs)>, error::outputs<int(outputs)>>>();
    return std::type_identity<runtime::StandIn>{};
  }
}
template <class Net>
using Trainable = typename decltype(trainable<Net>())::type;

// The loss, or, after the one error that the network or the loss is wrong, another one in its
// place.
template <class Net, class Loss>
consteval auto usable_loss() {
  if constexpr (std::is_same_v<Net, runtime::StandIn>)
    return std::type_identity<MeanSquaredError>{};
  else if constexpr (networks::fits<Net, Loss>)
    return std::type_identity<Loss>{};
  else
    return std::type_identity<MeanSquaredError>{};
}
template <class Net, class Loss>
using UsableLoss = typename decltype(usable_loss<Net, Loss>())::type;

// What was to be updated so far stays as it is where `holds`, one number, is 0.
constexpr void update_only_if(Scope& s, Var holds) {
  ir::Builder& builder = s.recording()->builder;
  for (ir::Leaf& leaf : s.recording()->leaves) {
    if (leaf.update < 0) continue;
    ir::Node& update = builder.graph[leaf.update];
    const Var target{&builder, update.operand[0]}, value{&builder, update.operand[1]};
    ir::Node conditional = update;
    conditional.operand[1] = std::int16_t(select(holds, value, target).id());
    // What stands there is read by nobody now.
    update.op = Op::identity, update.operand = ir::operands(value);
    leaf.update = std::int16_t(builder.append(conditional));
  }
}
constexpr bool updates_any(Scope& s) {
  for (const ir::Leaf& leaf : s.recording()->leaves)
    if (leaf.update >= 0) return true;
  return false;
}

// Loss, metric, and the gradient of every parameter. What the network updates stays as it is where
// the loss is not finite, or (Asks) where a step before went wrong: somebody says whether the run
// goes on.
template <class Net, class Loss, bool Asks = false>
struct TrainingStep {
  using Network = Net;
  static constexpr auto define(Scope& s) {
    const Var prediction = Net::define(s);
    const Var loss = Loss::define(s, prediction);
    if (updates_any(s)) {
      const Var right = is_finite(loss);
      update_only_if(s, Asks ? logical_and(s.argument("goes_on", {}), right) : right);
    }
    for (Var parameter : s.parameters())
      ir::emit(loss.builder(), Op::train, parameter.shape(), parameter.dtype(),
               ir::operands(parameter, grad(loss, parameter, zero_if_disconnected)));
    return loss_and_metric<Loss>(s, loss, prediction);
  }
};

// Loss and metric of samples that nothing is learned from.
template <class Net, class Loss>
struct Evaluation {
  using Network = Net;
  static constexpr auto define(Scope& s) {
    const Var prediction = Net::define(s);
    return loss_and_metric<Loss>(s, Loss::define(s, prediction), prediction);
  }
};

// The solver over the whole arena of parameters at once, stored as parameters are (InHalf), or not.
// Where somebody says whether the step teaches (Asks), one that does not changes nothing.
template <class Solver, int Size, bool InHalf = false, bool Asks = false>
struct SolverUpdate {
  static constexpr auto define(Scope& s) {
    const Var weight =
        InHalf ? s.parameter("weight", {Size}, Zeros{}) : s.variable("weight", {Size});
    const Var gradient = s.argument("gradient", {Size});
    Scope place = Asks ? s.only_if(s.argument("teaches", {})) : s;
    place.update(weight, Solver::define(place, weight, gradient));
    return std::array<Var, 0>{};
  }
};

}  // namespace tg::fitting
