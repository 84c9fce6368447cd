// Sequences of different lengths in batches: padded to the longest, gathered by length.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "typegrad/core/exception.hpp"
#include "typegrad/core/samples.hpp"
#include "typegrad/data/shuffle.hpp"

namespace tg::data {

// Numbers of symbols, one sequence after the other.
using Sequences = std::vector<std::vector<std::int32_t>>;

// Some sequences side by side, the shorter ones followed by padding. All are as long as the longest
// of these (not of all that there are), and at least `least` symbols.
class PadBatch {
 public:
  // `chosen`: numbers of sequences. Throws Error when one does not exist.
  PadBatch(const Sequences& all, std::span<const std::uint32_t> chosen, int least = 1,
           std::int32_t padding = 0)
      : count(std::int64_t(chosen.size())), steps(std::max(least, 1)) {
    for (std::uint32_t i : chosen) {
      if (i >= all.size())
        fail("tg::data::PadBatch", "found sequence %u, expected one of %zu", i, all.size());
      steps = std::max(steps, int(all[i].size()));
    }
    symbols.assign(chosen.size() * std::size_t(steps), padding);
    marks.assign(symbols.size(), 0.0f);
    for (std::size_t row = 0; row < chosen.size(); ++row) {
      const std::vector<std::int32_t>& from = all[chosen[row]];
      const auto begin = std::ptrdiff_t(row) * steps;
      std::copy(from.begin(), from.end(), symbols.begin() + begin);
      std::fill_n(marks.begin() + begin, from.size(), 1.0f);
    }
  }

  // Symbols of a sequence, padding included.
  int length() const { return steps; }
  // Shape (length) each.
  Samples<const std::int32_t> tokens() const { return {symbols.data(), count, {steps}}; }
  // 1 for a symbol of the sequence, 0 for padding: shape (length) each.
  Samples<const float> mask() const { return {marks.data(), count, {steps}}; }
  // How many symbols are no padding.
  std::int64_t counted() const {
    return std::int64_t(std::count(marks.begin(), marks.end(), 1.0f));
  }

 private:
  std::int64_t count;
  int steps;
  std::vector<std::int32_t> symbols;
  std::vector<float> marks;
};

// Batches of sequences of about one length, so that little is padding: `pool` sequences are read in
// a random order, sorted by length and cut into batches, and these are shuffled; then the next
// pool. The last batch of a pool has what is left. With pool == batch, batches are random.
struct BucketByLength {
  int pool = 0;    // sequences that are sorted together; 0: all
  int batch = 32;  // sequences of a batch
  std::uint64_t seed = 1;

  // The batches of an epoch, numbers of sequences: each sequence once, in an order of seed and
  // epoch alone. Throws Error unless 1 <= batch, and batch <= pool or pool is 0.
  std::vector<std::vector<std::uint32_t>> batches(const Sequences& all, std::int64_t epoch) const {
    if (batch < 1 || (pool != 0 && pool < batch))
      fail(
          "tg::data::BucketByLength",
          "found batches of %d from pools of %d, expected batches of at least 1 and pools as large "
          "or 0",
          batch, pool);
    Random random(seed, std::uint64_t(epoch));
    std::vector<std::uint32_t> order(all.size());
    std::iota(order.begin(), order.end(), 0u);
    shuffle(order.data(), order.size(), random);

    std::vector<std::vector<std::uint32_t>> result;
    const std::size_t step = pool == 0 ? order.size() : std::size_t(pool);
    for (std::size_t begin = 0; begin < order.size(); begin += step)
      append_pool(result, all,
                  std::span(order).subspan(begin, std::min(step, order.size() - begin)), random);
    return result;
  }

 private:
  void append_pool(std::vector<std::vector<std::uint32_t>>& result, const Sequences& all,
                   std::span<const std::uint32_t> some, Random& random) const {
    // Equally long ones stay in their random order.
    std::vector<std::pair<std::size_t, std::uint32_t>> places;
    for (std::uint32_t place = 0; place < some.size(); ++place)
      places.emplace_back(all[some[place]].size(), place);
    std::sort(places.begin(), places.end());
    const std::size_t first = result.size(), step = std::size_t(batch);
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (i % step == 0) result.emplace_back();
      result.back().push_back(some[places[i].second]);
    }
    shuffle(result.data() + first, result.size() - first, random);
  }
};

}  // namespace tg::data
