// Integers that are too large to be exact are an error, never another number.
// SPDX-License-Identifier: MIT
#include <limits>
#include <typegrad/typegrad.hpp>

#include "tests/catch.hpp"

using namespace tg;

namespace {

constexpr int exact = 1 << 24;

struct Count {
  static constexpr Var define(Scope& s) {
    const Var n = s.shared("n", {}, i32);
    s.update(n, n + 1);
    return n;
  }
};
struct Normalised {
  static constexpr Var define(Scope& s) { return BatchNorm<>::define(s, s.input("x", {2})); }
};
struct Hash {  // what a remainder makes small again
  static constexpr Var define(Scope& s) {
    return mod(s.input("x", {}, i32) * 1103515 + 12345, 1000);
  }
};
struct Flat {  // an index that is known to be small
  static constexpr Var define(Scope& s) {
    const Var row = s.input("row", {}, i32), table = s.argument("table", {6, 4});
    return gather(table, row) * 1.0 +
           cast(gather(reshape(s.iota(24, i32), {6, 4}), row) * 4 + 3, f32);
  }
};
struct Sums {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {4}, i32);
    return outputs(sum(x, within), batch_sum(x));
  }
};
struct Cast {
  static constexpr Var define(Scope& s) { return cast(s.input("x", {}) * 1.0, i32); }
};
template <int Number>
struct Fixed {
  static constexpr Var define(Scope& s) {
    const Var x = s.input("x", {}, i32);
    return select(less(x, 0), x, x * 0 + Number);
  }
};
struct Passed {
  static constexpr auto define(Scope& s) {
    return outputs(s.input("x", {3}, i32), s.argument("a", {2}, i32));
  }
};

template <class F>
int steps_of() {
  int count = 0;
  for (const ir::Node& node : runtime::ProgramOf<F, Purpose::inference, f32>::program().nodes)
    count += node.op == Op::custom;
  return count;
}

template <class Call>
void check_refused(Call call) {
  CHECK_THROWS_WITH(call(), tg::test::contains("2^24") && tg::test::contains("f64"));
}

}  // namespace

TEST_CASE("a counter stops where it would stand still") {
  Shared<Count> state;
  Function<Count> count{state};
  state.get<"n">()(0) = exact - 2;
  CHECK(count() == exact - 2);
  check_refused([&] { count(); });
  CHECK(state.get<"n">()(0) == exact - 1);

  Shared<Function<Count, Cpu, f64>> wide;
  Function<Count, Cpu, f64> count_on{wide};
  wide.get<"n">()(0) = exact;
  count_on();
  CHECK(count_on() == exact + 1);
}

TEST_CASE("the batches that a BatchNorm has seen are counted so far, and no further") {
  Shared<Function<Normalised, Cpu, training, batch<4>>> state;
  Function<Normalised, Cpu, training, batch<4>> run{state};
  const std::vector<float> x{1, 2, 3, 4, 5, 7};
  run(x);
  CHECK(state.get<"num_batches_tracked">()(0) == 1);
  for (const int seen : {exact - 1, exact}) {
    state.get<"num_batches_tracked">()(0) = float(seen);
    run(x);
    CHECK(state.get<"num_batches_tracked">()(0) == exact);
  }
}

TEST_CASE("arithmetic in between is looked at") {
  Function<Hash> hash;
  const std::vector<std::int32_t> small{1, 2, 15}, large{1, 2, 16};
  const auto y = hash(small);
  for (int i = 0; i < 3; ++i)
    CHECK(y(i) == (std::int64_t(small[std::size_t(i)]) * 1103515 + 12345) % 1000);
  check_refused([&] { hash(large); });
  Function<Hash, Cpu, f64> wide;
  CHECK(wide(large)(2) == (16LL * 1103515 + 12345) % 1000);
}

TEST_CASE("what is known to be small costs nothing") {
  CHECK(steps_of<Flat>() == 0);
  CHECK(steps_of<Count>() == 1);
  CHECK(steps_of<Hash>() == 2);
}

TEST_CASE("sums are looked at by their parts") {
  Function<Sums> sums;
  const auto all = sums(std::vector<std::int32_t>{1, 2, 3, 4, exact / 4, -5, 6, 7});
  CHECK(std::get<0>(all)(0) == 10);
  CHECK(std::get<1>(all)(0) == exact / 4 + 1);
  const int half = exact / 2;
  check_refused([&] { sums(std::vector<std::int32_t>{half, half, -half, 1}); });
  check_refused([&] { sums(std::vector<std::int32_t>{half, 0, 0, 1, -half, 0, 0, 1}); });
}

TEST_CASE("what becomes an integer is looked at") {
  Function<Cast> cut;
  const auto y = cut(std::vector<float>{2.75f, -2.75f, 16777215});
  CHECK(y(0) == 2);
  CHECK(y(1) == -2);
  CHECK(y(2) == exact - 1);
  for (const float x : {3e9f, std::numeric_limits<float>::quiet_NaN()})
    check_refused([&] { cut(std::vector<float>{1, x}); });
  Function<Fixed<exact - 1>> small;
  CHECK(small(std::vector<std::int32_t>{3})(0) == exact - 1);
  Function<Fixed<exact + 1>> large;
  check_refused([&] { large(std::vector<std::int32_t>{3}); });
  Function<Fixed<exact + 1>, Cpu, f64> wide;
  CHECK(wide(std::vector<std::int32_t>{3})(0) == exact + 1);
}

TEST_CASE("what is given is looked at") {
  Function<Passed> pass;
  const std::vector<std::int32_t> few{1, -2};
  const auto kept = pass(std::vector<std::int32_t>{exact - 1, 1 - exact, 0}, few);
  CHECK(std::get<0>(kept)(0, 0) == exact - 1);
  CHECK(std::get<0>(kept)(0, 1) == 1 - exact);
  check_refused([&] { pass(std::vector<std::int32_t>{0, exact + 1, 0}, few); });
  check_refused([&] {
    pass(std::vector<std::int32_t>{0, 1, 0}, std::vector<std::int32_t>{0, exact});
  });
  Function<Passed, Cpu, f64> wide;
  const int largest = std::numeric_limits<std::int32_t>::max();
  CHECK(std::get<0>(wide(std::vector<std::int32_t>{largest, 0, 0}, few))(0, 0) == largest);
}
