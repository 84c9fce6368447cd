// One of several, drawn by what a network says of each.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "typegrad/core/exception.hpp"
#include "typegrad/core/random.hpp"

namespace tg {

// softmax(logits / temperature), in double whatever the logits are, so that the sum is 1 within
// 1e-15: below 1, the likely ones are likelier yet, above it all are more alike; 0 is the likeliest
// alone. Throws Error for a negative temperature and for logits without a finite largest one.
template <class T>
std::vector<double> probabilities(std::span<const T> logits, double temperature = 1) {
  const char* const where = "tg::probabilities";
  if (!(temperature >= 0)) fail(where, "found temperature %g, expected 0 or more", temperature);
  const auto largest = std::max_element(logits.begin(), logits.end());
  if (largest == logits.end() || !std::isfinite(*largest))
    fail(where, "found no finite largest logit, expected one");
  std::vector<double> result(logits.size(), 0.0);
  if (temperature == 0) {
    result[std::size_t(largest - logits.begin())] = 1;
    return result;
  }
  double sum = 0;
  for (std::size_t i = 0; i < logits.size(); ++i)
    sum += result[i] = std::exp((double(logits[i]) - double(*largest)) / temperature);
  for (double& p : result) p /= sum;
  return result;
}

// The number of one of them, drawn with its probability. Pre: they are not negative and sum to 1.
inline int draw(std::span<const double> probabilities, Random& random) {
  // 53 bits, as many as a double has: an unlikely one is drawn, too.
  const std::uint32_t high = random() >> 5, low = random() >> 6;
  double left = (high * 67108864.0 + low) / 9007199254740992.0;
  int last = 0;  // likely at all: what is left over by rounding is its
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (probabilities[i] <= 0) continue;
    last = int(i);
    if (left < probabilities[i]) break;
    left -= probabilities[i];
  }
  return last;
}

}  // namespace tg
