// Programs in double on the emulated GPU: results, gradients against differences, training.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "subject.hpp"
#include "tests/run/scan/steps.hpp"
#include "trained.hpp"

namespace tg::test {
namespace {

using Net = Sequence<Input<1, 8, 8>, Conv<3, 3, padding<1>>, Tanh, AveragePool<2>, Flatten,
                     Linear<6>, Sigmoid, Dropout<0.25>, Linear<3>>;
using Step = fitting::TrainingStep<Net, CrossEntropy>;

template <class D, Purpose purpose, cuda::Kernels kernels = cuda::Kernels::of_steps>
auto doubles_of() {
  return kernels_of<D, purpose, kernels, f64>();
}

// A cost of everything that a network is made of, and its gradient.
struct Cost {
  static constexpr auto define(Scope& s) {
    const Var w = s.argument("w", {4, 4}), x = s.input("x", {4});
    const Var y = softmax(matmul(w, tanh(matmul(w, x))));
    const Var cost = sum(log(y) * x) + sum(exp(w)) + mean(erf(matmul(transpose(w), y)));
    return outputs(cost, grad(cost, w));
  }
};

}  // namespace

TEST_CASE("a step in double, kernel by kernel and as one") {
  check_on_device(doubles_of<Step, Purpose::training>());
  check_on_device(doubles_of<Step, Purpose::training, cuda::Kernels::one>(), {65, 2});
}
TEST_CASE("a recurrence in double") {
  check_on_device(doubles_of<Probe<Recurrent<true>, 5, 2>, Purpose::training>(), {65, 3});
}
TEST_CASE("twice the bytes of single precision") {
  using In64 = OnCuda<Step, Purpose::training, cuda::Kernels::of_waves, f64>::Plan::L;
  using In32 = OnCuda<Step, Purpose::training>::Plan::L;
  static_assert(In64::workspace_bytes(64) == 2 * In32::workspace_bytes(64));
  static_assert(In64::launches == In32::launches);
}
TEST_CASE("gradients in double are the device's own differences") {
  Function<Cost, Emulated<>, f64> function;
  std::vector<double> w(16), x(12);
  Random random(3);
  for (double& number : w) number = random.between(-1, 1);
  for (double& number : x) number = random.between(-1, 1);
  const auto at = [&] {
    auto [cost, gradient] = function(w, x);
    return std::pair(double(cost), std::vector<double>(gradient.data(), gradient.data() + 16));
  };
  const std::vector<double> gradient = at().second;
  for (std::size_t i = 0; i < w.size(); ++i) {
    const double before = std::exchange(w[i], w[i] + 1e-5), above = at().first;
    w[i] = before - 1e-5;
    CHECK(gradient[i] == Approx((above - at().first) / 2e-5).margin(1e-8));
    w[i] = before;
  }
}
TEST_CASE("a model in double is trained on the device as on the CPU") {
  const std::vector<double> cpu = trained<Net, Cpu, f64>(), gpu = trained<Net, Emulated<>, f64>();
  REQUIRE(cpu.size() == gpu.size());
  for (std::size_t i = 0; i < cpu.size(); ++i) CHECK(gpu[i] == Approx(cpu[i]).epsilon(1e-11));
}

}  // namespace tg::test
