// What a Trainer and a Model make of a network, evaluated by the reference after each pass.
// SPDX-License-Identifier: MIT
#pragma once
#include "examples/backend.hpp"
#include "tests/catch.hpp"
#include "tests/example.hpp"

namespace tg::test {

template <class Definition, auto... Options>
void check_definition(const CheckOptions& options = {}) {
  const PassCheck check = check_passes<Definition, f64, Options...>(options);
  INFO("the pass " << check.pass << " changes numbers by " << check.difference);
  CHECK(check);
}

template <class Net, class Loss = CrossEntropy>
void check_network() {
  check_definition<fitting::TrainingStep<Net, Loss>, training>();
  check_definition<fitting::Evaluation<Net, Loss>>();
}

}  // namespace tg::test
