// Losses and their gradients, of 11 samples of 6 numbers.
// SPDX-License-Identifier: MIT
#include "typegrad/layers/losses.hpp"

#include "golden.hpp"

namespace tg::test {
namespace {

template <class Loss>
struct Probe {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {6});
    const Var loss = Loss::define(s, x);
    return outputs(loss, grad(loss, x));
  }
};

template <class Loss, DType dtype>
void check_loss(const Loss& loss, const std::string& name, std::uint32_t stream) {
  using T = element_t<dtype>;
  using Function = runtime::ProgramOf<Probe<Loss>, Purpose::training, dtype>;
  CAPTURE(name, sizeof(T));
  const Golden<T> golden("losses");
  std::vector<T> x = numbers<T>(11 * 6, 100 + stream), target = numbers<T>(11 * 6, 200 + stream);
  for (T& number : x) number *= 4;
  for (T& number : target) number = (number + 1) / 2;
  const std::vector<std::int32_t> classes = labels(11, 6, 200 + stream);

  runtime::Callable callable(Function::program(), Function::leaves(), 0);
  for (std::size_t leaf = 0; leaf < callable.leaves().infos.size(); ++leaf) {
    const Op op = callable.leaves().infos[leaf].op;
    const bool is_x = callable.leaves().name(leaf) == "x";
    if (op == Op::label) callable.bind_labels(leaf, classes.data());
    if (op == Op::input) callable.bind(leaf, is_x ? x.data() : target.data());
  }
  T value = 0;
  std::vector<T> gradient(11 * 6);
  callable.bind_output(0, &value);
  callable.bind_output(1, gradient.data());
  callable.read(loss);
  callable.run(11);
  CHECK(golden.distance(name + ".value", &value, 1) < after_one<T>);
  CHECK(golden.distance(name + ".gradient", gradient.data(), gradient.size()) < after_one<T>);
}

template <DType dtype>
void check_losses() {
  check_loss<CrossEntropy, dtype>({}, "cross_entropy", 0);
  check_loss<CrossEntropy, dtype>({.label_smoothing = 0.1}, "smoothed_cross_entropy", 1);
  check_loss<MeanSquaredError, dtype>({}, "mean_squared_error", 2);
  check_loss<MeanAbsoluteError, dtype>({}, "mean_absolute_error", 3);
  check_loss<BinaryCrossEntropy, dtype>({}, "binary_cross_entropy", 4);
}

}  // namespace

TEST_CASE("losses and their gradients", "[golden]") {
  check_losses<f32>();
  check_losses<f64>();
}

}  // namespace tg::test
