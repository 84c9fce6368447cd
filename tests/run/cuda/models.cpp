// Functions and models on the emulated GPU: the same programs, the same results.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "subject.hpp"
#include "trained.hpp"

namespace tg::test {
namespace {

using Net = Sequence<Input<1, 8, 8>, Conv<3, 3>, Relu, MaxPool<2>, Flatten, Linear<6>, Tanh,
                     Dropout<0.25>, Linear<3>>;

using OneKernel = Emulated<cuda::Kernels::one>;

struct Forward {
  static constexpr Var define(Scope& s) { return Net::define(s); }
};

// Launches are constants of what was compiled: of a step, its judgement, the solver.
template <class Backend>
using TrainerOn = decltype(Trainer{std::declval<Model<Net, Backend>&>(), CrossEntropy{}, Adam{},
                                   batch<16>});
static_assert(TrainerOn<Emulated<>>::launches() == 11 + 1 + 2);
static_assert(TrainerOn<OneKernel>::launches() == 1);
static_assert(Function<Forward, Emulated<>>::launches() == 6);
static_assert(Function<Forward, OneKernel>::launches() == 1);

}  // namespace

TEST_CASE("a model is trained on the device as on the CPU") {
  const std::vector<float> cpu = trained<Net, Cpu>(), gpu = trained<Net, Emulated<>>();
  REQUIRE(cpu.size() == gpu.size());
  for (std::size_t i = 0; i < cpu.size(); ++i) CHECK(gpu[i] == Approx(cpu[i]).margin(2e-5));
  CHECK(trained<Net, OneKernel>() == gpu);
}

}  // namespace tg::test
