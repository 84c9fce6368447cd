// A user's operations on the emulated GPU: by their values, and by kernels of their own.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "own.hpp"
#include "subject.hpp"

namespace tg::test {
namespace {

struct CubeLayer {
  static constexpr Var define(Scope&, Var x) { return operation<own::Cube>(x); }
};
struct DotLayer {
  static constexpr Var define(Scope& s, Var x) {
    return operation<own::Dot>(x, s.parameter("weight", x.shape(), He{}));
  }
};

// Per sample, shared, and both among the operands of one.
struct Mixed {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {5}), w = s.shared("w", {5}), v = s.shared("v", {5});
    const Var product = operation<own::Dot>(operation<own::Cube>(x), w);
    s.update(v, operation<own::RunningSum>(v) + operation<own::Dot>(w, v));
    return outputs(operation<own::Cube>(product), operation<own::Fma>(x, w, tanh(x)),
                   operation<own::RunningSum>(x * w), grad(sum(product), w), grad(sum(product), x));
  }
};

struct CubeStep {
  static constexpr Next step(Scope&, Var x, Var sum) {
    return next(0.5 * sum + operation<own::Cube>(x));
  }
};
struct CubesInLoop {
  static constexpr Var define(Scope& s, Var x) {
    return scan<CubeStep>(s, over(x), from(s.constant(0, {2}))).last();
  }
};

using Net = Sequence<Input<6>, Linear<5>, CubeLayer, Linear<4>, DotLayer>;

template <class Backend>
std::vector<float> trained() {
  Model<Net, Backend> model;
  Trainer trainer{model, MeanSquaredError{}, Sgd{.learning_rate = 1e-2f}, batch<8>};
  std::vector<float> x(8 * 6), y(8), result;
  Random random(7);
  for (float& number : x) number = float(random.between(-1, 1));
  for (float& number : y) number = float(random.between(-1, 1));
  for (int step = 0; step < 4; ++step) result.push_back(float(trainer.step(x, y)));
  return result;
}

}  // namespace

TEST_CASE("own operations on a device, in both dtypes") {
  check_on_device(kernels_of<Mixed>());
  check_on_device(kernels_of<Mixed, Purpose::inference, cuda::Kernels::of_steps, f64>());
}
TEST_CASE("own operations in one kernel with all others") {
  check_on_device(kernels_of<Mixed, Purpose::inference, cuda::Kernels::one>(), {65, 7});
}
TEST_CASE("own operations in the steps of a loop") {
  check_on_device(kernels_of<Probe<CubesInLoop, 3, 2>, Purpose::training>(), {7, 65});
}
TEST_CASE("a network with own layers is trained on the device as on the CPU") {
  const std::vector<float> cpu = trained<Cpu>(), gpu = trained<Emulated<>>();
  REQUIRE(cpu.size() == gpu.size());
  for (std::size_t i = 0; i < cpu.size(); ++i) CHECK(gpu[i] == Approx(cpu[i]).margin(2e-5));
}

}  // namespace tg::test
