// What layers, losses and metrics compute, against numbers worked out in double by a script.
// SPDX-License-Identifier: MIT
#include "tests/static/near.hpp"
#include "typegrad/backends/reference/evaluation.hpp"
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/batch_norm.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/dropout.hpp"
#include "typegrad/layers/layer_norm.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/losses.hpp"
#include "typegrad/layers/metrics.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/layers/shapes.hpp"

namespace tg::test {
namespace {

// Three samples of four features.
constexpr double x[] = {1, -2, 0.5, 3, 0, 4, -1, 2, 2.5, 1, 1.5, -3};
constexpr double weight[] = {1.5, 0.5, 1, 2}, bias[] = {0.1, 0, -0.2, 0.3};
constexpr double mean[] = {0.25, 0.25, 0.25, 0.25}, variance[] = {2, 2, 2, 2}, batches[] = {7};

template <class L>
constexpr ir::Recording recorded(Purpose purpose, const Shape& shape) {
  ir::Recording recording;
  recording.builder.graph.floating = f64;
  Scope s{recording, purpose};
  const Var y = L::define(s, s.input("x", shape));
  ir::emit(&recording.builder, Op::output, y.shape(), y.dtype(), ir::operands(y));
  return recording;
}

constexpr void bind_present(reference::Bindings<double>& bindings, const char* name,
                            const double* values) {
  if (ir::leaf_named(bindings.recording(), name) >= 0) bindings.set(name, values);
}

// The layer's output for `x` read as samples of `shape`.
template <class L, std::size_t Count>
constexpr bool gives(const double (&expected)[Count], const Shape& shape = {4},
                     Purpose purpose = Purpose::inference) {
  const ir::Recording recording = recorded<L>(purpose, shape);
  reference::Bindings<double> bindings(recording);
  bindings.set("x", x);
  bind_present(bindings, "weight", weight);
  bind_present(bindings, "bias", bias);
  bind_present(bindings, "running_mean", mean);
  bind_present(bindings, "running_var", variance);
  reference::Evaluation<double> evaluation(bindings, 12 / shape.size());
  return !recording.fault() && near(evaluation.output(), expected, int(Count));
}

// Of the first sample.
static_assert(gives<Relu>({1, 0, 0.5, 3}));
struct Relu6OfFour {
  static constexpr Var define(Scope& s, Var x) { return Relu6::define(s, 4 * x); }
};
static_assert(gives<Relu6OfFour>({4, 0, 2, 6}));
static_assert(gives<LeakyRelu<>>({1, -0.02, 0.5, 3}));
static_assert(gives<LeakyRelu<0.5>>({1, -1, 0.5, 3}));
static_assert(gives<Tanh>({0.761594155955765, -0.964027580075817, 0.46211715726001,
                           0.99505475368673}));
static_assert(gives<Sigmoid>({0.731058578630005, 0.119202922022118, 0.622459331201855,
                              0.952574126822433}));
static_assert(gives<Softplus>({1.31326168751822, 0.126928011042973, 0.974076984180107,
                               3.04858735157374}));
static_assert(gives<Gelu>({0.841344746068543, -0.0455002638963584, 0.345731230637007,
                           2.99595030590511}));
static_assert(gives<Silu>({0.731058578630005, -0.238405844044235, 0.311229665600927,
                           2.8577223804673}));
static_assert(gives<Softmax>({0.110553750361739, 0.00550414712758367, 0.0670542391406115,
                              0.816887863370066}));
static_assert(gives<LogSoftmax>({-2.20225344767935, -5.20225344767935, -2.70225344767935,
                                 -0.202253447679352}));

static_assert(gives<Linear<1>>({7.1, 5.1, -0.15}));
static_assert(gives<Linear<1, no_bias>>({7, 5, -0.25}));
static_assert(gives<Conv<2, 1>>({1.85, -1.4, 2, 4}, {2, 2, 1}));
static_assert(gives<Conv<2, 1, groups<2>>>({1.6, -2.9, 0.25, 1.5}, {2, 2, 1}));
static_assert(gives<Flatten>(x, {3, 2, 2}));
static_assert(gives<Reshape<2, 6>>(x, {3, 2, 2}));
static_assert(gives<MaxPool<2>>({3, 4, 2.5}, {3, 2, 2}));
static_assert(gives<AveragePool<2>>({0.625, 1.25, 0.5}, {3, 2, 2}));
static_assert(gives<GlobalAveragePool>({0.625, 1.25, 0.5}, {3, 2, 2}));

static_assert(gives<LayerNorm<>>({0.415837584982956, -0.73695436496023, -0.270186129996212,
                                  2.96707293985607}));
static_assert(gives<LayerNorm<4>>({0.415837584982956, -0.73695436496023, -0.270186129996212,
                                   2.96707293985607}));
// Rows of two in a sample of (2, 2).
static_assert(gives<LayerNorm<2>>({1.59999666667778, -0.499998888892593, -1.39999520002304,
                                   0.49999840000768},
                                  {2, 2}));

static_assert(gives<BatchNorm<>>({0.895493140104502, -0.795493140104502, -0.0232237466434441,
                                  4.18907757384423, -0.165164380034834, 1.32582190017417,
                                  -1.08388126678278, 2.77486754699178}));
constexpr double normalised[] = {-0.143330979078447,  -0.612371925386069,
                                 -0.0377793472810357, 2.07800048751891,
                                 -1.60331685354913,   0.612371925386069,
                                 -1.49776522175171,   1.31600027858223,
                                 2.04664783262757,    0,
                                 0.93554456903275,    -2.49400076610115};
static_assert(gives<BatchNorm<>>(normalised, {4}, Purpose::training));

// Running statistics after one training call from mean 0.25 and variance 2.
template <class L>
constexpr bool moves_to(const char* name, const double* expected, int size, const Shape& shape) {
  const ir::Recording recording = recorded<L>(Purpose::training, shape);
  reference::Bindings<double> bindings(recording);
  bindings.set("x", x).set("running_mean", mean).set("running_var", variance);
  bindings.set("num_batches_tracked", batches);
  reference::Evaluation<double> evaluation(bindings, 12 / shape.size());
  bool found = false, equal = true;
  evaluation.update([&](int leaf, const double* news, int count) {
    if (!ir::has_name(recording, leaf, name)) return;
    found = true;
    equal = count == size && near(news, expected, size);
  });
  return found && equal;
}
constexpr double mean_after[] = {0.341666666666667, 0.325, 0.258333333333333, 0.291666666666667};
constexpr double variance_after[] = {1.95833333333333, 2.7, 1.95833333333333, 2.83333333333333};
constexpr double batches_after[] = {8};
static_assert(moves_to<BatchNorm<>>("running_mean", mean_after, 4, {4}));
static_assert(moves_to<BatchNorm<>>("running_var", variance_after, 4, {4}));
static_assert(moves_to<BatchNorm<>>("num_batches_tracked", batches_after, 1, {4}));
// Two channels of two positions: a channel has six values in a call. With momentum 1 what was
// before is forgotten.
constexpr double channel_means[] = {6.5 / 6, 0.5};
static_assert(moves_to<BatchNorm<momentum<1>>>("running_mean", channel_means, 2, {2, 2, 1}));
static_assert(recorded<BatchNorm<>>(Purpose::training, {4}).minimum_samples == 2);
static_assert(recorded<BatchNorm<>>(Purpose::training, {4, 2, 1}).minimum_samples == 1);

// Dropout: nothing outside of training; in training an element is 0 or x / (1 - rate).
static_assert(gives<Dropout<>>(x));
static_assert(gives<Dropout<0>>(x, {4}, Purpose::training));
static_assert(gives<Dropout<1>>({0, 0, 0, 0}, {4}, Purpose::training));
constexpr int dropped() {
  const ir::Recording recording = recorded<Dropout<0.25>>(Purpose::training, {12});
  int zeros = 0;
  for (std::uint64_t step = 0; step < 20; ++step) {
    reference::Bindings<double> bindings(recording, 1, step);
    bindings.set(0, x);
    reference::Evaluation<double> evaluation(bindings);
    const double* y = evaluation.output();
    for (int i = 0; i < 12; ++i) {
      if (x[i] == 0) continue;
      if (y[i] != 0 && !near(y[i], x[i] / 0.75)) return -1;
      zeros += y[i] == 0;
    }
  }
  return zeros;
}
// Of 220 numbers 55 are expected, with a standard deviation of 6.4.
static_assert(dropped() > 55 - 32 && dropped() < 55 + 32);

// Losses and metrics over the three samples.
constexpr double labels[] = {3, 1, 0}, off[] = {3, 2, 3};
constexpr double targets[] = {0, 1, 0.5, 0.25, 1, 0, 0, 1, 0.5, 0.5, 0.75, 0};
template <class Loss>
constexpr double loss(const double* target, double smoothing = 0) {
  const ir::Recording recording = recorded<Loss>(Purpose::training, {4});
  reference::Bindings<double> bindings(recording);
  bindings.set("x", x).set("target", target);
  bindings.template set<&CrossEntropy::label_smoothing>(smoothing);
  reference::Evaluation<double> evaluation(bindings, 3);
  return evaluation.output()[0];
}
static_assert(near(loss<CrossEntropy>(labels), 0.272647594942432));
static_assert(near(loss<CrossEntropy>(labels, 0.1), 0.510147594942432));
static_assert(near(loss<MeanSquaredError>(targets), 4.19791666666667));
static_assert(near(loss<MeanAbsoluteError>(targets), 1.66666666666667));
static_assert(near(loss<BinaryCrossEntropy>(targets), 1.19845774106011));

static_assert(near(loss<Accuracy>(labels), 1));
static_assert(near(loss<Accuracy>(off), 1.0 / 3));
static_assert(near(loss<TopK<1>>(off), 1.0 / 3));
static_assert(near(loss<TopK<3>>(off), 1.0 / 3));
static_assert(near(loss<TopK<4>>(off), 1));
static_assert(near(loss<TopK<9>>(off), 1));

}  // namespace
}  // namespace tg::test
