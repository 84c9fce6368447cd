// When to stop: the rule of patience.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>

namespace tg {

// Looks at a validation loss now and then, and says when to stop: after `patience` steps, and after
// a multiple of the step at which the loss last fell by a significant part. Source: the rule of the
// Deep Learning Tutorials (deeplearning.net, "Getting Started", Early-Stopping). Steps count from
// 0.
class EarlyStopping {
 public:
  std::int64_t patience = 5000;  // steps that are made in any case; grows
  double increase = 2;           // how many times as far a significant improvement leads
  double threshold = 0.995;      // a loss below this part of the best one is significant

  // How often to look: after so many steps, for epochs of `steps_of_epoch`.
  std::int64_t frequency(std::int64_t steps_of_epoch) const {
    return std::min(steps_of_epoch, patience / 2);
  }
  // Whether to look after this step.
  bool looks(std::int64_t step, std::int64_t steps_of_epoch) const {
    return (step + 1) % frequency(steps_of_epoch) == 0;
  }
  // Notes the loss after a step; true when there was no better one.
  bool improves(std::int64_t step, double loss) {
    if (!(loss < lowest)) return false;
    if (loss < lowest * threshold)
      patience = std::max(patience, std::int64_t(double(step) * increase));
    lowest = loss;
    return true;
  }
  bool over(std::int64_t step) const { return patience <= step; }
  double best() const { return lowest; }

 private:
  double lowest = std::numeric_limits<double>::infinity();
};

}  // namespace tg
