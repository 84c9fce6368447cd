// How Trainer::fit runs.
// SPDX-License-Identifier: MIT
#pragma once
#include <functional>

#include "typegrad/training/diagnose.hpp"
#include "typegrad/training/examples.hpp"
#include "typegrad/training/history.hpp"

namespace tg {

// Where fit reports: a line that moves on a terminal, a line per epoch elsewhere, or nowhere.
enum class Progress { automatic, terminal, plain, none };

// trainer.fit(digits.train, {.epochs = 5, .validation = &digits.test});
struct FitOptions {
  int epochs = 1;
  int batch = 0;  // samples of a step, at most the trainer's capacity; 0: the capacity
  // Measured after each epoch, nothing learned: a data::Split*, or {images, targets}.
  fitting::Examples validation{};
  bool shuffle = true;
  std::uint64_t seed = 1;  // of the order; epochs differ, and so do further calls of fit
  Progress progress = Progress::automatic;
  // The solver's rate at each step of this run, from 0: tg::CosineDecay{1e-3, 5000}. The solver's
  // own rate is put back at the end.
  std::function<double(std::int64_t)> learning_rate{};
  // Called after each epoch; false ends the run.
  std::function<bool(const EpochReport&)> after_epoch{};
  // true: every step's loss and gradients are checked before they are learned from, and the error
  // names the first layer and operation that made a number that is none.
  fitting::Debug debug{};
};

}  // namespace tg
