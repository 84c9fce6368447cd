// Embeddings on the CPU: rows chosen by integers, gradients added to the rows.
// SPDX-License-Identifier: MIT
#include "typegrad/layers/embedding.hpp"

#include "subject.hpp"
#include "typegrad/layers/positional.hpp"

namespace tg::test {
namespace {

// Tokens twice, in another order, through one table: what comes of it and of x.
struct Words {
  static constexpr Var define(Scope& s, Var x) {
    const Var tokens = s.input("tokens", {2, 3}, i32);
    const Var words = Embedding<5, 4>::define(s, tokens);
    s.enter("other");
    const Var last = Embedding<3, 2>::define(s, slice(tokens, 0, 1, 1));
    s.leave();
    return concatenate({flatten(words * x), flatten(last), cast(flatten(tokens), x.dtype())});
  }
};

// Rows of more numbers than a vector has, and of no multiple of them.
struct Wide {
  static constexpr Var define(Scope& s, Var x) {
    return tanh(Embedding<5, 37>::define(s, s.input("tokens", {2}, i32)) * x);
  }
};

// A table that is used in two ways: its gradient is the sum of both.
struct Tied {
  static constexpr Var define(Scope& s, Var x) {
    const Var table = s.parameter("weight", {5, 4}, Uniform{.low = -1, .high = 1});
    const Var word = gather(table, s.input("tokens", {}, i32));
    return matmul(table, tanh(word + x));
  }
};

}  // namespace

TEST_CASE("Embedding", "[backends]") {
  check_layer<Words, 3, 4>();
  check_layer<Tied, 4>();
  check_layer<Wide, 37>();
}

TEST_CASE("PositionalEncoding and LearnedPositions", "[backends]") {
  check_layer<PositionalEncoding, 5, 4>();
  check_layer<LearnedPositions<>, 3, 5>();
  check_latency<PositionalEncoding, 4, 3>();
}

TEST_CASE("Embedding, one sample at a time", "[backends]") {
  check_latency<Words, 3, 4>();
  check_latency<Tied, 4>();
  check_latency<Wide, 37>();
}

}  // namespace tg::test
