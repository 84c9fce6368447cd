// Ten training steps on any backend, as generate.py makes them with PyTorch.
// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "numbers.hpp"
#include "typegrad/training/trainer.hpp"

namespace tg::test {

inline constexpr int step_samples[] = {8, 8, 8, 5, 8, 8, 3, 8, 8, 8};

// What came of them.
template <class T>
struct Steps {
  struct Tensor {
    std::string name;  // as the golden file has it: gradient.… of the first step, after.… the last
    std::vector<T> numbers;
  };
  std::vector<T> losses;
  std::vector<Tensor> tensors;
};

// From the parameters in `file` on.
template <class Net, class Backend, DType dtype, class Solver>
Steps<element_t<dtype>> ten_steps(const std::string& file, const Solver& solver) {
  using T = element_t<dtype>;
  Model<Net, Backend, dtype> model;
  model.load(file);
  Trainer trainer{model, CrossEntropy{}, solver, batch<8>};
  Steps<T> result;
  const auto keep = [&](const char* when, const runtime::Variable& v, const T* numbers) {
    result.tensors.push_back({when + std::string(v.name), {numbers, numbers + v.shape.size()}});
  };
  for (int samples : step_samples) {
    const auto step = std::uint32_t(result.losses.size());
    result.losses.push_back(
        T(trainer.step(numbers<T>(samples * input_shape<Net>.size(), 2 * step),
                       labels(samples, output_shape<Net>.size(), 2 * step + 1))));
    if (step > 0) continue;
    for (const runtime::Variable& v : model.variables())
      if (v.op == Op::parameter) keep("gradient.", v, trainer.gradient(v));
  }
  for (const runtime::Variable& v : model.variables()) keep("after.", v, model.view(v).data());
  return result;
}

}  // namespace tg::test
