// Stops a function at the first number that is none, or far too large.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

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
//   guard.spared = {"log", "head"};  // operations and layers that may have such numbers
//   guard.alarm = [](const std::string& text) { std::puts(text.c_str()); };  // and go on
class NanGuard : public Observer {
 public:
  bool nan = true, infinity = true;
  double largest = 1e10;  // 0: any
  std::vector<std::string> spared;
  std::string details;  // a text behind the words: tg::memory_map<F>(), tg::debugprint<F>()
  // Called for the first such number of each value.
  std::function<void(const std::string&)> alarm = [](const std::string& text) {
    throw Error(text);
  };

  void after(const ObservedStep& step) override {
    for (const ObservedValue& value : step.values)
      if (is_floating(value.dtype()) && !is_spared(value.name()) && !is_spared(step.where))
        check(step, value);
  }

 private:
  bool is_spared(std::string_view name) const {
    return std::find(spared.begin(), spared.end(), name) != spared.end();
  }
  bool is_wrong(double number) const {
    if (std::isnan(number)) return nan;
    if (std::isinf(number)) return infinity;
    return largest > 0 && std::abs(number) > largest;
  }
  void check(const ObservedStep& step, const ObservedValue& value) const {
    for (int sample = 0; sample < (value.per_sample() ? step.samples : 1); ++sample)
      for (int element = 0; element < value.shape().size(); ++element)
        if (is_wrong(value.at(element, sample))) return alarm(words(step, value, element, sample));
  }
  std::string words(const ObservedStep& step, const ObservedValue& value, int element,
                    int sample) const {
    const double number = value.at(element, sample);
    std::string text = joined("nan guard: ", std::isnan(number) ? "nan" : std::to_string(number),
                              " in element ", std::to_string(element));
    if (value.per_sample())
      text += joined(" of sample ", std::to_string(step.first_sample + sample));
    text += joined(", the result of ", value.name());
    if (const std::string layer = value.layer(); !layer.empty())
      text += joined(" in layer ", layer);
    text += ir::at_line(value.line());
    text += joined(", in the step '", step.what, "'");
    return details.empty() ? text : joined(text, "\n", details);
  }
};

}  // namespace tg
