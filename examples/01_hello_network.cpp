// A first network: a type of ten lines, trained in five.
// test-arguments:
// SPDX-License-Identifier: MIT
#include <cstdio>
#include <typegrad/typegrad.hpp>

// clang-format off
// [network]
using Network = tg::Sequence<
    tg::Input<1, 28, 28>,
    tg::Conv<8, 5>,
    tg::Relu,
    tg::MaxPool<2>,
    tg::Flatten,
    tg::Linear<64>,
    tg::Relu,
    tg::Linear<10>
>;
// [/network]
// clang-format on

int main() {
  // [train]
  auto digits = tg::data::digits();
  tg::Model<Network> model;
  tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{.learning_rate = 1e-3}, tg::batch<64>};
  trainer.fit(digits.train, {.epochs = 3, .validation = &digits.test});
  std::printf("test accuracy %.2f %%\n", 100 * trainer.evaluate(digits.test).accuracy);
  // [/train]
}
