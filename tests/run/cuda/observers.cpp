// Who looks on while a function runs on the emulated GPU: the same words and numbers as on the CPU.
// SPDX-License-Identifier: MIT
#include <cmath>
#include <map>
#include <typegrad/typegrad.hpp>

#include "subject.hpp"
#include "tests/run/scan/ending.hpp"
#include "tests/run/training/points.hpp"
#include "typegrad/runtime/watch_device.hpp"
#include "typegrad/views/monitor.hpp"
#include "typegrad/views/nan_guard.hpp"
#include "typegrad/views/profile.hpp"

namespace tg::test {
namespace {

using cuda::Kernels;

struct Roots {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {3});
    const Var root = s.layer<"roots", Sequence<Linear<4, no_bias>>>(sqrt(x));
    s.update(s.shared("total", {}), batch_mean(sum(root)));
    return outputs(softmax(root));
  }
};

constexpr int samples = 20;

// What a guard says of ones, among which one number is `odd`.
template <class Backend>
std::string words(float odd) {
  Shared<Function<Roots, Backend, observed>> state;
  Function<Roots, Backend, observed> function{state};
  NanGuard guard;
  function.observe(guard);
  std::vector<float> x(samples * 3, 1.0f);
  x[17 * 3 + 2] = odd;
  return error_of([&] { function(x); });
}

// The values that a function shows, by layer and operation, all samples of them.
using Seen = std::map<std::string, std::vector<double>>;
template <class Backend>
Seen seen() {
  Shared<Function<Roots, Backend, observed>> state;
  Function<Roots, Backend, observed> function{state};
  Seen values;
  std::int64_t calls = 0;
  Monitor monitor{[&](const ObservedStep& step) {
    calls = step.call;
    for (const ObservedValue& value : step.values) {
      std::vector<double>& all = values[value.layer() + " " + value.name()];
      const int count = value.per_sample() ? step.samples : 1;
      for (int sample = 0; sample < count; ++sample)
        for (int e = 0; e < value.shape().size(); ++e) all.push_back(value.at(e, sample));
    }
  }};
  function.observe(monitor);
  std::vector<float> x(samples * 3);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = float(i % 7);
  function(x);
  function(x);
  CHECK(calls == 1);
  return values;
}

}  // namespace

TEST_CASE("a guard says the same on a device") {
  for (const float odd : {1.0f, -1.0f, std::numeric_limits<float>::infinity(), 1e20f}) {
    const std::string host = words<Cpu>(odd);
    CHECK((host == "nothing was thrown") == (odd == 1.0f));
    CHECK(words<Emulated<>>(odd) == host);
    CHECK(words<Emulated<Kernels::one>>(odd) == host);
  }
  CHECK_THAT(words<Emulated<>>(-1), contains("nan in element 2 of sample 17, the result of sqrt"));
}

TEST_CASE("an observer sees the CPU's numbers") {
  const Seen host = seen<Cpu>(), device = seen<Emulated<>>();
  CHECK(device.size() >= 4);
  std::size_t both = 0;
  for (const auto& [name, numbers] : device) {
    if (!host.contains(name)) continue;  // what a kernel keeps in registers is not seen
    ++both;
    INFO(name);
    const std::vector<double>& expected = host.at(name);
    REQUIRE(numbers.size() == expected.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) CHECK(numbers[i] == Approx(expected[i]));
  }
  CHECK(both >= 4);
}

TEST_CASE("who does not look on pays nothing, and gets the same") {
  Shared<Function<Roots, Emulated<>>, Function<Roots, Emulated<>, observed>> state;
  Function<Roots, Emulated<>> plain{state};
  Function<Roots, Emulated<>, observed> watched{state};
  Profile profile;
  watched.observe(profile);
  const std::vector<float> x(samples * 3, 2.0f);
  CHECK(plain(x) == watched(x));
  CHECK(profile.steps().size() > std::size_t(decltype(plain)::launches()));  // steps, not waves
}

TEST_CASE("steps of a loop are shown that are taken") {
  using Definition = ending::Counted<ending::Counting>;
  Function<Definition, Emulated<>, observed, batch<7>> function;
  std::map<int, int> rounds;
  Monitor monitor{[&](const ObservedStep& step) {
    if (step.times == rows) ++rounds[step.number];
  }};
  function.observe(monitor);
  const std::vector<float> x(7 * rows * 2, 0.5f), W(4, 0.25f), n{0, 3, 1, 5, 2, 0, 4};
  function(x, W, n);
  CHECK(rounds.size() > 4);
  for (const auto& [number, count] : rounds) CHECK(count == 5);
}

}  // namespace tg::test
