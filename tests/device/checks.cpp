// What a GPU computes is what PyTorch, the CPU and the GPU itself have computed.
// SPDX-License-Identifier: MIT
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

TEST_CASE("a large product is the CPU's") {
  const std::vector<float> gpu = large_product<Cuda>(), cpu = large_product<Cpu>();
  REQUIRE(gpu.size() == cpu.size());
  for (std::size_t i = 0; i < cpu.size(); ++i) CHECK(gpu[i] == Approx(cpu[i]).margin(1e-4));
}

TEST_CASE("two runs on the GPU give the same bits") { CHECK(trained<Cuda>() == trained<Cuda>()); }

}  // namespace tg::test
