// Training runs of PyTorch, repeated: generate.py says which.
// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "steps.hpp"
#include "tests/catch.hpp"

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

// Every loss, gradient and parameter is PyTorch's.
template <class T>
void check_steps(const std::string& name, const Steps<T>& steps) {
  CAPTURE(name, sizeof(T));
  const Golden<T> golden(name);
  for (const auto& [tensor, numbers] : steps.tensors) {
    INFO(tensor);
    const bool first = tensor.rfind("gradient.", 0) == 0;
    CHECK(golden.distance(tensor, numbers.data(), numbers.size()) <
          (first ? after_one<T> : after_ten<T>));
  }
  CHECK(golden.distance("losses", steps.losses.data(), 1) < after_one<T>);
  CHECK(golden.distance("losses", steps.losses.data(), steps.losses.size()) < after_ten<T>);
}

template <class Net, DType dtype, class Solver>
void check_run(const std::string& name, const Solver& solver) {
  check_steps(name, ten_steps<Net, Cpu, dtype>(golden_path(name), solver));
}

}  // namespace tg::test
