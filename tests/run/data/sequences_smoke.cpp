// Sequences in batches: what padding is, how much of it there is, and every sequence once.
// SPDX-License-Identifier: MIT

#include "tests/catch.hpp"
#include "tests/run/data/scratch.hpp"
#include "typegrad/data/sequences.hpp"

using tg::data::BucketByLength;
using tg::data::PadBatch;
using tg::data::Sequences;
using tg::test::contains;

namespace {

// Sequence i has 1 … 100 symbols, each of them i + 1.
Sequences some(int count) {
  tg::Random random(3);
  Sequences all;
  for (int i = 0; i < count; ++i) all.emplace_back(1 + random.below(100), i + 1);
  return all;
}

std::size_t longest(const Sequences& all, const std::vector<std::uint32_t>& batch) {
  std::size_t length = 0;
  for (std::uint32_t i : batch) length = std::max(length, all[i].size());
  return length;
}

// The share of the symbols of an epoch that is padding.
double padded(const Sequences& all, const BucketByLength& how) {
  double counted = 0, room = 0;
  for (const auto& chosen : how.batches(all, 0)) {
    const PadBatch batch(all, chosen);
    counted += double(batch.counted());
    room += double(batch.tokens().size());
  }
  return 1 - counted / room;
}

}  // namespace

TEST_CASE("a batch is as long as its longest sequence, and padding is masked") {
  const Sequences all = some(150);
  for (const auto& chosen : BucketByLength{.pool = 50, .batch = 7}.batches(all, 0)) {
    const PadBatch batch(all, chosen, 1, -5);
    REQUIRE(std::size_t(batch.length()) == longest(all, chosen));
    REQUIRE(batch.tokens().count() == std::int64_t(chosen.size()));
    REQUIRE(batch.tokens().shape() == tg::Shape{batch.length()});
    REQUIRE(batch.mask().shape() == tg::Shape{batch.length()});
    std::int64_t counted = 0;
    for (std::size_t row = 0; row < chosen.size(); ++row) {
      const auto& sequence = all[chosen[row]];
      for (int t = 0; t < batch.length(); ++t) {
        const bool there = std::size_t(t) < sequence.size();
        CHECK(batch.tokens()[std::int64_t(row)][t] == (there ? sequence[std::size_t(t)] : -5));
        CHECK(batch.mask()[std::int64_t(row)][t] == (there ? 1.0f : 0.0f));
        counted += there;
      }
    }
    CHECK(batch.counted() == counted);
  }
}

TEST_CASE("a batch can be made longer, not shorter") {
  const Sequences all{{1, 2, 3}, {4}};
  const std::vector<std::uint32_t> both{0, 1};
  CHECK(PadBatch(all, both, 5).length() == 5);
  CHECK(PadBatch(all, both, 2).length() == 3);
  CHECK(PadBatch(all, both, 5).counted() == 4);
  CHECK_THAT(tg::test::words_of<tg::Error>([&] { PadBatch(all, std::vector<std::uint32_t>{2}); }),
             contains("found sequence 2, expected one of 2"));
}

TEST_CASE("an epoch has every sequence once, whatever the pool") {
  const Sequences all = some(203);
  for (int pool : {0, 10, 64, 203, 1000})
    for (int batch : {1, 7, 10}) {
      const auto batches = BucketByLength{.pool = pool, .batch = batch}.batches(all, 4);
      std::vector<std::uint32_t> seen;
      for (const auto& chosen : batches) {
        CHECK(chosen.size() <= std::size_t(batch));
        CHECK_FALSE(chosen.empty());
        seen.insert(seen.end(), chosen.begin(), chosen.end());
      }
      std::sort(seen.begin(), seen.end());
      REQUIRE(seen.size() == all.size());
      for (std::uint32_t i = 0; i < seen.size(); ++i) CHECK(seen[i] == i);
    }
  CHECK(BucketByLength{}.batches({}, 0).empty());
}

TEST_CASE("sequences of a batch are neighbours by length") {
  const Sequences all = some(200);
  // Whole pools: no two batches overlap by more than an end.
  auto batches = BucketByLength{.batch = 10}.batches(all, 0);
  const auto shortest = [&](const std::vector<std::uint32_t>& batch) {
    std::size_t length = 1000;
    for (std::uint32_t i : batch) length = std::min(length, all[i].size());
    return length;
  };
  CHECK_FALSE(std::is_sorted(batches.begin(), batches.end(), [&](const auto& a, const auto& b) {
    return longest(all, a) < longest(all, b);
  }));
  std::sort(batches.begin(), batches.end(), [&](const auto& a, const auto& b) {
    return std::pair(longest(all, a), shortest(a)) < std::pair(longest(all, b), shortest(b));
  });
  for (std::size_t i = 0; i + 1 < batches.size(); ++i)
    CHECK(longest(all, batches[i]) <= shortest(batches[i + 1]));
}

TEST_CASE("the larger the pool, the less is padding") {
  const Sequences all = some(2000);
  const double naive = padded(all, {.pool = 20, .batch = 20}),
               bucketed = padded(all, {.pool = 200, .batch = 20}),
               sorted = padded(all, {.pool = 0, .batch = 20});
  CHECK(naive > 0.4);
  CHECK(bucketed < naive / 3);
  CHECK(sorted < bucketed);
  CHECK(sorted < 0.02);
}

TEST_CASE("the order is one of seed and epoch alone") {
  const Sequences all = some(100);
  const BucketByLength how{.pool = 30, .batch = 5, .seed = 9};
  CHECK(how.batches(all, 2) == how.batches(all, 2));
  CHECK(how.batches(all, 2) != how.batches(all, 3));
  CHECK(how.batches(all, 2) != BucketByLength{.pool = 30, .batch = 5, .seed = 8}.batches(all, 2));
}

TEST_CASE("batches that cannot be are an error") {
  const auto words = [](const BucketByLength& how) {
    return tg::test::words_of<tg::Error>([&] { how.batches(some(3), 0); });
  };
  CHECK_THAT(words({.batch = 0}), contains("found batches of 0"));
  CHECK_THAT(words({.pool = 4, .batch = 5}), contains("from pools of 4"));
}
