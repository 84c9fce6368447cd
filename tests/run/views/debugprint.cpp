// Graphs as text: the form is Theano's, to the letter.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "tests/catch.hpp"

using namespace tg;

namespace {

// As std::string on both sides: g++ 12 warns falsely of a comparison with a long literal.
bool same(const std::string& text, const std::string& expected) {
  INFO(text);
  CHECK(text.size() == expected.size());
  return text == expected;
}

struct Unit {
  Var x, W, b, out, C;
  constexpr explicit Unit(Scope& s)
      : x{s.input("x", {4})},
        W{s.shared("W", {4, 3})},
        b{s.shared("b", {3})},
        out{sigmoid(dot(x, W) + b)},
        C{s.named("C", sum(square(out)))} {}
};
struct Out {
  static constexpr Var define(Scope& s) { return Unit{s}.out; }
};
struct Cost {
  static constexpr Var define(Scope& s) { return Unit{s}.C; }
};
struct Derivative {
  static constexpr Var define(Scope& s) {
    const Unit u{s};
    return grad(u.C, u.W);
  }
};
struct Twice {
  static constexpr auto define(Scope& s) {
    const Var a = s.argument("a", {}), b = s.argument("b", {});
    s.update(s.shared("n", {}), a);
    return outputs((a + b) * 2, exp(a + b));
  }
};

}  // namespace

// The catalogue's G3.
TEST_CASE("the tutorial's graph is printed as Theano prints it") {
  CHECK(same(debugprint<Out, recorded>(),
             "sigmoid [id A] ''   \n"
             " |Elemwise{add,no_inplace} [id B] ''   \n"
             "   |dot [id C] ''   \n"
             "   | |x [id D]\n"
             "   | |W [id E]\n"
             "   |b [id F]\n"));
  CHECK(same(debugprint<Out>(),
             "sigmoid [id A] ''   2\n"
             " |Elemwise{add,no_inplace} [id B] ''   1\n"
             "   |dot [id C] ''   0\n"
             "   | |x [id D]\n"
             "   | |W [id E]\n"
             "   |b [id F]\n"));
}

TEST_CASE("names of symbols, of leaves, of derivatives") {
  CHECK(debugprint<Cost, recorded>().find("[id A] 'C'") != std::string::npos);
  const std::string text = debugprint<Derivative, recorded>();
  CHECK(text.rfind("grad [id A] 'dC/dW'", 0) == 0);
}

TEST_CASE("options: depth, types, where to stop, ids, readers") {
  CHECK(same(debugprint<Out, recorded>({.depth = 1, .types = true}),
             "sigmoid [id A] <f32(samples, 3)> ''   \n"
             " |Elemwise{add,no_inplace} [id B] <f32(samples, 3)> ''   \n"));
  CHECK(std::string(debugprint<Cost, recorded>({.stop_on = "C"})).find('\n') ==
        debugprint<Cost, recorded>().find('\n'));
  CHECK(debugprint<Cost, recorded>({.stop_on = "C"}).find("sigmoid") == std::string::npos);
  CHECK(debugprint<Out, f64>({.types = true}).find("f64") != std::string::npos);
  CHECK(debugprint<Out>({.ids = PrintOptions::Ids::numbers}).rfind("sigmoid [id 0] ''", 0) == 0);
  CHECK(debugprint<Out>({.ids = PrintOptions::Ids::none}).rfind("sigmoid '' ", 0) == 0);
  CHECK(debugprint<Cost, recorded>({.readers = true}).find("read by 2 nodes") != std::string::npos);
}

TEST_CASE("what is shared is printed once, updates follow the outputs") {
  CHECK(same(debugprint<Twice, recorded>(),
             "Elemwise{mul,no_inplace} [id A] ''   \n"
             " |Elemwise{add,no_inplace} [id B] ''   \n"
             " | |a [id C]\n"
             " | |b [id D]\n"
             " |TensorConstant{2.0} [id E]\n"
             "Elemwise{exp,no_inplace} [id F] ''   \n"
             " |Elemwise{add,no_inplace} [id B] ''   \n"
             "a [id C]  updates n\n"));
}
