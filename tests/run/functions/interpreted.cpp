// Functions that are interpreted beside the same ones with kernels: everything that a function can
// do, in the modes that have none.
// SPDX-License-Identifier: MIT
#include "tests/catch.hpp"
#include "tests/counted.hpp"
#include "typegrad/graph/indexing.hpp"
#include "typegrad/graph/statistics.hpp"
#include "typegrad/layers/fillers/he.hpp"
#include "typegrad/runtime/function.hpp"
#include "typegrad/views/inspect.hpp"
#include "typegrad/views/memory_map.hpp"
#include "typegrad/views/profile.hpp"

namespace tg::test {
namespace {

constexpr int samples = 70;  // two chunks and a part of one

// Whether nothing was planned or lowered for it.
template <class F, auto... Options>
constexpr bool is_interpreted = std::is_same_v<
    typename runtime::ProgramOf<F, Purpose::inference, runtime::floating_option<Options...>(), 0,
                                runtime::mode_option<Options...>>::Program,
    reference::Program<element_t<arithmetic_of(runtime::floating_option<Options...>())>>>;

// Updates that read each other's old values, sums across samples before and behind samples, a
// gradient, integers that choose, several outputs.
struct Everything {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {4}), table = s.shared("table", {5, 4}, He{});
    const Var a = s.shared("a", {4}), b = s.shared("b", {4}), rate = s.scalar("rate");
    const Var label = s.label("label");
    const Var chosen = gather(table, label);
    const Var centred = x - batch_mean(x);
    const Var y = tanh(centred * chosen + a);
    const Var cost = mean(square(y - 0.5f));
    const Var slope = grad(cost, table);
    s.update(a, b + rate);
    s.update(b, a - batch_sum(y));
    s.update(table, table - rate * slope);
    return outputs(y, cost, slope, softmax(y));
  }
};
struct Draws {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {3});
    return outputs(x + s.uniform("u", {3}), x + s.normal("n", {3}));
  }
};

template <class Results>
std::vector<std::vector<double>> numbers_of(const Results& results) {
  std::vector<std::vector<double>> all;
  const auto add = [&](const auto& one) {
    if constexpr (requires { one.data(); })
      all.emplace_back(one.data(), one.data() + one.size());
    else
      all.push_back({double(one)});
  };
  std::apply([&](const auto&... one) { (add(one), ...); }, results);
  return all;
}

template <auto... Options>
std::vector<std::vector<double>> run_everything() {
  using F = Function<Everything, Cpu, batch<samples>, Options...>;
  using T = typename F::Element;
  Shared<F> state;
  F f{state};
  Random random(3);
  std::vector<T> x(samples * 4);
  std::vector<int> labels(samples);
  for (T& value : x) value = T(random.between(-1, 1));
  for (int& label : labels) label = int(random.below(5));
  std::vector<std::vector<double>> all;
  for (int call = 0; call < 3; ++call) {
    const int count = call == 1 ? 5 : samples;  // fewer, then as many as before
    const auto part = numbers_of(f(std::span(x).first(std::size_t(count) * 4), T(0.25),
                                   std::span(labels).first(std::size_t(count))));
    all.insert(all.end(), part.begin(), part.end());
  }
  for (const auto& map : {state.template get<"a">(), state.template get<"b">()})
    all.emplace_back(map.data(), map.data() + map.size());
  return all;
}

template <DType dtype, auto... Mode>
void check_everything() {
  const auto expected = run_everything<dtype>(), got = run_everything<dtype, Mode...>();
  REQUIRE(got.size() == expected.size());
  const double unit = dtype == f64 ? 1e-12 : 2e-5;
  for (std::size_t i = 0; i < got.size(); ++i) {
    CAPTURE(i);
    REQUIRE(got[i].size() == expected[i].size());
    for (std::size_t k = 0; k < got[i].size(); ++k)
      REQUIRE(got[i][k] == Approx(expected[i][k]).epsilon(unit).margin(unit));
  }
}

// A user's kernel, whose tiles are counted, behind an assertion.
std::atomic<int> tiles{0};
struct Own {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2}), total = s.shared("total", {2});
    const Var y = operation<CountedSine<tiles>>(assert_that<"x is not negative">(x, 0 <= x));
    s.update(total, total + batch_sum(y));
    return outputs(y);
  }
};

}  // namespace

static_assert(!is_interpreted<Everything> && !is_interpreted<Everything, exclude<"fusion">>);
static_assert(is_interpreted<Everything, fast_compile> &&
              is_interpreted<Everything, f64, fast_compile>);
static_assert(is_interpreted<Everything, no_optimisation> &&
              is_interpreted<Everything, exclude<"kernels">>);
static_assert(!is_interpreted<Everything, no_optimisation, include<"kernels">>);

TEST_CASE("what is interpreted computes and keeps the same", "[functions]") {
  check_everything<f32, fast_compile>();
  check_everything<f32, no_optimisation>();
  check_everything<f32, exclude<"kernels">>();
  check_everything<f64, fast_compile>();
}

TEST_CASE("random numbers have the same bits", "[functions]") {
  Function<Draws> kernels;
  Function<Draws, Cpu, fast_compile> interpreted;
  kernels.seed = interpreted.seed = 9;
  const std::vector<float> x(samples * 3);
  for (int call = 0; call < 2; ++call) {
    const auto expected = numbers_of(kernels(x)), got = numbers_of(interpreted(x));
    CHECK(got[0] == expected[0]);
    for (std::size_t i = 0; i < got[1].size(); ++i)
      CHECK(got[1][i] == Approx(expected[1][i]).epsilon(1e-5).margin(1e-6));
  }
}

TEST_CASE("users' kernels are run on chunks of samples, and what they forbid is not done",
          "[functions]") {
  using F = Function<Own, Cpu, fast_compile>;
  Shared<F> state;
  F f{state};
  std::vector<float> x(samples * 2, 0.5f);
  tiles = 0;
  const auto y = f(x);
  CHECK(tiles == 3);
  CHECK(y(samples - 1, 1) == Approx(std::sin(0.5f)));
  const float total = state.get<"total">()(1);
  CHECK(total == Approx(samples * std::sin(0.5)));
  x[50] = -1;
  CHECK_THROWS_WITH(f(x), contains("x is not negative"));
  CHECK(state.get<"total">()(1) == total);
}

TEST_CASE("a map of memory shows what is interpreted", "[functions]") {
  const std::string text = std::string(memory_map<Own, fast_compile>());
  CHECK_THAT(text, contains("shared + 0"));
  CHECK_THAT(text, contains("f32(samples, 2)"));
}

TEST_CASE("a profile has a step for each node that is computed", "[functions]") {
  using F = Function<Own, Cpu, fast_compile, observed>;
  Shared<F> state;
  F f{state};
  Profile profile;
  f.observe(profile);
  f(std::vector<float>(samples * 2, 0.5f));
  REQUIRE(profile.steps().size() > 3);
  for (const Profile::Entry& entry : profile.steps()) CHECK(entry.runs > 0);
  CHECK_THAT(profile.text(), contains("add"));
}

}  // namespace tg::test
