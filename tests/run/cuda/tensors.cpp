// Tensors that live on the device, as values: filled, given, read.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "counted.hpp"

namespace tg::test {
namespace {

using Device = Emulated<>;
using Net = Sequence<Input<1, 4, 4>, Flatten, Linear<5>, Tanh, Linear<3>>;
constexpr int batch_size = 6;

std::vector<float> some(std::size_t count, std::uint64_t seed) {
  std::vector<float> numbers(count);
  Random random(seed);
  for (float& number : numbers) number = float(random.between(-1, 1));
  return numbers;
}

struct Scale {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2}), by = s.argument("by", {2});
    s.update(s.shared("sum", {2}), batch_mean(x * by));
    return std::array<Var, 0>{};
  }
};

struct TwiceAndSum {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2});
    return outputs(2 * x, batch_sum(x));
  }
};

template <class Backend>
void check_value() {
  Tensor<float, Backend> zeros(3, {2});
  CHECK(zeros.size() == 6);
  CHECK(zeros.read()[5] == 0);
  zeros.write()[1] = 4;
  CHECK(zeros.read()[1] == 4);
  const Tensor<float, Backend> filled(std::vector<float>{1, 2, 3, 4}, {2});
  CHECK(filled.count() == 2);
  CHECK(std::vector<float>(filled.read().begin(), filled.read().end()) ==
        std::vector<float>{1, 2, 3, 4});
  CHECK_THROWS_AS((Tensor<float, Backend>(std::vector<float>{1, 2, 3}, {2})), Error);
}

}  // namespace

TEST_CASE("a tensor is a value on every backend") {
  check_value<Cpu>();
  check_value<Device>();
}

TEST_CASE("a model takes tensors of the device, and gives them, without a copy") {
  const std::vector<float> images = some(batch_size * 16, 1);
  Model<Net, Device> model;
  const Tensor<float, Device> x(images, {1, 4, 4});
  Tensor<float, Device> y(batch_size, {3}), again(batch_size, {3});
  model(x, y);
  {
    const Counted counted;
    model(x, y), model(x, again);
    CHECK(counted.to_device() + counted.to_host() == 0);
  }
  const Counted counted;
  const auto expected = model(images);
  CHECK(counted.to_host() == 1);
  CHECK(std::ranges::equal(y.read(), std::span(expected.data(), batch_size * 3)));
  CHECK(counted.to_host() == 2);
  CHECK(std::ranges::equal(again.read(), y.read()));
  CHECK_THROWS_AS(model(x, *std::make_unique<Tensor<float, Device>>(batch_size, Shape{2})), Error);
}

TEST_CASE("what is written to a tensor counts with the next call, though another lay there") {
  Model<Net, Device> model;
  Tensor<float, Device> y(1, {3});
  std::vector<float> found, expected;
  for (std::uint64_t seed = 1; seed < 4; ++seed) {
    const std::vector<float> image = some(16, seed);
    const auto x = std::make_unique<Tensor<float, Device>>(image, Shape{1, 4, 4});
    model(*x, y);
    found.insert(found.end(), y.read().begin(), y.read().end());
    x->write()[3] = 7;
    model(*x, y);
    found.insert(found.end(), y.read().begin(), y.read().end());
    for (const bool changed : {false, true}) {
      std::vector<float> given = image;
      if (changed) given[3] = 7;
      const auto logits = model(given);
      expected.insert(expected.end(), logits.data(), logits.data() + 3);
    }
  }
  CHECK(found == expected);
}

TEST_CASE("a trainer and a function take them") {
  const std::vector<float> images = some(batch_size * 16, 1);
  std::vector<std::int32_t> classes = {0, 1, 2, 2, 1, 0};
  const Tensor<float, Device> x(images, {1, 4, 4});
  Tensor<std::int32_t, Device> labels(classes);
  Model<Net, Device> model, other;
  Trainer trainer{model, CrossEntropy{}, Sgd{.learning_rate = 0.1}, batch<batch_size>};
  Trainer beside{other, CrossEntropy{}, Sgd{.learning_rate = 0.1}, batch<batch_size>};
  trainer.teach(x, labels), beside.teach(images, classes);
  {
    const Counted counted;
    trainer.teach(x, labels);
    CHECK(counted.to_device() + counted.to_host() == 0);
  }
  CHECK(trainer.step(x, labels) == (beside.teach(images, classes), beside.step(images, classes)));
  labels.write()[2] = 3;
  CHECK_THROWS_WITH(trainer.teach(x, labels), contains("label 3 at sample 2"));

  Shared<Function<Scale, Device>> state;
  Function<Scale, Device> scale(state);
  const Tensor<float, Device> rows(std::vector<float>{1, 2, 3, 4}, {2});
  const Tensor<float, Device> by(std::vector<float>{10, 100});
  scale(rows, by);
  const Counted counted;
  scale(rows, by);
  CHECK(counted.to_device() + counted.to_host() == 0);
  CHECK(state.get<"sum">()(1) == 300);
}

TEST_CASE("a function gives its outputs to tensors") {
  const Tensor<float, Device> x(std::vector<float>{1, 2, 3, 4}, {2});
  Tensor<float, Device> twice(2, {2}), again(2, {2}), sum(2);
  Function<TwiceAndSum, Device> function;
  function(x, twice, sum);
  {
    const Counted counted;
    function(x, twice, sum), function(twice, again, sum);
    CHECK(counted.to_device() + counted.to_host() == 0);
  }
  CHECK(again.read()[3] == 16);
  CHECK(sum.read()[0] == 8);
  Tensor<float, Device> narrow(2);
  CHECK_THROWS_WITH(function(x, narrow, sum), contains("room for 2 numbers in output 0"));

  Tensor<float, Cpu> there(2, {2}), total(2);
  Function<TwiceAndSum, Cpu>()(x, there, total);
  CHECK(there.read()[3] == 8);
  CHECK(total.read()[1] == 6);
}

TEST_CASE("other backends take them by way of the host") {
  const std::vector<float> images = some(batch_size * 16, 1);
  Model<Net, Device> gpu;
  Model<Net, Cpu> cpu;
  const Tensor<float, Device> x(images, {1, 4, 4});
  Tensor<float, Device> on_device(batch_size, {3}), from_host(batch_size, {3});
  gpu(x, on_device);
  cpu(x, from_host);
  const Tensor<float, Cpu> host(images, {1, 4, 4});
  Tensor<float, Cpu> back(batch_size, {3});
  gpu(host, back);
  CHECK(std::ranges::equal(back.read(), on_device.read()));
  for (std::size_t i = 0; i < batch_size * 3; ++i)
    CHECK(from_host.read()[i] == Approx(on_device.read()[i]).margin(1e-6));
}

}  // namespace tg::test
