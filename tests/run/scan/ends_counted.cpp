// How many steps a loop runs that ends early: counted by who looks on, and by the operation itself.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>

#include "tests/catch.hpp"
#include "tests/counted.hpp"
#include "typegrad/graph/scan.hpp"
#include "typegrad/runtime/function.hpp"
#include "typegrad/views/monitor.hpp"

namespace tg::test {
namespace {

constexpr int rows = 20;

std::atomic<int> calls{0};  // of the kernel: one for each tile and step

struct Recurrence {
  static constexpr Next step(Scope&, Var x, Var h) {
    const Var following = operation<CountedSine<calls>>(h) + x;
    return next(following).until(less(1, following));
  }
};

// What a sample of numbers (rows) leaves: the state, the number of steps, the rows, and the
// gradient of the state's square.
constexpr auto answers(const Loop& loop, Var x) {
  const Var cost = square(loop.last());
  return outputs(loop.last(), loop.count(), loop.states(), grad(batch_mean(cost), x));
}
struct Until {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {rows});
    return answers(scan<Recurrence>(s, over(x), from(s.constant(0.5))), x);
  }
};
struct AtMost {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {rows}), n = s.argument("n", {}, i32);
    return answers(scan<Recurrence>(s, over(x), from(s.constant(0.5)), times(n)), x);
  }
};

// x (samples, rows): all 0, but that of sample i is 2 at row `ends[i]`, with which it ends.
std::vector<float> samples_that_end(const std::vector<int>& ends) {
  std::vector<float> x(ends.size() * rows, 0.0f);
  for (std::size_t i = 0; i < ends.size(); ++i) x[i * rows + std::size_t(ends[i])] = 2;
  return x;
}

// How often the steps of each loop run, the longest: forward, then back.
template <class F, class... Given>
std::vector<int> rounds_of(F& function, const Given&... given) {
  std::map<int, int> rounds;  // by number in the table
  Monitor monitor{[&](const ObservedStep& step) {
    if (step.times == rows) ++rounds[step.number];
  }};
  function.observe(monitor);
  function(given...);
  std::vector<int> result;
  for (const auto& [number, count] : rounds) result.push_back(count);
  return result;
}

}  // namespace

TEST_CASE("a loop takes as many steps as its longest sample, there and back") {
  for (const int longest : {0, 6, 13, rows - 1}) {
    const std::vector<float> x = samples_that_end({longest / 2, longest, 0});
    Function<Until, Cpu, observed> function;
    for (const int rounds : rounds_of(function, x)) CHECK(rounds == longest + 1);
  }
}

TEST_CASE("each tile ends for itself") {
  // More samples than lanes: the first tile ends at once, what is left goes on.
  std::vector<int> ends(100, 0);
  ends.back() = 9;
  const std::vector<float> x = samples_that_end(ends);
  Function<Until, Cpu, batch<128>> function;
  function(samples_that_end(std::vector<int>(100, rows - 1)));
  calls = 0;
  const auto results = function(x);
  CHECK(calls < 2 * 10 + 100 / 4);  // at least four lanes; two tiles at most take ten steps
  const auto& counts = std::get<1>(results);
  CHECK(counts(0) == 1);
  CHECK(counts(99) == 10);
}

TEST_CASE("what behind the end is, is not what a call before has left there") {
  Function<Until> function, fresh;
  function(samples_that_end({rows - 1, rows - 2}));
  const std::vector<float> x = samples_that_end({3, 5});
  const auto got = function(x);
  const auto expected = fresh(x);
  const auto& rows_of = std::get<2>(got);
  for (int t = 0; t < rows; ++t) {
    CHECK((rows_of(0, t) == 0) == (t > 3));
    CHECK((rows_of(1, t) == 0) == (t > 5));
    CHECK(std::get<3>(got)(0, t) == std::get<3>(expected)(0, t));
    if (t > 3) CHECK(std::get<3>(got)(0, t) == 0);
  }
}

TEST_CASE("no steps are no rows, and the state stays what it was") {
  Function<AtMost> function;
  for (const int n : {4, 0}) {
    calls = 0;
    const auto results = function(std::vector<float>(2 * rows, 0.0f), n);
    CHECK(calls == n);
    CHECK(std::get<1>(results)(0) == float(n));
    CHECK((std::get<0>(results)(0) == 0.5f) == (n == 0));
    for (int t = 0; t < rows; ++t) {
      CHECK((std::get<2>(results)(0, t) == 0) == (t >= n));
      CHECK((std::get<3>(results)(0, t) == 0) == (t >= n));
    }
  }
}

}  // namespace tg::test
