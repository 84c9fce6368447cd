// Three steps of every solver against PyTorch's formulas, worked out in double by a script.
// SPDX-License-Identifier: MIT
#include "tests/static/near.hpp"
#include "typegrad/backends/reference/evaluation.hpp"
#include "typegrad/graph/verify.hpp"
#include "typegrad/solvers/adagrad.hpp"
#include "typegrad/solvers/adam.hpp"
#include "typegrad/solvers/rms_prop.hpp"
#include "typegrad/solvers/sgd.hpp"

namespace tg::test {
namespace {

constexpr int size = 2;

template <class Solver>
constexpr ir::Recording record_solver() {
  ir::Recording recording;
  recording.builder.graph.floating = f64;
  Scope s{recording, Purpose::training};
  const Var weight = s.shared("weight", {size}), gradient = s.argument("gradient", {size});
  s.update(weight, Solver::define(s, weight, gradient));
  return recording;
}

template <class Solver>
inline constexpr ir::Recording recorded = record_solver<Solver>();

// The weights after three steps from (1, -2), every state having started at 0. Members are the
// solver's numbers in the order of `values`.
template <class Solver, auto... Members>
constexpr bool steps_to(std::array<double, sizeof...(Members)> values,
                        std::array<double, size> expected) {
  constexpr double gradients[3][size] = {{0.5, -1.0}, {0.25, 2.0}, {-1.5, 0.125}};
  const ir::Recording& recording = recorded<Solver>;
  double memory[16][size]{};  // of each leaf
  const int weight = ir::leaf_named(recording, "weight");
  memory[weight][0] = 1;
  memory[weight][1] = -2;
  for (const double(&gradient)[size] : gradients) {
    reference::Bindings<double> bindings(recording);
    for (int leaf = 0; leaf < recording.leaves.size(); ++leaf)
      if (recording.graph()[recording.leaves[leaf].node].op == Op::state)
        bindings.set(leaf, memory[leaf]);
    bindings.set("gradient", gradient);
    int next = 0;
    (bindings.template set<Members>(values[next++]), ...);
    reference::Evaluation<double> evaluation(bindings);
    evaluation.update([&](int leaf, const double* news, int count) {
      for (int i = 0; i < count; ++i) memory[leaf][i] = news[i];
    });
  }
  return near(memory[weight], expected, size);
}

template <class Solver>
constexpr bool records() {
  return !recorded<Solver>.fault() && ir::valid(recorded<Solver>.graph());
}
static_assert(records<Sgd>());
static_assert(records<Adam>());
static_assert(records<AdamW>());
static_assert(records<RmsProp>());
static_assert(records<Adagrad>());

constexpr auto sgd =
    steps_to<Sgd, &Sgd::learning_rate, &Sgd::momentum, &Sgd::weight_decay, &Sgd::nesterov>;
static_assert(sgd({0.1, 0, 0, false}, {1.075, -2.1125}));
static_assert(sgd({0.1, 0, 0, true}, {1.075, -2.1125}));
static_assert(sgd({0.1, 0.9, 0.01, false}, {0.961609749, -2.110469498}));
static_assert(sgd({0.1, 0.9, 0.01, true}, {1.037869708191, -2.206086916382}));

constexpr auto adam = steps_to<Adam, &Adam::learning_rate, &Adam::beta1, &Adam::beta2,
                               &Adam::epsilon, &Adam::weight_decay>;
static_assert(adam({0.1, 0.9, 0.999, 1e-8, 0}, {0.841504390798182, -1.96843373788594}));
static_assert(adam({0.1, 0.8, 0.99, 1e-3, 0.1}, {0.841002692068352, -1.95079173030413}));

constexpr auto adamw = steps_to<AdamW, &AdamW::learning_rate, &AdamW::beta1, &AdamW::beta2,
                                &AdamW::epsilon, &AdamW::weight_decay>;
static_assert(adamw({0.1, 0.9, 0.999, 1e-8, 0.1}, {0.814725570373607, -1.91065563434132}));

constexpr auto rms_prop = steps_to<RmsProp, &RmsProp::learning_rate, &RmsProp::smoothing,
                                   &RmsProp::epsilon, &RmsProp::weight_decay, &RmsProp::momentum>;
static_assert(rms_prop({0.1, 0.9, 1e-8, 0, 0}, {0.835806674662582, -1.98827634911534}));
static_assert(rms_prop({0.1, 0.9, 1e-3, 0.1, 0.5}, {0.509628437533208, -1.8419182966823}));

constexpr auto adagrad = steps_to<Adagrad, &Adagrad::learning_rate, &Adagrad::rate_decay,
                                  &Adagrad::weight_decay, &Adagrad::epsilon>;
static_assert(adagrad({0.1, 0, 0, 1e-10}, {0.948982897605314, -1.9950241748276}));
static_assert(adagrad({0.1, 0.5, 0.1, 1e-3}, {0.912252016548769, -1.95399889046354}));

}  // namespace
}  // namespace tg::test
