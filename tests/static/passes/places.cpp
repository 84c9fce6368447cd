// Every node knows the user's line that it comes from, behind every pass.
// SPDX-License-Identifier: MIT
#include "typegrad/graph/indexing.hpp"
#include "typegrad/graph/scan.hpp"
#include "typegrad/graph/statistics.hpp"
#include "typegrad/layers/all.hpp"
#include "typegrad/networks/all.hpp"
#include "typegrad/passes/derivatives.hpp"
#include "typegrad/runtime/compiled.hpp"

namespace tg::test {
namespace {

constexpr bool is_this_file(const ir::Place& place) {
  return std::string_view(place.file) == std::string_view(__FILE__);
}
// The line of the first node of an operation; 0 where that is the library's.
constexpr int line_of(const ir::Recording& recording, const ir::Graph& graph, Op op) {
  for (const ir::Node& node : graph.nodes) {
    if (node.op != op) continue;
    if (node.place < 0) return 0;
    const ir::Place& place = recording.places()[node.place];
    return is_this_file(place) ? place.line : -1;
  }
  return -1;
}
template <class C>
constexpr int written(Op op) {
  return line_of(C::recording, C::recording.graph(), op);
}
template <class C>
constexpr int optimised(Op op) {
  return line_of(C::recording, C::optimised, op);
}
template <class C>
constexpr bool every_node_has_a_line() {
  for (const ir::Node& node : C::optimised.nodes)
    if (node.place < 0) return false;
  return C::optimised.size() > 0;
}
template <class Definition>
using Of = runtime::Compiled<Definition, Purpose::inference, f32>;

// Functions of the library that are made of others; scalars on both sides; a helper of one's own.
constexpr int helper = __LINE__ + 1;
constexpr Var scaled(Var x) { return 3 * sin(x); }
struct Functions {
  static constexpr int input = __LINE__ + 2, mean_of = input + 1, half = input + 2;
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {6});
    const Var spread = standard_deviation(x, 0);
    const Var y = 0.5 / x;
    return outputs(spread, y, scaled(y));
  }
};
static_assert(written<Of<Functions>>(Op::input) == Functions::input);
static_assert(written<Of<Functions>>(Op::sum) == Functions::mean_of);
static_assert(written<Of<Functions>>(Op::sqrt) == Functions::mean_of);
static_assert(written<Of<Functions>>(Op::divide) == Functions::half);
static_assert(written<Of<Functions>>(Op::sine) == helper);
static_assert(every_node_has_a_line<Of<Functions>>());

// What a rule makes of a node is of its line; what a gradient makes is of the line whose derivative
// it is, and not of grad's.
struct Training {
  static constexpr int product = __LINE__ + 4, probability = product + 1, logarithm = product + 2;
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {5}), y = s.label("y");
    const Var w = s.shared("w", {3, 5});
    const Var h = matmul(w, x);
    const Var p = softmax(h);
    const Var cost = -mean(pick(log(p), y));
    s.update(w, w - 0.1 * grad(cost, w));
    return cost;
  }
};
using Trained = Of<Training>;
static_assert(written<Trained>(Op::softmax) == Training::probability);
static_assert(optimised<Trained>(Op::log_softmax) == Training::logarithm);  // a rule's
static_assert(optimised<Trained>(Op::outer) == Training::product);  // the gradient of the product
static_assert(every_node_has_a_line<Trained>());

// Places as numbers, ranges and symbols; lists of symbols.
struct Parts {
  static constexpr int first = __LINE__ + 3;
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {4, 2});
    const Var a = x[1];
    const Var b = x[{0, 2}];
    const Var c = x[s.argument("i", {2}, i32)];
    const Var d = concatenate({b, c}, 1);
    const Var e = stack({a, a});
    return outputs(d, e);
  }
};
constexpr bool lines_of_parts = [] {
  const ir::Recording recording = record<Parts>();
  for (int offset = 0; offset < 5; ++offset) {
    bool found = false;
    for (const ir::Node& node : recording.graph().nodes)
      found = found || (node.place >= 0 && node.op != Op::argument &&
                        recording.places()[node.place].line == Parts::first + offset);
    if (!found) return false;
  }
  return true;
}();
static_assert(lines_of_parts);

// In a loop: the step's lines, and for what surrounds it that of the loop.
struct Decay {
  static constexpr int line = __LINE__ + 1;
  static constexpr Var step(Scope&, Var row, Var h) { return tanh(h + row); }
};
struct Loops {
  static constexpr int line = __LINE__ + 3;
  static constexpr Var define(Scope& s) {
    const Var x = s.input("x", {7, 2});
    const Var h = map<Decay>(s, over(x), s.constant(0.5, {2}));
    return sum(h, within);
  }
};
static_assert(written<Of<Loops>>(Op::tanh) == Decay::line);
static_assert(written<Of<Loops>>(Op::collect) == Loops::line);
static_assert(written<Of<Loops>>(Op::element) == Loops::line);
static_assert(every_node_has_a_line<Of<Loops>>());

// A layer of one's own has lines; those of the library have their names. Neither has the other's.
struct Squash {
  static constexpr int line = __LINE__ + 1;
  static constexpr Var define(Scope&, Var x) { return sigmoid(x) * 2; }
};
using Net = Sequence<Input<4>, Linear<3>, Squash, Linear<2>, Tanh>;
struct Named {
  static constexpr int line = __LINE__ + 2;
  static constexpr Var define(Scope& s) {
    const Var before = exp(s.input("other", {2}));
    return Net::define(s) + before;
  }
};
static_assert(written<Of<Net>>(Op::sigmoid) == Squash::line);
static_assert(written<Of<Net>>(Op::matmul) == 0);
static_assert(written<Of<Net>>(Op::tanh) == 0);
static_assert(optimised<Of<Net>>(Op::sigmoid) == Squash::line);
static_assert(written<Of<Named>>(Op::exp) == Named::line);
static_assert(written<Of<Named>>(Op::tanh) == 0);
static_assert(written<Of<Named>>(Op::add) == 0);  // the first: a bias
static_assert(written<Of<Named>>(Op::output) == Named::line + 1);

// A gradient of one's own: its value has its lines, the node that of the call.
struct Own {
  static constexpr int line = __LINE__ + 1;
  static constexpr Var value(Var x) { return floor(x); }
  static constexpr Var gradient(Var, Var, Var dy) { return 2 * dy; }
};
struct UsesOwn {
  static constexpr int line = __LINE__ + 3;
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {3});
    const Var y = custom_gradient<Own>(x);
    return outputs(y, grad(sum(y), x));
  }
};
static_assert(written<Of<UsesOwn>>(Op::floor) == Own::line);
static_assert(written<Of<UsesOwn>>(Op::custom_gradient) == UsesOwn::line);
static_assert(every_node_has_a_line<Of<UsesOwn>>());

// One entry for each line in a row, however many nodes it has.
static_assert(Of<Functions>::recording.places().size() == 4);

}  // namespace
}  // namespace tg::test
