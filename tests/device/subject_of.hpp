// The programs of subject.hpp, for who makes them for a backend.
// SPDX-License-Identifier: MIT
#pragma once
#include "subject.hpp"
#include "tests/golden/lenet.hpp"

namespace tg::test {

struct Masked {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {300});
    return outputs(Dropout<0.3>::define(s, x), x + s.uniform("noise", {300}));
  }
};

template <class Backend>
std::vector<float> masks() {
  Function<Masked, Backend, training> function;
  std::vector<float> result;
  for (int samples : {67, 1, 64}) {
    auto [masked, noise] = function(std::vector<float>(std::size_t(300 * samples), 1.0f));
    result.insert(result.end(), masked.data(), masked.data() + masked.size());
    result.insert(result.end(), noise.data(), noise.data() + noise.size());
  }
  return result;
}

struct Small : Sequence<Input<1, 8, 8>, Conv<3, 3>, Relu, MaxPool<2>, Flatten, Linear<6>, Tanh,
                        Dropout<0.25>, Linear<3>> {};

template <class Backend>
std::vector<float> trained() {
  Model<Small, Backend> model(3);
  Trainer trainer{model, CrossEntropy{}, Adam{.learning_rate = 1e-2}, batch<64>};
  std::vector<float> result;
  for (int samples : {64, 64, 17, 64, 1}) {
    const auto step = std::uint32_t(result.size());
    result.push_back(float(
        trainer.step(numbers<float>(64 * samples, 2 * step), labels(samples, 3, 2 * step + 1))));
  }
  for (const runtime::Variable& v : model.variables()) {
    const auto values = model.view(v);
    result.insert(result.end(), values.data(), values.data() + values.size());
  }
  return result;
}

struct Large {
  static constexpr auto define(Scope& s) {
    const Var w = s.argument("w", {64, 512}), y = tanh(matmul(w, s.input("x", {512})));
    const Var cost = mean(sum(y, within));
    return outputs(y, cost, grad(cost, w));
  }
};

template <class Backend>
std::vector<float> large_product() {
  Function<Large, Backend> function;
  auto [y, cost, gradient] = function(numbers<float>(64 * 512, 1), numbers<float>(512 * 512, 2));
  std::vector<float> result{cost};
  result.insert(result.end(), y.data(), y.data() + y.size());
  result.insert(result.end(), gradient.data(), gradient.data() + gradient.size());
  return result;
}

template <class Backend>
Steps<float> lenet_steps(const std::string& file) {
  return ten_steps<LeNet, Backend, f32>(file, Sgd{.learning_rate = 0.05, .momentum = 0.9});
}

}  // namespace tg::test
