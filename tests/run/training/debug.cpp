// A loss that is no number stops fit; debug mode says where it came from.
// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>

#include "tests/run/training/points.hpp"

using namespace tg;
using namespace tg::test;

namespace {

struct Log {
  static constexpr int line = __LINE__ + 1;
  static constexpr Var define(Scope&, Var x) { return log(x); }
};
// inf - inf for a large x.
struct Overflow {
  static constexpr Var define(Scope&, Var x) { return exp(100 * x) - exp(100 * x + 1); }
};
// 0 at 0, where its derivative is 0 / 0.
struct Magnitude {
  static constexpr Var define(Scope&, Var x) { return sqrt(abs(x)); }
};

template <class Layer>
using Net =
    Sequence<Input<2>, Linear<3, no_bias, filler<Constant, 1>>, Sequence<Tanh, Layer>, Linear<2>>;

// Two steps of 8 samples, the numbers of the eleventh sample `odd` in an otherwise harmless set.
template <class Layer>
std::string words(float odd, bool debug) {
  std::vector<float> x(2 * 16, 0.01f);
  x[2 * 10] = x[2 * 10 + 1] = odd;
  const std::vector<std::int32_t> y(16, 1);
  Model<Net<Layer>> model;
  Trainer trainer{model, CrossEntropy{}, Sgd{.learning_rate = 1e-9}, batch<8>};
  const auto before = parameters(model);
  const std::string result = error_of(
      [&] { trainer.fit(x, y, {.shuffle = false, .progress = Progress::none, .debug = debug}); });
  if (result == "nothing was thrown") return result;
  CHECK(trainer.steps_done() == 2);
  for (double value : parameters(model)) CHECK(std::isfinite(value));
  return result;
}

}  // namespace

TEST_CASE("a loss that is no number stops fit at its step") {
  CHECK(words<Log>(1, false) == "nothing was thrown");
  CHECK(
      words<Log>(-1, false) ==
      "fit: the loss of step 2 (epoch 1) is nan; the parameters are those from before that step; a "
      "smaller learning rate may help, and .debug = true names the operation");
}

TEST_CASE("debug mode names the layer and the operation") {
  CHECK(words<Log>(1, true) == "nothing was thrown");
  const std::string found = words<Log>(-1, true);
  CHECK_THAT(found, contains("fit: the loss of step 2 (epoch 1) is nan; the parameters are those "
                             "from before that step; log in layer 1.1 gives nan at element 0 of "
                             "sample 2 of the step ("));
  CHECK_THAT(found, contains("debug.cpp:" + std::to_string(Log::line) + ")"));
}

TEST_CASE("an infinity that becomes a NaN is what is named") {
  CHECK_THAT(words<Overflow>(1, true),
             contains("; exp in layer 1.1 gives inf at element 0 of sample 2 of the step"));
}

TEST_CASE("a gradient that is no number is found before it is learned from") {
  const std::string found = words<Magnitude>(0, true);
  CHECK_THAT(found, contains("fit: the gradients of step 2 (epoch 1) are not finite"));
  CHECK_THAT(found, contains("in the gradient of layer 1.1 gives"));
}

TEST_CASE("numbers that came in wrong are named") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK_THAT(words<Log>(nan, true),
             contains("; the input 'input' has nan at element 0 of sample 2 of the step"));

  Model<Net<Log>> model;
  Trainer trainer{model, CrossEntropy{}, Sgd{}, batch<8>};
  model.get<"2.bias">()(1, 0) = nan;
  const std::vector<float> x(2 * 8, 0.01f);
  const std::vector<std::int32_t> y(8, 1);
  CHECK_THAT(error_of([&] { trainer.fit(x, y, {.progress = Progress::none, .debug = true}); }),
             contains("; the parameter '2.bias' has nan at element 1"));
}

TEST_CASE("debug mode learns the same") {
  const auto run = [&](bool debug) {
    Model<Sequence<Input<2>, Linear<8>, Dropout<0.5>, Tanh, Linear<2>>> model;
    Trainer trainer{model, CrossEntropy{.label_smoothing = 0.1}, Adam{}, batch<16>};
    trainer.fit(points(100), {.epochs = 2, .progress = Progress::none, .debug = debug});
    return parameters(model);
  };
  CHECK(run(true) == run(false));
}
