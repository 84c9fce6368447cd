// Recurrent networks: a Model predicts, a Trainer fits, files keep them.
// SPDX-License-Identifier: MIT
#include <cmath>
#include <filesystem>

#include "tests/run/training/points.hpp"

using namespace tg;
using namespace tg::test;

namespace {

constexpr int length = 12;
using Net = Sequence<Input<length, 2>, Lstm<16, last_state>, Linear<2>>;

// Two numbers a step: is the sum of the first ones where the second is 1 positive?
data::Split marked(int count) {
  Random random(3);
  std::vector<float> x;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < count; ++i) {
    double sum = 0;
    const int a = int(random.below(length / 2)), b = int(length / 2 + random.below(length / 2));
    for (int t = 0; t < length; ++t) {
      const double value = random.between(-1, 1), mark = t == a || t == b ? 1 : 0;
      x.insert(x.end(), {float(value), float(mark)});
      sum += value * mark;
    }
    labels.push_back(sum > 0 ? 1 : 0);
  }
  return data::Split(x, labels, {length, 2}, 2);
}

struct Exploding {
  static constexpr Next step(Scope&, Var x, Var h) { return next(h * exp(h + x)); }
};
struct Explosion {
  static constexpr Var define(Scope& s, Var x) {
    return reduce<Exploding>(s, over(x), from(s.constant(1, {x.shape()[1]})));
  }
};

}  // namespace

TEST_CASE("a recurrent network learns what matters") {
  const data::Split train = marked(512);
  Model<Net> model;
  Trainer trainer{model, CrossEntropy{}, Adam{.learning_rate = 0.01}, batch<32>};
  const History history = trainer.fit(train, {.epochs = 30, .progress = Progress::none});
  CHECK(history.accuracy.back() > 0.95);

  // One sample at a time, the same network; and another one that reads its file.
  Model<Net, Cpu, batch<1>> alone;
  const std::string path =
      std::filesystem::temp_directory_path() / "typegrad_recurrent.safetensors";
  model.save(path);
  alone.load(path);
  std::filesystem::remove(path);
  const auto logits = model(train.images());
  for (int i = 0; i < 4; ++i) {
    const float* const from = train.images().data() + i * length * 2;
    const auto one = alone(std::vector<float>(from, from + length * 2));
    CHECK((one - logits.row(i)).cwiseAbs().maxCoeff() < 1e-5);
  }
}

TEST_CASE("parameters have PyTorch's names") {
  Model<Sequence<Input<5, 3>, Gru<4, stacked<2>, bidirectional>>> model;
  std::vector<std::string> names;
  for (const auto& variable : model.variables()) names.emplace_back(variable.name);
  CHECK(names == std::vector<std::string>{
                     "0.weight_ih_l0", "0.weight_hh_l0", "0.bias_ih_l0", "0.bias_hh_l0",
                     "0.weight_ih_l0_reverse", "0.weight_hh_l0_reverse", "0.bias_ih_l0_reverse",
                     "0.bias_hh_l0_reverse", "0.weight_ih_l1", "0.weight_hh_l1", "0.bias_ih_l1",
                     "0.bias_hh_l1", "0.weight_ih_l1_reverse", "0.weight_hh_l1_reverse",
                     "0.bias_ih_l1_reverse", "0.bias_hh_l1_reverse"});
}

TEST_CASE("a loss that is no number is traced into the loop") {
  const std::vector<float> x(8 * 6 * 2, 0.5f);
  const std::vector<std::int32_t> y(8, 1);
  Model<Sequence<Input<6, 2>, Linear<2>, Explosion, Linear<2>>> model;
  Trainer trainer{model, CrossEntropy{}, Sgd{.learning_rate = 1e-9}, batch<8>};
  const std::string words = error_of(
      [&] { trainer.fit(x, y, {.shuffle = false, .progress = Progress::none, .debug = true}); });
  INFO(words);
  CHECK(words.find("in layer 1 gives inf") != std::string::npos);
  CHECK(words.find("recurrent.cpp:") != std::string::npos);
}
