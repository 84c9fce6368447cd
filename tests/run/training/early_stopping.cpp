// The rule of patience, step by step.
// SPDX-License-Identifier: MIT
#include "typegrad/training/early_stopping.hpp"

#include "tests/catch.hpp"

namespace {

// The step after which a scripted run of epochs of `steps` stops; `losses` are what validation
// says.
std::int64_t stops_after(std::int64_t steps, const std::vector<double>& losses,
                         tg::EarlyStopping& stopping) {
  std::size_t next = 0;
  for (std::int64_t step = 0;; ++step) {
    if (stopping.looks(step, steps))
      stopping.improves(step, next < losses.size() ? losses[next++] : losses.back());
    if (stopping.over(step)) return step;
  }
}

}  // namespace

TEST_CASE("a run that never improves ends with its patience") {
  tg::EarlyStopping stopping{};
  stopping.patience = 20;
  CHECK(stopping.frequency(7) == 7);
  CHECK(stopping.frequency(100) == 10);
  CHECK(stops_after(7, {0.5}, stopping) == 20);
  CHECK(stopping.best() == 0.5);
}

TEST_CASE("a significant improvement doubles the way, a small one does not") {
  tg::EarlyStopping significant{};
  significant.patience = 20;
  // Validated at steps 9, 19: the second is significant, so the run goes on to step 38.
  CHECK(stops_after(10, {1, 0.9}, significant) == 38);
  tg::EarlyStopping small{};
  small.patience = 20;
  CHECK(stops_after(10, {1, 0.996}, small) == 20);
  CHECK(small.best() == 0.996);
}

TEST_CASE("the best loss is the lowest, and a NaN is none") {
  tg::EarlyStopping stopping{};
  CHECK(stopping.improves(0, 3));
  CHECK_FALSE(stopping.improves(1, 3));
  CHECK_FALSE(stopping.improves(2, 0.0 / 0.0));
  CHECK(stopping.improves(3, 2));
  CHECK(stopping.best() == 2);
}
