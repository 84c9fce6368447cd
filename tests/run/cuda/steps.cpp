// Training on the emulated GPU: a step is one launch, an epoch needs no host.
// SPDX-License-Identifier: MIT
#include <thread>
#include <typegrad/typegrad.hpp>

#include "counted.hpp"
#include "faults.hpp"

namespace tg::test {
namespace {

using Net = Sequence<Input<4>, Linear<8>, Tanh, Dropout<0.25>, Linear<3>>;
// Whose input is not called as that of a tg::Sequence.
struct Own {
  static constexpr Var define(Scope& s) {
    return s.layer<"hidden", Linear<3>>(s.input("features", {4}));
  }
};
constexpr int all = 50, step = 16;  // 4 steps an epoch, the last one of 2 samples

const std::vector<float> samples = [] {
  std::vector<float> numbers(all * 4);
  Random random(7);
  for (float& number : numbers) number = float(random.between(-1, 1));
  return numbers;
}();
const std::vector<std::int32_t> labels = [] {
  std::vector<std::int32_t> classes(all);
  for (std::size_t i = 0; i < all; ++i) classes[i] = std::int32_t(i % 3);
  return classes;
}();

template <class Backend = Emulated<>>
struct Trained {
  Model<Net, Backend> model;
  Trainer<Model<Net, Backend>, CrossEntropy, Adam, step> trainer{
      model, CrossEntropy{}, Adam{.learning_rate = 1e-2}, batch<step>};

  std::vector<float> parameters() {
    std::vector<float> numbers;
    for (const runtime::Variable& v : model.variables()) {
      const auto view = model.view(v);
      numbers.insert(numbers.end(), view.data(), view.data() + view.size());
    }
    return numbers;
  }
};

const FitOptions three_epochs{
    .epochs = 3, .seed = 5, .progress = Progress::none, .learning_rate = [](std::int64_t n) {
      return 1e-2 / double(n + 1);
    }};

}  // namespace

TEST_CASE("what a step launches is known") {
  Trained<> one;
  static_assert(decltype(one.trainer)::launches() > 2);
  const auto launched = [] { return cuda::home<emulator::Device>().device.launched(); };
  const int before = launched();
  one.trainer.teach(std::span(samples).first(step * 4), std::span(labels).first(step));
  CHECK(launched() - before == one.trainer.launches());
}

TEST_CASE("a step may be one cooperative kernel, with the same bits") {
  Trained<Emulated<cuda::Kernels::one>> whole;
  Trained<> waves;
  static_assert(decltype(whole.trainer)::launches() == 1);
  const auto x = std::span(samples).first(step * 4);
  const auto y = std::span(labels).first(step);
  const auto launched = [] { return cuda::home<emulator::Device>().device.launched(); };
  const int before = launched();
  const double loss = whole.trainer.step(x, y);
  CHECK(launched() - before == 1);
  CHECK(loss == waves.trainer.step(x, y));
  CHECK(whole.parameters() == waves.parameters());
  const int before_fit = launched();
  const History history = whole.trainer.fit(samples, labels, three_epochs);
  CHECK(launched() - before_fit == history.steps);
  CHECK(history.loss == waves.trainer.fit(samples, labels, three_epochs).loss);
  CHECK(whole.parameters() == waves.parameters());
}

// Of three one is spared: the loss of this network is made by the thread that judges it.
TEST_CASE("no barrier between the parts of such a step is for nothing") {
  const auto learned = [] {
    Model<Sequence<Input<4>, Linear<3>>, Emulated<cuda::Kernels::one>> model;
    Trainer trainer{model, MeanSquaredError{}, Adam{}, batch<step>};
    const History history = trainer.fit(std::span(samples).first(step * 4),
                                        std::span(samples).first(step * 3), three_epochs);
    const auto weights = model.get<"0.weight">();
    return std::pair(history.loss, std::vector<float>(weights.data(), weights.data() + 12));
  };
  const auto expected = learned();
  const auto right = [&] { return learned() == expected; };
  int barriers = 0, noticed = 0;
  for (const emulator::Site& site : sites_of(right)) {
    const bool of_step = site.place.text().find("whole_step.hpp") != std::string::npos;
    if (site.fault != emulator::Fault::no_barrier || !of_step) continue;
    ++barriers;
    noticed += notices(site, right);
  }
  CHECK(barriers == 3);
  CHECK(noticed == 2);
}

TEST_CASE("a step of which nobody asks the loss copies its samples and labels") {
  Trained<> one;
  const auto x = std::span(samples).first(step * 4);
  const auto y = std::span(labels).first(step);
  one.trainer.teach(x, y);
  const Counted counted;
  one.trainer.teach(x, y), one.trainer.teach(x, y);
  CHECK(counted.to_device() == 4);
  CHECK(counted.bytes_to_device() == 2 * (step * 4 + step) * 4);
  CHECK(counted.to_host() == 0);
  CHECK(one.trainer.steps_done() == 3);
}

TEST_CASE("a step behind a run that went well copies no more") {
  Trained<> one;
  const auto x = std::span(samples).first(step * 4);
  const auto y = std::span(labels).first(step);
  one.trainer.teach(x, y);
  one.trainer.fit(std::span(samples).first(2 * step * 4), std::span(labels).first(2 * step),
                  {.progress = Progress::none});
  const Counted counted;
  one.trainer.teach(x, y);
  CHECK(counted.to_device() == 2);
}

TEST_CASE("fit does what its steps do one by one, to the bit, and as the CPU does") {
  Trained<> fitted, again, stepped;
  Trained<Cpu> host;
  const History history = fitted.trainer.fit(samples, labels, three_epochs);
  CHECK(again.trainer.fit(samples, labels, three_epochs).loss == history.loss);
  CHECK(again.parameters() == fitted.parameters());

  data::Loader loader(Samples<const float>{samples.data(), all, Shape{4}},
                      Samples<const std::int32_t>{labels.data(), all, Shape{1}},
                      {.batch = step, .seed = 5});
  for (std::size_t epoch = 0; epoch < 3; ++epoch) {
    double loss = 0, accuracy = 0;
    for (const auto& batch : loader) {
      stepped.trainer.solver.learning_rate = 1e-2 / double(stepped.trainer.steps_done() + 1);
      const Measured measured = stepped.trainer.learn(batch.inputs, batch.targets);
      loss += measured.loss * double(batch.inputs.count());
      accuracy += measured.accuracy * double(batch.inputs.count());
    }
    CHECK(history.loss[epoch] == loss / all);
    CHECK(history.accuracy[epoch] == accuracy / all);
  }
  CHECK(stepped.parameters() == fitted.parameters());
  // And then by its own rate.
  stepped.trainer.solver.learning_rate = 1e-2;
  const auto x = std::span(samples).first(step * 4);
  const auto y = std::span(labels).first(step);
  fitted.trainer.teach(x, y), stepped.trainer.teach(x, y);
  CHECK(stepped.parameters() == fitted.parameters());

  const History there = host.trainer.fit(samples, labels, three_epochs);
  CHECK(history.steps == 12);
  for (std::size_t epoch = 0; epoch < 3; ++epoch)
    CHECK(history.loss[epoch] == Approx(there.loss[epoch]).epsilon(1e-5));
}

TEST_CASE("an epoch copies its order to the device, and back what its steps measured") {
  const auto copied = [](int epochs) {
    Trained<> one;
    const Counted counted;
    one.trainer.fit(samples, labels, {.epochs = epochs, .progress = Progress::none});
    return std::pair(counted.to_device(), counted.to_host());
  };
  const auto one = copied(1), three = copied(3);
  CHECK(three.second - one.second == 2);  // what was measured
  // The order, and the number of samples: of whole steps, and of the last.
  CHECK(three.first - one.first == 2 * 3);
}

TEST_CASE("a schedule's rates are copied once an epoch") {
  const auto copied = [](int epochs) {
    Trained<> one;
    FitOptions options = three_epochs;
    options.epochs = epochs;
    const Counted counted;
    one.trainer.fit(samples, labels, options);
    return std::pair(counted.to_device(), counted.bytes_to_device());
  };
  const auto one = copied(1), three = copied(3);
  // The order, the rates, and the number of samples: of whole steps, and of the last.
  CHECK(three.first - one.first == 2 * 4);
  CHECK(three.second - one.second == 2 * (all * 4 + 4 * 4 + 2 * 4));
}

TEST_CASE("a validation stays on the device, too, and measures what the host's loop does") {
  Trained<> one, again;
  const FitOptions options{
      .epochs = 2, .validation = {samples, labels}, .progress = Progress::none, .debug = false};
  const History history = one.trainer.fit(samples, labels, options);
  const auto copied = [&](int epochs) {
    FitOptions more = options;
    more.epochs = epochs;
    const Counted counted;
    again.trainer.fit(samples, labels, more);
    return counted.to_device() + counted.to_host();
  };
  CHECK(history.validation_loss.size() == 2);
  const Measured all_at_once = one.trainer.evaluate(fitting::Examples{samples, labels});
  CHECK(history.validation_loss[1] == all_at_once.loss);
  CHECK(history.validation_accuracy[1] == all_at_once.accuracy);
  Trained<> by_host;
  FitOptions step_by_step = options;
  step_by_step.debug = true;
  CHECK(by_host.trainer.fit(samples, labels, step_by_step).validation_loss ==
        history.validation_loss);
  const auto first = copied(1);
  CHECK(copied(3) - first <= 2 * 8);  // however many samples there are
}

TEST_CASE("an evaluation copies its samples at once, and back what its batches measured") {
  Trained<> one;
  const Tensor<float, Emulated<>> x(samples, {4});
  const Tensor<std::int32_t, Emulated<>> y(labels);
  const Measured first = one.trainer.evaluate(x, y);
  const Counted with_tensors;
  const Measured again = one.trainer.evaluate(x, y);
  CHECK(with_tensors.to_host() == 1);
  // The order, and the number of samples: of whole batches, and of the last.
  CHECK(with_tensors.to_device() == 3);
  CHECK(with_tensors.bytes_to_device() == all * 4 + 2 * 4);
  const Counted with_vectors;
  const Measured here = one.trainer.evaluate(samples, labels);
  CHECK(with_vectors.to_host() == 1);
  CHECK(with_vectors.to_device() == 5);
  CHECK(first.loss == again.loss);
  CHECK(first.loss == here.loss);
  CHECK(first.accuracy == here.accuracy);
}

TEST_CASE("a network's input may have any name") {
  const auto loss = []<class Backend>(std::type_identity<Backend>) {
    Model<Own, Backend> model;
    Trainer trainer{model, CrossEntropy{}, Sgd{}, batch<step>};
    return trainer.fit(samples, labels, {.epochs = 2, .progress = Progress::none}).loss[1];
  };
  CHECK(loss(std::type_identity<Emulated<>>{}) == Approx(loss(std::type_identity<Cpu>{})));
}

TEST_CASE("threads take turns") {
  const FitOptions quiet{.epochs = 2, .progress = Progress::none};
  const auto train = [&](std::vector<float>& result) {
    Trained<> one;
    one.trainer.fit(samples, labels, quiet);
    one.trainer.step(std::span(samples).first(step * 4), std::span(labels).first(step));
    result = one.parameters();
  };
  std::vector<float> alone, here, there;
  train(alone);
  std::thread other([&] { train(there); });
  train(here);
  other.join();
  CHECK(here == alone);
  CHECK(there == alone);
}

TEST_CASE("samples that are on the device stay there") {
  Trained<> one, other;
  const Tensor<float, Emulated<>> x(samples, {4});
  const Tensor<std::int32_t, Emulated<>> y(labels);
  const FitOptions quiet{.progress = Progress::none};
  one.trainer.fit(x, y, quiet), other.trainer.fit(samples, labels, quiet);
  const Counted counted;
  one.trainer.fit(x, y, quiet);
  CHECK(counted.bytes_to_device() < std::int64_t(samples.size() * sizeof(float)));
  other.trainer.fit(samples, labels, quiet);
  CHECK(one.parameters() == other.parameters());
}

TEST_CASE("a step that went wrong teaches nothing") {
  Trained<> one;
  const auto x = std::span(samples).first(step * 4);
  const auto y = std::span(labels).first(step);
  one.trainer.teach(x, y);
  const std::vector<float> before = one.parameters();
  std::vector<float> wrong(x.begin(), x.end());
  wrong[5] = std::numeric_limits<float>::quiet_NaN();
  one.trainer.teach(wrong, y);
  CHECK(one.parameters() == before);
  CHECK(std::isnan(one.trainer.step(wrong, y)));
  CHECK(one.parameters() == before);
  CHECK(std::isfinite(one.trainer.step(x, y)));
  CHECK(one.parameters() != before);
}

TEST_CASE("nor do those after it: fit leaves the parameters from before that step") {
  std::vector<float> wrong = samples;
  wrong[(step + 3) * 4] = std::numeric_limits<float>::quiet_NaN();  // in step 2
  Trained<> one, other;
  const FitOptions in_order{.shuffle = false, .progress = Progress::none};
  CHECK_THROWS_WITH(one.trainer.fit(wrong, labels, in_order),
                    contains("step 2") && contains("nan"));
  CHECK(one.trainer.steps_done() == 2);
  other.trainer.fit(std::span(samples).first(step * 4), std::span(labels).first(step), in_order);
  CHECK(one.parameters() == other.parameters());
  CHECK_THROWS_WITH(
      one.trainer.fit(wrong, labels, {.shuffle = false, .progress = Progress::none, .debug = true}),
      contains("input"));
  // And it goes on from there.
  one.trainer.fit(samples, labels, in_order);
  CHECK(one.parameters() != other.parameters());
}

}  // namespace tg::test
