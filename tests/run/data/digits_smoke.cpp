// Drawn digits: the same everywhere, different from each other, and recognisable.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <vector>

#include "tests/catch.hpp"
#include "tests/run/data/scratch.hpp"
#include "typegrad/data/digits.hpp"

using tg::data::digits;
using tg::test::contains;

namespace {

std::uint64_t fingerprint(const tg::data::Split& split) {
  std::uint64_t hash = 14695981039346656037ull;
  for (float pixel : split.images())
    hash = (hash ^ std::uint64_t(pixel * 255 + 0.5f)) * 1099511628211ull;
  for (int label : split.labels()) hash = (hash ^ std::uint64_t(label)) * 1099511628211ull;
  return hash;
}

// Share of `test` whose nearest class mean of `train` is its own.
double nearest_mean_accuracy(const tg::data::Split& train, const tg::data::Split& test) {
  const int width = train.shape().size();
  std::vector<std::vector<double>> mean(10, std::vector<double>(std::size_t(width)));
  std::array<int, 10> count{};
  for (int i = 0; i < train.count(); ++i) {
    const int label = train.labels()[i][0];
    ++count[std::size_t(label)];
    for (int j = 0; j < width; ++j)
      mean[std::size_t(label)][std::size_t(j)] += train.images()[i][j];
  }
  int right = 0;
  for (int i = 0; i < test.count(); ++i) {
    std::array<double, 10> distance{};
    for (std::size_t c = 0; c < 10; ++c)
      for (int j = 0; j < width; ++j) {
        const double d = test.images()[i][j] - mean[c][std::size_t(j)] / count[c];
        distance[c] += d * d;
      }
    const auto nearest = std::min_element(distance.begin(), distance.end());
    right += int(nearest - distance.begin()) == test.labels()[i][0];
  }
  return double(right) / double(test.count());
}

}  // namespace

TEST_CASE("digits do not depend on compiler, machine or threads") {
  tg::set_threads(1);
  const auto set = digits({.train = 600, .test = 300});
  CHECK(fingerprint(set.train) == 0x5f9e3e4af05334b5ull);
  CHECK(fingerprint(set.test) == 0xd90d38ab1374b82eull);
  tg::set_threads(3);
  const auto other = digits({.train = 600, .test = 300});
  CHECK(fingerprint(other.train) == fingerprint(set.train));
  CHECK(fingerprint(other.test) == fingerprint(set.test));
}

TEST_CASE("digits are images in [0, 1] of all ten classes") {
  const auto set = digits({.train = 1000, .test = 10});
  CHECK(set.train.count() == 1000);
  CHECK(set.test.count() == 10);
  CHECK(set.train.shape() == tg::Shape{1, 28, 28});
  CHECK(set.train.classes() == 10);
  std::array<int, 10> count{};
  for (int label : set.train.labels()) ++count[std::size_t(label)];
  for (int each : count) CHECK(each > 60);
  for (int i = 0; i < 1000; ++i) {
    double ink = 0;
    for (int j = 0; j < 784; ++j) {
      const float pixel = set.train.images()[i][j];
      if (!(pixel >= 0 && pixel <= 1)) FAIL("pixel " << pixel);
      ink += pixel;
    }
    if (!(ink > 12 && ink < 350)) FAIL("digit " << i << " has " << ink << " pixels of ink");
  }
}

TEST_CASE("parts and seeds draw other digits, and a shorter part begins a longer one") {
  const auto set = digits({.train = 200, .test = 200});
  const auto shorter = digits({.train = 120, .test = 0});
  CHECK(shorter.test.count() == 0);
  CHECK(fingerprint(shorter.train) == fingerprint(set.train.part(0, 120)));
  const auto other = digits({.train = 200, .test = 0, .seed = 2});
  const auto drawn = [](const tg::data::Split& split, int i) {
    const float* pixels = split.images()[i];
    return std::vector<float>(pixels, pixels + 784);
  };
  std::vector<std::vector<float>> all;
  for (int i = 0; i < 200; ++i)
    for (const auto* split : {&set.train, &set.test, &other.train}) all.push_back(drawn(*split, i));
  std::sort(all.begin(), all.end());
  CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
}

TEST_CASE("digits can be recognised, but not by their class means alone") {
  const auto set = digits({.train = 3000, .test = 1000});
  const double accuracy = nearest_mean_accuracy(set.train, set.test);
  CHECK(accuracy > 0.7);
  CHECK(accuracy < 0.95);
}

TEST_CASE("digits come in any size from 8 x 8") {
  const auto set = digits({.train = 40, .test = 0, .height = 32, .width = 48});
  CHECK(set.train.shape() == tg::Shape{1, 32, 48});
  const auto fault = [](const tg::data::DigitOptions& options) {
    return tg::test::words_of<tg::Error>([&] { digits(options); });
  };
  CHECK_THAT(fault({.height = 7}), contains("found images of 7 x 28, expected at least 8 x 8"));
  CHECK_THAT(fault({.train = -1}), contains("found -1 and 4000 digits"));
}
