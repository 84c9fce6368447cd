// Functions and models on the emulated GPU: the same programs, the same results.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "subject.hpp"

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
static_assert(TrainerOn<OneKernel>::launches() == 1 + 1 + 1);
static_assert(Function<Forward, Emulated<>>::launches() == 6);
static_assert(Function<Forward, OneKernel>::launches() == 1);

// Losses of some steps and what the model says then.
template <class Backend>
std::vector<float> trained() {
  Model<Net, Backend> model;
  Trainer trainer{model, CrossEntropy{}, Adam{.learning_rate = 1e-2f}, batch<16>};
  std::vector<float> x(16 * 64), result;
  std::vector<std::int32_t> y(16);
  Random random(7);
  for (float& number : x) number = float(random.between(-1, 1));
  for (std::int32_t& label : y) label = std::int32_t(random.below(3));
  for (int step = 0; step < 3; ++step) result.push_back(float(trainer.step(x, y)));
  const auto logits = model(x);
  result.insert(result.end(), logits.data(), logits.data() + logits.size());
  return result;
}

}  // namespace

TEST_CASE("a model is trained on the device as on the CPU") {
  const std::vector<float> cpu = trained<Cpu>(), gpu = trained<Emulated<>>();
  REQUIRE(cpu.size() == gpu.size());
  for (std::size_t i = 0; i < cpu.size(); ++i) CHECK(gpu[i] == Approx(cpu[i]).margin(2e-5));
  CHECK(trained<OneKernel>() == gpu);
}

}  // namespace tg::test
