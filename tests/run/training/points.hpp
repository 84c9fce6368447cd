// Points on the plane in two classes, and a network that tells them apart.
// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "typegrad/typegrad.hpp"

namespace tg::test {

using Classifier = Sequence<Input<2>, Linear<16>, Tanh, Linear<2>>;

// Class 1 lies within a circle around the origin.
inline data::Split points(int count, std::uint64_t seed = 1) {
  Random random(seed);
  std::vector<float> x;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < count; ++i) {
    const double a = random.between(-1, 1), b = random.between(-1, 1);
    x.push_back(float(a));
    x.push_back(float(b));
    labels.push_back(a * a + b * b < 0.5 ? 1 : 0);
  }
  return data::Split(x, labels, {2}, 2);
}

// Every parameter, one after the other.
template <class Model>
std::vector<double> parameters(Model& model) {
  std::vector<double> all;
  for (const auto& variable : model.variables()) {
    const auto values = model.view(variable);
    all.insert(all.end(), values.data(), values.data() + values.size());
  }
  return all;
}

// The words of the tg::Error that `call` throws.
template <class Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace tg::test
