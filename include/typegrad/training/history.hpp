// What a run of training reached: numbers per epoch.
// SPDX-License-Identifier: MIT
#pragma once
#include <cmath>
#include <cstdint>
#include <vector>

namespace tg {

// What a step or an evaluation measured, each a mean over the samples.
struct Measured {
  double loss = 0;
  double accuracy = 0;  // share of samples in 0 … 1, for CrossEntropy; else 0
};

// One finished epoch, as callbacks see it.
struct EpochReport {
  int epoch = 0;           // the first is 1
  int epochs = 0;          // that were asked for
  std::int64_t steps = 0;  // of this run so far
  Measured train{};        // over the epoch's samples, each before its step's update
  Measured validation{};   // after the epoch; zeros without validation samples
  double seconds = 0;      // learning, without validation
  double samples_per_second = 0;
};

enum class Ended { finished, by_callback, by_interrupt };

// Element i of each vector is epoch i + 1. The validation's are empty without validation samples,
// the accuracies for losses that have none.
struct History {
  std::vector<double> loss, accuracy, validation_loss, validation_accuracy;
  std::vector<double> seconds, samples_per_second;
  std::int64_t steps = 0;
  Ended ended = Ended::finished;

  // Epochs that were begun and learned something: the last one may have been interrupted.
  int epochs() const { return int(loss.size()); }
  // The index of the epoch with the smallest validation loss, or loss when nothing was validated;
  // -1 without epochs.
  int best() const {
    const std::vector<double>& watched = validation_loss.empty() ? loss : validation_loss;
    int best = -1;
    for (int i = 0; i < int(watched.size()); ++i)
      if (best < 0 || std::isnan(watched[std::size_t(best)]) ||
          watched[std::size_t(i)] < watched[std::size_t(best)])
        best = i;
    return best;
  }
};

}  // namespace tg
