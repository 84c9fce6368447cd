// What a GPU computes is what PyTorch, the CPU and the GPU itself have computed.
// SPDX-License-Identifier: MIT
#include <cmath>

#include "subject.hpp"
#include "tests/golden/golden.hpp"

namespace tg::test {

TEST_CASE("ten steps of LeNet on the GPU are PyTorch's") {
  check_steps("lenet", lenet_steps<Cuda>(golden_path("lenet")));
}

TEST_CASE("the GPU's random numbers are the CPU's, to the bit") {
  const std::vector<float> gpu = masks<Cuda>();
  REQUIRE(gpu.size() == 2 * 300 * (67 + 1 + 64));
  CHECK(gpu == masks<Cpu>());
}

TEST_CASE("a model is trained on the GPU as on the CPU") {
  const std::vector<float> gpu = trained<Cuda>(), cpu = trained<Cpu>();
  REQUIRE(gpu.size() == cpu.size());
  for (std::size_t i = 0; i < cpu.size(); ++i) CHECK(gpu[i] == Approx(cpu[i]).margin(5e-5));
}

TEST_CASE("products of many samples and a user's operations are the CPU's") {
  const auto check = [](const std::vector<float>& gpu, const std::vector<float>& cpu, double unit) {
    REQUIRE(gpu.size() == cpu.size());
    double worst = 0, largest = 1;
    for (std::size_t i = 0; i < cpu.size(); ++i) {
      const double distance = std::abs(double(gpu[i]) - double(cpu[i]));
      if (!(distance <= worst)) worst = distance;  // a NaN, too
      largest = std::max(largest, std::abs(double(cpu[i])));
    }
    CHECK(worst < unit * largest);
  };
  check(wide_layer<Cuda>(many_samples), wide_layer<Cpu>(many_samples), 1e-5);
  check(wide_layer_in_half<Cuda>(many_samples), wide_layer_in_half<Cpu>(many_samples), 0x1p-6);
}

TEST_CASE("two runs on the GPU give the same bits") { CHECK(trained<Cuda>() == trained<Cuda>()); }

}  // namespace tg::test
