// A model of LAYERS equal layers and its trainer, for kernels.sh.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>
#include <vector>

// Types that differ, and compute the same.
template <int>
struct Layer : tg::Sequence<tg::Linear<16>, tg::Relu> {};

template <class>
struct Chain;
template <int... Number>
struct Chain<std::integer_sequence<int, Number...>>
    : tg::Sequence<tg::Input<16>, Layer<Number>...> {};

double learn(const std::vector<float>& samples, const std::vector<int>& labels) {
  tg::Model<Chain<std::make_integer_sequence<int, LAYERS>>> model;
  tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{}, tg::batch<64>};
  trainer.step(samples, labels);
  return model(samples)(0, 0);
}
