// Products of any size on the twin of tensor cores, against plain loops over rounded factors.
// SPDX-License-Identifier: MIT
#include <typegrad/backends/cuda/kernels/tensor_product.hpp>

#include "products.hpp"

using tg::cuda::Precision;

namespace {

template <Precision precision>
double rounded(float x) {
  if constexpr (precision == Precision::bf16) return double(tg::bfloat16(x));
  if constexpr (precision == Precision::f16) return double(tg::float16(x));
  return double(tg::cuda::rounded_to_tf32(0, x));
}

template <Precision precision, int Outputs, int Inputs, bool Transposed>
Numbers multiplies(int samples, int blocks) {
  using Kernel = tg::cuda::TensorProduct<precision, Outputs, Inputs, Transposed>;
  return products::check_multiplies<Kernel, Outputs, Inputs, Transposed>(samples, blocks,
                                                                         rounded<precision>);
}
template <Precision precision, int Rows, int Columns>
Numbers sums_outer_products(int samples, int blocks) {
  using Kernel = tg::cuda::TensorOuterSum<precision, Rows, Columns>;
  return products::check_outer_products<Kernel, Rows, Columns>(samples, blocks, rounded<precision>);
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
