// Who looks on while a function runs: guards against NaNs, profiles, monitors.
// SPDX-License-Identifier: MIT
#include <chrono>
#include <limits>
#include <typegrad/typegrad.hpp>

#include "tests/catch.hpp"
#include "typegrad/views/memory_map.hpp"
#include "typegrad/views/monitor.hpp"
#include "typegrad/views/nan_guard.hpp"
#include "typegrad/views/profile.hpp"

using namespace tg;

namespace {

struct Roots {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {3});
    const Var root = s.layer<"roots", Sequence<Linear<4, no_bias>>>(sqrt(x));
    s.update(s.shared("total", {}), sum(root));
    return outputs(softmax(root));
  }
};

using Net = Sequence<Input<20>, Linear<64>, Relu, Linear<64>, Relu, Linear<5>, Softmax>;
struct Big {
  static constexpr auto define(Scope& s) { return Net::define(s); }
};

template <class F, class X>
std::string error_of(F& f, const X& x) {
  try {
    f(x);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a map says what lies in memory, and how large it is") {
  using L = runtime::PlanOf<Roots, Purpose::inference, f32>::L;
  const std::string map = memory_map<Roots>();
  const auto says = [&](const std::string& words) { return map.find(words) != std::string::npos; };
  CHECK(says("the caller's  f32(4, 3)  roots.0.weight\n"));
  CHECK(says(std::to_string(3 * L::lanes * 4) + "  scratch + 0  f32(samples, 3)  x\n"));
  CHECK(says(std::to_string(4 * L::lanes * 4) + "  scratch + "));
  CHECK(says("f32(samples, 4)  dot  in roots.0\n"));
  CHECK(says("scratch, of each thread: " + std::to_string(L::sizes.scratch * 4) + " bytes\n"));
  CHECK(says("shared: " + std::to_string(L::sizes.shared * 4) + " bytes\n"));
  CHECK_FALSE(says("nowhere"));
}

TEST_CASE("a guard names the operation, the sample and the element") {
  Shared<Function<Roots, Cpu, observed>> state;
  Function<Roots, Cpu, observed> f{state};
  NanGuard guard;
  f.observe(guard);
  std::vector<float> x(20 * 3, 1.0f);
  CHECK(error_of(f, x).empty());
  x[17 * 3 + 2] = -1;
  const std::string text = error_of(f, x);
  CHECK(text.find("nan in element 2 of sample 17, the result of sqrt") != std::string::npos);
  x[17 * 3 + 2] = std::numeric_limits<float>::infinity();
  CHECK(error_of(f, x).find("inf in element 2 of sample 17, the result of input") !=
        std::string::npos);
  guard.details = memory_map<Roots, observed>();
  CHECK(error_of(f, x).ends_with(std::string("'\n") + guard.details.c_str()));
  guard.infinity = false;
  CHECK(error_of(f, x).find("in layer roots.0") != std::string::npos);
  guard.nan = false;
  CHECK(error_of(f, x).empty());
  x[17 * 3 + 2] = 1e20f;
  CHECK(error_of(f, x).find("100000002004087734272.000000 in element 2 of sample 17") !=
        std::string::npos);
}

TEST_CASE("a guard may go on, and leave out operations and layers") {
  Shared<Function<Roots, Cpu, observed>> state;
  Function<Roots, Cpu, observed> f{state};
  NanGuard guard;
  std::vector<std::string> alarms;
  guard.alarm = [&](const std::string& text) { alarms.push_back(text); };
  f.observe(guard);
  std::vector<float> x(20 * 3, 1.0f);
  x[4] = -1, x[30] = -1;
  CHECK(error_of(f, x).empty());
  REQUIRE(alarms.size() > 1);  // the root, and what is made of it, once each
  CHECK_THAT(alarms[0], test::contains("nan in element 1 of sample 1, the result of sqrt"));
  CHECK_THAT(alarms[1], test::contains("in layer roots.0"));
  const std::size_t all = alarms.size();
  alarms.clear();
  guard.spared = {"sqrt"};
  CHECK(error_of(f, x).empty());
  CHECK(alarms.size() == all - 1);
  alarms.clear();
  guard.spared = {"sqrt", "roots.0"};
  CHECK(error_of(f, x).empty());
  CHECK(alarms.size() < all - 1);
  for (const std::string& text : alarms) CHECK(text.find("roots.0") == std::string::npos);
}

TEST_CASE("a profile has every step, and no more than the time of the calls") {
  Model<Net> model;
  Function<Big, Cpu, observed> f{model};
  Profile profile;
  f.observe(profile);
  const std::vector<float> x(20 * 20000, 0.5f);
  const auto start = std::chrono::steady_clock::now();
  f(x);
  const double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double first = profile.seconds();
  CHECK(first > 0);
  CHECK(first <= wall);
  std::int64_t runs = 0;
  for (const Profile::Entry& entry : profile.steps()) {
    CHECK(entry.runs > 0);
    CHECK_FALSE(entry.what.empty());
    runs += entry.runs;
  }
  CHECK(runs > 0);
  CHECK(profile.text().find("matmul add relu  in 0") != std::string::npos);
  f(x);
  CHECK(profile.seconds() > first);
}

TEST_CASE("a monitor is called before and after each step, in order, and sees its values") {
  Model<Net> model;
  Function<Big, Cpu, observed> f{model};
  int last = -1, inside = 0, calls = 0;
  double total = 0;
  Monitor monitor{[&](const ObservedStep& step) {
                    CHECK(step.number > last);
                    CHECK(step.values.empty());
                    last = step.number;
                    CHECK(++inside == 1);
                  },
                  [&](const ObservedStep& step) {
                    CHECK(step.number == last);
                    CHECK(--inside == 0);
                    ++calls;
                    for (const ObservedValue& value : step.values)
                      if (value.op() == Op::softmax)
                        for (int i = 0; i < value.shape().size(); ++i) total += value.at(i, 2);
                  }};
  f.observe(monitor);
  const auto out = f(std::vector<float>(20 * 3, 0.25f));
  CHECK(calls > 4);
  CHECK(total == Approx(1).margin(1e-6));
  CHECK(out.rows() == 3);
}

template <class F>
concept Observable = requires(F& f, NanGuard& guard) {
  f.observe(guard);
};

TEST_CASE("the same function unobserved has no place for observers") {
  static_assert(sizeof(Function<Big>) < sizeof(Function<Big, Cpu, observed>));
  static_assert(Observable<Function<Big, Cpu, observed>> && !Observable<Function<Big>>);
}
