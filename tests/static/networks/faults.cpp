// What recording notes about wrong networks: the first fault, where it was, and its numbers.
// SPDX-License-Identifier: MIT
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/dropout.hpp"
#include "typegrad/layers/layer_norm.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/losses.hpp"
#include "typegrad/layers/metrics.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/record.hpp"
#include "typegrad/networks/report.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg::test {
namespace {

using K = FaultKind;

template <class Net>
constexpr K kind(Purpose purpose = Purpose::inference) {
  return record<Net>(purpose).fault().kind;
}
// The layer after `Before`, over an image of (4, 9, 12).
template <class... L>
constexpr K on_image() {
  return kind<Sequence<Input<4, 9, 12>, L...>>();
}

static_assert(on_image<Relu>() == K::none);
static_assert(on_image<Linear<3>>() == K::needs_vector);
static_assert(on_image<Flatten, Linear<0>>() == K::extent_not_positive);
static_assert(on_image<Flatten, Linear<-3>>() == K::extent_not_positive);
static_assert(on_image<Flatten, Conv<3, 3>>() == K::needs_image);
static_assert(on_image<Flatten, MaxPool<2>>() == K::needs_image);
static_assert(on_image<Flatten, AveragePool<2>>() == K::needs_image);
static_assert(on_image<Flatten, GlobalAveragePool>() == K::needs_image);
static_assert(on_image<Conv<0, 3>>() == K::extent_not_positive);
static_assert(on_image<Conv<3, 0>>() == K::extent_not_positive);
static_assert(on_image<Conv<3, 3, stride<0>>>() == K::extent_not_positive);
static_assert(on_image<Conv<3, 3, padding<-1>>>() == K::extent_not_positive);
static_assert(on_image<Conv<3, 3, padding<-2>>>() == K::extent_not_positive);
static_assert(on_image<MaxPool<2, half_padding>>() == K::extent_not_positive);
static_assert(on_image<Conv<3, 3, dilation<1, 0>>>() == K::extent_not_positive);
static_assert(on_image<Conv<3, 10>>() == K::window_does_not_fit);
static_assert(on_image<Conv<3, 10, padding<1>>>() == K::none);
static_assert(on_image<Conv<3, 5, dilation<3>>>() == K::window_does_not_fit);
static_assert(on_image<Conv<6, 3, groups<3>>>() == K::groups_do_not_divide);
static_assert(on_image<Conv<6, 3, groups<4>>>() == K::groups_do_not_divide);
static_assert(on_image<Conv<6, 3, groups<0>>>() == K::groups_do_not_divide);
static_assert(on_image<MaxPool<2>>() == K::window_does_not_tile);
static_assert(on_image<MaxPool<2, tg::truncate>>() == K::none);
static_assert(on_image<MaxPool<2, stride<4>>>() == K::none);
static_assert(on_image<MaxPool<3, padding<2>>>() == K::padding_too_large);
static_assert(on_image<AveragePool<10>>() == K::window_does_not_fit);
static_assert(on_image<MaxPool<0>>() == K::extent_not_positive);
static_assert(on_image<Reshape<7, 5>>() == K::reshape_changes_size);
static_assert(on_image<Reshape<-1, 5>>() == K::reshape_changes_size);
static_assert(on_image<Reshape<-1, -1>>() == K::extent_not_positive);
static_assert(on_image<Reshape<0, 5>>() == K::extent_not_positive);
static_assert(on_image<Reshape<4, 3, 3, 2, 2, 3>>() == K::rank_too_large);
static_assert(on_image<LayerNorm<9>>() == K::shapes_do_not_match);
static_assert(on_image<LayerNorm<1, 4, 9, 12>>() == K::shapes_do_not_match);
static_assert(on_image<Dropout<1.5>>() == K::rate_out_of_range);
static_assert(on_image<Dropout<-1>>() == K::rate_out_of_range);
static_assert(on_image<Sequence<Input<4, 9, 11>, Relu>>() == K::shapes_do_not_match);

static_assert(kind<Sequence<>>() == K::empty_network);
static_assert(kind<Sequence<Input<3>>>() == K::empty_network);
static_assert(kind<Sequence<Linear<3>>>() == K::network_without_input);
static_assert(kind<Sequence<Relu, Input<3>>>() == K::network_without_input);
static_assert(kind<Linear<3>>() == K::network_without_input);
static_assert(kind<Sequence<Input<3, 0>, Flatten>>() == K::extent_not_positive);
static_assert(kind<Sequence<Input<1, 1, 1, 1, 1, 1>, Flatten>>() == K::rank_too_large);

template <class Loss, class... L>
constexpr K with_loss() {
  return kind<WithLoss<Sequence<Input<4, 9, 12>, L...>, Loss>>(Purpose::training);
}
static_assert(with_loss<CrossEntropy, Flatten>() == K::none);
static_assert(with_loss<CrossEntropy, Relu>() == K::target_does_not_fit);
static_assert(with_loss<CrossEntropy, Flatten, Linear<1>>() == K::target_does_not_fit);
static_assert(with_loss<Accuracy, Relu>() == K::target_does_not_fit);
static_assert(with_loss<MeanSquaredError, Relu>() == K::none);

struct Twice {
  static constexpr Var define(Scope& s, Var x) {
    return s.parameter("gain", {3}, TorchDefault{}) + s.parameter("gain", {3}, TorchDefault{}) + x;
  }
};
static_assert(kind<Sequence<Input<3>, Twice>>() == K::name_used_twice);
static_assert(kind<Sequence<Input<3>, Linear<3>, Linear<3>>>() == K::none);

// The first fault counts, at its layer, by its numbers.
using Wrong = Sequence<Input<1, 28, 28>, Relu, Sequence<Tanh, MaxPool<3>>, MaxPool<5>, Linear<3>>;
constexpr ir::Recording wrong = record<Wrong>();
constexpr networks::Path path = networks::path_of(wrong, wrong.fault().scope);
static_assert(wrong.fault().kind == K::window_does_not_tile);
static_assert(wrong.fault().got == Shape{1, 28, 28});
static_assert(wrong.fault().numbers == std::array<int, 4>{3, 3, 3, 3});
static_assert(path.scope.size() == 2 && wrong.scopes[path.scope[0]].index == 1 &&
              wrong.scopes[path.scope[1]].index == 1);

}  // namespace
}  // namespace tg::test
