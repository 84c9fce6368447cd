// The programs of subject.hpp, for who makes them for a backend.
// SPDX-License-Identifier: MIT
#pragma once
#include "subject.hpp"
#include "tests/golden/lenet.hpp"
#include "tests/run/cuda/own.hpp"

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

template <class Backend>
Steps<float> lenet_steps(const std::string& file) {
  return ten_steps<LeNet, Backend, f32>(file, Sgd{.learning_rate = 0.05, .momentum = 0.9});
}

struct Wide {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {128}), w = s.argument("w", {128, 128});
    const Var y = tanh(matmul(w, x) + 0.1), dot = operation<own::Dot>(operation<own::Cube>(x), y);
    return outputs(y, grad(sum(square(y)), w), dot, operation<own::RunningSum>(slice(x, 0, 0, 30)));
  }
};
template <class Backend>
std::vector<float> wide_layer(int samples) {
  Function<Wide, Backend> function;
  auto [y, gradient, dot, sums] =
      function(numbers<float>(128 * samples, 1), numbers<float>(128 * 128, 2));
  std::vector<float> result(y.data(), y.data() + y.size());
  const auto add = [&](const auto& more) {
    result.insert(result.end(), more.data(), more.data() + more.size());
  };
  add(gradient), add(dot), add(sums);
  return result;
}
template <class Backend>
std::vector<float> wide_layer_in_half(int samples) {
  Model<Sequence<Input<128>, Linear<128>, Tanh>, Backend, bf16> model(3);
  const auto y = model(numbers<float>(128 * samples, 1));
  return {y.data(), y.data() + y.size()};
}

}  // namespace tg::test
