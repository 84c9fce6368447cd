// Debug mode finds a wrong rewrite, a wrong kernel, and a value that is overwritten too early.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "tests/catch.hpp"
#include "tutorial.hpp"
#include "typegrad/runtime/debug.hpp"

using namespace tg;

namespace {

using Net = Sequence<Input<1, 8, 8>, Conv<4, 3>, BatchNorm<>, Relu, MaxPool<2>, Flatten,
                     Dropout<0.3>, Linear<3>>;

struct Step {
  static constexpr auto define(Scope& s) {
    const Var logits = Net::define(s);
    const Var loss = -mean(pick(log(softmax(logits)), s.label("y")));
    for (Var p : s.parameters()) s.update(p, p - 0.1 * grad(loss, p));
    return outputs(loss, logits);
  }
};

struct Curve {
  static constexpr int line = __LINE__ + 4;
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {3}), w = s.shared("w", {3});
    s.update(w, w + batch_sum(x));
    return outputs(log(1 + x * x) + w, sum(w));
  }
};

// log(1 + x) is not x, though it looks like it for small x.
struct Wrong {
  static constexpr Var apply(const passes::Match& m) {
    return m.a.node().op == Op::add ? m.a.operand(0) : Var{};
  }
  static constexpr std::array<passes::Rule, 1> rules{
      {{"wrong", "log(1 + x) -> x", passes::Family::arithmetic, Op::log, {}, {}, &apply}}};
};

// cos, but for the kernel: which is none.
struct Shaky {
  static constexpr const char* name = "shaky";
  static constexpr Shape shape(const Shape& x) { return x; }
  template <class T>
  static constexpr void compute(const OperationCall<T>& call) {
    for (int i = 0; i < call.result.size(); ++i) call.out[i] = 2 * call.in[0][i];
  }
  template <class T>
  static void cpu(const LanesCall<T>& call) {
    for (int i = 0; i < call.result.size() * call.lanes; ++i)
      call.out[i] = call.in[0][i] + call.in[0][i];
    call.out[1] += T(0.5);
  }
};
struct UsesShaky {
  static constexpr auto define(Scope& s) {
    return outputs(exp(operation<Shaky>(s.input("x", {3}))));
  }
};
// Writes over what it reads.
struct Greedy {
  static constexpr const char* name = "greedy";
  static constexpr Shape shape(const Shape& x) { return x; }
  template <class T>
  static constexpr void compute(const OperationCall<T>& call) {
    for (int i = 0; i < call.result.size(); ++i) call.out[i] = call.in[0][i];
  }
  template <class T>
  static void cpu(const LanesCall<T>& call) {
    for (int i = 0; i < call.result.size() * call.lanes; ++i) {
      call.out[i] = call.in[0][i];
      const_cast<T*>(call.in[0])[i] = 0;  // as an operation that works in place would
    }
  }
};
struct UsesGreedy {
  static constexpr auto define(Scope& s) {
    const Var y = exp(s.input("x", {3}));
    const Var g = operation<Greedy>(y);
    return outputs(g + transpose(reshape(y, {3, 1}))[0], s.shared("w", {2}) * 1);
  }
};
struct OverwritesShared {
  static constexpr auto define(Scope& s) { return outputs(operation<Greedy>(s.shared("w", {3}))); }
};

template <class F, class... Given>
std::string error_of(F& f, const Given&... given) {
  try {
    f(given...);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

const std::vector<float> x{0.5f, 1, 2, 3, -1, 0.25f};

}  // namespace

TEST_CASE("what is right passes, and gives what it gives without debug mode") {
  using Debugged = Function<Step, Cpu, tg::training, debug_mode, batch<32>>;
  using Plain = Function<Step, Cpu, tg::training, batch<32>>;
  Shared<Debugged> a;
  Shared<Plain> b;
  Debugged debugged{a};
  Plain plain{b};
  std::vector<float> images(20 * 64);
  std::vector<std::int32_t> labels(20);
  Random random(1, 1);  // no two windows have the same maximum
  for (float& pixel : images) pixel = float(random.between(0, 1));
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = std::int32_t(i % 3);
  for (int step = 0; step < 3; ++step) {
    const auto [loss, logits] = debugged(images, labels);
    const auto [same, also] = plain(images, labels);
    CHECK(loss == same);
    CHECK((logits - also).cwiseAbs().maxCoeff() == 0);
  }
  test::Store store;
  Shared<Function<test::Train, Cpu, f64, debug_mode>> state;
  Function<test::Train, Cpu, f64, debug_mode> train{state};
  CHECK(error_of(train, test::x, test::y).empty());
}

// What is written overflows, and 0 / 0 is no number; what is computed is finite, and right.
struct Extreme {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {3});
    return outputs(log(softmax(x * 1e4)), x / x);
  }
};

TEST_CASE("what a rule makes finite is no alarm") {
  Function<Extreme, Cpu, debug_mode> f;
  CHECK(error_of(f, std::vector<float>{1, 0, -1}).empty());
}

TEST_CASE("a wrong rewrite is found, and the pass that made it") {
  using Good = Function<Curve, Cpu, debug_mode>;
  using Bad = Function<Curve, Cpu, debug_mode, own_rules<Wrong>>;
  Shared<Good> state;
  Good good{state};
  CHECK(error_of(good, x).empty());
  Shared<Bad> other;
  Bad bad{other};
  const std::string text = error_of(bad, x);
  CHECK(text.find("debug mode: the pass 'simplify' changes output 0 at ") == 0);
  CHECK(text.find("debug_mode.cpp:" + std::to_string(Curve::line) + ": element 0 is") !=
        std::string::npos);
  CHECK(text.find("expected 0.223143") != std::string::npos);
}

TEST_CASE("a wrong kernel is found, and the element") {
  Function<UsesShaky, Cpu, debug_mode> f;
  const std::string text = error_of(f, x);
  CHECK(text.find("debug mode: the kernel 'shaky' changes shaky at ") == 0);
  CHECK(text.find(": element 3 is 6.5, expected 6") != std::string::npos);
}

TEST_CASE("what is overwritten before it is read is found") {
  using F = Function<UsesGreedy, Cpu, debug_mode>;
  Shared<F> state;
  F f{state};
  CHECK(error_of(f, x).find("debug mode: the kernel ") == 0);
  using G = Function<OverwritesShared, Cpu, debug_mode>;
  Shared<G> other;
  other.get<"w">().setOnes();
  G g{other};
  CHECK(error_of(g) == "debug mode: the program changes state 'w': element 0 is 0, expected 1");
}
