// Loops end early on the emulated GPU, as on the CPU: the same results, and no step is taken behind
// the end of the longest sample.
// SPDX-License-Identifier: MIT
#include <atomic>
#include <cmath>
#include <typegrad/typegrad.hpp>

#include "subject.hpp"
#include "tests/run/scan/ending.hpp"

namespace tg::test {
namespace {

using namespace ending;
using cuda::Kernels;

// How often the body of a loop was run, whoever ran it.
std::atomic<int> calls{0};
struct Sine {
  static constexpr const char* name = "counted sine";
  static constexpr Shape shape(const Shape& x) { return x; }
  template <class T>
  static constexpr void compute(const OperationCall<T>& call) {
    call.out[0] = math::sin(call.in[0][0]);
  }
  static constexpr Var gradient(Var x, Var, Var dy) { return cos(x) * dy; }
  struct Cuda {
    static constexpr int threads = 64;
    template <class C, class Call>
    static void run(const C& c, const Call& call) {
      if (c.block() == 0 && c.thread() == 0) ++calls;
      cuda::for_each_number(c, 1, call.samples, [&](int, int sample) {
        call.put(0, sample, std::sin(call(0, 0, sample)));
      });
    }
  };
};
struct UntilLarge {
  static constexpr Next step(Scope&, Var x, Var h) {
    const Var following = operation<Sine>(h) + x;
    return next(following).until(less(1, following));
  }
};
constexpr int most = 20;
struct Large {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {most});
    const Loop loop = scan<UntilLarge>(s, over(x), from(s.constant(0.5)));
    return outputs(loop.count(), loop.states(), grad(batch_mean(square(loop.last())), x));
  }
};

// Sample i ends with the step in which its number is 2.
template <Kernels kernels>
void check_steps() {
  Function<Large, Emulated<kernels>, batch<65>> function;
  Function<Large, Cpu, batch<65>> host;
  for (const int samples : {1, 7, 64, 65})
    for (const int longest : {most - 1, 6, 0}) {
      INFO("samples " << samples << ", longest " << longest);
      std::vector<float> x(std::size_t(samples * most));
      for (int i = 0; i < samples; ++i) {
        const int end = i == samples / 2 ? longest : longest / (1 + i % 3);
        x[std::size_t(i * most + end)] = 2;
      }
      calls = 0;
      const auto got = function(x);
      CHECK(calls == longest + 1);
      const auto expected = host(x);
      CHECK(std::get<0>(got) == std::get<0>(expected));
      CHECK(std::get<0>(got)(samples / 2) == float(longest + 1));
      CHECK(std::get<1>(got).isApprox(std::get<1>(expected), 1e-5f));
      CHECK(std::get<2>(got).isApprox(std::get<2>(expected), 1e-5f));
    }
}

template <class D>
constexpr bool is_counted = [] {
  const ir::Recording recording = record<D>(Purpose::inference, f32);
  for (const ir::Leaf& leaf : recording.leaves)
    if (std::string_view(leaf.name) == "n") return true;
  return false;
}();

// All outputs of a definition, one after the other.
template <class D, class Backend>
class Ending {
 public:
  // Of numbers that tell samples apart; sample i takes steps_of(i) steps, where n says so.
  std::vector<std::vector<float>> operator()(int samples, int most_steps) {
    const std::size_t count = std::size_t(samples);
    std::vector<float> x(count * rows * 2), W{0.3f, -0.7f, 0.5f, 0.2f}, n(count);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = float(int(i * 37 % 19) - 9) / 10;
    for (std::size_t i = 0; i < count; ++i) n[i] = float(int(i + 1) * 5 % (most_steps + 1));
    if constexpr (is_counted<D>)
      return flat(function(x, W, n));
    else
      return flat(function(x, W));
  }

 private:
  template <class Results>
  static std::vector<std::vector<float>> flat(const Results& results) {
    std::vector<std::vector<float>> all;
    std::apply(
        [&](const auto&... one) { (all.emplace_back(one.data(), one.data() + one.size()), ...); },
        results);
    return all;
  }

  Function<D, Backend, batch<65>> function;
};

// Memory may hold the numbers of another call. Returns how many loops may end early.
template <class D, Kernels kernels = Kernels::of_waves>
int check_ending() {
  Ending<D, Cpu> host;
  Ending<D, Emulated<kernels>> device;
  for (const int samples : {65, 1, 7, 64})
    for (const int most_steps : {rows, 4, 0}) {
      INFO("samples " << samples << ", steps " << most_steps);
      const auto expected = host(samples, most_steps), got = device(samples, most_steps);
      for (std::size_t i = 0; i < expected.size(); ++i) {
        INFO("output " << i);
        REQUIRE(got[i].size() == expected[i].size());
        for (std::size_t k = 0; k < got[i].size(); ++k)
          REQUIRE(got[i][k] == Approx(expected[i][k]).epsilon(1e-4).margin(1e-5));
      }
    }
  return OnCuda<D, Purpose::inference, kernels>::Plan::L::loop_ends.size();
}

}  // namespace

TEST_CASE("no step is taken behind the end of the longest sample") {
  check_steps<Kernels::of_waves>();
  check_steps<Kernels::one>();
}
TEST_CASE("until, on a device") {
  CHECK(check_ending<Until<Growing>>() == 2);
  CHECK(check_ending<Until<Growing, backwards>>() == 2);
}
TEST_CASE("a number of steps, on a device") {
  CHECK(check_ending<Counted<Counting>>() == 2);
  CHECK(check_ending<Counted<Growing>>() == 2);
  CHECK(check_ending<Tapped>() == 2);
}
TEST_CASE("stretches between checkpoints, and a gradient's gradient, on a device") {
  CHECK(check_ending<Counted<Counting, checkpoint<3>>>() == 2);
  CHECK(check_ending<Again>() == 4);
}
TEST_CASE("loops that end in one kernel") {
  CHECK(check_ending<Until<Growing>, Kernels::one>() == 2);
  CHECK(check_ending<Counted<Counting, backwards>, Kernels::one>() == 2);
}

}  // namespace tg::test
