// What is said of a node at run time names the line of the definition that it comes from.
// SPDX-License-Identifier: MIT
#include <typegrad/runtime/debug.hpp>
#include <typegrad/typegrad.hpp>
#include <typegrad/views/dot.hpp>
#include <typegrad/views/graph_html.hpp>
#include <typegrad/views/nan_guard.hpp>
#include <typegrad/views/profile.hpp>

#include "tests/catch.hpp"

using namespace tg;

namespace {

// "lines.cpp:31", as a path ends.
std::string here(int line) { return "lines.cpp:" + std::to_string(line); }
bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}
template <class F, class... X>
std::string error_of(F& f, const X&... x) {
  try {
    f(x...);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

// The fast mode rewrites both lines: log(softmax) is one operation, and the gradient is its.
struct Learn {
  static constexpr int root = __LINE__ + 4, logarithm = root + 1;
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {3});
    const Var w = s.shared("w", {3});
    const Var h = sqrt(x) + w;
    const Var p = log(softmax(h));
    const Var cost = -mean(p);
    s.update(w, w - 0.1 * grad(cost, w));
    return outputs(cost, p);
  }
};
using Watched = Function<Learn, Cpu, fast_run, observed>;

// A kernel that is wrong, and a definition that uses it.
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
      call.out[i] = 2 * call.in[0][i] + T(0.5);
  }
};
struct UsesShaky {
  static constexpr int line = __LINE__ + 3;
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2});
    const Var y = operation<Shaky>(x);
    return outputs(y);
  }
};

// A rule that is wrong.
constexpr passes::Rule wrong_rules[] = {
    {"wrong", "tanh(x) -> tanh(-x)", passes::Family::arithmetic, Op::tanh, passes::rules::any,
     passes::rules::any, [](const passes::Match& m) {
       return m.a.node().op == Op::negate ? passes::rules::nothing() : tanh(-m.a);
     }}};
struct Wrong {
  static constexpr std::span<const passes::Rule> rules = wrong_rules;
};
struct Curve {
  static constexpr int line = __LINE__ + 4;
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2});
    const Var y = x + 1;
    const Var z = tanh(y);
    return outputs(z);
  }
};

struct Checked {
  static constexpr int line = __LINE__ + 3, stop = line + 1;
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2});
    const Var y = assert_that<"not negative">(x, x >= 0);
    return outputs(breakpoint_if<"large">(y > 100, y));
  }
};

struct Chooses {
  static constexpr int line = __LINE__ + 3;
  static constexpr auto define(Scope& s) {
    const Var table = s.shared("table", {5, 2});
    const Var row = gather(table, s.label("which"));
    return outputs(row);
  }
};

// A layer of one's own between two of the library's.
struct Root {
  static constexpr int line = __LINE__ + 1;
  static constexpr Var define(Scope&, Var x) { return sqrt(x - 10); }
};
using Net = Sequence<Input<3>, Linear<4>, Root, Linear<2>>;
struct Predict {
  static constexpr Var define(Scope& s) { return Net::define(s); }
};

BreakpointCall last{};

}  // namespace

TEST_CASE("a guard names the line, also of what a gradient and a rule made", "[lines]") {
  Shared<Watched> state;
  Watched f{state};
  NanGuard guard;
  f.observe(guard);
  std::vector<float> x(3, 1.0f);
  CHECK(error_of(f, x).empty());
  x[1] = -1;
  const std::string text = error_of(f, x);
  CHECK(has(text, "the result of"));
  CHECK(has(text, here(Learn::root)));
  Shared<Watched> fresh;
  Watched g{fresh};
  guard.largest = 1.05;
  g.observe(guard);
  const std::string logarithm = error_of(g, std::vector<float>(3, 1e-6f));
  CHECK(has(logarithm, "the result of log_softmax"));
  CHECK(has(logarithm, here(Learn::logarithm)));
}

TEST_CASE("a step knows its line, and a profile shows it", "[lines]") {
  Shared<Watched> state;
  Watched f{state};
  Profile profile;
  f.observe(profile);
  f(std::vector<float>(3, 1.0f));
  CHECK(has(profile.text(), "  at "));
  CHECK(has(profile.text(), here(Learn::logarithm)));
}

TEST_CASE("a layer of one's own has a line, the library's have names", "[lines]") {
  Model<Net> model;
  model.get<"0.weight">().setZero();
  Function<Predict, Cpu, observed> f{model};
  NanGuard guard;
  f.observe(guard);
  const std::string own = error_of(f, std::vector<float>(3, 1.0f));
  CHECK(has(own, "the result of sqrt in layer 1 at "));
  CHECK(has(own, here(Root::line)));
  model.get<"0.bias">().setConstant(20);
  model.get<"2.weight">().setConstant(1e30f);
  const std::string named = error_of(f, std::vector<float>(3, 1.0f));
  CHECK(has(named, " in layer 2, in the step"));
}

TEST_CASE("debug mode names the line of a wrong kernel, and of what a pass changed", "[lines]") {
  Function<UsesShaky, Cpu, debug_mode> kernel;
  const std::vector<float> x{1, 2};
  CHECK(has(error_of(kernel, x), here(UsesShaky::line) + ": element 0 is 2.5, expected 2"));
  Function<Curve, Cpu, debug_mode, own_rules<Wrong>> pass;
  const std::string text = error_of(pass, x);
  CHECK(has(text, "the pass 'simplify' changes output 0 at "));
  CHECK(has(text, here(Curve::line)));
}

TEST_CASE("an assertion, a breakpoint and an index outside say where", "[lines]") {
  breakpoint_handler = [](const BreakpointCall& call) { last = call; };
  Function<Checked> f;
  const std::string text = error_of(f, std::vector<float>{1, -1});
  CHECK(text.find("not negative at ") == 0);
  CHECK(has(text, here(Checked::line)));
  f(std::vector<float>{1, 1000});
  CHECK(last.line == Checked::stop);
  CHECK(has(last.file, "lines.cpp"));

  Shared<Chooses> state;
  Function<Chooses> choose{state};
  const std::string outside = error_of(choose, std::vector<std::int32_t>{7});
  CHECK(has(outside, "integer 7 at 0 of argument 0, which chooses at "));
  CHECK(has(outside, here(Chooses::line)));
}

TEST_CASE("pictures and reports show lines", "[lines]") {
  const std::string drawn = dot<Learn>(), page = graph_html<Learn>();
  CHECK(has(drawn, here(Learn::logarithm) + "\"]"));
  CHECK(has(page, here(Learn::logarithm) + "\", \"colour\""));
  CHECK_FALSE(has(dot<Net>(), "lines.cpp:" + std::to_string(Root::line + 3)));
  std::string report = optimisation_report<Learn>();
  CHECK(has(report, here(Learn::logarithm)));
}
