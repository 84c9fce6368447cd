// Slices, zeros around, concatenations on the CPU: as views, as copies, between other kernels.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/fillers/random.hpp"
#include "typegrad/layers/linear.hpp"

namespace tg::test {
namespace {

// Parts of leading axes are read where they are; others, and steps, are copied.
struct Slices {
  static constexpr Var define(Scope&, Var x) {
    const Var leading = slice(x, 0, 1, 2), inner = slice(x, 2, 1, 3),
              stepped = slice(x, 1, 0, 2, 2);
    const Var one = broadcast(slice(flatten(x), 0, 7, 1), {2, 3, 4});
    return concatenate({flatten(tanh(leading) * one), flatten(inner), flatten(square(stepped))});
  }
};

// A value, its parts and the parts of its gradient, in the epilogues of products.
struct Gated {
  static constexpr Var define(Scope& s, Var x) {
    const Var w = s.parameter("weight", {6, x.shape()[0]}, Uniform{.low = -1, .high = 1});
    const Var both = matmul(w, x) + s.parameter("bias", {6}, Uniform{.low = -1, .high = 1});
    const Var value = slice(both, 0, 0, 3), gate = slice(both, 0, 3, 3);
    // A part of the parameter is one, too.
    return matmul(slice(w, 0, 2, 4), x) *
           concatenate({sigmoid(gate) * value, slice(gate, 0, 1, 1)});
  }
};

// What a convolution reads and what it makes; a shared part beside a per-sample one.
struct Branches {
  static constexpr Var define(Scope& s, Var x) {
    const Var token = s.parameter("token", {1, 5, 4}, Uniform{.low = -1, .high = 1});
    const Var a = child<Conv<2, 3, padding<1>>>(s, 0, slice(x, 0, 1, 2));
    const Var b = child<Conv<3, 1>>(s, 1, x);
    return relu(concatenate({a, token, b, x, slice(a, 0, 1, 1)}));
  }
  template <class L>
  static constexpr Var child(Scope& s, int index, Var x) {
    s.enter(index);
    const Var y = L::define(s, x);
    s.leave();
    return y;
  }
};

struct Framed {
  static constexpr Var define(Scope&, Var x) { return square(pad(pad(x, 2, 1, 2), 1, 0, 3)); }
};

// The tokens but the first, and the columns but the last, each with a Linear behind.
struct Tokens {
  static constexpr Var define(Scope& s, Var x) {
    const Var rest = slice(x, 0, 1, 5), head = slice(x, 1, 0, 3);
    return Linear<4>::define(s, concatenate({flatten(rest), flatten(head)}));
  }
};

// Positions: a mask, weights made of them, and a matrix of products, all of them shared.
struct Positions {
  static constexpr Var define(Scope& s, Var x) {
    const int n = x.shape()[0];
    const Var i = s.iota(n), j = reshape(i, {n, 1});
    const Var mixing = select(less_equal(i, j), 1 / (i + j + 1), 0);
    return matmul(mixing, x * cos(slice(s.iota(n + 3), 0, 3, n))) + i;
  }
};

}  // namespace

TEST_CASE("slices of each kind", "[backends]") { check_layer<Slices, 4, 3, 4>(); }
TEST_CASE("parts of what a kernel made", "[backends]") { check_layer<Gated, 5>(); }
TEST_CASE("parts side by side", "[backends]") { check_layer<Branches, 3, 5, 4>(); }
TEST_CASE("zeros around", "[backends]") { check_layer<Framed, 2, 3, 4>(); }
TEST_CASE("parts of what the caller gives", "[backends]") { check_layer<Tokens, 6, 4>(); }

TEST_CASE("positions", "[backends]") { check_layer<Positions, 7>(); }

TEST_CASE("parts, one sample at a time", "[backends]") {
  check_latency<Slices, 4, 3, 4>();
  check_latency<Gated, 5>();
  check_latency<Branches, 3, 5, 4>();
  check_latency<Framed, 2, 3, 4>();
  check_latency<Tokens, 6, 4>();
  check_latency<Positions, 7>();
}

}  // namespace tg::test
