// Products of matrices of which both are per sample, on the CPU backend.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/fillers/random.hpp"

namespace tg::test {
namespace {

// x (heads, rows, depth) times a reshaped x, each sample's with its own.
template <int Heads, int Rows, int Depth, bool SwapLeft, bool SwapRight>
struct Squares {
  static constexpr Var define(Scope&, Var x) {
    const Var a =
        reshape(tanh(x), SwapLeft ? Shape{Heads, Depth, Rows} : Shape{Heads, Rows, Depth});
    const Var b =
        reshape(sin(x), SwapRight ? Shape{Heads, Rows, Depth} : Shape{Heads, Depth, Rows});
    return 0.5 * matmul(SwapLeft ? transpose(a) : a, SwapRight ? transpose(b) : b) + 1;
  }
};

// A parameter (Extents…) on the left or right of x; its gradient is a sum over samples.
template <bool Left, int... Extents>
struct Weighted {
  static constexpr Var define(Scope& s, Var x) {
    const Var w = s.parameter("w", {Extents...}, Normal{});
    return Left ? matmul(w, x) : matmul(x, w);
  }
};

struct Outer {
  static constexpr Var define(Scope&, Var x) { return matmul(outer(x, sin(x)), x); }
};

}  // namespace

TEST_CASE("per sample times per sample", "[backends]") {
  check_layer<Squares<2, 5, 4, false, false>, 2, 5, 4>();
  check_layer<Squares<1, 7, 3, false, true>, 7, 3>();
}

TEST_CASE("per sample times per sample, the left one transposed", "[backends]") {
  check_layer<Squares<3, 4, 9, true, false>, 3, 9, 4>();
  check_layer<Squares<2, 9, 2, true, true>, 2, 2, 9>();
}

TEST_CASE("per sample times shared", "[backends]") {
  check_layer<Weighted<false, 6, 20>, 3, 6>();
  check_layer<Weighted<false, 6, 3>, 2, 3, 6>();
  check_layer<Weighted<false, 2, 6, 3>, 2, 4, 6>();  // a matrix for each head
  check_layer<Weighted<false, 6>, 3, 6>();
}

TEST_CASE("shared times per sample", "[backends]") {
  check_layer<Weighted<true, 4, 6>, 6, 5>();
  check_layer<Weighted<true, 2, 3, 6>, 2, 6, 5>();
  check_layer<Weighted<true, 3, 6>, 2, 6, 5>();  // repeated for each head
  check_layer<Weighted<true, 6>, 6, 5>();
}

TEST_CASE("products of matrices, one sample at a time", "[backends]") {
  check_latency<Squares<2, 5, 4, false, false>, 2, 5, 4>();
  check_latency<Squares<2, 9, 2, true, true>, 2, 2, 9>();
  check_latency<Squares<3, 4, 9, true, false>, 3, 9, 4>();
  check_latency<Weighted<true, 2, 3, 6>, 2, 6, 5>();
  check_latency<Outer, 6>();
}

TEST_CASE("outer products of a sample, and a matrix of its own times a vector", "[backends]") {
  check_layer<Outer, 6>();
}

}  // namespace tg::test
