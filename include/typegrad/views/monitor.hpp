// Calls of one's own around every step of a function.
// SPDX-License-Identifier: MIT
#pragma once
#include <functional>

#include "typegrad/runtime/observe.hpp"

namespace tg {

// tg::Monitor monitor{.on_after = [](const tg::ObservedStep& step) { … }};
// f.observe(monitor);
struct Monitor : Observer {
  std::function<void(const ObservedStep&)> on_before{}, on_after{};

  Monitor() = default;
  explicit Monitor(std::function<void(const ObservedStep&)> after_each)
      : on_after(std::move(after_each)) {}
  Monitor(std::function<void(const ObservedStep&)> before_each,
          std::function<void(const ObservedStep&)> after_each)
      : on_before(std::move(before_each)), on_after(std::move(after_each)) {}

  void before(const ObservedStep& step) override {
    if (on_before) on_before(step);
  }
  void after(const ObservedStep& step) override {
    if (on_after) on_after(step);
  }
};

}  // namespace tg
