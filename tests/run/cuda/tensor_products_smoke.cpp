// Products of any size on the twin of tensor cores, against plain loops over rounded factors.
// SPDX-License-Identifier: MIT
#include <typegrad/backends/cuda/kernels/tensor_product.hpp>
#include <typegrad/backends/emulator/device.hpp>

#include "epilogues.hpp"
#include "samples.hpp"
#include "tests/catch.hpp"

using tg::cuda::Precision;
using tg::emulator::Buffer;
using tg::emulator::launch;
using tg::emulator::View;

namespace {

template <Precision precision>
double rounded(float x) {
  if constexpr (precision == Precision::bf16) return double(tg::bfloat16(x));
  if constexpr (precision == Precision::f16) return double(tg::float16(x));
  return double(tg::cuda::rounded_to_tf32(0, x));
}

template <Precision precision, int Outputs, int Inputs, bool Transposed>
Numbers multiplies(int samples, int blocks) {
  INFO(Outputs << " x " << Inputs << ", " << samples << " samples, " << blocks << " blocks");
  const int stride = stride_of(samples);
  const Numbers w = random_numbers(Outputs * Inputs, 1), rows = random_numbers(samples * Inputs, 2);
  Buffer<float> weight(w, "weight"), x(in_lanes(rows, Inputs, samples), "x"),
      y(std::size_t(Outputs * stride), "y");
  launch<tg::cuda::TensorProduct<precision, Outputs, Inputs, Transposed>>(
      blocks, View<const float>(weight.view()), View<const float>(x.view()), stride,
      epilogues::InLanes<View<float>>{y.view(), stride});
  bool right = true;
  for (int o = 0; o < Outputs; ++o)
    for (int s = 0; s < samples; ++s) {
      double sum = 0;
      for (int i = 0; i < Inputs; ++i)
        sum += rounded<precision>(w[std::size_t(Transposed ? i * Outputs + o : o * Inputs + i)]) *
               rounded<precision>(rows[std::size_t(s * Inputs + i)]);
      right = right && near(y.host()[std::size_t(o * stride + s)], sum);
    }
  CHECK(right);
  return y.host();
}

template <Precision precision, int Rows, int Columns>
Numbers sums_outer_products(int samples, int blocks) {
  INFO(Rows << " x " << Columns << ", " << samples << " samples, " << blocks << " blocks");
  const int stride = stride_of(samples);
  const Numbers a = random_numbers(samples * Rows, 4), b = random_numbers(samples * Columns, 5);
  Buffer<float> left(in_lanes(a, Rows, samples), "a"), right(in_lanes(b, Columns, samples), "b"),
      dw(Rows * Columns, "dw");
  launch<tg::cuda::TensorOuterSum<precision, Rows, Columns>>(
      blocks, View<const float>(left.view()), View<const float>(right.view()), stride, samples,
      epilogues::InMatrix<View<float>>{dw.view(), Columns});
  bool right_sums = true;
  for (int r = 0; r < Rows; ++r)
    for (int k = 0; k < Columns; ++k) {
      double sum = 0;
      for (int s = 0; s < samples; ++s)
        sum += rounded<precision>(a[std::size_t(s * Rows + r)]) *
               rounded<precision>(b[std::size_t(s * Columns + k)]);
      right_sums = right_sums && near(dw.host()[std::size_t(r * Columns + k)], sum);
    }
  CHECK(right_sums);
  return dw.host();
}

}  // namespace

TEMPLATE_TEST_CASE_SIG("a shared matrix times vectors of samples, on tensor cores", "",
                       ((Precision precision), precision), Precision::tf32, Precision::bf16,
                       Precision::f16) {
  for (const int samples : {1, 65}) {
    multiplies<precision, 1, 1, false>(samples, 1);
    multiplies<precision, 10, 17, true>(samples, 1);
    const Numbers one = multiplies<precision, 70, 40, false>(samples, 1);
    CHECK(one == multiplies<precision, 70, 40, false>(samples, 3));
    multiplies<precision, 70, 33, true>(samples, 2);
    multiplies<precision, 64, 64, false>(samples, 2);
  }
}
TEMPLATE_TEST_CASE_SIG("sums of outer products on tensor cores", "",
                       ((Precision precision), precision), Precision::tf32, Precision::bf16,
                       Precision::f16) {
  for (const int samples : {1, 7, 100}) {
    const Numbers one = sums_outer_products<precision, 70, 33>(samples, 1);
    CHECK(one == sums_outer_products<precision, 70, 33>(samples, 3));
    sums_outer_products<precision, 5, 64>(samples, 1);
  }
}
