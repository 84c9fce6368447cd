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

// Adds the gradient of half the squared distance to a target, of one sample; that of x.
template <class Net>
Doubles add_gradient(const Numbers& parameters, const float* x, const float* target,
                     double* gradient) {
  const Forward passed = forward<Net>(parameters, x);
  Doubles dz = passed.y;
  for (std::size_t o = 0; o < dz.size(); ++o) dz[o] -= target[o];
  for (int layer = Net::hidden; layer >= 0; --layer) {
    const Doubles* z = layer > 0 ? &passed.z[std::size_t(layer - 1)] : nullptr;
    const Doubles h = z ? activated<Net>(*z) : Doubles(x, x + Net::inputs);
    const float* w = parameters.data() + Net::weight(layer);
    double *dw = gradient + Net::weight(layer), *db = dw + dz.size() * h.size();
    Doubles dh(h.size());
    for (std::size_t o = 0; o < dz.size(); ++o) {
      db[o] += dz[o];
      for (std::size_t i = 0; i < h.size(); ++i) {
        dw[o * h.size() + i] += dz[o] * h[i];
        dh[i] += dz[o] * double(w[o * h.size() + i]);
      }
    }
    if (z)
      for (std::size_t i = 0; i < h.size(); ++i) dh[i] *= double(Net::F::slope(float((*z)[i])));
    dz = dh;
  }
  return dz;
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
