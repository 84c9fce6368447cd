// Stops a function at the first number that is none, or far too large.
// SPDX-License-Identifier: MIT
#pragma once
#include <cmath>

#include "typegrad/core/exception.hpp"
#include "typegrad/core/joined.hpp"
#include "typegrad/runtime/observe.hpp"

namespace tg {

// tg::Function<F, tg::Cpu, tg::observed> f{state};
// tg::NanGuard guard;
// f.observe(guard);
// A call throws Error that names the operation, its layer and its line, the sample and the element,
// at the first value that is a NaN, infinite, or larger than `largest`: inputs too, integers never.
// Values that one kernel keeps in registers are seen where they are written.
class NanGuard : public Observer {
 public:
  bool nan = true, infinity = true;
  double largest = 1e10;  // 0: any

  void after(const ObservedStep& step) override {
    for (const ObservedValue& value : step.values) {
      if (!is_floating(value.dtype())) continue;
      for (int sample = 0; sample < (value.per_sample() ? step.samples : 1); ++sample)
        for (int element = 0; element < value.shape().size(); ++element)
          check(step, value, element, sample);
    }
  }

 private:
  void check(const ObservedStep& step, const ObservedValue& value, int element, int sample) const {
    const double number = value.at(element, sample);
    const bool wrong = (nan && std::isnan(number)) || (infinity && std::isinf(number)) ||
                       (largest > 0 && std::abs(number) > largest && !std::isinf(number));
    if (!wrong) return;
    std::string text =
        joined("nan guard: ", std::to_string(number), " in element ", std::to_string(element));
    if (value.per_sample())
      text += joined(" of sample ", std::to_string(step.first_sample + sample));
    text += joined(", the result of ", value.name());
    if (const std::string layer = value.layer(); !layer.empty())
      text += joined(" in layer ", layer);
    text += ir::at_line(value.line());
    throw Error(joined(text, ", in the step '", step.what, "'"));
  }
};

}  // namespace tg
