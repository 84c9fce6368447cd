// Programs whose products run on tensor cores, by choice or because their factors are bf16.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "subject.hpp"

namespace tg::test {
namespace {

using Net = Sequence<Input<20>, Linear<70>, Tanh, Linear<9>, Relu, Linear<3>>;
using Step = fitting::TrainingStep<Net, CrossEntropy>;

// Products of matrices that the samples share, in all orders, one of them of several matrices.
struct SharedProducts {
  static constexpr auto define(Scope& s) {
    const Var a = s.argument("a", {5, 70}), b = s.argument("b", {70, 66});
    const Var ab = matmul(a, b), many = matmul(s.argument("c", {3, 4, 5}), a);
    return outputs(tanh(ab), many, grad(sum(square(ab)), a), grad(sum(square(ab)), b));
  }
};

template <cuda::Precision precision>
using Rounding = Emulated<cuda::Kernels::of_steps, precision>;
template <cuda::Precision precision, class D = Step>
OnDevice<float> rounding() {
  return {
      [](ir::Recording& recording) { recording = record<D>(Purpose::training, f64); },
      &runtime::ProgramOf<D, Purpose::training, f32, 0, Mode<>, Rounding<precision>>::program()};
}

// Units of float's rounding in one of tf32 or bf16.
constexpr double in_tf32 = 0x1p13, in_bf16 = 0x1p16;

}  // namespace

TEST_CASE("a step whose products are rounded by choice") {
  check_on_device(rounding<cuda::Precision::tf32>(), {65, 7}, 4 * in_tf32);
  check_on_device(rounding<cuda::Precision::bf16>(), {65, 7}, 4 * in_bf16);
}
TEST_CASE("products of shared matrices that are rounded by choice") {
  check_on_device(rounding<cuda::Precision::tf32, SharedProducts>(), {1}, 8 * in_tf32);
  check_on_device(rounding<cuda::Precision::bf16, SharedProducts>(), {1}, 8 * in_bf16);
}
template <DType dtype>
constexpr auto kernel_of_product() {
  using L = typename runtime::ProgramOf<Answer<Linear<9>, 70>, Purpose::inference, dtype, 0, Mode<>,
                                        Emulated<>>::Plan::L;
  constexpr int product = [] {
    int id = 0;
    while (L::graph[id].op != Op::matmul) ++id;
    return id;
  }();
  return std::type_identity<typename decltype(cuda::lowering::anchor_of<L, product>())::type>{};
}
TEST_CASE("products of what lies in memory as halves lose nothing on tensor cores") {
  static_assert(std::is_same_v<decltype(kernel_of_product<bf16>())::type,
                               cuda::TensorProduct<cuda::Precision::bf16, 9, 70, false>>);
  static_assert(std::is_same_v<decltype(kernel_of_product<f16>())::type,
                               cuda::TensorProduct<cuda::Precision::f16, 9, 70, false>>);
}
TEST_CASE("products are exact by default, and always in double") {
  static_assert(OnCuda<Step, Purpose::training>::Plan::L::precision == cuda::Precision::f32);
  check_on_device(OnDevice<double>{[](ir::Recording& recording) {
                                     recording = record<Step>(Purpose::training, f64);
                                   },
                                   &runtime::ProgramOf<Step, Purpose::training, f64, 0, Mode<>,
                                                       Rounding<cuda::Precision::bf16>>::program()},
                  {7});
}

}  // namespace tg::test
