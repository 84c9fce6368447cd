// Kernels that multiply, against plain loops over factors that are rounded as theirs are.
// SPDX-License-Identifier: MIT
#pragma once
#include <typegrad/backends/emulator/device.hpp>

#include "epilogues.hpp"
#include "samples.hpp"
#include "tests/catch.hpp"

namespace products {

using tg::emulator::Buffer;
using tg::emulator::launch;
using tg::emulator::View;

inline double exact(float x) { return double(x); }

// A shared matrix times vectors of samples. Returns what the kernel made.
template <class Kernel, int Outputs, int Inputs, bool Transposed, class Rounded>
Numbers check_multiplies(int samples, int blocks, Rounded rounded) {
  INFO(Outputs << " x " << Inputs << ", " << samples << " samples, " << blocks << " blocks");
  const int stride = stride_of(samples);
  const Numbers w = random_numbers(Outputs * Inputs, 1), rows = random_numbers(samples * Inputs, 2);
  Buffer<float> weight(w, "weight"), x(in_lanes(rows, Inputs, samples), "x"),
      y(std::size_t(Outputs * stride), "y");
  launch<Kernel>(blocks, View<const float>(weight.view()), View<const float>(x.view()), stride,
                 epilogues::InLanes<View<float>>{y.view(), stride});
  bool right = true;
  for (int o = 0; o < Outputs; ++o)
    for (int s = 0; s < samples; ++s) {
      double sum = 0;
      for (int i = 0; i < Inputs; ++i)
        sum += rounded(w[std::size_t(Transposed ? i * Outputs + o : o * Inputs + i)]) *
               rounded(rows[std::size_t(s * Inputs + i)]);
      right = right && near(y.host()[std::size_t(o * stride + s)], sum);
    }
  CHECK(right);
  return y.host();
}

// The sum over the samples of outer products of their vectors. Returns what the kernel made.
template <class Kernel, int Rows, int Columns, class Rounded>
Numbers check_outer_products(int samples, int blocks, Rounded rounded) {
  INFO(Rows << " x " << Columns << ", " << samples << " samples, " << blocks << " blocks");
  const int stride = stride_of(samples);
  const Numbers a = random_numbers(samples * Rows, 4), b = random_numbers(samples * Columns, 5);
  Buffer<float> left(in_lanes(a, Rows, samples), "a"), right(in_lanes(b, Columns, samples), "b"),
      dw(Rows * Columns, "dw");
  launch<Kernel>(blocks, View<const float>(left.view()), View<const float>(right.view()), stride,
                 samples, epilogues::InMatrix<View<float>>{dw.view(), Columns});
  bool right_sums = true;
  for (int r = 0; r < Rows; ++r)
    for (int k = 0; k < Columns; ++k) {
      double sum = 0;
      for (int s = 0; s < samples; ++s)
        sum += rounded(a[std::size_t(s * Rows + r)]) * rounded(b[std::size_t(s * Columns + k)]);
      right_sums = right_sums && near(dw.host()[std::size_t(r * Columns + k)], sum);
    }
  CHECK(right_sums);
  return dw.host();
}

}  // namespace products
