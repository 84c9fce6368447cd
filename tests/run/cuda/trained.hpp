// A few steps of training, for who compares backends.
// SPDX-License-Identifier: MIT
#pragma once
#include <typegrad/typegrad.hpp>

namespace tg::test {

// The losses of three steps on 16 samples of three classes, and what the model says then.
template <class Net, class Backend, DType dtype = f32>
auto trained() {
  Model<Net, Backend, dtype> model;
  Trainer trainer{model, CrossEntropy{}, Adam{.learning_rate = 1e-2}, batch<16>};
  using Number = typename decltype(model)::Element;
  std::vector<Number> x(std::size_t(16 * input_shape<Net>.size())), result;
  std::vector<std::int32_t> y(16);
  Random random(7);
  for (Number& number : x) number = Number(random.between(-1, 1));
  for (std::int32_t& label : y) label = std::int32_t(random.below(3));
  for (int step = 0; step < 3; ++step) result.push_back(Number(trainer.step(x, y)));
  const auto logits = model(x);
  result.insert(result.end(), logits.data(), logits.data() + logits.size());
  return result;
}

}  // namespace tg::test
