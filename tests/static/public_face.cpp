// The programs of the design's public face that are built, as written there.
// SPDX-License-Identifier: MIT
#include <cstdio>
#include <typegrad/typegrad.hpp>

// clang-format off
// 1. A network is a type.
using LeNet = tg::Sequence<tg::Input<1, 28, 28>,
    tg::Conv<6, 5, tg::padding<2>>, tg::Relu, tg::MaxPool<2>,
    tg::Conv<16, 5>,                tg::Relu, tg::MaxPool<2>,
    tg::Flatten, tg::Linear<120>, tg::Relu, tg::Linear<84>, tg::Relu, tg::Linear<10>>;
static_assert(tg::output_shape<LeNet> == tg::Shape{10});
static_assert(tg::parameter_count<LeNet> == 61706);

#ifndef __CUDACC__  // nvcc 13 cannot generate code for a program of tg::Cpu: docs/decisions.md
// 2. Train it. Loss, solver, batch capacity and backend are types; hyper-parameters are run-time values.
void train_it() {
auto digits = tg::data::mnist("data/mnist");                       // or tg::data::digits(): drawn by code, always there
tg::Model<LeNet> model;                                            // tg::Model<LeNet, tg::Cuda> on a GPU
tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{.learning_rate = 1e-3f}, tg::batch<64>};
auto history = trainer.fit(digits.train, {.epochs = 5, .validation = &digits.test});
auto logits  = model(digits.test.images());                        // Eigen row-major map, samples x 10
model.save("lenet.safetensors");                                   // loads in PyTorch: names and layouts are nn.Sequential's
// What the program's names are for.
static_assert(std::is_same_v<decltype(history), tg::History>);
static_assert(decltype(logits)::IsRowMajor);
(void)history, (void)logits;
}
#endif

// 3. A layer of one's own: no backward, no kernels.
template <int Units> struct Swiglu {
  static constexpr tg::Var define(tg::Scope& s, tg::Var x) {       // x: (features)
    auto gate = s.parameter("gate", {Units, x.shape()[0]}, tg::He{});
    auto up   = s.parameter("up",   {Units, x.shape()[0]}, tg::He{});
    auto g = matmul(gate, x);
    return g * sigmoid(g) * matmul(up, x);
  }
};

// 4. Functions of symbols, as in Theano: inputs, outputs, updates, gradients.
struct Logistic {
  tg::Var x, y, W, b, p, cost;
  constexpr Logistic(tg::Scope& s)
      : x{s.input("x", {784})}, y{s.label("y")}, W{s.shared("W", {10, 784})}, b{s.shared("b", {10})},
        p{softmax(matmul(W, x) + b)}, cost{-mean(log(pick(p, y)))} {}
};
struct TrainStep {
  static constexpr auto define(tg::Scope& s) {
    Logistic m{s};
    auto [gW, gb] = tg::grad(m.cost, m.W, m.b);
    s.update(m.W, m.W - 0.13f * gW);
    s.update(m.b, m.b - 0.13f * gb);
    return tg::outputs(m.cost);
  }
};
struct Classify { static constexpr auto define(tg::Scope& s) { Logistic m{s}; return tg::outputs(argmax(m.p)); } };
#ifndef __CUDACC__
void call_them(const std::vector<float>& images, const std::vector<std::int32_t>& labels) {
tg::Shared<TrainStep, Classify> state;                             // every shared variable that the functions name, once
tg::Function<TrainStep> train{state};
tg::Function<Classify>  classify{state};                           // takes x alone: y and the cost are pruned
float cost = train(images, labels);
std::puts(tg::debugprint<TrainStep>());                            // the optimised graph, as text
// What the program's names are for.
static_assert(std::is_same_v<decltype(classify(images)), tg::VectorMap<std::int32_t>>);
(void)cost;
}
#endif
static_assert(sizeof(tg::Function<TrainStep>) > 0 && sizeof(tg::Function<Classify>) > 0);

// 5. Graphs with names, when a Sequence is not enough.
using Residual = tg::Graph<
    tg::Node<"image",  tg::Input<3, 32, 32>>,
    tg::Node<"stem",   tg::Conv<16, 3, tg::padding<1>>, "image">,
    tg::Node<"branch", tg::Sequence<tg::Relu, tg::Conv<16, 3, tg::padding<1>>>, "stem">,
    tg::Node<"sum",    tg::Add, "stem", "branch">,
    tg::Node<"logits", tg::Sequence<tg::Relu, tg::GlobalAveragePool, tg::Linear<10>>, "sum">>;
// clang-format on
static_assert(tg::output_shape<Residual> == tg::Shape{10});
static_assert(tg::parameter_count<Residual> == 16 * 28 + 16 * 145 + 170);

using Gated = tg::Sequence<tg::Input<12>, Swiglu<8>, tg::Linear<3>>;
static_assert(tg::output_shape<Gated> == tg::Shape{3});
static_assert(tg::parameter_count<Gated> == 2 * 8 * 12 + 3 * 8 + 3);
