// LeNet as the Theano tutorial builds it: pooled before the bias and tanh, Glorot's first weights.
// test-arguments: --epochs 1 --samples 1200 --filters lenet_theano.png
// SPDX-License-Identifier: MIT
#include <typegrad/views/images.hpp>

#include "tutorial.hpp"

// clang-format off
// [layers]
// Glorot and Bengio 2010: uniform within sqrt(6 / (fan_in + fan_out)).
constexpr tg::Uniform glorot(double fan_in, double fan_out) {
  const double bound = tg::math::sqrt(6 / (fan_in + fan_out));
  return {.low = -bound, .high = bound};
}

template <int Maps, int Filter, int Pool, class Activation>
struct ConvPoolLayer {                                    // x (C, H, W) -> (Maps, (H-Filter+1)/Pool, (W-Filter+1)/Pool)
  static constexpr tg::Var define(tg::Scope& s, tg::Var x) {
    constexpr int area = Filter * Filter;
    const int channels = x.shape()[0];
    tg::Var W = s.parameter("W", {Maps, channels, Filter, Filter}, glorot(channels * area, double(Maps * area) / (Pool * Pool)));
    tg::Var b = s.parameter("b", {Maps}, tg::Zeros{});
    tg::Var pooled = max_pool(convolution(x, W), {.kernel = {Pool, Pool}, .stride = {Pool, Pool}});
    return Activation::define(s, pooled + reshape(b, {Maps, 1, 1}));
  }
};

template <int Out, class Activation>
struct HiddenLayer {                                      // x (In) -> (Out)
  static constexpr tg::Var define(tg::Scope& s, tg::Var x) {
    tg::Var W = s.parameter("W", {Out, x.shape()[0]}, glorot(x.shape()[0], Out));
    return Activation::define(s, matmul(W, x) + s.parameter("b", {Out}, tg::Zeros{}));
  }
};

template <int Out>
struct LogisticRegression {                               // x (In) -> log of the probability of each class
  static constexpr tg::Var define(tg::Scope& s, tg::Var x) {
    tg::Var W = s.parameter("W", {Out, x.shape()[0]}, tg::Zeros{});
    return log(softmax(matmul(W, x) + s.parameter("b", {Out}, tg::Zeros{})));
  }
};
// [/layers]

// [network]
// Exercises: another activation, other numbers of filters, another hidden layer.
template <class Activation = tg::Tanh, int Filters0 = 10, int Filters1 = 25, int Hidden = 500>
struct LeNet {
  tg::Var x, y, layer0, layer1, layer2, log_p;
  constexpr LeNet(tg::Scope& s)
      : x{s.input("x", {1, 28, 28})}, y{s.label("y")},
        layer0{s.layer<"layer0", ConvPoolLayer<Filters0, 5, 2, Activation>>(x)},       // (Filters0, 12, 12)
        layer1{s.layer<"layer1", ConvPoolLayer<Filters1, 5, 2, Activation>>(layer0)},  // (Filters1, 4, 4)
        layer2{s.layer<"layer2", HiddenLayer<Hidden, Activation>>(flatten(layer1))},
        log_p{s.layer<"layer3", LogisticRegression<10>>(layer2)} {}
  constexpr tg::Var cost() const { return -mean(pick(log_p, y)); }
  constexpr tg::Var errors() const { return mean(cast(not_equal(argmax(log_p), y), tg::f32)); }
};

struct Descent { double learning_rate = 0.1; };

template <class Net>
struct TrainModel {
  static constexpr tg::Var define(tg::Scope& s) {
    Net net{s};
    tg::Var cost = net.cost(), rate = s.setting<&Descent::learning_rate>();
    for (tg::Var p : s.parameters()) s.update(p, p - rate * grad(cost, p));
    return cost;
  }
};
template <class Net>
struct Errors {
  static constexpr tg::Var define(tg::Scope& s) { return Net{s}.errors(); }
};
// [/network]
// clang-format on

template <class Net>
void run(const example::Parts& parts, int epochs, int batch, int seed, const std::string& filters) {
  tg::Shared<TrainModel<Net>, Errors<Net>> state{std::uint64_t(seed)};
  tg::Function<TrainModel<Net>> train{state};
  tg::Function<Errors<Net>> errors{state};
  example::learn(
      parts, batch, epochs, [&](auto images, auto labels) { train(images, labels); },
      [&](const example::Part& part) { return double(errors(part.images, part.labels)); }, [] {});
  // [filters]
  if (!filters.empty()) tg::write_image(filters, tg::filters_image<"layer0.W">(state));
  // [/filters]
}

constexpr const char* usage =
    "usage: lenet_theano [option value]…\n"
    "  --epochs n      at most so many times through the samples (5)\n"
    "  --batch n       samples of a step (50)\n"
    "  --activation n  tanh or relu (tanh)\n"
    "  --seed n        of the first weights (23455)\n"
    "  --filters path  picture of the first layer's filters, .png or .pgm\n"
    "  --samples n     digits to learn and validate from (all of MNIST, or 20000 drawn ones)\n"
    "  --data path     folder that holds mnist/ (TYPEGRAD_DATA; without either, digits are "
    "drawn)\n";

int main(int count, char** words) try {
  example::CommandLine options(count, words, usage);
  const int epochs = options.number("--epochs", 5, 1, 1000);
  const int batch = options.number("--batch", 50, 1, 100000);
  const int samples = options.number("--samples", 0, 600, 1000000);
  const int seed = options.number("--seed", 23455, 0, 1000000000);
  const std::string data = options.text("--data"),
                    activation = options.text("--activation", "tanh"),
                    filters = options.text("--filters");
  options.finish();
  if (activation != "tanh" && activation != "relu")
    throw tg::Error("--activation is " + activation + ", expected tanh or relu");

  const auto parts = example::tutorial_parts(data, samples);
  if (activation == "relu")
    run<LeNet<tg::Relu>>(parts, epochs, batch, seed, filters);
  else
    run<LeNet<>>(parts, epochs, batch, seed, filters);
} catch (const tg::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
