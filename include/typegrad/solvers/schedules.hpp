// How the learning rate changes: functions from the number of steps taken to a rate.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>

#include "typegrad/core/math.hpp"

namespace tg {

// rate * factor^floor(step / every): torch.optim.lr_scheduler.StepLR.
struct StepDecay {
  double rate = 1e-3;
  std::int64_t every = 1000;
  double factor = 0.1;

  constexpr double operator()(std::int64_t step) const {
    double result = rate;
    for (std::int64_t i = every; i <= step; i += every) result *= factor;
    return result;
  }
};

// Half a cosine from rate down to last in `steps` steps, then last: CosineAnnealingLR
// (Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2016).
struct CosineDecay {
  double rate = 1e-3;
  std::int64_t steps = 1000;
  double last = 0;

  constexpr double operator()(std::int64_t step) const {
    const double share = step >= steps ? 1 : double(step) / double(steps);
    return last + (rate - last) * (1 + math::cos(math::series::pi * share)) / 2;
  }
};

// Linear from 1 / steps of the rate up to it, then what `then` says, from its own step 0
// (Goyal et al., "Accurate, large minibatch SGD", 2017). A number is a constant rate:
// WarmUp{500, 1e-3}.
template <class Schedule>
struct WarmUp {
  std::int64_t steps = 100;
  Schedule then{};

  constexpr double operator()(std::int64_t step) const {
    return step < steps ? after(0) * double(step + 1) / double(steps) : after(step - steps);
  }

 private:
  constexpr double after(std::int64_t step) const {
    if constexpr (requires { then(step); })
      return then(step);
    else
      return then;
  }
};
template <class Schedule>
WarmUp(std::int64_t, Schedule) -> WarmUp<Schedule>;

}  // namespace tg
