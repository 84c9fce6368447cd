// A narrow network in double, by plain loops: what the fused kernels are held to.
#pragma once
#include <typegrad/backends/cuda/kernels/mlp.hpp>
#include <vector>

#include "samples.hpp"

namespace narrow {

using Doubles = std::vector<double>;

// Of one sample: what goes into each layer's activation, and the outputs.
struct Forward {
  std::vector<Doubles> z;  // of each hidden layer
  Doubles y;
};

inline Doubles affine(const float* w, int outputs, const Doubles& x) {
  const int inputs = int(x.size());
  Doubles y(static_cast<std::size_t>(outputs));
  for (int o = 0; o < outputs; ++o) {
    y[std::size_t(o)] = w[outputs * inputs + o];
    for (int i = 0; i < inputs; ++i)
      y[std::size_t(o)] += double(w[o * inputs + i]) * x[std::size_t(i)];
  }
  return y;
}
template <class Net>
Doubles activated(Doubles x) {
  for (double& number : x) number = Net::F::value(float(number));
  return x;
}

template <class Net>
Forward forward(const Numbers& parameters, const float* x) {
  Forward result;
  Doubles h(x, x + Net::inputs);
  for (int layer = 0; layer < Net::hidden; ++layer) {
    result.z.push_back(affine(parameters.data() + Net::weight(layer), Net::width, h));
    h = activated<Net>(result.z.back());
  }
  result.y = affine(parameters.data() + Net::weight(Net::hidden), Net::outputs, h);
  return result;
}

// Small enough that deep networks of any activation stay near 1.
template <class Net>
Numbers parameters(std::uint64_t seed) {
  Numbers all = random_numbers(Net::parameters, seed);
  for (int layer = 0; layer <= Net::hidden; ++layer) {
    const int inputs = layer == 0 ? Net::inputs : Net::width;
    for (int i = Net::weight(layer); i < Net::weight(layer + 1); ++i)
      all[std::size_t(i)] *= 2 / std::sqrt(float(inputs));
  }
  return all;
}

// What the factors' rounding costs, relative to numbers near 1.
constexpr double tolerance(tg::cuda::Precision precision) {
  return precision == tg::cuda::Precision::f32    ? 2e-5
         : precision == tg::cuda::Precision::tf32 ? 4e-3
                                                  : 4e-2;
}

}  // namespace narrow
