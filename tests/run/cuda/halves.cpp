// Programs in half precision on the emulated GPU: rounded where the reference rounds, in half the
// memory.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "subject.hpp"
#include "tests/run/half/rounded.hpp"
#include "trained.hpp"

namespace tg::test {
namespace {

using Gpu = Emulated<>;
using Net = Sequence<Input<1, 8, 8>, Conv<3, 3>, Relu, MaxPool<2>, Flatten, Linear<6>, Tanh,
                     Dropout<0.25>, Linear<3>>;

}  // namespace

TEST_CASE("element-wise work and products round as the reference does", "[half]") {
  check_half_layer_on<Gpu, Tanh, 21>();
  check_half_layer_on<Gpu, Gelu, 3, 4>();
  check_half_layer_on<Gpu, Linear<33>, 70>();
  check_half_layer_on<Gpu, Softmax, 11>();
  check_half_layer_on<Emulated<cuda::Kernels::one>, Linear<9>, 20>();
}
TEST_CASE("convolutions and pools round as the reference does", "[half]") {
  check_half_layer_on<Gpu, Sequence<Conv<3, 3, padding<1>>, Relu, MaxPool<2>>, 2, 6, 6>();
  check_half_layer_on<Gpu, Sequence<Conv<2, 2, stride<2>>, AveragePool<2>, Flatten>, 1, 9, 9>();
}
TEST_CASE("parts of values round as the reference does", "[half]") {
  check_half_layer_on<Gpu, MultiHeadAttention<2>, 3, 4>(8);
}
TEST_CASE("a model in half is trained on the device as on the CPU", "[half]") {
  const auto close = [](const std::vector<float>& cpu, const std::vector<float>& gpu, double unit) {
    REQUIRE(cpu.size() == gpu.size());
    for (std::size_t i = 0; i < cpu.size(); ++i) CHECK(gpu[i] == Approx(cpu[i]).margin(unit));
  };
  close(trained<Net, Cpu, bf16>(), trained<Net, Gpu, bf16>(), 0x1p-7);
  close(trained<Net, Cpu, f16>(), trained<Net, Gpu, f16>(), 0x1p-10);
}
TEST_CASE("half the memory", "[half]") {
  using Step = fitting::TrainingStep<models::LeNet<>, CrossEntropy>;
  using In16 = OnCuda<Step, Purpose::training, cuda::Kernels::of_waves, bf16>::Plan::L;
  using In32 = OnCuda<Step, Purpose::training>::Plan::L;
  static_assert(In16::workspace_bytes(256) < 0.52 * double(In32::workspace_bytes(256)));
  static_assert(In16::launches == In32::launches);
  STATIC_REQUIRE(2 * parameter_bytes<Net, bf16> == parameter_bytes<Net>);
}

}  // namespace tg::test
