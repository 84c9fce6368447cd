// What the graph compiler moves out of loops, and what it does not keep.
// SPDX-License-Identifier: MIT
#include "steps.hpp"
#include "typegrad/layers/recurrent.hpp"

namespace tg::test {
namespace {

enum class Where { anywhere, in_loop, outside };

template <class D, Purpose purpose = Purpose::inference>
int count(Op op, Where where = Where::anywhere) {
  const ir::Graph& graph = runtime::Compiled<D, purpose, f32>::optimised;
  int sum = 0;
  for (const ir::Node& node : graph.nodes)
    sum += node.op == op &&
           (where == Where::anywhere || (where == Where::in_loop) == (node.region != 0));
  return sum;
}

// What a tile of samples works on, in numbers for each sample.
template <class D, Purpose purpose = Purpose::inference>
int memory() {
  using Plan = runtime::PlanOf<D, purpose, f32>;
  return (Plan::L::sizes.scratch + Plan::L::sizes.store) / Plan::L::sizes.lanes;
}

struct Doubled {
  static constexpr Var step(Scope&, Var x, Var c) { return 2 * exp(c) * x; }
};
struct Mapped {
  static constexpr Var define(Scope& s, Var x) {
    return map<Doubled>(s, over(x), s.parameter("c", {2}, One{}));
  }
};

struct Readout {  // what a step gives beside its state is a product of it
  static constexpr Next step(Scope&, Var x, Var h, Var V) {
    const Var following = tanh(h + x);
    return next(following).output(matmul(V, following));
  }
};
struct WithReadout {
  static constexpr Var define(Scope& s, Var x) {
    return scan<Readout>(s, over(x), from(s.constant(0, {2})), s.parameter("V", {4, 2}, One{}))
        .outputs();
  }
};

struct Times {
  static constexpr Next step(Scope&, Var power, Var a) { return next(power * a); }
};
struct Decay {
  static constexpr Next step(Scope&, Var x, Var h, Var a) { return next(sin(a * h) + x); }
};
template <auto... Options>
struct Decayed {
  static constexpr Var define(Scope& s, Var x) {
    const Var a = s.parameter("a", {32}, One{}), first = s.constant(0, {32});
    return scan<Decay, Options...>(s, over(x), from(first), a).last();
  }
};
template <int K>
struct Power {
  static constexpr Var define(Scope& s, Var a) {
    return scan<Times, steps<K>>(s, from(s.constant(1, a.shape())), a).last();
  }
};

struct LastRow {  // as Theano's result[-1]
  static constexpr Var define(Scope& s, Var a) {
    const Loop loop = scan<Times, steps<5>>(s, from(s.constant(1, a.shape())), a);
    return reshape(slice(loop.states(), 0, 4, 1), a.shape());
  }
};

}  // namespace

TEST_CASE("an LSTM's input projections are one product") {
  using One = Answer<Lstm<8>, 9, 5>;
  CHECK(count<One>(Op::matmul, Where::outside) == 1);
  CHECK(count<One>(Op::matmul, Where::in_loop) == 1);
  using Two = Answer<Lstm<8, stacked<2>>, 9, 5>;
  CHECK(count<Two>(Op::matmul, Where::outside) == 2);
  CHECK(count<Two>(Op::matmul, Where::in_loop) == 2);
}

TEST_CASE("an LSTM's weight gradients are one product each") {
  using Step = Probe<Lstm<8>, 9, 5>;
  // Forward W x; back to W_ih, W_hh and x. In the loops U h and back to h.
  CHECK(count<Step, Purpose::training>(Op::matmul, Where::outside) == 4);
  CHECK(count<Step, Purpose::training>(Op::matmul, Where::in_loop) == 2);
  CHECK(count<Step, Purpose::training>(Op::outer) == 0);
}

TEST_CASE("what needs no loop is none, and what does not change is outside") {
  using Layer = Answer<Mapped, 7, 2>;
  CHECK(count<Layer>(Op::collect) == 0);
  CHECK(count<Layer>(Op::exp, Where::in_loop) == 0);
  check_layer<Mapped, 7, 2>();
}

TEST_CASE("products that only leave a loop are made behind it") {
  using Layer = Answer<WithReadout, 7, 2>;
  CHECK(count<Layer>(Op::matmul, Where::in_loop) == 0);
  CHECK(count<Layer>(Op::matmul, Where::outside) == 1);
  check_layer<WithReadout, 7, 2>();
}

TEST_CASE("where the last state is asked for, two are kept") {
  CHECK(count<Answer<Power<4>, 3>>(Op::collect) == 0);
  CHECK(memory<Answer<Power<4>, 3>>() == memory<Answer<Power<32>, 3>>());
  check_layer<Power<5>, 3>();
}

TEST_CASE("a loop is compiled once, whatever its number of steps") {
  const auto size = []<class D>(std::type_identity<D>) {
    const auto& program = runtime::ProgramOf<D, Purpose::training, f32>::program();
    return std::pair(program.nodes.size(), program.steps.size());
  };
  CHECK(size(std::type_identity<Probe<Lstm<3>, 2, 2>>{}) ==
        size(std::type_identity<Probe<Lstm<3>, 500, 2>>{}));
}

TEST_CASE("nor are more where the last row is asked for") {
  CHECK(count<Answer<LastRow, 3>>(Op::collect) == 0);
  CHECK(memory<Answer<LastRow, 3>>() == memory<Answer<Power<4>, 3>>());
  check_layer<LastRow, 3>();
}

TEST_CASE("checkpoints keep less") {
  using All = Probe<Decayed<>, 64, 1>;
  using Some = Probe<Decayed<checkpoint<8>>, 64, 1>;
  // 32 numbers of every step, or of every eighth and within eight.
  CHECK(memory<All, Purpose::training>() > 64 * 32);
  CHECK(memory<Some, Purpose::training>() < 64 * 32);
}

}  // namespace tg::test
