// Training runs of PyTorch, repeated: generate.py says which.
// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "numbers.hpp"
#include "tests/catch.hpp"
#include "typegrad/training/trainer.hpp"

namespace tg::test {

std::string golden_path(const std::string& name);

// The numbers of one of PyTorch's runs in the model's own precision.
template <class T>
class Golden {
 public:
  explicit Golden(const std::string& run);
  // The largest difference from the tensor of that name, relative to its largest number. Where it
  // is thinned out, so is `got`.
  double distance(const std::string& name, const T* got, std::size_t size) const;

 private:
  io::TensorFile file;
};

// What PyTorch and we may differ by, after one step and after ten.
template <class T>
inline constexpr double after_one = sizeof(T) == 4 ? 1e-5 : 1e-10;
template <class T>
inline constexpr double after_ten = sizeof(T) == 4 ? 1e-4 : 1e-10;

inline constexpr int step_samples[] = {8, 8, 8, 5, 8, 8, 3, 8, 8, 8};

template <class Net, DType dtype, class Solver>
void check_run(const std::string& name, const Solver& solver) {
  using T = element_t<dtype>;
  CAPTURE(name, sizeof(T));
  const Golden<T> golden(name);
  Model<Net, Cpu, dtype> model;
  model.load(golden_path(name));
  Trainer trainer{model, CrossEntropy{}, solver, batch<8>};
  std::vector<T> losses;
  for (int samples : step_samples) {
    const auto step = std::uint32_t(losses.size());
    losses.push_back(T(trainer.step(numbers<T>(samples * input_shape<Net>.size(), 2 * step),
                                    labels(samples, output_shape<Net>.size(), 2 * step + 1))));
    if (step > 0) continue;
    for (const runtime::Variable& v : model.variables()) {
      if (v.op != Op::parameter) continue;
      INFO("gradient of " << v.name);
      CHECK(golden.distance("gradient." + std::string(v.name), trainer.gradient(v),
                            std::size_t(v.shape.size())) < after_one<T>);
    }
  }
  CHECK(golden.distance("losses", losses.data(), 1) < after_one<T>);
  CHECK(golden.distance("losses", losses.data(), losses.size()) < after_ten<T>);
  for (const runtime::Variable& v : model.variables()) {
    INFO(v.name << " after the last step");
    CHECK(golden.distance("after." + std::string(v.name), model.view(v).data(),
                          std::size_t(v.shape.size())) < after_ten<T>);
  }
}

}  // namespace tg::test
