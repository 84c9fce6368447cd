// What variables held before a step, for who takes the step back.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <vector>

#include "typegrad/runtime/variables.hpp"

namespace tg::fitting {

template <class T, class Kept, class Memory>
class Snapshot {
  using Variables = runtime::Variables<T, Kept, Memory>;

 public:
  [[gnu::cold]] explicit Snapshot(const Variables& of) : variables(&of) {
    for (const runtime::Variable& v : of.list())
      of.inspect(v, [&](const auto* now) { numbers.emplace_back(now, now + v.shape.size()); });
  }
  // Writes to those alone that have changed: memory may be a device's.
  [[gnu::cold]] void restore() const {
    auto before = numbers.begin();
    for (const runtime::Variable& v : variables->list()) {
      const std::vector<double>& kept = *before++;
      bool same = true;
      variables->inspect(
          v, [&](const auto* now) { same = std::equal(kept.begin(), kept.end(), now); });
      if (same) continue;
      variables->visit(v, [&]<class Number>(Number* now) {
        for (const double number : kept) *now++ = Number(T(number));
      });
    }
  }

 private:
  const Variables* variables;
  std::vector<std::vector<double>> numbers;  // of each variable
};

}  // namespace tg::fitting
