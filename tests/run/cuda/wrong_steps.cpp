// A step that goes wrong changes nothing, neither what is trained nor what the network updates: the
// same on the CPU and on the emulated GPU, with the same words.
// SPDX-License-Identifier: MIT
#include <cmath>
#include <typegrad/typegrad.hpp>

#include "subject.hpp"
#include "tests/run/training/points.hpp"

namespace tg::test {
namespace {

// Of what it has seen, a state of the user's.
struct Remember {
  static constexpr Var define(Scope& s, Var x) {
    const Var seen = s.shared("seen", x.shape());
    if (s.training()) s.update(seen, 0.5 * seen + batch_mean(x) + 1);
    return x + 0.1 * seen;
  }
};
struct Root {  // its derivative at 0 is 0 / 0
  static constexpr Var define(Scope&, Var x) { return sqrt(abs(x)); }
};
struct Logarithm {
  static constexpr Var define(Scope&, Var x) { return log(x); }
};
// inf - inf for a large x.
struct Overflow {
  static constexpr Var define(Scope&, Var x) { return exp(100 * x) - exp(100 * x + 1); }
};
template <class Layer>
using Deep =
    Sequence<Input<2>, Linear<3, no_bias, filler<Constant, 1>>, Sequence<Tanh, Layer>, Linear<2>>;
using Net = Sequence<Input<2>, Remember, Linear<3>, BatchNorm<>, Tanh, Linear<2>>;
using Rooted = Sequence<Input<2>, Linear<2, no_bias>, Root, Remember, Linear<2>>;

constexpr int step = 8;
const float nan = std::numeric_limits<float>::quiet_NaN();

// Samples of three steps; sample 3 of the second has this number.
std::vector<float> samples_with(float odd) {
  std::vector<float> x(3 * step * 2);
  Random random(3);
  for (float& number : x) number = float(random.between(0.1, 1));
  x[2 * (step + 3)] = odd;
  return x;
}
const std::vector<std::int32_t> labels(3 * step, 1);
const FitOptions in_order{.shuffle = false, .progress = Progress::none};

template <class Network, class Backend>
struct Trained {
  Model<Network, Backend> model;
  Trainer<Model<Network, Backend>, CrossEntropy, Adam, step> trainer{model, CrossEntropy{}, Adam{},
                                                                     batch<step>};

  void take_step(const std::vector<float>& x, int which) {
    trainer.step(std::span(x).subspan(std::size_t(which * step * 2), step * 2),
                 std::span(labels).first(step));
  }
  std::string words(const std::vector<float>& x, bool debug = false) {
    FitOptions options = in_order;
    options.debug = debug;
    return error_of([&] { trainer.fit(x, labels, options); });
  }
  std::vector<double> variables() { return parameters(model); }  // states, too
};

// What holds of a backend; the words of fit.
template <class Backend>
std::string check_wrong_loss() {
  using Subject = Trained<Net, Backend>;
  const std::vector<float> right = samples_with(0.5f), wrong = samples_with(nan);
  Subject expected, fitted, stepped, debugged;
  expected.take_step(right, 0);
  const std::vector<double> first = expected.variables();
  CHECK(first != Subject().variables());

  const std::string words = fitted.words(wrong);
  CHECK(fitted.variables() == first);
  CHECK(fitted.trainer.steps_done() == 2);
  CHECK_THAT(debugged.words(wrong, true), contains("the input 'input' has nan at element 0"));
  CHECK(debugged.variables() == first);
  stepped.take_step(wrong, 0), stepped.take_step(wrong, 1);
  CHECK(stepped.variables() == first);

  // Whichever way it went wrong, it goes on from there.
  expected.take_step(right, 1), expected.take_step(right, 2);
  fitted.trainer.teach(std::span(right).subspan(step * 2, step * 2), std::span(labels).first(step));
  debugged.take_step(right, 1), stepped.take_step(right, 1);
  for (Subject* one : {&fitted, &debugged, &stepped}) {
    one->take_step(right, 2);
    CHECK(one->variables() == expected.variables());
  }
  CHECK(fitted.words(right) == "nothing was thrown");
  return words;
}

// A gradient that is none is looked for in debug mode alone.
template <class Backend>
std::string check_wrong_gradient() {
  using Subject = Trained<Rooted, Backend>;
  std::vector<float> zeros(step * 2, 0.0f);
  Subject one;
  const std::vector<double> before = one.variables();
  const std::string words = error_of([&] {
    FitOptions options = in_order;
    options.debug = true;
    one.trainer.fit(zeros, std::span(labels).first(step), options);
  });
  CHECK(one.variables() == before);
  return words;
}

// Of debug mode, where sample 3 of the second step has an odd number.
template <class Network, class Backend>
std::string debug_words(float odd) {
  return Trained<Network, Backend>().words(samples_with(odd), true);
}
template <class Network>
std::string same_words(float odd) {
  const std::string host = debug_words<Network, Cpu>(odd);
  CHECK(debug_words<Network, Emulated<>>(odd) == host);
  return host;
}

}  // namespace

TEST_CASE("debug mode names the layer and the operation, the same on either backend") {
  CHECK_THAT(same_words<Deep<Logarithm>>(-20),
             contains("; log in layer 1.1 gives nan at element 0 of sample 3 of the step ("));
  CHECK_THAT(same_words<Deep<Overflow>>(20), contains("; exp in layer 1.1 gives inf"));
  CHECK_THAT(same_words<Deep<Logarithm>>(nan), contains("; the input 'input' has nan"));
}

TEST_CASE("a loss that is none changes no state, on either backend") {
  const std::string host = check_wrong_loss<Cpu>();
  CHECK_THAT(host, contains("the loss of step 2 (epoch 1) is nan"));
  CHECK(check_wrong_loss<Emulated<>>() == host);
  CHECK(check_wrong_loss<Emulated<cuda::Kernels::one>>() == host);
}

TEST_CASE("nor does a gradient that is none, in debug mode") {
  const std::string host = check_wrong_gradient<Cpu>();
  CHECK_THAT(host, contains("the gradients of step 1 (epoch 1) are not finite"));
  CHECK(check_wrong_gradient<Emulated<>>() == host);
}

}  // namespace tg::test
