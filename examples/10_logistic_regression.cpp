// Logistic regression on digits, written from symbols as in the Theano tutorial.
// test-arguments: --epochs 3 --samples 3000 --save regression.npz --filters regression.png
// SPDX-License-Identifier: MIT
#include <typegrad/io/npz.hpp>
#include <typegrad/views/images.hpp>

#include "tutorial.hpp"

// clang-format off
// [model]
template <int In, int Out>
struct LogisticRegression {                              // x (In) -> p (Out) = softmax(W x + b)
  tg::Var W, b, log_p, prediction;
  constexpr LogisticRegression(tg::Scope& s, tg::Var x)
      : W{s.parameter("W", {Out, In}, tg::Zeros{})}, b{s.parameter("b", {Out}, tg::Zeros{})},
        log_p{log(softmax(matmul(W, x) + b))},           // the compiler makes it log_softmax
        prediction{argmax(log_p)} {}

  constexpr tg::Var negative_log_likelihood(tg::Var y) const { return -mean(pick(log_p, y)); }
  constexpr tg::Var errors(tg::Var y) const {
    return mean(cast(not_equal(prediction, y), tg::f32));
  }
};
// [/model]

// [rules]
// A rule is a few lines: what becomes of a parameter p whose gradient is g.
struct GradientDescent {
  double learning_rate = 0.13;
  static constexpr void update(tg::Scope& s, tg::Var p, tg::Var g) {
    s.update(p, p - s.setting<&GradientDescent::learning_rate>() * g);
  }
};
// Exercise: momentum, by a shared variable that holds the velocity.
struct Momentum {
  double learning_rate = 0.013, momentum = 0.9;
  static constexpr void update(tg::Scope& s, tg::Var p, tg::Var g) {
    tg::Var velocity = s.shared("velocity", p.shape());
    tg::Var next = s.setting<&Momentum::momentum>() * velocity - s.setting<&Momentum::learning_rate>() * g;
    s.update(velocity, next);
    s.update(p, p + next);
  }
};
// [/rules]

// [functions]
template <class Rule>
struct TrainModel {
  static constexpr tg::Var define(tg::Scope& s) {
    LogisticRegression<784, 10> classifier{s, s.input("x", {784})};
    tg::Var cost = classifier.negative_log_likelihood(s.label("y"));
    int number = 0;
    for (tg::Var p : s.parameters()) {
      s.enter(number++);                                 // names of a rule's variables: 0.velocity, 1.velocity
      Rule::update(s, p, grad(cost, p));
      s.leave();
    }
    return cost;
  }
};
struct Errors {
  static constexpr tg::Var define(tg::Scope& s) {
    LogisticRegression<784, 10> classifier{s, s.input("x", {784})};
    return classifier.errors(s.label("y"));
  }
};
// [/functions]
// clang-format on

struct Files {
  std::string save, filters;  // empty: none
};

template <class Rule>
void run(const example::Parts& parts, int epochs, int batch, const Files& files) {
  // [best]
  tg::Shared<TrainModel<Rule>, Errors> state;
  tg::Function<TrainModel<Rule>> train{state};
  tg::Function<Errors> errors{state};
  const double test = example::learn(
      parts, batch, epochs, [&](auto images, auto labels) { train(images, labels); },
      [&](const example::Part& part) { return double(errors(part.images, part.labels)); },
      [&] {  // the best so far: "best.npz" is NumPy's, too
        if (!files.save.empty()) state.save(files.save);
      });
  // [/best]
  // [filters]
  if (!files.filters.empty())  // what each class looks for: 2 x 5 tiles
    tg::write_image(files.filters, tg::filters_image<"W">(state, {28, 28}, {2, 5}));
  // [/filters]
  if (files.save.empty()) return;
  // [reload]
  tg::Shared<TrainModel<Rule>, Errors> best;
  best.load(files.save);
  const double again = tg::Function<Errors>{best}(parts.test.images, parts.test.labels);
  // [/reload]
  std::printf("loaded again from %s: test error %.2f %%\n", files.save.c_str(), 100 * again);
  if (again != test) throw tg::Error(files.save + ": other parameters than those that were saved");
}

constexpr const char* usage =
    "usage: logistic_regression [option value]…\n"
    "  --epochs n      at most so many times through the samples (1000)\n"
    "  --batch n       samples of a step (500)\n"
    "  --rule name     gradient_descent or momentum (gradient_descent)\n"
    "  --save path     file for the best parameters, .npz or .safetensors\n"
    "  --filters path  picture of the weights, .png or .pgm\n"
    "  --samples n     digits to learn and validate from (all of MNIST, or 20000 drawn ones)\n"
    "  --data path     folder that holds mnist/ (TYPEGRAD_DATA; without either, digits are "
    "drawn)\n";

int main(int count, char** words) try {
  example::CommandLine options(count, words, usage);
  const int epochs = options.number("--epochs", 1000, 1, 100000);
  const int batch = options.number("--batch", 500, 1, 100000);
  const int samples = options.number("--samples", 0, 600, 1000000);
  const std::string data = options.text("--data"),
                    rule = options.text("--rule", "gradient_descent");
  const Files files{options.text("--save"), options.text("--filters")};
  options.finish();
  if (rule != "gradient_descent" && rule != "momentum")
    throw tg::Error("--rule is " + rule + ", expected gradient_descent or momentum");

  const auto parts = example::tutorial_parts(data, samples);
  if (rule == "momentum")
    run<Momentum>(parts, epochs, batch, files);
  else
    run<GradientDescent>(parts, epochs, batch, files);
} catch (const tg::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
