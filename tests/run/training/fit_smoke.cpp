// fit: what it learns, measures and records, and when it ends.
// SPDX-License-Identifier: MIT
#include <csignal>
#include <limits>

#include "tests/run/training/points.hpp"

using namespace tg;
using namespace tg::test;

TEST_CASE("fit learns, and its history says how") {
  const auto train = points(1000), validation = points(301, 2);
  Model<Classifier> model;
  Trainer trainer{model, CrossEntropy{}, Adam{.learning_rate = 0.05}, batch<64>};
  const History history =
      trainer.fit(train, {.epochs = 20, .validation = &validation, .progress = Progress::none});
  CHECK(history.epochs() == 20);
  CHECK(history.steps == 20 * 16);
  CHECK(trainer.steps_done() == history.steps);
  CHECK(history.ended == Ended::finished);
  for (const auto* column :
       {&history.loss, &history.accuracy, &history.validation_loss, &history.validation_accuracy,
        &history.seconds, &history.samples_per_second})
    CHECK(column->size() == 20);
  CHECK(history.loss.back() < 0.5 * history.loss.front());
  CHECK(history.accuracy.back() > 0.95);
  CHECK(history.validation_accuracy.back() > 0.95);
  CHECK(history.seconds[3] > 0);
  CHECK(history.samples_per_second[3] == Approx(1000 / history.seconds[3]));

  // The last validation is what the model gives now.
  const Measured now = trainer.evaluate(validation);
  CHECK(now.loss == Approx(history.validation_loss.back()));
  CHECK(now.accuracy == Approx(history.validation_accuracy.back()));
  const auto logits = model(validation.images());
  int right = 0;
  for (int i = 0; i < 301; ++i)
    right += (logits(i, 1) > logits(i, 0)) == (validation.labels()[i][0] == 1);
  CHECK(now.accuracy == Approx(right / 301.0));

  const int best = history.best();
  for (double loss : history.validation_loss)
    CHECK(history.validation_loss[std::size_t(best)] <= loss);
}

TEST_CASE("an epoch is each batch once, the last one smaller") {
  const auto train = points(70);  // 32 + 32 + 6
  Model<Classifier> by_fit, by_hand;
  Trainer fitted{by_fit, CrossEntropy{}, Sgd{.learning_rate = 0.1, .momentum = 0.9}, batch<32>};
  Trainer stepped{by_hand, CrossEntropy{}, Sgd{.learning_rate = 0.1, .momentum = 0.9}, batch<32>};
  const History history =
      fitted.fit(train, {.epochs = 2, .shuffle = false, .progress = Progress::none});
  for (int epoch = 0; epoch < 2; ++epoch) {
    double sum = 0;
    for (int first = 0; first < 70; first += 32) {
      const int count = std::min(32, 70 - first);
      sum += count *
             stepped.step(train.images().slice(first, count), train.labels().slice(first, count));
    }
    CHECK(history.loss[std::size_t(epoch)] == Approx(sum / 70));
  }
  CHECK(parameters(by_fit) == parameters(by_hand));
}

TEST_CASE("a run depends on its seeds alone, and a second one goes on") {
  const auto train = points(200);
  const auto run = [&](std::uint64_t seed, int calls) {
    Model<Classifier> model(3);
    Trainer trainer{model, CrossEntropy{}, Adam{}, batch<64>};
    for (int call = 0; call < calls; ++call)
      trainer.fit(train, {.epochs = 4 / calls, .seed = seed, .progress = Progress::none});
    return parameters(model);
  };
  CHECK(run(1, 1) == run(1, 1));
  CHECK(run(1, 1) != run(2, 1));
  CHECK(run(1, 1) == run(1, 2));  // the second call does not repeat the first one's orders
}

TEST_CASE("steps may be smaller than the capacity") {
  const auto train = points(100);
  const auto run = [&](auto capacity, int batch) {
    Model<Classifier> model;
    Trainer trainer{model, CrossEntropy{}, Sgd{.learning_rate = 0.1}, capacity};
    const auto history =
        trainer.fit(train, {.epochs = 2, .batch = batch, .progress = Progress::none});
    CHECK(history.steps == 2 * 5);
    return parameters(model);
  };
  CHECK(run(batch<64>, 20) == run(batch<20>, 0));
}

TEST_CASE("the learning rate follows the schedule and is put back") {
  const auto train = points(64);
  Model<Classifier> model;
  Trainer trainer{model, CrossEntropy{}, Sgd{.learning_rate = 7}, batch<16>};
  std::vector<std::int64_t> asked;
  const auto before = parameters(model);
  trainer.fit(train,
              {.epochs = 2, .progress = Progress::none, .learning_rate = [&](std::int64_t step) {
                 asked.push_back(step);
                 return 0.0;
               }});
  CHECK(asked == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(parameters(model) == before);
  CHECK(trainer.solver.learning_rate == 7);
  trainer.fit(train, {.progress = Progress::none, .learning_rate = CosineDecay{0.1, 4}});
  CHECK(parameters(model) != before);
}

TEST_CASE("a callback sees every epoch and may end the run") {
  const auto train = points(100), validation = points(20, 5);
  Model<Classifier> model;
  Trainer trainer{model, CrossEntropy{}, Adam{}, batch<32>};
  std::vector<EpochReport> reports;
  const History history = trainer.fit(train, {.epochs = 10,
                                              .validation = &validation,
                                              .progress = Progress::none,
                                              .after_epoch = [&](const EpochReport& report) {
                                                reports.push_back(report);
                                                return report.epoch < 3;
                                              }});
  CHECK(history.epochs() == 3);
  CHECK(history.ended == Ended::by_callback);
  REQUIRE(reports.size() == 3);
  CHECK(reports[1].epoch == 2);
  CHECK(reports[1].epochs == 10);
  CHECK(reports[1].steps == 8);
  CHECK(reports[1].train.loss == history.loss[1]);
  CHECK(reports[1].validation.accuracy == history.validation_accuracy[1]);
}

TEST_CASE("Ctrl-C ends the run after its step and keeps what was reached") {
  const auto train = points(320), validation = points(20, 5);
  Model<Classifier> model;
  Trainer trainer{model, CrossEntropy{}, Sgd{.learning_rate = 0.1}, batch<32>};
  static int caught = 0;
  const auto own = std::signal(SIGINT, [](int) { ++caught; });
  const History history = trainer.fit(train, {.epochs = 3,
                                              .validation = &validation,
                                              .progress = Progress::none,
                                              .learning_rate = [](std::int64_t step) {
                                                if (step == 12) std::raise(SIGINT);
                                                return 0.1;
                                              }});
  CHECK(history.ended == Ended::by_interrupt);
  CHECK(history.steps == 13);
  CHECK(history.epochs() == 2);  // the second one is cut short
  CHECK(history.validation_loss.size() == 2);
  CHECK(history.validation_loss[1] != history.validation_loss[1]);  // not measured
  CHECK(history.best() == 0);
  CHECK(caught == 0);
  std::raise(SIGINT);  // the handler from before is back
  CHECK(caught == 1);
  CHECK(trainer.fit(train, {.progress = Progress::none}).ended == Ended::finished);

  // A second Ctrl-C during the run is the earlier handler's.
  trainer.fit(train, {.progress = Progress::none, .learning_rate = [](std::int64_t step) {
                        if (step == 2) std::raise(SIGINT), std::raise(SIGINT);
                        return 0.1;
                      }});
  CHECK(caught == 2);
  std::signal(SIGINT, own);
}

TEST_CASE("no epochs are no work") {
  Model<Classifier> model;
  Trainer trainer{model, CrossEntropy{}, Adam{}, batch<32>};
  const auto before = parameters(model);
  const History history = trainer.fit(points(100), {.epochs = 0});
  CHECK(history.epochs() == 0);
  CHECK(history.best() == -1);
  CHECK(parameters(model) == before);
}

TEST_CASE("the best epoch has the smallest loss, whatever was not measured") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  History history;
  CHECK(history.best() == -1);
  history.loss = {3, 1, 2};
  CHECK(history.best() == 1);
  history.validation_loss = {nan, 5, 4};
  CHECK(history.best() == 2);
  history.validation_loss = {4, 5, nan};
  CHECK(history.best() == 0);
}
