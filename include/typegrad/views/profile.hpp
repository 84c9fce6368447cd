// How long each step of a function takes.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "typegrad/core/joined.hpp"
#include "typegrad/runtime/observe.hpp"

namespace tg {

// tg::Function<F, tg::Cpu, tg::observed> f{state};
// tg::Profile profile;
// f.observe(profile);
// … calls …
// std::fputs(profile.text().c_str(), stdout);
class Profile : public Observer {
 public:
  struct Entry {
    std::string what, where, line;
    std::int64_t runs = 0;
    double seconds = 0;
  };

  void before(const ObservedStep&) override { start = Clock::now(); }
  void after(const ObservedStep& step) override {
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (entries.size() <= std::size_t(step.number)) entries.resize(std::size_t(step.number) + 1);
    Entry& entry = entries[std::size_t(step.number)];
    if (entry.runs++ == 0) entry.what = step.what, entry.where = step.where, entry.line = step.line;
    entry.seconds += seconds;
  }

  // Of each step, in the order of the table; those that did not run have no runs.
  const std::vector<Entry>& steps() const { return entries; }
  double seconds() const {
    double sum = 0;
    for (const Entry& entry : entries) sum += entry.seconds;
    return sum;
  }
  // The steps, the longest first, with their shares; and the sums by what they do.
  std::string text() const {
    return joined("by operation\n", table(by_what()), "by step\n", table(entries));
  }

 private:
  using Clock = std::chrono::steady_clock;

  std::vector<Entry> by_what() const {
    std::vector<Entry> sums;
    for (const Entry& entry : entries) {
      const auto same = std::find_if(sums.begin(), sums.end(),
                                     [&](const Entry& other) { return other.what == entry.what; });
      if (same == sums.end())
        sums.push_back({entry.what, "", "", entry.runs, entry.seconds});
      else
        same->runs += entry.runs, same->seconds += entry.seconds;
    }
    return sums;
  }
  std::string table(std::vector<Entry> rows) const {
    std::sort(rows.begin(), rows.end(),
              [](const Entry& a, const Entry& b) { return a.seconds > b.seconds; });
    std::string text;
    for (const Entry& row : rows) {
      if (row.runs == 0) continue;
      char numbers[80];
      std::snprintf(numbers, sizeof numbers, "%6.2f %%  %10.3f us  %8lld runs  ",
                    100 * row.seconds / std::max(seconds(), 1e-30), 1e6 * row.seconds,
                    (long long)row.runs);
      text += joined(numbers, row.what, row.where.empty() ? "" : "  in ", row.where,
                     row.line.empty() ? "" : "  at ", row.line, "\n");
    }
    return text;
  }

  std::vector<Entry> entries;
  Clock::time_point start{};
};

}  // namespace tg
