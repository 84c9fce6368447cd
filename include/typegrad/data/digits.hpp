// Handwritten-looking digits drawn by code: as many as asked, without a download.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "typegrad/core/random.hpp"
#include "typegrad/core/thread_pool.hpp"
#include "typegrad/data/artist.hpp"
#include "typegrad/data/dataset.hpp"

namespace tg::data {

struct DigitOptions {
  int train = 20000, test = 4000;
  std::uint64_t seed = 1;
  int height = 28, width = 28;
};

// Digit i of a part depends on part, seed and i alone: a smaller split is the beginning of a
// larger.
inline Split draw_digits(std::string_view part, int count, const DigitOptions& options) {
  const std::uint64_t key = hash(part, options.seed);
  const std::size_t size = std::size_t(options.height) * std::size_t(options.width);
  std::vector<float> pixels(std::size_t(count) * size);
  std::vector<std::int32_t> labels(std::size_t(count), 0);
  ThreadPool& pool = default_pool();
  pool.run(pool.threads(), [&](int share) {
    Artist artist(options.height, options.width);
    for (int i = share; i < count; i += pool.threads()) {
      Random random(key, std::uint64_t(i));
      const int digit = int(random.below(10));
      labels[std::size_t(i)] = digit;
      artist.draw(digit, random, pixels.data() + std::size_t(i) * size);
    }
  });
  return Split(std::move(pixels), std::move(labels), {1, options.height, options.width}, 10,
               "drawn digits");
}

// Digits to learn from and others, of a stream of their own, to test on: (1, height, width) in [0,
// 1]. Throws Error for negative counts and for images of less than 8 x 8.
[[gnu::cold]] inline Dataset digits(const DigitOptions& options = {}) {
  if (options.train < 0 || options.test < 0)
    fail("tg::data::digits", "found %d and %d digits, expected counts of at least 0", options.train,
         options.test);
  if (options.height < 8 || options.width < 8)
    fail("tg::data::digits", "found images of %d x %d, expected at least 8 x 8", options.height,
         options.width);
  return {draw_digits("train", options.train, options), draw_digits("test", options.test, options)};
}

}  // namespace tg::data
