// What both translation units instantiate: a model, a trainer and one step of it.
// SPDX-License-Identifier: MIT
#pragma once
#include <typegrad/typegrad.hpp>
#include <vector>

struct Network : tg::Sequence<tg::Input<3>, tg::Linear<4>, tg::Tanh, tg::Linear<2>> {};

template <class Net = Network>
double one_step() {
  tg::Model<Net> model;
  tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Sgd{.learning_rate = 0.1f}, tg::batch<2>};
  const std::vector<float> samples{1, 2, 3, 4, 5, 6};  // (samples, features)
  const std::vector<int> labels{0, 1};
  return trainer.step(samples, labels);
}

double one_step_elsewhere();
